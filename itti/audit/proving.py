"""Proofs from the tree in the database."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from itti.audit.errors import NoSuchHead
from itti.audit.sequencing import leaf_of, newest_head
from itti.audit.tables import Event, RecordHead
from itti.audit.tiles import Tiles
from reports.merkle import consistency_proof, head, inclusion_proof, leaf_hash
from reports.notes import Verifier
from reports.recorded import AttachedRecord


@dataclass(frozen=True)
class Inclusion:
    """A proof that an act is in the tree under a head."""

    leaf_hash: bytes
    index: int
    proof: list[bytes]
    head: RecordHead


def inclusion(session: Session, event: Event, under: RecordHead) -> Inclusion | None:
    """The proof that leads from an act to a head; None where that head does not cover it.

    Raises:
        LookupError: kept hashes are missing (``itti audit verify`` says which).
    """
    if event.position is None or event.position >= under.size:
        return None
    proof = inclusion_proof(event.position, under.size, Tiles(session).hashes)
    return Inclusion(leaf_hash(leaf_of(event).to_json()), event.position, proof, under)


@dataclass(frozen=True)
class Consistency:
    """A proof that one tree begins with another."""

    old: int
    new: int
    old_root: bytes
    new_root: bytes
    proof: list[bytes]


def consistency(session: Session, old: int, new: int) -> Consistency:
    """The proof that leads from the tree of ``old`` acts to that of ``new`` ones.

    Raises:
        NoSuchHead: the record is not that long, or the old one is longer than the new one.
    """
    newest = newest_head(session)
    size = 0 if newest is None else newest.size
    if not 0 <= old <= new <= size:
        raise NoSuchHead(old=old, new=new, size=size)
    hashes = Tiles(session).hashes
    return Consistency(old, new, head(old, hashes), head(new, hashes), consistency_proof(old, new, hashes))


def holds(session: Session, leaf: bytes, index: int, size: int, root: bytes) -> bool:
    """Whether the tree of this database still has that leaf hash at that place, under that head."""
    newest = newest_head(session)
    if newest is None or not index < size <= newest.size:
        return False
    tiles = Tiles(session)
    try:
        return tiles.hashes(0, index, index + 1) == [leaf] and head(size, tiles.hashes) == root
    except LookupError:
        return False


def find(session: Session, action: str, subject: str, subject_id: str) -> Event | None:
    """The first act of that kind on a thing."""
    statement = (
        select(Event)
        .where(Event.action == action, Event.subject == subject, Event.subject_id == subject_id)
        .order_by(col(Event.id))
        .limit(1)
    )
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def record_file(session: Session, event: Event, under: RecordHead, key: Verifier) -> AttachedRecord:
    """``record.json`` for a paper that ``event`` ordered."""
    found = inclusion(session, event, under)
    assert found is not None, "it was taken into the tree just now"  # noqa: S101 - whoever calls sequences first
    assert event.salt is not None, "nobody erases an order whose papers are being made"  # noqa: S101
    return AttachedRecord(
        leaf=leaf_of(event),
        salt=event.salt,
        details=event.details,
        index=found.index,
        proof=_texts(found.proof),
        head=under.note,
        key=str(key),
    )


def _texts(hashes: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(base64.b64encode(each).decode() for each in hashes)
