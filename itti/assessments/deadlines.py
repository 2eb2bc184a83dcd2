"""The days on which something ends: the one place that knows them, for pages, reminders and moves that time makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from itti.assessments.tables import Assessment, AssessmentState
from itti.certificates.tables import Certificate, CertificateState


class Ending(StrEnum):
    """What ends; words under ``ending.<name>``."""

    REPLY = "reply"
    """The factory's time to reply to what was found."""

    APPEAL = "appeal"
    """The factory's time to appeal against the decision."""

    CERTIFICATE = "certificate"
    """The time of the certificate."""


@dataclass(frozen=True)
class Deadline:
    """The last day of something."""

    ending: Ending
    last: date
    assessment_id: UUID
    factory_id: UUID


def deadlines(session: Session, first: date = date.min, last: date = date.max) -> list[Deadline]:
    """Everything that ends on a day from ``first`` to ``last``, both included, the earliest first.

    What is decided otherwise by now (a reply that came, a certificate that was revoked) ends no more. Checks no rights.
    """
    found = [*_replies(session, first, last), *_appeals(session, first, last), *_certificates(session, first, last)]
    return sorted(found, key=lambda each: (each.last, each.ending, str(each.assessment_id)))


def _replies(session: Session, first: date, last: date) -> list[Deadline]:
    statement = select(Assessment).where(
        Assessment.state == AssessmentState.REPLY, col(Assessment.reply_until).between(first, last)
    )
    rows = session.exec(statement).all()
    return [Deadline(Ending.REPLY, one.reply_until, one.id, one.factory_id) for one in rows if one.reply_until]


def _appeals(session: Session, first: date, last: date) -> list[Deadline]:
    statement = select(Assessment).where(
        Assessment.state == AssessmentState.CERTIFIED,
        col(Assessment.appealed_at).is_(None),
        col(Assessment.appeal_until).between(first, last),
    )
    rows = session.exec(statement).all()
    return [Deadline(Ending.APPEAL, one.appeal_until, one.id, one.factory_id) for one in rows if one.appeal_until]


def _certificates(session: Session, first: date, last: date) -> list[Deadline]:
    statement = (
        select(col(Certificate.expires_on), col(Certificate.assessment_id), col(Certificate.factory_id))
        .join(Assessment, col(Assessment.id) == Certificate.assessment_id)
        .where(
            Certificate.state == CertificateState.ISSUED,
            col(Assessment.state).in_([AssessmentState.CERTIFIED, AssessmentState.UPHELD]),
            col(Certificate.expires_on).between(first, last),
        )
    )
    return [Deadline(Ending.CERTIFICATE, day, *row) for day, *row in session.exec(statement).all()]
