"""``record.json`` inside a paper: the act that ordered it, and the proof that the act is in the programme's record.

The record is a log of acts in a Merkle tree (:mod:`reports.merkle`) whose heads are signed (:mod:`reports.notes`). A
leaf names people by pseudonyms and holds of the details of an act a salted digest only, so that names and texts can be
erased later and the tree still holds. This file discloses the details of one act, with their salt.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import rfc8785
from pydantic import AwareDatetime, Field, ValidationError, field_serializer

from reports.attached import ANSWERS, SCORECARD, Attachment, Digest, Short, Text
from reports.findings import RecordFinding, RecordState
from reports.merkle import is_included, leaf_hash
from reports.notes import Head, NoteMalformedError, Verifier
from reports.quarantine import Quarantined, apart

RECORD: Final = "record.json"

_HASH: Final = r"^[A-Za-z0-9+/]{43}=$"


class Leaf(Attachment):
    """One act as the tree holds it. :meth:`to_json` are the bytes of the leaf."""

    v: Literal[1] = 1
    id: Annotated[int, Field(ge=1, le=2**53 - 1)]
    """Number of the row."""

    at: AwareDatetime
    actor: Short | None
    """Pseudonym of the person: the id of the account, which is in no other public place."""

    role: Short | None
    act: Short
    """``noun.past-participle``, e.g. ``factory.registered``."""

    subject: Short
    subject_id: Short
    assessment: Short | None
    """Id of the assessment that the act belongs to, if it does."""

    details: Digest
    """:func:`details_digest`."""

    request: Short

    @field_serializer("at")
    def _in_one_way(self, at: datetime) -> str:
        """Always with microseconds, in UTC."""
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class AttachedRecord(Attachment):
    """``record.json``."""

    format: Literal["itti-record/1"] = "itti-record/1"
    leaf: Leaf
    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    details: Annotated[Mapping[Short, Text | int | None], Field(max_length=50)]
    index: Annotated[int, Field(ge=0, le=2**53 - 1)]
    """Place of the leaf in the tree, from 0."""

    proof: Annotated[tuple[Annotated[str, Field(pattern=_HASH)], ...], Field(max_length=64)]
    """From the leaf to the head (base64), as RFC 9162, 2.1.3.1 gives it."""

    head: Text
    """The signed head, a note."""

    key: Short
    """The public key of the record; whoever has it from elsewhere need not believe it."""


def details_digest(salt: str, details: Mapping[str, object]) -> str:
    """SHA-256 over the salt (hexadecimal) and the details in canonical JSON: nobody can guess the details from it."""
    return hashlib.sha256(bytes.fromhex(salt) + rfc8785.dumps(dict[str, Any](details))).hexdigest()


def look(files: Mapping[str, bytes], known: Iterable[str], number: str | None, *, seal_holds: bool) -> RecordFinding:
    """What the attached record proves, without asking anybody.

    Args:
        files: the attached files by name.
        known: public keys that the reader trusts, as text.
        number: of the certificate.
        seal_holds: whether the seal over all of it is intact: it then vouches for the key that the file states.
    """
    if RECORD not in files:
        return RecordFinding(state=RecordState.ABSENT, code="absent")
    try:
        held = AttachedRecord.model_validate_json(files[RECORD])
        head, key = Head.parse(held.head), Verifier.parse(held.key)
    except (ValidationError, NoteMalformedError):
        return RecordFinding(state=RecordState.BROKEN, code="malformed")
    found = leaf_hash(held.leaf.to_json())
    flaw = _flaw(held, head, key, found)
    if flaw is None and not _orders(held, files, number):
        flaw = "other-certificate"
    if flaw is not None:
        state, code = RecordState.BROKEN, flaw
    elif str(key) in set(known):
        state, code = RecordState.INCLUDED, "included"
    elif seal_holds:
        state, code = RecordState.INCLUDED, "included-by-seal"
    else:
        state, code = RecordState.UNKNOWN, "unknown-key"
    return RecordFinding(
        state=state,
        code=code,
        origin=head.origin,
        index=held.index,
        size=head.size,
        acted_at=held.leaf.at,
        signed_at=head.time_by(key),
        leaf_hash=found.hex(),
        root=head.root.hex(),
    )


def carried(pdf: bytes) -> AttachedRecord | None:
    """The record that a paper of our own carries; None: it carries none that can be read."""
    try:
        held = apart("attachments", pdf, names=[RECORD])
        return AttachedRecord.model_validate_json(base64.b64decode(held[RECORD])) if RECORD in held else None
    except (Quarantined, ValidationError):
        return None


def _flaw(held: AttachedRecord, head: Head, key: Verifier, found: bytes) -> str | None:
    """What keeps the file from proving that its act is in the record; None: nothing does."""
    proof = [base64.b64decode(each) for each in held.proof]
    if not head.signed_by(key):
        return "head-not-signed"
    if not is_included(found, held.index, head.size, proof, head.root):
        return "not-in-tree"
    if details_digest(held.salt, held.details) != held.leaf.details:
        return "other-details"
    return None


def _orders(held: AttachedRecord, files: Mapping[str, bytes], number: str | None) -> bool:
    """Whether the act is the order of this very certificate: its number, its scorecard, its answers."""
    stated = held.details
    sums = {name: hashlib.sha256(files[name]).hexdigest() for name in (SCORECARD, ANSWERS) if name in files}
    return (
        held.leaf.act == ORDER
        and number is not None
        and stated.get("number") == number
        and stated.get("scorecard_sha256") == sums.get(SCORECARD)
        and stated.get("answers_sha256") == sums.get(ANSWERS)
    )


ORDER: Final = "preparation.ordered"
"""The act that orders the papers of a certificate: it gives out the number and settles all that they state."""
