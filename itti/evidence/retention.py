"""Evidence that is over the time for which the programme keeps it: its content goes, its digest and the acts stay.

Two steps, so that a crash between them leaves nothing undone: first the rows say, in one transaction for each
assessment and with an act in the record, that the contents are given out no more; then the contents go from the
shelf, unless other evidence has the same, and the rows say that too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments.tables import Assessment, AssessmentState, Move
from itti.calendar.zones import day_in
from itti.certificates.dates import last_day
from itti.certificates.tables import Certificate
from itti.database import Database
from itti.evidence import previews, recording
from itti.evidence.attaching import shelf_of
from itti.evidence.reading import proofs
from itti.evidence.tables import Evidence, EvidenceRevision
from itti.files.shelf import Contents
from itti.settings import Settings

_ON_ITS_WAY = timedelta(days=1)
"""A content kept within this time may belong to evidence that is being attached at this moment."""


@dataclass
class Expired:
    """What was let go."""

    assessments: list[UUID] = field(default_factory=list)
    contents: int = 0
    """How many contents are gone from the shelf."""


def due(session: Session, settings: Settings, today: date) -> Sequence[UUID]:
    """The assessments whose evidence is over its time, those that ended first in front.

    The time runs from the last day of the certificate's validity, even where it was revoked or superseded before;
    without a certificate, from the day on which the assessment was withdrawn.
    """
    months = settings.keep_evidence_months
    if not months:
        return ()
    held = (
        select(Evidence.assessment_id)
        .join(EvidenceRevision, col(EvidenceRevision.evidence_id) == col(Evidence.id))
        .where(col(EvidenceRevision.expired_at).is_(None))
    )
    certified = sa.select(col(Certificate.assessment_id), col(Certificate.expires_on)).where(
        col(Certificate.assessment_id).in_(held), col(Certificate.expires_on) < today
    )
    withdrawn = (
        sa.select(col(Assessment.id), sa.func.max(col(Move.at)))
        .join(Move, col(Move.assessment_id) == col(Assessment.id))
        .where(col(Assessment.state) == AssessmentState.WITHDRAWN, col(Assessment.id).in_(held))
        .group_by(col(Assessment.id))
    )
    ended = {identifier: day_in(settings.zone, moment) for identifier, moment in session.execute(withdrawn)}
    ended.update((identifier, last) for identifier, last in session.execute(certified))
    over = [each for each, last in ended.items() if last_day(last + timedelta(days=1), months) < today]
    return sorted(over, key=lambda each: (ended[each], each))


def work_off(database: Database, settings: Settings, at: datetime) -> Expired:
    """Let go what is over its time. May be run as often as one likes, and by several processes at once.

    Raises:
        StorageUnreachable: the store does not answer; what was begun is finished the next time.
    """
    with database.reading() as session:
        found = due(session, settings, day_in(settings.zone, at))
    done = Expired()
    for identifier in found:
        with database.writing() as session:
            if expire(session, Act(None, at, zone=settings.zone), identifier):
                done.assessments.append(identifier)
    with database.reading() as session:
        digests = _waiting(session)
    for digest in digests:
        done.contents += _erase(database, settings, digest, at)
    return done


def expire(session: Session, act: Act, identifier: UUID) -> bool:
    """Say of all evidence of an assessment, also of what was taken away, that its time is over. Checks no rights.

    False: that was said before.
    """
    session.exec(select(Assessment.id).where(Assessment.id == identifier).with_for_update()).one()
    changed = False
    for proof in proofs(session, col(Evidence.assessment_id) == identifier):
        left = [each for each in proof.revisions if each.expired_at is None]
        before = recording.standing(proof)
        for revision in left:
            revision.expired_at, revision.text = act.at, None
            session.add(revision)
        if left:
            session.flush()
            recording.enter(session, act, "evidence.expired", proof, before)
            changed = True
    return changed


def _waiting(session: Session) -> Sequence[str]:
    """Digests of contents that are to go from the shelf."""
    over = col(EvidenceRevision.expired_at).is_not(None), col(EvidenceRevision.erased_at).is_(None)
    return session.exec(select(EvidenceRevision.sha256).where(*over).distinct()).all()


def _erase(database: Database, settings: Settings, digest: str, at: datetime) -> bool:
    """Remove one content and enter that it is gone; False: other evidence has it, or somebody is attaching it."""
    with database.reading() as session:
        same = select(EvidenceRevision.id).where(
            EvidenceRevision.sha256 == digest, col(EvidenceRevision.expired_at).is_(None)
        )
        is_needed = session.exec(same.limit(1)).first() is not None
    gone = not is_needed and _dropped(shelf_of(settings), settings, digest, at)
    if gone or is_needed:
        with database.writing() as session:
            over = col(EvidenceRevision.sha256) == digest, col(EvidenceRevision.expired_at).is_not(None)
            session.execute(sa.update(EvidenceRevision).where(*over).values(erased_at=at))
    return gone


def _dropped(shelf: Contents, settings: Settings, digest: str, at: datetime) -> bool:
    previews.forget(settings, digest)
    return shelf.drop(digest, unless_since=at - _ON_ITS_WAY)
