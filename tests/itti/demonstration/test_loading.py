"""Loading itself: on any day, all or nothing, the same every time, and into an empty database only.

Without the assessments that a factory is heard on, since certificates take most of the time; all people, all factories
and all other assessments take part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from itti import demonstration
from itti.accounts.tables import User
from itti.assessments.tables import Answer, Assessment, AssessmentState, Move
from itti.audit.tables import Event
from itti.database import Database
from itti.demonstration import DatabaseInUse
from itti.demonstration.data import courses
from itti.demonstration.loading import load_courses
from itti.settings import Settings
from tests.itti.conftest import World, make_settings

HEARD = {AssessmentState.CERTIFIED, AssessmentState.EXPIRED, AssessmentState.UPHELD, AssessmentState.REPLY}
CHEAP = [course for course in courses() if course.until not in HEARD]
A_WEDNESDAY = date(2026, 3, 4)


@contextmanager
def empty(settings: Settings) -> Iterator[Database]:
    database = Database(settings)
    try:
        yield database
    finally:
        database.close()


def nobody_listens(_done: int, _total: int) -> None:
    pass


def states(session: Session) -> Counter[AssessmentState]:
    return Counter(one.state for one in session.exec(select(Assessment)).all())


@pytest.mark.parametrize(
    "today",
    [date(2026, 1, 1), date(2028, 2, 29), date(2026, 3, 8)],
    ids=["new-year", "leap-day", "sunday"],
)
def test_any_day_will_do(settings: Settings, today: date) -> None:
    with empty(settings) as database:
        with database.writing() as session:
            load_courses(session, settings, today, nobody_listens, CHEAP)
        with database.reading() as session:
            assert states(session) == {
                AssessmentState.PLANNED: 1,
                AssessmentState.SELF_ASSESSMENT: 1,
                AssessmentState.SELF_ASSESSED: 1,
                AssessmentState.ASSESSMENT: 3,
                AssessmentState.REVIEW: 2,
                AssessmentState.WITHDRAWN: 2,
            }
            last = session.exec(select(Event.at).order_by(col(Event.at).desc())).first()
            assert last is not None
            assert last.date() < today
            planned = session.exec(select(Assessment).where(Assessment.state == AssessmentState.PLANNED)).all()
            assert min(one.planned_for for one in planned) > today


def told(session: Session) -> list[Any]:
    """All that was written, without ids and hashes."""
    answers = session.exec(select(Answer).order_by(col(Answer.updated_at), col(Answer.question))).all()
    moves = session.exec(select(Move).order_by(col(Move.at))).all()
    events = session.exec(select(Event).order_by(col(Event.id))).all()
    return [
        [(each.question, each.phase, each.level, each.reason, each.updated_at) for each in answers],
        [(each.move, each.to_state, each.note, each.at) for each in moves],
        [(each.action, each.subject, each.at) for each in events],
    ]


def test_the_same_day_gives_the_same_demonstration(migrated: Path, tmp_path: Path) -> None:
    found = []
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "itti.sqlite").write_bytes((migrated / "itti.sqlite").read_bytes())
        settings = make_settings(folder)
        with empty(settings) as database:
            with database.writing() as session:
                load_courses(session, settings, A_WEDNESDAY, nobody_listens, CHEAP)
            with database.reading() as session:
                found.append(told(session))
    assert found[0] == found[1]


def test_what_is_interrupted_leaves_nothing_behind(settings: Settings) -> None:
    def leave(done: int, total: int) -> None:
        if done == total // 2:
            raise KeyboardInterrupt

    with empty(settings) as database:
        with pytest.raises(KeyboardInterrupt), database.writing() as session:
            load_courses(session, settings, A_WEDNESDAY, leave, CHEAP)
        with database.reading() as session:
            assert not demonstration.is_loaded(session)
            assert not session.exec(select(User)).all()
            assert not session.exec(select(Event)).all()


def test_a_database_in_real_use_is_left_alone(world: World) -> None:
    somebody = world.create_user()
    database = world.app.state.database
    with pytest.raises(DatabaseInUse), database.writing() as session:
        demonstration.load(session, world.settings, A_WEDNESDAY, nobody_listens)
    with database.reading() as session:
        assert not demonstration.is_loaded(session)
        assert [user.id for user in session.exec(select(User)).all()] == [somebody.id]
