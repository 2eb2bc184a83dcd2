"""The proof that goes into a paper: the act that ordered it is in the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from itti.acts import now
from itti.audit.proving import find, record_file
from itti.audit.sequencing import sequence
from itti.certificates.office import Office
from reports.recorded import ORDER


def proof_of_order(
    session: Session, office: Office, preparation: UUID, clock: Callable[[], datetime] = now
) -> bytes | None:
    """Content of ``record.json`` for the papers of a preparation; its order is in the tree from now on.

    Returns:
        None: it was ordered before papers carried proofs.

    Raises:
        RecordKeyUnusable: nobody can sign the head.
    """
    order = find(session, ORDER, "preparation", str(preparation))
    if order is None or "scorecard_sha256" not in order.details:
        return None
    head = sequence(session, office.record_signer, clock)
    session.refresh(order)
    return record_file(session, order, head, office.record_signer.verifier).to_json()
