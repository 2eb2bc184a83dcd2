"""Reminders of days on which something ends: each person is told once a step, however often one looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments.deadlines import Deadline, Ending, deadlines
from itti.assessments.tables import Assessment
from itti.database import Database
from itti.mail.letters import LastDay
from itti.mail.service import Letter, Recipient, post
from itti.mail.tables import OutgoingMail
from itti.programme import day_of, rules
from itti.tidings import accreditation_days
from itti.tidings.moves import Audience, audience, particulars

STEPS: Final[Mapping[Ending, tuple[int, ...]]] = {
    Ending.REPLY: (3, 1),
    Ending.APPEAL: (7, 2),
    Ending.CERTIFICATE: (60, 14),
}
"""Ending → how many days before its last day the factory is reminded."""

_LETTERS: Final = {
    Ending.REPLY: "reply-ends",
    Ending.APPEAL: "appeal-ends",
    Ending.CERTIFICATE: "certificate-ends",
}
_AT_A_TIME: Final = 500
_FURTHEST: Final = max(max(steps) for steps in STEPS.values())


@dataclass(frozen=True)
class Reminder:
    """One message that is due."""

    to: Recipient
    letter: Letter


def remind(database: Database, at: datetime) -> int:
    """Post every reminder that is due and was not posted yet; returns how many."""
    with database.reading() as session:
        found = list(_missing(session, day_of(session, at)))
    if not found:
        return 0
    with database.writing() as session:
        act = Act(None, at, zone=rules(session).zone)
        return sum(post(session, act, each.to, each.letter) is not None for each in found)


def _missing(session: Session, today: date) -> Iterator[Reminder]:
    yield from _untold(session, [Reminder(to, letter) for to, letter in accreditation_days.due(session, today)])
    for deadline in deadlines(session, today, today + timedelta(days=_FURTHEST)):
        step = _step(deadline, today)
        if step is None:
            continue
        yield from _untold(session, list(_reminders(session, deadline, step)))


def _untold(session: Session, found: Sequence[Reminder]) -> Iterator[Reminder]:
    for first in range(0, len(found), _AT_A_TIME):
        some = found[first : first + _AT_A_TIME]
        abouts = [each.letter.about for each in some]
        told = set(session.exec(select(OutgoingMail.about).where(col(OutgoingMail.about).in_(abouts))).all())
        yield from (each for each in some if each.letter.about not in told)


def _step(deadline: Deadline, today: date) -> int | None:
    """The step that has been reached: of several that were slept through the last one counts."""
    left = (deadline.last - today).days
    return min((step for step in STEPS[deadline.ending] if left <= step), default=None)


def _reminders(session: Session, deadline: Deadline, step: int) -> Iterator[Reminder]:
    one = session.get_one(Assessment, deadline.assessment_id)
    details = {**particulars(session, one), "last": LastDay(deadline.last)}
    life = timedelta(days=min(step, 5) + 1)
    for person in audience(session, one, (Audience.FACTORY,)):
        about = f"{deadline.ending}:{one.id}:{deadline.last}:{step}:{person.id}"
        letter = Letter(_LETTERS[deadline.ending], details, f"/assessments/{one.id}", about=about, life=life)
        yield Reminder(Recipient.of(person), letter)
