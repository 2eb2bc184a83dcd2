"""What becomes of an accreditation is told: to its holder, to the people of a body, to the office where it must act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import pytest
from sqlmodel import Session, select

from itti.accounts.tables import User
from itti.accreditation.tables import Accreditation, AssessmentBody, Suspension
from itti.mail.letters import Sender, written
from itti.mail.tables import OutgoingMail
from itti.settings import Settings
from itti.tidings.reminders import remind
from questionnaires.wording import LANGUAGES
from tests.itti.conftest import World, running_world

TODAY: Final = date(2026, 11, 22)


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    with running_world(settings) as made:
        yield made


class People:
    """An office, a body with two people, and accreditations of the body and of the first of the two."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.office = world.create_user(name="Noura Office")
        self.body = world.create_body(name="Gulf Assessors", name_ar="مقيّمو الخليج")
        self.aisha = world.create_assessor(body=self.body, name="Aisha Rahman")
        self.omar = world.create_assessor(body=self.body, name="Omar Nasser")
        with world.database.reading() as session:
            held = session.exec(select(Accreditation)).all()
        self.own = next(each.id for each in held if each.user_id == self.aisha.id)
        self.bodys = next(each.id for each in held if each.body_id == self.body.id)
        self._seen: set[UUID] = set()

    def last_day(self, of: UUID, day: date) -> None:
        """Let an accreditation end on a day."""

        def change(session: Session) -> None:
            session.get_one(Accreditation, of).valid_until = day

        self.world.write(change)

    def told(self) -> set[tuple[str, str]]:
        """What came since: letter and reader."""
        names = {each.id: each.name for each in (self.office, self.aisha, self.omar)}
        with self.world.database.reading() as session:
            rows = [row for row in session.exec(select(OutgoingMail)).all() if row.id not in self._seen]
            self._seen |= {row.id for row in rows}
            return {(row.letter, names[row.recipient_id]) for row in rows if row.recipient_id}

    def days(self, *days: int) -> dict[int, set[tuple[str, str]]]:
        """What is told on each of these days (counted from today), looking twice a day; only days with news."""
        found = {}
        for day in days:
            at = datetime.combine(TODAY + timedelta(days=day), time(8), UTC)
            remind(self.world.database, at)
            remind(self.world.database, at + timedelta(hours=6))
            if news := self.told():
                found[day] = news
        return found


def test_the_end_of_a_persons_accreditation_is_told_once_a_step(world: World) -> None:
    people = People(world)
    people.last_day(people.own, TODAY)
    ends = {("accreditation-ends", "Aisha Rahman"), ("accreditation-ends", "Noura Office")}
    ended = {("accreditation-ended", "Aisha Rahman"), ("accreditation-ended", "Noura Office")}
    assert people.days(-61, -60, -59, -15, -14, -13, 0, 1, 2, 20) == {-60: ends, -14: ends, 1: ended}


def test_the_end_of_a_bodys_accreditation_is_told_to_all_its_people(world: World) -> None:
    people = People(world)
    people.last_day(people.bodys, TODAY)
    everybody = {"Aisha Rahman", "Omar Nasser", "Noura Office"}
    assert people.days(-1, 0, 1) == {
        -1: {("accreditation-ends", name) for name in everybody},
        1: {("accreditation-ended", name) for name in everybody},
    }


def test_what_was_slept_through_for_long_is_not_told(world: World) -> None:
    people = People(world)
    people.last_day(people.own, TODAY - timedelta(days=15))
    assert people.days(0, 1, 3) == {}


def test_nothing_is_told_of_one_that_has_a_successor_or_whose_holder_has_left(world: World) -> None:
    people = People(world)
    people.last_day(people.own, TODAY + timedelta(days=10))
    world.accredit(people.aisha, valid_from=TODAY, valid_until=TODAY + timedelta(days=400))
    assert people.days(0, 9, 11, 12) == {}

    def close(session: Session) -> None:
        session.get_one(User, people.omar.id).disabled_at = datetime.now(UTC)
        held = session.exec(select(Accreditation).where(Accreditation.user_id == people.omar.id)).one()
        held.valid_until = TODAY + timedelta(days=10)

    world.write(close)
    assert people.days(0, 9, 11, 12) == {}


def test_suspended_restored_and_withdrawn_are_told_at_once_and_without_the_reason(world: World) -> None:
    people = People(world)
    office = world.api(people.office)
    today = datetime.now(UTC).date().isoformat()
    path = f"/accreditations/{people.own}"
    assert office.post(f"{path}/suspensions", json={"since": today, "reason": "A complaint."}).status_code == 200
    assert people.told() == {("accreditation-suspended", "Aisha Rahman")}
    refused = office.post(f"{path}/suspensions", json={"since": today, "reason": "Again."})
    assert refused.status_code == 409
    assert people.told() == set(), "what is refused tells nobody"
    assert office.post(f"{path}/reinstatement", json={"reason": "Settled."}).status_code == 200
    assert people.told() == {("accreditation-restored", "Aisha Rahman")}
    path = f"/accreditations/{people.bodys}"
    assert office.post(f"{path}/withdrawal", json={"reason": "Closed down."}).status_code == 200
    assert people.told() == {("accreditation-withdrawn", name) for name in ("Aisha Rahman", "Omar Nasser")}
    with world.database.reading() as session:
        rows = session.exec(select(OutgoingMail)).all()
    assert not [row for row in rows for reason in ("complaint", "Settled", "Closed") if reason in row.model_dump_json()]


def test_a_suspension_that_is_over_by_itself_is_told_of_the_day_after(world: World) -> None:
    people = People(world)
    for of, until in ((people.own, TODAY), (people.bodys, TODAY + timedelta(days=2))):
        since, now = TODAY - timedelta(days=30), datetime.now(UTC)
        world.add(Suspension(accreditation_id=of, since=since, until=until, reason="A complaint.", created_at=now))
    assert people.days(-1, 0, 1, 2, 3, 4, 20) == {
        1: {("accreditation-restored", "Aisha Rahman")},
        3: {("accreditation-restored", name) for name in ("Aisha Rahman", "Omar Nasser")},
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letters_name_the_holder_and_the_last_day(world: World, language: str) -> None:
    people = People(world)
    people.last_day(people.bodys, TODAY)
    people.days(0)
    with world.database.reading() as session:
        row = session.exec(select(OutgoingMail)).first()
        body = session.get_one(AssessmentBody, people.body.id)
    assert row is not None
    row.language = language
    message = written(row, Sender("a@b.example", {"en": "P", "ar": "ب"}, "https://p.example"), "/home")
    plain = message.get_body(["plain"])
    assert plain is not None
    assert str({"en": body.name, "ar": body.name_ar}[language]) in plain.get_content()
    assert {"en": "22 November 2026", "ar": "22 نوفمبر 2026"}[language] in plain.get_content()
