"""A programme from planning to the end of a certificate: who finds what in the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from itti.accounts.tables import User
from itti.accounts.telling import Change
from itti.acts import now
from itti.assessments import due
from itti.assessments.moves import MoveName
from itti.assessments.tables import Assessment
from itti.mail.letters import LETTERS, Sender, written
from itti.mail.tables import OutgoingMail
from itti.settings import Settings
from itti.tidings.accreditations import Step
from itti.tidings.moves import HANDED_OVER, ISSUED, PLANNED, TIDINGS
from itti.tidings.reminders import STEPS, remind
from questionnaires.wording import LANGUAGES
from tests.itti.assessments.story import Story, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World, running_world

OTHERS = {"test", "invitation", "recovery", *Step, *Change}
"""Letters that are about no assessment."""

SENDER = Sender("office@programme.example", {"en": "Programme", "ar": "البرنامج"}, "https://programme.example")


@pytest.fixture(autouse=True)
def _papers_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    use_quick_press(monkeypatch)


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    with running_world(settings.model_copy(update={"reply_days": 14, "appeal_days": 30})) as made:
        yield made


class Reader:
    """Reads the outbox of a story as far as it has grown since it was last read."""

    def __init__(self, story: Story) -> None:
        self._story, self._seen = story, set[UUID]()
        self._names = {
            user.id: name
            for name, user in (
                ("office", story.office),
                ("assessor", story.assessor),
                ("reviewer", story.reviewer),
                ("factory", story.owner),
            )
        }

    def rows(self) -> list[OutgoingMail]:
        with self._story.world.database.reading() as session:
            found = session.exec(select(OutgoingMail)).all()
            rows = [row for row in found if row.id not in self._seen]
            session.expunge_all()
        self._seen |= {row.id for row in rows}
        return rows

    def news(self) -> set[tuple[str, str]]:
        """What came since: letter and reader."""
        return {
            (row.letter, self._names.get(row.recipient_id, "somebody else") if row.recipient_id else row.address)
            for row in self.rows()
        }


def test_from_planning_to_a_certificate_revoked(world: World) -> None:
    story = tell(world)
    reader = Reader(story)
    assert reader.news() == {("assessment-planned", "factory"), ("assessment-planned", "assessor")}
    story.step(story.assessor, "start")
    assert reader.news() == set()
    story.answer_all(story.assessor)
    story.step(story.assessor, "submit")
    assert reader.news() == {("assessment-submitted", "factory")}
    story.step(story.reviewer, "take-review")
    story.step(story.reviewer, "return", note="Look at the compressor again.")
    rows = reader.rows()
    assert [(row.letter, row.recipient_id) for row in rows] == [("assessment-returned", story.assessor.id)]
    assert "compressor" not in rows[0].model_dump_json(), "what was found stays behind the sign-in"
    story.step(story.assessor, "submit")
    assert reader.news() == {("assessment-submitted", "factory"), ("assessment-submitted", "reviewer")}
    story.step(story.reviewer, "hear-factory")
    (asked,) = reader.rows()
    assert asked.letter == "reply-asked"
    last = world.settings.reply_days
    assert asked.details["last"] == {"last": (now().date() + timedelta(days=last)).isoformat()}
    story.step(story.owner, "accept")
    assert reader.news() == {("reply-given", "reviewer")}
    story.step(story.reviewer, "approve")
    issued = reader.rows()
    assert {(row.letter, row.recipient_id) for row in issued} == {
        ("certificate-issued", story.owner.id),
        ("certificate-issued", story.assessor.id),
    }
    number = story.read(story.office)["certificate"]
    assert {row.details["path"] for row in issued} == {f"/certificates/{number}"}
    story.step(story.owner, "appeal", note="The meters were read on the wrong day.")
    assert reader.news() == {("appeal-made", each) for each in ("office", "assessor", "reviewer")}
    story.step(story.owner, "withdraw-appeal")
    assert reader.news() == {("appeal-withdrawn", "office")}
    story.step(story.office, "revoke", note="Two meters did not exist.")
    assert reader.news() == {("certificate-revoked", each) for each in ("factory", "assessor", "reviewer")}


def test_closed_and_demonstration_accounts_are_not_told(world: World) -> None:
    story = tell(world)
    reader = Reader(story)
    reader.rows()

    def change(session: Session) -> None:
        session.get_one(User, story.owner.id).disabled_at = now()
        session.get_one(User, story.assessor.id).demonstration = True

    world.write(change)
    story.step(story.office, "withdraw", note="Planned twice.")
    assert reader.news() == set()


def test_an_act_that_is_refused_tells_nobody(world: World) -> None:
    story = tell(world)
    reader = Reader(story)
    reader.rows()
    assert story.move(story.assessor, "submit").status_code == 409
    assert reader.news() == set()


def test_reminders_go_out_once_a_step_and_not_at_all_when_it_is_settled(world: World) -> None:
    story = tell(world)
    asked = datetime.combine(now().date() - timedelta(days=16), time(8), UTC)
    story.step(story.assessor, "start", asked)
    story.answer_all(story.assessor, at=asked)
    story.step(story.assessor, "submit", asked)
    story.step(story.reviewer, "take-review", asked)
    story.step(story.reviewer, "hear-factory", asked)
    reader = Reader(story)
    reader.rows()
    came = {
        day: (remind(world.database, asked + timedelta(days=day)), remind(world.database, asked + timedelta(days=day)))
        for day in range(10, 16)
    }
    assert came == {10: (0, 0), 11: (1, 0), 12: (0, 0), 13: (1, 0), 14: (0, 0), 15: (0, 0)}
    assert reader.news() == {("reply-ends", "factory")}
    due.work_off(world.database, asked + timedelta(days=15))
    assert reader.news() == {("reply-lapsed", "factory"), ("reply-lapsed", "reviewer")}
    story.step(story.reviewer, "approve")
    reader.rows()
    with world.database.reading() as session:
        one = session.get_one(Assessment, story.id)
        assert one.appeal_until is not None
        last = datetime.combine(one.appeal_until, time(8), UTC)
    assert remind(world.database, last - timedelta(days=2)) == 1, "the first step was slept through"
    assert remind(world.database, last - timedelta(days=1)) == 0
    assert reader.news() == {("appeal-ends", "factory")}
    story.step(story.owner, "appeal", note="No.")
    assert remind(world.database, last) == 0


def test_the_end_of_a_certificate_is_announced(world: World) -> None:
    story = tell(world).under_review()
    story.step(story.reviewer, "hear-factory")
    story.step(story.owner, "accept")
    story.step(story.reviewer, "approve")
    ends = datetime.combine(now().date() + timedelta(days=760), time(8), UTC)
    reader = Reader(story)
    reader.rows()
    posted = [day for day in range(80, -1, -1) if remind(world.database, ends - timedelta(days=day))]
    assert len([row for row in reader.rows() if row.letter == "certificate-ends"]) == 2
    assert len(posted) == 2


def test_every_letter_can_be_written_in_both_languages_and_is_sent_by_something(world: World) -> None:
    story = tell(world)
    with world.database.reading() as session:
        row = session.exec(select(OutgoingMail)).first()
        assert row is not None
        session.expunge_all()
    ends = {"reply-ends", "appeal-ends", "certificate-ends"}
    assert {
        each.letter for each in (*TIDINGS.values(), *(tiding for tiding, _ in HANDED_OVER), PLANNED, ISSUED)
    } | ends | OTHERS == LETTERS
    assert len(STEPS) == len(ends)
    day = {"day": "2026-12-31"}
    details = {
        "last": day,
        "appeal": day,
        "number": "TI-2026-00001",
        "email": "a@b.example",
        "until": day,
        "since": day,
        "holder": "Aisha",
    }
    details |= {"at": day, "name": "Blue key", "provider": "Elsewhere"}
    for name in LETTERS:
        for language in LANGUAGES:
            letter = row.model_copy(
                update={
                    "letter": name,
                    "language": language,
                    "details": {**row.details, **details},
                }
            )
            message = written(letter, SENDER, "/assessments/1")
            body = message.get_body(["plain"])
            assert body is not None
            assert "https://programme.example/assessments/1" in body.get_content()
            assert "{" not in message["Subject"] + body.get_content()
            called = story.factory.name_ar if language == "ar" else story.factory.name
            assert name in OTHERS or str(called) in message["Subject"] + body.get_content()


def test_moves_that_tell_nobody_are_those_whose_maker_alone_is_concerned() -> None:
    assert set(MoveName) - {*TIDINGS, MoveName.HAND_OVER} == {
        MoveName.START_SELF_ASSESSMENT,
        MoveName.START,
        MoveName.TAKE_REVIEW,
        MoveName.RELEASE_REVIEW,
        MoveName.APPROVE,  # the certificate is told of when it is issued
        MoveName.TAKE_APPEAL,
        MoveName.RELEASE_APPEAL,
        MoveName.SUPERSEDE,  # the certificate that takes its place is
    }
