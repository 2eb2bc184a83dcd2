"""What the courses of events share, and how people and factories come onto the stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from itti.accounts import service as accounts
from itti.accounts.service import NewUser
from itti.accounts.tables import Role, User
from itti.accreditation import granting
from itti.accreditation import service as accreditation
from itti.accreditation.schemas import AccreditationInput, BodyInput, SuspensionInput
from itti.acts import Act
from itti.certificates.office import Office
from itti.demonstration.calendar import Clock
from itti.demonstration.data import FIRST, Body, Person, Site, people
from itti.factories import service as factories
from itti.factories.schemas import FactoryInput
from itti.factories.tables import Factory
from itti.settings import Settings

FAMILY: Final = "itti"
"""The family of questionnaires that is assessed with."""

VERSION: Final = FIRST
"""The version that the observations are written for; dimensions have the same ids in later ones."""

_FOUNDED: Final = -830
_BODIES: Final = -826
_GRANTED: Final = 9
"""How many days before its first day an accreditation is granted."""


@dataclass
class Stage:
    """Where it plays, and who is there by now (by their ids in the YAML files)."""

    session: Session
    settings: Settings
    office: Office
    today: date
    officials: dict[str, User] = field(default_factory=dict)
    """Programme office and assessors."""

    factories: dict[str, Factory] = field(default_factory=dict)
    speakers: dict[str, User] = field(default_factory=dict)
    """Who answers for a factory."""

    @property
    def programme(self) -> User:
        """Who acts for the programme office."""
        return self.officials[people().programme[0].id]

    def act(self, actor: User | None, clock: Clock) -> Act:
        """What somebody does when the clock stands where it stands."""
        return Act(actor, clock.now, zone=self.settings.zone)

    def open_account(
        self, act: Act, person: Person, role: Role, *, body_id: UUID | None = None, factory_id: UUID | None = None
    ) -> User:
        """An account of the demonstration; real use refuses to start while there is one."""
        new = NewUser(
            email=person.email,
            name=person.name,
            name_ar=person.name_ar,
            language=person.language,
            role=role,
            password=people().password,
            demonstration=True,
            body_id=body_id,
            factory_id=factory_id,
        )
        return accounts.create_user(self.session, act, self.settings, new).user


def founding(stage: Stage) -> Iterator[datetime]:
    """The programme office opens; its first accounts are made from the command line, by nobody."""
    clock = Clock(stage.today)
    for person in people().programme:
        yield clock.advance(_FOUNDED)
        stage.officials[person.id] = stage.open_account(stage.act(None, clock), person, Role.PROGRAMME)


def body_joins(stage: Stage, body: Body) -> Iterator[datetime]:
    """An assessment body is registered with its assessors, and they are accredited, and again."""
    clock = Clock(stage.today)
    yield clock.advance(_BODIES)
    given = BodyInput(name=body.name, name_ar=body.name_ar, registration=body.registration)
    registered = accreditation.register_body(stage.session, stage.act(stage.programme, clock), given)
    for assessor in body.assessors:
        yield clock.pass_by(25)
        act = stage.act(stage.programme, clock)
        stage.officials[assessor.id] = stage.open_account(act, assessor, Role.ASSESSOR, body_id=registered.id)
    spans: list[tuple[int, int, str | None]] = [
        *((span.since, span.until, None) for span in body.accredited),
        *((span.since, span.until, assessor.id) for assessor in body.assessors for span in assessor.accredited),
    ]
    newest: dict[str, UUID] = {}
    for since, until, whose in sorted(spans, key=lambda each: each[0]):
        yield clock.advance(since - _GRANTED)
        first, last = (stage.today + timedelta(days=days) for days in (since, until))
        permitted = AccreditationInput(family=FAMILY, valid_from=first, valid_until=last)
        act = stage.act(stage.programme, clock)
        if whose is None:
            granting.accredit_body(stage.session, act, registered.id, permitted)
        else:
            person = stage.officials[whose]
            newest[whose] = granting.accredit(stage.session, act, person.id, permitted).id
    for each in body.assessors:
        if each.suspended is not None:
            yield clock.advance(each.suspended.since)
            first = stage.today + timedelta(days=each.suspended.since)
            suspended = SuspensionInput(since=first, reason=each.suspended.reason)
            granting.suspend(
                stage.session,
                stage.act(stage.programme, clock),
                newest[each.id],
                suspended,
            )


def factory_joins(stage: Stage, site: Site, day: int) -> Iterator[datetime]:
    """A factory is registered on a day, with its people."""
    clock = Clock(stage.today)
    yield clock.advance(day, 45)
    act = stage.act(stage.programme, clock)
    given = FactoryInput.model_validate(site.model_dump(exclude={"id", "language", "words", "people"}))
    registered = stage.factories[site.id] = factories.register_factory(stage.session, act, given)
    for person in site.people:
        yield clock.pass_by(10)
        act = stage.act(stage.programme, clock)
        opened = stage.open_account(act, person, Role.FACTORY, factory_id=registered.id)
        stage.speakers.setdefault(site.id, opened)
