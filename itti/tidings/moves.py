"""What people are told when an assessment moves: one table, read by :func:`tell`.

A message says that something happened and where to read it, never what was found: mail servers are no place for that.
Nobody is told of what they did themselves, nor anybody whose account is closed or belongs to a demonstration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import quote
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts import service as accounts
from itti.accounts.tables import Role, User
from itti.acts import Act
from itti.assessments import library
from itti.assessments.moves import MoveName
from itti.assessments.tables import Assessment, Move
from itti.factories.tables import Factory
from itti.mail.letters import LastDay
from itti.mail.service import Letter, Recipient, post
from questionnaires.wording import LANGUAGES


class Audience(StrEnum):
    """Who is told."""

    FACTORY = "factory"
    """Everybody of the factory."""

    ASSESSOR = "assessor"
    REVIEWER = "reviewer"
    FORMER = "former"
    """Who was the assessor until just now."""

    HEARER = "hearer"
    """Who hears the appeal."""

    OFFICE = "office"
    """Everybody of the programme office."""


@dataclass(frozen=True)
class Tiding:
    """One letter and whom it goes to."""

    letter: str
    to: tuple[Audience, ...]


TIDINGS: Final[Mapping[MoveName, Tiding]] = {
    MoveName.FINISH_SELF_ASSESSMENT: Tiding("self-assessment-finished", (Audience.ASSESSOR,)),
    MoveName.SUBMIT: Tiding("assessment-submitted", (Audience.REVIEWER, Audience.FACTORY)),
    MoveName.RETURN: Tiding("assessment-returned", (Audience.ASSESSOR,)),
    MoveName.HEAR_FACTORY: Tiding("reply-asked", (Audience.FACTORY,)),
    MoveName.ACCEPT: Tiding("reply-given", (Audience.REVIEWER,)),
    MoveName.REPLY: Tiding("reply-given", (Audience.REVIEWER,)),
    MoveName.LET_REPLY_LAPSE: Tiding("reply-lapsed", (Audience.REVIEWER, Audience.FACTORY)),
    MoveName.APPEAL: Tiding("appeal-made", (Audience.OFFICE, Audience.ASSESSOR, Audience.REVIEWER)),
    MoveName.WITHDRAW_APPEAL: Tiding("appeal-withdrawn", (Audience.OFFICE, Audience.HEARER)),
    MoveName.REJECT_APPEAL: Tiding("appeal-rejected", (Audience.FACTORY, Audience.OFFICE)),
    MoveName.UPHOLD_APPEAL: Tiding("appeal-upheld", (Audience.FACTORY, Audience.OFFICE, Audience.ASSESSOR)),
    MoveName.EXPIRE: Tiding("certificate-expired", (Audience.FACTORY,)),
    MoveName.REVOKE: Tiding("certificate-revoked", (Audience.FACTORY, Audience.ASSESSOR, Audience.REVIEWER)),
    MoveName.WITHDRAW: Tiding("assessment-withdrawn", (Audience.FACTORY, Audience.ASSESSOR, Audience.REVIEWER)),
}
"""Moves that somebody has to hear of. Of the others only those know who make them, or the page says it in time."""

HANDED_OVER: Final = (
    (Tiding("assessment-handed-over", (Audience.ASSESSOR,)), "/assessments/{id}"),
    (Tiding("assessment-given-away", (Audience.FORMER,)), "/assessments"),
    (Tiding("assessor-changed", (Audience.FACTORY, Audience.REVIEWER)), "/assessments/{id}"),
)
"""What a change of assessor has people told, each with where it is read: the former assessor reads it no more."""

PLANNED: Final = Tiding("assessment-planned", (Audience.FACTORY, Audience.ASSESSOR))
ISSUED: Final = Tiding("certificate-issued", (Audience.FACTORY, Audience.ASSESSOR))


def tell(session: Session, act: Act, one: Assessment, move: MoveName) -> None:
    """Post what the move of an assessment has people told; in the transaction of the move, after it."""
    if move is MoveName.HAND_OVER:
        for each, path in HANDED_OVER:
            _tell(session, act, one, each, path.format(id=one.id))
        return
    tiding = TIDINGS.get(move)
    if tiding is not None:
        _tell(session, act, one, tiding, f"/assessments/{one.id}")


def tell_planned(session: Session, act: Act, one: Assessment) -> None:
    """Post that an assessment is planned."""
    _tell(session, act, one, PLANNED, f"/assessments/{one.id}")


def tell_issued(session: Session, act: Act, one: Assessment, number: str) -> None:
    """Post that a certificate is in the register."""
    _tell(session, act, one, ISSUED, f"/certificates/{quote(number)}", number=number)


def _tell(session: Session, act: Act, one: Assessment, tiding: Tiding, path: str, **more: object) -> None:
    letter = Letter(tiding.letter, particulars(session, one) | more, path)
    done_by = None if act.actor is None else act.actor.id
    for person in audience(session, one, tiding.to):
        if person.id != done_by:
            post(session, act, Recipient.of(person), letter)


def audience(session: Session, one: Assessment, to: Sequence[Audience]) -> list[User]:
    """The people meant, each once, who have an account to read with."""
    found = {person.id: person for each in to for person in _people(session, one, each)}
    return [person for person in found.values() if person.disabled_at is None and not person.demonstration]


def _people(session: Session, one: Assessment, audience: Audience) -> Iterator[User]:
    if audience is Audience.FACTORY:
        yield from accounts.people_of_factory(session, one.factory_id)
    elif audience is Audience.OFFICE:
        yield from accounts.people(session, Role.PROGRAMME)
    else:
        named = {
            Audience.ASSESSOR: one.assessor_id,
            Audience.FORMER: _former(session, one) if audience is Audience.FORMER else None,
            Audience.REVIEWER: one.reviewer_id,
            Audience.HEARER: one.hearer_id,
        }[audience]
        if named is not None:
            yield accounts.user_by_id(session, named)


def _former(session: Session, one: Assessment) -> UUID | None:
    statement = select(Move.from_person_id).where(Move.assessment_id == one.id, Move.move == MoveName.HAND_OVER.value)
    return session.exec(statement.order_by(col(Move.version).desc()).limit(1)).first()


def particulars(session: Session, one: Assessment) -> dict[str, object]:
    """What every letter about an assessment may say: the factory, the questionnaire, the days."""
    factory = session.get_one(Factory, one.factory_id)
    texts = library.questionnaire(one.family, one.definition_version).definition.texts
    return {
        "factory": {"en": factory.name, "ar": factory.name_ar or factory.name},
        "questionnaire": {language: texts[language].title for language in LANGUAGES},
        "visit": one.planned_for,
        **({"last": LastDay(one.reply_until)} if one.reply_until else {}),
        **({"appeal": LastDay(one.appeal_until)} if one.appeal_until else {}),
    }
