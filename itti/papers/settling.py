"""Settling what all papers of a certificate carry alike and an approval is too short for.

That is what would lift the index (levers), and the signed credential.

A signature is another one each time, so it is made once and stored with the preparation, by whichever paper comes
first. Of two that settle at once the first to commit is right, and the other takes what it finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from itti.certificates import credentials, jobs
from itti.certificates.errors import PressBusy, PressFailed
from itti.certificates.office import Office
from itti.database import Database
from itti.papers.freezing import Frozen
from itti.papers.tables import Preparation
from questionnaires import load
from reports.credential import credential
from reports.report import Report
from scoring.proposals import Levers


@dataclass(frozen=True)
class Settled:
    """What was made."""

    credential: str | None
    certificate: bytes | None
    """Of the key that signed it (PEM)."""

    levers: Levers | None = None


def settled(database: Database, office: Office, preparation: UUID, at: datetime) -> Frozen:
    """What the papers of a preparation are made from, settled now unless it is already.

    Raises:
        Fault: the credential cannot be signed; nothing is settled.
    """
    with database.reading() as session:
        row = session.get_one(Preparation, preparation)
        frozen, done = complete(row), row.settled_at is not None
    if done:
        return frozen
    made = make(office, frozen.report, at)
    with database.writing() as session:
        return store(session, preparation, made, at)


def make(office: Office, report: Report, at: datetime) -> Settled:
    """Make what all papers of a report carry alike. Raises :class:`Fault`: the credential cannot be signed."""
    card = report.scorecard
    claims = credential(report, load(card.family, card.version), office.place)
    signed = office.sealing.run(jobs.sign_claims, jobs.Claims(claims, office.place.issuer, office.key, at))
    signature, certificate = signed or (None, None)
    return Settled(signature, certificate, _levers(office, report))


def _levers(office: Office, report: Report) -> Levers | None:
    """What would lift the headline, unless it takes too long: then the papers are made without."""
    try:
        return office.reckoner.run(jobs.find_levers, report)
    except (PressBusy, PressFailed):
        return None


def store(session: Session, preparation: UUID, made: Settled, at: datetime) -> Frozen:
    """Store it unless somebody was faster; returns what holds from now on."""
    session.execute(
        sa.update(Preparation)
        .where(col(Preparation.id) == preparation, col(Preparation.settled_at).is_(None))
        .values(
            settled_at=at,
            credential=made.credential,
            levers=None if made.levers is None else made.levers.to_json().decode(),
        )
        .execution_options(synchronize_session=False)
    )
    row = session.get_one(Preparation, preparation, populate_existing=True)
    if made.certificate is not None and row.credential == made.credential:
        credentials.remember_key(session, made.certificate, at)
    return complete(row)


def complete(row: Preparation) -> Frozen:
    """What the approval froze, with what was settled since."""
    frozen = Frozen.of(row)
    levers = None if row.levers is None else Levers.model_validate_json(row.levers)
    settled = {"credential": row.credential, "levers": levers}
    return frozen.model_copy(update={"report": frozen.report.model_copy(update=settled)})
