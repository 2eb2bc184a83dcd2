"""A record of acts for papers of tests."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reports.attached import ANSWERS, SCORECARD, attachments
from reports.merkle import head, in_memory, inclusion_proof, leaf_hash
from reports.notes import Signer
from reports.recorded import ORDER, AttachedRecord, Leaf, details_digest
from reports.report import Report

AT = datetime(2026, 6, 18, 9, 30, tzinfo=UTC)
SIGNER = Signer("programme.example/record", Ed25519PrivateKey.from_private_bytes(bytes(32)))
SALT = "00" * 16
FILES = {SCORECARD: b"{}", ANSWERS: b"[]"}
NUMBER = "TI-2026-00001"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def leaf(details: dict[str, Any], number: int = 5, act: str = ORDER) -> Leaf:
    return Leaf(
        id=number,
        at=AT,
        actor="0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11",
        role="assessor",
        act=act,
        subject="preparation",
        subject_id="7",
        assessment=None,
        details=details_digest(SALT, details),
        request="r",
    )


def recorded(files: Mapping[str, bytes], number: str = NUMBER, act: str = ORDER) -> AttachedRecord:
    """The record of an order, among eleven acts."""
    details = {"number": number, "scorecard_sha256": sha(files[SCORECARD]), "answers_sha256": sha(files[ANSWERS])}
    own = leaf(details, act=act)
    leaves = [leaf_hash(leaf({}, at + 1).to_json()) for at in range(11)]
    leaves[4] = leaf_hash(own.to_json())
    hashes = in_memory(leaves)
    return AttachedRecord(
        leaf=own,
        salt=SALT,
        details=details,
        index=4,
        proof=tuple(base64.b64encode(each).decode() for each in inclusion_proof(4, 11, hashes)),
        head=SIGNER.sign(11, head(11, hashes), datetime(2026, 11, 22, 9, tzinfo=UTC)),
        key=str(SIGNER.verifier),
    )


def record_of(report: Report) -> bytes:
    """``record.json`` for the papers of a report."""
    return recorded(attachments(report), report.number or "").to_json()
