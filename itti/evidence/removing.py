"""Taking evidence away from a question, or from its assessment; contents stay, for the record. Checks no rights."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import Session, col

from itti.acts import Act
from itti.evidence import recording
from itti.evidence.reading import Proof, proofs
from itti.evidence.tables import Evidence, EvidenceLink


def take_away(session: Session, act: Act, proof: Proof) -> None:
    """Take a piece of evidence away from its assessment."""
    before = recording.standing(proof)
    proof.row.removed_at = act.at
    session.add(proof.row)
    session.flush()
    newest = proof.newest
    recording.enter(session, act, "evidence.removed", proof, before, file_name=newest.file_name, sha256=newest.sha256)


def unlink(session: Session, act: Act, proof: Proof, question: str) -> Proof:
    """Use a piece of evidence for a question no more; it stays with the assessment."""
    session.execute(
        sa.delete(EvidenceLink).where(col(EvidenceLink.evidence_id) == proof.id, col(EvidenceLink.question) == question)
    )
    left = replace(proof, questions=tuple(each for each in proof.questions if each != question))
    recording.enter(session, act, "evidence.unlinked", left, recording.standing(proof), question=question)
    return left


def leave(session: Session, act: Act, proof: Proof, question: str) -> None:
    """Let a question go that is asked no more: what proved nothing else goes with it."""
    [current] = proofs(session, col(Evidence.id) == proof.id)  # another question of the same item may be gone already
    if current.questions == (question,):
        take_away(session, act, current)
    else:
        unlink(session, act, current, question)
