"""Acts that meet hold rows in one order (decision 6), so that PostgreSQL never has to abort one of two.

Each pair of acts takes place at once on a real server, step by step: neither goes on past a row it has got hold of
until the other has got hold of its next one, has ended, or waits for the first. Then all is undone, for the next pair.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, col, select
from starlette.requests import Request

from itti.accounts.tables import User
from itti.acts import Act, now
from itti.assessments import batch, due, service
from itti.assessments.admitting import Sent
from itti.assessments.moves import MoveName
from itti.assessments.schemas import AnswerGiven
from itti.assessments.sets import save_set
from itti.assessments.tables import Phase
from itti.certificates import register
from itti.certificates.office import Office
from itti.certificates.tables import Certificate
from itti.database import Database
from itti.files.shelf import Kept
from itti.papers import approval, claims, publishing
from itti.papers.making import make
from questionnaires.errors import Fault
from tests.itti import postgres
from tests.itti.assessments.story import QUESTIONS, Story, plan, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World, make_settings, running_world
from tests.itti.papers.killing import PAPERS

pytestmark = pytest.mark.postgres

Deed = Callable[[Session], object]

PATIENCE: Final = 5.0
"""Seconds in which two acts have met, or something is wrong."""


@dataclass
class _Meeting:
    """Two acts, in lockstep."""

    database: Database
    undo: bool = True
    faults: list[Fault] = field(default_factory=list)
    held: list[int] = field(default_factory=lambda: [0, 0])
    ended: list[bool] = field(default_factory=lambda: [False, False])
    changed: threading.Condition = field(default_factory=threading.Condition)

    def run(self, deeds: tuple[Deed, Deed]) -> None:
        with ThreadPoolExecutor(2) as threads:
            for done in [threads.submit(self._do, place, deed) for place, deed in enumerate(deeds)]:
                done.result()

    def _do(self, place: int, deed: Deed) -> None:
        try:
            with self.database.writing() as session:
                event.listen(session.connection(), "after_cursor_execute", lambda *what: self._after(place, what[2]))
                deed(session)
                if self.undo:
                    session.rollback()
        except Fault as fault:
            self.faults.append(fault)
        finally:
            with self.changed:
                self.ended[place] = True
                self.changed.notify_all()

    def _after(self, place: int, statement: str) -> None:
        if "FOR UPDATE" not in statement and not statement.startswith("UPDATE"):
            return
        other = 1 - place
        with self.changed:
            self.held[place] += 1
            self.changed.notify_all()
            for _ in range(int(PATIENCE / 0.01)):
                if self.held[other] >= self.held[place] or self.ended[other] or self._somebody_waits():
                    return
                self.changed.wait(0.01)
        raise TimeoutError

    def _somebody_waits(self) -> bool:
        with self.database.engine.connect() as connection:
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
            return bool(connection.execute(text(f"{waiting} current_database()")).scalar_one())


@dataclass
class Programme:
    """A factory with a certificate, two more that lack one paper, and an assessment under review."""

    database: Database
    deeds: dict[str, Deed]
    """Name → what can happen now."""

    answers: dict[str, Deed]
    """The same to the answers of two assessments."""


@pytest.fixture(scope="module")
def programme(postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programme]:
    """The programme, on a server."""
    folder: Path = tmp_path_factory.mktemp("locks")
    settings = make_settings(folder, database_url=postgres_server.create("locks", "itti_template"))
    with pytest.MonkeyPatch.context() as patch, running_world(settings) as world:
        use_quick_press(patch)
        patch.setattr(approval, "PAPERS", PAPERS)
        first = tell(world).under_review()
        first.step(first.reviewer, "approve")
        number = first.read(first.office)["certificate"]
        second, third = _but_one(_again(first)), _but_one(_again(first))
        fourth = _again(first).under_review()
        office = Office(settings)

        def moved(story: Story, user: User, name: str) -> Deed:
            def run(session: Session) -> object:
                act = Act(session.get(User, user.id))
                return service.move(session, act, story.id, name, office=office, note="Because.")

            return run

        def handed_in(claimed: claims.Claimed) -> Deed:
            return lambda session: publishing.hand_in(session, claimed, Kept(claimed.job.hex * 2, 1), now())

        def expired(session: Session) -> object:
            at = now() + timedelta(days=4000)
            return due.enter(session, due.Due(first.id, MoveName.EXPIRE, at.date()), at)

        found: dict[str, Deed] = {
            "revoked as an assessment": moved(first, first.office, "revoke"),
            "revoked in the register": lambda session: register.revoke(
                session, Act(session.get(User, first.office.id)), number, "Because."
            ),
            "superseded": handed_in(second),
            "superseded by another": handed_in(third),
            "appealed": moved(first, first.owner, "appeal"),
            "expired": expired,
            "approved": moved(fourth, fourth.reviewer, "approve"),
        }
        pair = [_again(first).answered(), _again(first).answered()]
        yield Programme(world.database, found, _to_answers(world, *pair))


def _to_answers(world: World, one: Story, other: Story) -> dict[str, Deed]:
    """What can happen to the answers of two assessments: in sets of either order, in batches, by themselves."""
    token, given, question = world.token(one.assessor), AnswerGiven(level=1, reason="New."), QUESTIONS[0]

    def sent(story: Story) -> Sent:
        request = Request({"type": "http", "headers": [], "app": world.app, "state": {"request_id": "locks"}})
        return Sent(request, token, story.id, Phase.ASSESSED, question, given, 1)

    def in_a_set(*stories: Story) -> Deed:
        return lambda session: save_set(world.settings, session, [sent(story) for story in stories])

    def in_a_batch(story: Story) -> Deed:
        def run(session: Session) -> object:
            several = [batch.Sent(each, given, 1) for each in QUESTIONS[:3]]
            return batch.save_many(session, Act(session.get(User, one.assessor.id)), story.id, Phase.ASSESSED, several)

        return run

    def alone(story: Story) -> Deed:
        def run(session: Session) -> object:
            act = Act(session.get(User, one.assessor.id))
            return service.save(session, act, story.id, question, Phase.ASSESSED, given, expected=1)

        return run

    return {
        "a set": in_a_set(one, other),
        "a set the other way round": in_a_set(other, one),
        "a batch": in_a_batch(one),
        "alone": alone(other),
    }


def _again(story: Story) -> Story:
    return replace(story, id=plan(story.world, story.factory, story.assessor, story.office))


def _but_one(story: Story) -> claims.Claimed:
    """Approved, and all papers made but one, which is in hand."""
    story.under_review()
    assert story.move(story.reviewer, "approve").status_code == 202
    database = story.world.database
    with database.writing() as session:
        one, other = claims.claim(session, now()), claims.claim(session, now())
    assert one is not None
    assert other is not None
    make(database, Office(story.world.settings), one)
    return other


def test_no_two_acts_wait_for_each_other(programme: Programme) -> None:
    for pair in itertools.combinations(programme.deeds, 2):
        meeting = _Meeting(programme.database)
        try:
            meeting.run((programme.deeds[pair[0]], programme.deeds[pair[1]]))
        except Exception as error:
            error.add_note(" and ".join(pair))
            raise
        assert not meeting.faults, pair


def test_answers_are_held_in_one_order(programme: Programme) -> None:
    for names in itertools.combinations(programme.answers, 2):
        meeting = _Meeting(programme.database)
        try:
            meeting.run((programme.answers[names[0]], programme.answers[names[1]]))
        except Exception as error:
            error.add_note(" and ".join(names))
            raise
        assert not meeting.faults, names


def test_who_comes_second_finds_what_the_first_did(programme: Programme) -> None:
    """For good this time: last papers of two certificates, and a revocation at two doors."""
    deeds, database = programme.deeds, programme.database
    issued = _Meeting(database, undo=False)
    issued.run((deeds["superseded"], deeds["superseded by another"]))
    assert not issued.faults
    assert [each.state.value for each in _certificates(database)] == ["superseded", "superseded", "issued"]
    revoked = _Meeting(database, undo=False)
    revoked.run((deeds["revoked as an assessment"], deeds["revoked in the register"]))
    assert [each.code for each in revoked.faults] in (["already-revoked"], ["move-not-open"])
    assert [each.state.value for each in _certificates(database)] == ["revoked", "superseded", "issued"]


def _certificates(database: Database) -> Sequence[Certificate]:
    with database.reading() as session:
        return session.exec(select(Certificate).order_by(col(Certificate.number))).all()
