"""Days of the programme are days in its zone: at every door, around midnight and when clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Final

import pytest
from sqlmodel import select

from itti.accreditation.tables import Accreditation
from itti.assessments import due
from itti.assessments.move_errors import NotAccredited
from itti.assessments.tables import Assessment
from itti.calendar.zones import Calendar
from itti.certificates.tables import Certificate
from itti.mail.letters import Sender, written
from itti.mail.tables import OutgoingMail
from itti.settings import Settings
from itti.tidings.reminders import remind
from tests.itti.assessments.story import Story, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import running_world

BERLIN: Final = "Europe/Berlin"
"""Clocks go back there in the night of 25 October 2026: that day has 25 hours."""


@pytest.fixture
def story(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    use_quick_press(monkeypatch)
    changes = {"time_zone": BERLIN, "reply_days": 14, "appeal_days": 30}
    with running_world(settings.model_copy(update=changes)) as world:
        yield tell(world)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def row(story: Story) -> Assessment:
    with story.world.database.reading() as session:
        return session.get_one(Assessment, story.id)


def test_a_deadline_ends_at_midnight_of_the_programme(story: Story) -> None:
    asked = at("2026-10-10T22:30")  # 00:30 on the 11th in Berlin
    story.step(story.assessor, "start", asked)
    story.answer_all(story.assessor, at=asked)
    story.step(story.assessor, "submit", asked)
    story.step(story.reviewer, "take-review", asked)
    story.step(story.reviewer, "hear-factory", asked)
    assert row(story).reply_until == date(2026, 10, 25)
    assert row(story).assessed_on(story.world.settings.zone) == date(2026, 10, 11)
    assert remind(story.world.database, at("2026-10-23T21:59")) == 1, "two days left: the step of three"
    assert remind(story.world.database, at("2026-10-23T22:01")) == 1, "one day left in Berlin"
    assert not due.work_off(story.world.database, at("2026-10-25T22:30")), "23:30 in Berlin"
    assert [each.last for each in due.work_off(story.world.database, at("2026-10-25T23:01"))] == [date(2026, 10, 25)]
    with story.world.database.reading() as session:
        reminder = session.exec(select(OutgoingMail).where(OutgoingMail.letter == "reply-ends")).first()
        assert reminder is not None
    text = body(written(reminder, sender(story), "/"))
    assert "25 October 2026" in text
    assert "The day ends at midnight, Central European Standard Time." in text
    reminder.time_zone, reminder.calendar, reminder.language = "Asia/Dubai", Calendar.WITH_ISLAMIC, "ar"
    text = body(written(reminder, sender(story), "/"))
    assert "26 أكتوبر 2026 (15 جمادى الأولى 1448 هـ)، 03:00\u00a0UTC+4" in text


def sender(story: Story) -> Sender:
    return Sender("a@b.example", {"en": "P", "ar": "ب"}, "https://p.example", story.world.settings.reckoning)


def body(message: EmailMessage) -> str:
    plain = message.get_body(["plain"])
    assert plain is not None
    return str(plain.get_content())


def test_an_accreditation_holds_to_the_end_of_its_last_day_in_the_programme(story: Story) -> None:
    with story.world.database.writing() as session:
        held = session.exec(select(Accreditation).where(Accreditation.user_id == story.assessor.id)).one()
        held.valid_from, held.valid_until = date(2026, 1, 1), date(2026, 7, 31)
    with pytest.raises(NotAccredited):
        story.step(story.assessor, "start", at("2026-07-31T22:01"))  # 00:01 on 1 August in Berlin
    story.step(story.assessor, "start", at("2026-07-31T21:59"))


def test_a_certificate_is_issued_and_expires_on_days_of_the_programme(story: Story) -> None:
    early = at("2026-10-24T22:10")  # 00:10 on the 25th in Berlin
    story.step(story.assessor, "start", early)
    story.answer_all(story.assessor, at=early)
    story.step(story.assessor, "submit", early)
    story.step(story.reviewer, "take-review", early)
    story.step(story.reviewer, "hear-factory", early)
    story.step(story.owner, "accept", early)
    story.step(story.reviewer, "approve", early)
    with story.world.database.reading() as session:
        certificate = session.exec(select(Certificate)).one()
    assert (certificate.issued_on, certificate.expires_on) == (date(2026, 10, 25), date(2028, 10, 24))
    assert row(story).appeal_until == date(2026, 11, 24)
    assert not due.work_off(story.world.database, at("2028-10-24T21:59"))
    assert due.work_off(story.world.database, at("2028-10-24T22:01"))
