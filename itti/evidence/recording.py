"""Entering into the record what is done with evidence: how it stood before, and how it stands after.

From these two the record can tell how every piece of evidence has to stand now (:mod:`itti.record.things`).
"""

from __future__ import annotations

from sqlmodel import Session

from itti.acts import Act
from itti.audit.service import record
from itti.evidence.reading import Proof
from itti.evidence.tables import EvidenceRevision

Standing = dict[str, object]
"""How a piece of evidence stands, as JSON."""


def standing(proof: Proof) -> Standing:
    """How a piece of evidence stands: its contents in their order, what they prove, and whether they are gone."""
    said: Standing = {
        "kind": proof.row.kind.value,
        "contents": [_content(each) for each in proof.revisions],
        "questions": sorted(proof.questions),
    }
    return said | ({"removed": True} if proof.row.removed_at is not None else {})


def _content(revision: EvidenceRevision) -> Standing:
    said: Standing = {"sha256": revision.sha256}
    if revision.seen_on is not None:
        said["seen_on"] = revision.seen_on.isoformat()
    return said | ({"expired": True} if revision.expired_at is not None else {})


def enter(session: Session, act: Act, action: str, proof: Proof, before: Standing | None, **details: object) -> None:
    """Enter an act on a piece of evidence; ``proof`` is how it stands now."""
    record(
        session,
        act,
        action,
        "evidence",
        proof.id,
        assessment=str(proof.row.assessment_id),
        **details,
        before=before,
        after=standing(proof),
    )
