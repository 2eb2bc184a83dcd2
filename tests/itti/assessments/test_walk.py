"""Random people do random things on random days: no certificate ever comes about that breaks a rule of the programme.

The rules are stated here a second time, over the test's own notes of who was accredited, tied and heard when. Nothing
of the engine's table, conditions or queries is asked.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from itti.accounts.tables import Role, User
from itti.accreditation import granting
from itti.accreditation.schemas import AccreditationInput, SuspensionInput
from itti.accreditation.tables import AssessmentBody
from itti.acts import Act
from itti.assessments import due, service
from itti.assessments.schemas import PlanInput
from itti.assessments.tables import Answer, Assessment, Phase
from itti.certificates.office import Office
from itti.certificates.tables import Certificate, CertificateState
from itti.factories.tables import Sector
from itti.independence import service as independence
from itti.independence.schemas import DeclarationInput, EngagementInput, TieInput, Whose
from itti.independence.tables import Tie
from itti.papers import service as papers
from questionnaires.errors import Fault
from tests.itti.assessments.story import QUESTIONS, VERSION
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import FAMILY, World, make_settings, running_world

REPLY, APPEAL, MONTHS, ROWS = 3, 20, 2, 2
STEPS: Final = 400
RULES: Final = {
    "reply_days": REPLY,
    "appeal_days": APPEAL,
    "independence_months": MONTHS,
    "rotation_after": ROWS,
    "separate_bodies": True,
    "certificate_months": 3,
}


@dataclass
class Permit:
    """An accreditation in the test's own notes."""

    row: UUID
    first: date
    last: date
    sectors: list[str] | None
    suspended: list[date] = field(default_factory=list)

    def holds(self, day: date, sector: str) -> bool:
        fits = self.sectors is None or sector in self.sectors
        return fits and self.first <= day <= self.last and not any(since <= day for since in self.suspended)


@dataclass
class Case:
    """What the test noted of one assessment."""

    factory: UUID
    assessor: UUID
    revises: UUID | None = None
    took_part: set[UUID] = field(default_factory=set)
    former: set[UUID] = field(default_factory=set)
    """Who began it before somebody else took it over."""

    declared: set[UUID] = field(default_factory=set)
    reviewer: UUID | None = None
    asked: date | None = None
    answered: bool = False
    submitted: int = -1
    done: list[str] = field(default_factory=list)
    last: date | None = None
    """The day of the last move."""


class Walk:
    """One random history of a small programme."""

    def __init__(self, world: World, random: Random) -> None:
        self.world, self.random = world, random
        self.day, self.clock, self.count = date(2026, 3, 1), 0, 0
        self.office = world.create_user()
        self.factories = [world.create_factory(sector=sector) for sector in (Sector.FOOD, Sector.METALS)]
        self.owners = {one.id: world.create_user(Role.FACTORY, factory=one) for one in self.factories}
        self.sectors = {one.id: one.sector.value for one in self.factories}
        now = datetime.now(UTC)
        self.bodies = [world.add(AssessmentBody(name=f"B{n}", registration=f"R{n}", created_at=now)) for n in range(3)]
        self.people = [world.create_user(Role.ASSESSOR, body=self.bodies[n % 3]) for n in range(6)]
        self.body_of = {one.id: one.body_id for one in self.people}
        self.permits: dict[UUID, list[Permit]] = {}
        self.ties: list[tuple[UUID, UUID, date | None]] = []
        self.cases: dict[UUID, Case] = {}
        self.certified = Counter[str]()
        holders: list[User | AssessmentBody] = [*self.bodies, *self.people]
        for holder in holders:
            self.permit(holder)

    # The second statement of the rules

    def accredited(self, person: UUID, factory: UUID) -> bool:
        sector = self.sectors[factory]
        return all(
            any(permit.holds(self.day, sector) for permit in self.permits.get(holder, ()))
            for holder in (person, self.body_of[person])
            if holder is not None
        )

    def free(self, person: UUID, factory: UUID) -> bool:
        mine = {person, self.body_of[person]}
        for holder, tied_to, until in self.ties:
            if tied_to == factory and holder in mine and (until is None or self.day <= _months_after(until)):
                return False
        return True

    def involved(self, case: Case) -> set[UUID | None]:
        """People and bodies who had a part in a case, or in what it revises."""
        people = case.took_part | case.former | {case.assessor}
        found: set[UUID | None] = {*people, *(self.body_of[one] for one in people)}
        return found | (self.involved(self.cases[case.revises]) if case.revises else set())

    def rotates(self, person: UUID, case: Case) -> bool:
        """Whether somebody has not made the last assessments of the factory in a row."""
        before = sorted((one for one in self.cases.values() if one.factory == case.factory and one.submitted >= 0
                         and one is not case and one.revises is None and "withdraw" not in one.done),
                        key=lambda one: -one.submitted)[:ROWS]  # fmt: skip
        return len(before) < ROWS or {one.assessor for one in before} != {person}

    def assessed_by(self, case: Case) -> set[UUID | None]:
        """The bodies of those who assess, or began to."""
        return {self.body_of[one] for one in case.former | {case.assessor}}

    def check(self, name: str, person: UUID, identifier: UUID) -> None:
        """What has to hold of a move that was just made."""
        case = self.cases[identifier]
        if name in {"start", "submit", "take-review", "hear-factory", "approve", "take-appeal", "reject-appeal",
                    "uphold-appeal"}:  # fmt: skip
            assert self.accredited(person, case.factory), name
            assert self.free(person, case.factory), name
        if name == "start":
            assert person == case.assessor
            assert person in case.declared
            assert self.rotates(person, case)
        if name == "submit":
            assert person == case.assessor
            assert person in case.declared | (self.cases[case.revises].declared if case.revises else set())
        if name == "take-review":
            assert person in case.declared
            assert person not in case.former | {case.assessor}
            assert self.body_of[person] not in self.assessed_by(case)
            assert case.revises is None or not {person, self.body_of[person]} & self.involved(self.cases[case.revises])
        if name == "approve":
            assert person == case.reviewer != case.assessor
            assert self.body_of[person] not in self.assessed_by(case)
            assert case.answered, "the factory was not heard"
            assert self.free(case.assessor, case.factory)
        if name in {"accept", "reply"}:
            assert case.asked is not None
            assert self.day <= case.asked + timedelta(days=REPLY)
        if name == "take-appeal":
            assert person in case.declared
            assert not {person, self.body_of[person]} & self.involved(case)

    def check_successor(self, by: User, successor: UUID, case: Case) -> None:
        """What has to hold of a change of assessor; the notes are still those of before."""
        assert by.id in {self.office.id, case.assessor}
        assert not {"submit", "withdraw"} & {*case.done[-1:]}
        assert successor not in {case.assessor, case.reviewer}
        assert by.id == self.office.id or self.body_of[successor] == self.body_of[case.assessor]
        assert case.reviewer is None or self.body_of[successor] != self.body_of[case.reviewer]
        assert self.accredited(successor, case.factory)
        assert self.free(successor, case.factory)
        assert self.rotates(successor, case)
        if case.revises:
            assert not {successor, self.body_of[successor]} & self.involved(self.cases[case.revises])

    # What may happen

    @contextmanager
    def act(self, person: User | None, back: int = 0) -> Iterator[tuple[Session, Act]]:
        self.clock += 1
        at = datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC) + timedelta(seconds=self.clock % 80_000)
        with self.world.database.writing() as session:
            actor = session.get(User, person.id) if person else None
            yield session, Act(actor, at - timedelta(days=back))

    def permit(self, holder: User | AssessmentBody) -> None:
        first = self.day - timedelta(days=self.random.choice((0, 10)))
        last = first + timedelta(days=self.random.choice((20, 90, 200, 200)))
        sectors = [Sector.FOOD] if self.random.random() < 0.15 else None
        new = AccreditationInput(family=FAMILY, sectors=sectors, valid_from=first, valid_until=last)
        grant = granting.accredit if isinstance(holder, User) else granting.accredit_body
        with self.act(self.office) as (session, act):
            made = grant(session, act, holder.id, new)
        named = None if sectors is None else [sector.value for sector in sectors]
        self.permits.setdefault(holder.id, []).append(Permit(made.id, first, last, named))

    def suspend(self) -> None:
        permit = self.random.choice(self.permits[self.random.choice([*self.bodies, *self.people]).id])
        with self.act(self.office) as (session, act):
            granting.suspend(session, act, permit.row, SuspensionInput(since=self.day, reason="A visit is missing."))
        permit.suspended.append(self.day)

    def lift(self) -> None:
        suspended = [permit for held in self.permits.values() for permit in held if permit.suspended]
        if suspended:
            permit = self.random.choice(suspended)
            with self.act(self.office) as (session, act):
                granting.reinstate(session, act, permit.row, "Visited.")
            permit.suspended.clear()

    def tie(self) -> None:
        holder, factory = self.random.choice([*self.bodies, *self.people]), self.random.choice(self.factories)
        until = self.day - timedelta(days=self.random.choice((0, 50, 59, 62, 70, 90)))
        who = {"user_id": holder.id} if isinstance(holder, User) else {"body_id": holder.id}
        with self.act(self.office) as (session, act):
            independence.engage(session, act, factory.id, EngagementInput(tie=Tie.TRAINED, until=until, **who))
        self.ties.append((holder.id, factory.id, until))

    def plan(self) -> None:
        factory, person = self.random.choice(self.factories), self.random.choice(self.people)
        planned = PlanInput(
            factory_id=factory.id, family=FAMILY, version=VERSION, assessor_id=person.id, planned_for=self.day
        )
        with self.act(self.office) as (session, act):
            made = service.plan(session, act, planned)
            for question in QUESTIONS:
                session.add(
                    Answer(
                        assessment_id=made.id,
                        phase=Phase.ASSESSED,
                        question=question,
                        given={"level": 3},
                        reason="Seen.",
                        author_id=person.id,
                        updated_at=act.at,
                    )
                )
            if declares := self.random.random() < 0.8:
                own = Act(session.get(User, person.id), act.at)
                independence.declare(session, own, made, DeclarationInput(ties=()))
        assert self.accredited(person.id, factory.id)
        assert self.free(person.id, factory.id)
        self.cases[made.id] = Case(factory.id, person.id)
        if declares:
            self.cases[made.id].declared.add(person.id)

    def declare(self) -> None:
        identifier, case = self.random.choice([*self.cases.items()])
        person = self.random.choice(self.people)
        tied = self.random.random() < 0.05
        whose = self.random.choice([*Whose])
        ties = (TieInput(tie=Tie.ADVISED, whose=whose, until=self.day),) if tied else ()
        with self.act(person) as (session, act):
            one = service.assessment(session, act, identifier)
            independence.declare(session, act, one, DeclarationInput(ties=ties))
        case.declared.add(person.id)
        if tied:
            holder = person.id if whose is Whose.PERSON else self.body_of[person.id]
            assert holder is not None
            self.ties.append((holder, case.factory, self.day))

    def move(self) -> None:
        identifier, case = self.random.choice([*self.cases.items()])
        known = [one for one in self.people if one.id in {case.assessor, case.reviewer} | case.declared]
        anybody = [*self.people, self.office, *self.owners.values()]
        person = self.random.choice([*known, self.owners[case.factory]] if self.random.random() < 0.7 else anybody)
        back = 1 if self.random.random() < 0.03 else 0
        with self.act(person, back) as (session, act):
            one = service.assessment(session, act, identifier)
            offered = service.possible(session, act, one)
            found = [each.rule.move for each in offered if each.blocked is None and not each.needs_person]
            name = self.random.choice(found or [*service.MoveName]).value
            if name in _RARE and self.random.random() < 0.95:
                return
            office = Office(self.world.settings)
            service.move(session, act, identifier, name, office=office, note="Because.")
            if name == "approve":
                papers.finish_now(session, act, office, one)
            revision = session.exec(select(Assessment).where(Assessment.revision_of == identifier)).one_or_none()
        self.day -= timedelta(days=back)
        assert case.last is None or self.day >= case.last, "nothing is entered before what was entered last"
        self.check(name, person.id, identifier)
        self.note(name, person.id, case)
        self.day += timedelta(days=back)
        if name == "uphold-appeal":
            assert revision is not None
            self.cases[revision.id] = Case(case.factory, person.id, identifier)

    def hand_over(self) -> None:
        """To anybody; who assessed until now reads it no more."""
        identifier, case = self.random.choice([*self.cases.items()])
        before, successor = case.assessor, self.random.choice(self.people).id
        by = self.random.choice([self.office, next(one for one in self.people if one.id == before)])
        with self.act(by) as (session, act):
            office = Office(self.world.settings)
            service.move(session, act, identifier, "hand-over", office=office, note="Ill.", successor=successor)
        self.check_successor(by, successor, case)
        self.note("hand-over", by.id, case)
        if case.revises or "start" in case.done:
            case.former.add(before)
        case.assessor = successor
        with self.act(next(one for one in self.people if one.id == before)) as (session, act):
            found = service.listed(session, act, service.Filters(factory_id=case.factory)).rows
            assert identifier not in {line.assessment.id for line in found}

    def note(self, name: str, person: UUID, case: Case) -> None:
        case.done.append(name)
        case.last = self.day
        self.certified[name] += 1
        if person in self.body_of and name not in _NO_PART:
            case.took_part.add(person)
        if name == "submit":
            self.count += 1
            case.submitted, case.answered, case.asked = self.count, False, None
        elif name == "take-review":
            case.reviewer = person
        elif name == "hear-factory":
            case.asked = self.day
        elif name in {"accept", "reply"}:
            case.answered = True

    def time(self) -> None:
        self.day += timedelta(days=self.random.choice((1, 1, 2, 5)))
        at = datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)
        for each in due.work_off(self.world.database, at):
            if each.move.value == "let-reply-lapse":
                case = self.cases[each.assessment_id]
                assert case.asked is not None
                assert self.day > case.asked + timedelta(days=REPLY)
                case.answered = True
        assert not due.work_off(self.world.database, at)

    def step(self) -> None:
        doing = self.random.choices(
            [self.move, self.declare, self.time, self.plan, self.hand_over, self.tie, self.suspend, self.lift],
            [60, 25, 6, 3, 3, 1, 1, 2],
        )[0]
        if doing in {self.move, self.declare, self.hand_over} and not self.cases:
            doing = self.plan
        try:
            doing()
        except Fault as fault:
            assert fault.code, doing  # noqa: PT017 - refused, with a reason; anything else is a mistake

    def one_certificate_a_factory(self) -> None:
        with self.world.database.reading() as session:
            rows = session.exec(select(Certificate).where(Certificate.state == CertificateState.ISSUED)).all()
        held = Counter(row.factory_id for row in rows if row.expires_on >= self.day)
        assert all(number == 1 for number in held.values())


_NO_PART: Final = {"hand-over", "take-appeal", "release-appeal", "reject-appeal", "uphold-appeal"}
"""What is no part in an assessment."""

_RARE: Final = {
    service.MoveName.WITHDRAW,
    service.MoveName.REVOKE,
    service.MoveName.RELEASE_REVIEW,
    service.MoveName.RELEASE_APPEAL,
    service.MoveName.RETURN,
    service.MoveName.WITHDRAW_APPEAL,
}


def _months_after(until: date) -> date:
    """The same day so many months later, or the last day of that month."""
    month = until.month - 1 + MONTHS
    year, month = until.year + month // 12, month % 12 + 1
    day = until.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def test_no_walk_breaks_a_rule(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    reached = Counter[str]()

    @example(6)
    @settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(0, 2**32))
    def walked(seed: int) -> None:
        folder = tmp_path_factory.mktemp("walk") / "data"
        shutil.copytree(migrated, folder)
        with pytest.MonkeyPatch.context() as patch, running_world(make_settings(folder, **RULES)) as world:
            use_quick_press(patch)
            walk = Walk(world, Random(seed))  # noqa: S311 - a walk, no secret
            for _ in range(STEPS):
                walk.step()
            walk.one_certificate_a_factory()
            reached.update(walk.certified)

    walked()
    assert reached["approve"] > 0, "no walk led to a certificate, so nothing was shown"
    assert reached["hand-over"] > 0, "no walk changed an assessor, so nothing was shown"
