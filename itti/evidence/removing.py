"""Taking a file away from its question; row and content stay, for the record. Checks no rights."""

from __future__ import annotations

from sqlmodel import Session

from itti.acts import Act
from itti.audit.service import record
from itti.evidence.tables import EvidenceFile


def take_away(session: Session, act: Act, row: EvidenceFile) -> None:
    """Take the file away."""
    row.removed_at = act.at
    session.add(row)
    session.flush()
    record_file(session, act, "evidence.removed", row)


def record_file(session: Session, act: Act, action: str, row: EvidenceFile) -> None:
    """Enter into the record what was done with a file."""
    record(
        session,
        act,
        action,
        "evidence_file",
        row.id,
        assessment=str(row.assessment_id),
        question=row.question,
        file_name=row.file_name,
        sha256=row.sha256,
        size=row.size,
    )
