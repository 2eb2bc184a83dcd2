"""What people are told of accreditations: who holds one, and the programme office where it has to see to it.

A message says that something happened and where to read it, never why: reasons stay behind the sign-in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from itti.accounts import service as accounts
from itti.accounts.tables import Role, User
from itti.accreditation.tables import Accreditation, AssessmentBody
from itti.acts import Act
from itti.mail.letters import LastDay
from itti.mail.service import Letter, Recipient, post
from questionnaires import load
from questionnaires.loading import latest
from questionnaires.wording import LANGUAGES


class Step(StrEnum):
    """What happens to an accreditation; the names of the letters."""

    ENDS = "accreditation-ends"
    """Its last day comes near."""

    ENDED = "accreditation-ended"
    SUSPENDED = "accreditation-suspended"
    RESTORED = "accreditation-restored"
    """A suspension was lifted, or is over by itself."""

    WITHDRAWN = "accreditation-withdrawn"


_FOR_THE_OFFICE: Final = frozenset({Step.ENDS, Step.ENDED})
"""Of these the office is told too: nobody did them, and only the office can grant a new one."""


@dataclass(frozen=True)
class News:
    """Something that happened to an accreditation."""

    step: Step
    accreditation: Accreditation
    holder: User | AssessmentBody
    since: date | None = None
    """The first day of a suspension."""

    about: str | None = None
    """What it tells of, so that nobody is told twice; None: each telling counts."""


def tell(session: Session, act: Act, news: News) -> None:
    """Post what an act did to an accreditation; in the transaction of the act, after it."""
    for to, letter in letters(session, news):
        if act.actor is None or to.user_id != act.actor.id:
            post(session, act, to, letter)


def letters(session: Session, news: News) -> Iterator[tuple[Recipient, Letter]]:
    """Who is told, and what."""
    details = _particulars(news)
    for person, path in _audience(session, news):
        about = None if news.about is None else f"{news.about}:{person.id}"
        yield Recipient.of(person), Letter(news.step.value, details, path, about=about)


def _audience(session: Session, news: News) -> Iterator[tuple[User, str]]:
    """Each person with the page that says more: the person or the people of the body, and the office."""
    holder = news.holder
    own = [holder] if isinstance(holder, User) else accounts.people_of_body(session, holder.id)
    office = accounts.people(session, Role.PROGRAMME) if news.step in _FOR_THE_OFFICE else ()
    page = f"/assessors/{holder.id}" if isinstance(holder, User) else f"/bodies/{holder.id}"
    for person, path in (*((each, "/home") for each in own), *((each, page) for each in office)):
        if person.disabled_at is None and not person.demonstration:
            yield person, path


def _particulars(news: News) -> dict[str, object]:
    holder, family = news.holder, news.accreditation.family
    definition = load(family, latest(family))
    return {
        "holder": {"en": holder.name, "ar": holder.name_ar or holder.name},
        "questionnaire": {language: definition.words(language).title for language in LANGUAGES},
        "last": LastDay(news.accreditation.valid_until),
        **({} if news.since is None else {"since": news.since}),
    }
