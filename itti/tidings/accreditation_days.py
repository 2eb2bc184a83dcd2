"""Days on which accreditations end, and on which they hold again: each person is told once a step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sqlmodel import Session, col, select

from itti.accreditation.granting import endings, grant, holder_of
from itti.accreditation.tables import Accreditation, Suspension
from itti.accreditation.validity import State
from itti.mail.service import Letter, Recipient
from itti.programme import rules
from itti.tidings.accreditations import News, Step, letters

LAST_STEP: Final = 14
"""So many days before its end people are told a second time; the first is the notice of the programme."""

_LOOKED_BACK: Final = timedelta(days=14)
"""What is over for longer is not told any more, such as before this was installed."""


def due(session: Session, today: date) -> Iterator[tuple[Recipient, Letter]]:
    """All messages of these days that are due, told before or not."""
    yield from _ending(session, today)
    yield from _ended(session, today)
    yield from _restored(session, today)


def _ending(session: Session, today: date) -> Iterator[tuple[Recipient, Letter]]:
    notice = rules(session).notice_days
    for each in endings(session, today, today + timedelta(days=notice)):
        step = LAST_STEP if (each.last - today).days <= LAST_STEP < notice else notice
        about = f"accreditation-ends:{each.accreditation.id}:{each.last}:{step}"
        yield from letters(session, News(Step.ENDS, each.accreditation, each.holder, about=about))


def _ended(session: Session, today: date) -> Iterator[tuple[Recipient, Letter]]:
    for each in endings(session, today - _LOOKED_BACK, today - timedelta(days=1)):
        about = f"accreditation-ended:{each.accreditation.id}:{each.last}"
        yield from letters(session, News(Step.ENDED, each.accreditation, each.holder, about=about))


def _restored(session: Session, today: date) -> Iterator[tuple[Recipient, Letter]]:
    """Suspensions that are over by themselves; of those that were lifted the act has told."""
    over = col(Suspension.until).between(today - _LOOKED_BACK, today - timedelta(days=1))
    for each in session.exec(select(Suspension).where(over, col(Suspension.lifted_at).is_(None))).all():
        found = session.get_one(Accreditation, each.accreditation_id)
        if grant(session, found).state(today) is State.VALID:
            about = f"accreditation-restored:{each.id}"
            yield from letters(session, News(Step.RESTORED, found, holder_of(session, found), about=about))
