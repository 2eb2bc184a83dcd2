"""The acts, the tree and its heads, recomputed from the rows of the database."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from itti.audit.sequencing import leaf_of
from itti.audit.service import FORGOTTEN
from itti.audit.tables import Event, RecordHead, RecordTile
from itti.record.anchors import Anchor
from itti.record.troubles import Troubles
from reports.merkle import STEP, WIDTH, Growing, in_memory, leaf_hash
from reports.notes import Head, NoteMalformedError, Verifier
from reports.recorded import details_digest

GRACE: Final = timedelta(minutes=10)
"""How far the time of an act may be from the heads around it: more than any transaction takes, or clocks differ."""

_AT_A_TIME: Final = 2_000
_HASH: Final = 32


@dataclass(frozen=True)
class SignedHead:
    """A head of the database that a known key signed."""

    size: int
    root: bytes
    at: datetime


class Rows:
    """One verification of the rows; :meth:`check` reads all of them once."""

    def __init__(self, session: Session, keys: Sequence[Verifier], troubles: Troubles, *, demonstration: bool) -> None:
        self._session, self._keys, self._troubles = session, keys, troubles
        self._demonstration = demonstration
        self.tiles = _leaves(session)
        self.heads = list(self._signed_heads())
        self._sizes = [head.size for head in self.heads]
        self.size = 0
        self._erased: set[int] = set()
        self._forgotten: set[int] = set()
        self._wrong: list[tuple[Event, bytes]] = []
        self._late = 0

    def check(self, anchors: Sequence[Anchor], see: Callable[[Event], None]) -> None:
        """Recompute everything; ``see`` is told each act whose details are what was recorded, in their order."""
        wanted = {head.size for head in self.heads} | {anchor.head.size for anchor in anchors}
        by_rows, by_tiles = Growing(), Growing()
        roots: dict[int, tuple[bytes, bytes]] = {0: (by_rows.root, by_tiles.root)}
        for position, event in self._in_order():
            kept = self.tiles[position] if position < len(self.tiles) else b""
            found = kept if event is None else leaf_hash(leaf_of(event).to_json())
            if event is None:
                self._troubles.add("act-removed", position=position)
            elif found != kept:
                self._wrong.append((event, found))
            by_rows.add(found)
            by_tiles.add(kept)
            if position + 1 in wanted:
                roots[position + 1] = (by_rows.root, by_tiles.root)
            if event is not None:
                self._look(event, see)
        self.size = by_rows.size
        self._look_at_waiting(see)
        self._judge(roots)
        self._compare(anchors, roots)
        self._look_above()

    def _in_order(self) -> Iterator[tuple[int, Event | None]]:
        """Every place of the tree with its act; None: it has none."""
        at = 0
        statement = select(Event).where(col(Event.position).is_not(None)).order_by(col(Event.position))
        for event in self._session.exec(statement.execution_options(yield_per=_AT_A_TIME)):
            position = event.position or 0
            if position < at:  # below zero: no place at all
                self._troubles.add("act-added", id=event.id, position=position)
                continue
            for missing in range(at, min(position, len(self.tiles))):
                yield missing, None
            if position > max(at, len(self.tiles)):
                self._troubles.add("act-added", id=event.id, position=position)
                at = max(at, len(self.tiles))
                continue
            yield position, event
            at = position + 1
        for missing in range(at, len(self.tiles)):
            yield missing, None

    def _look(self, event: Event, see: Callable[[Event], None]) -> None:
        """The details and the time of an act."""
        if event.salt is None:
            self._erased.add(event.id or 0)
        elif not _digest_fits(event):
            self._troubles.add("details-changed", id=event.id, act=event.action)
            return
        if event.action == FORGOTTEN:
            self._forgotten.update(event.details.get("events", ()))
        see(event)
        self._look_at_time(event)

    def _look_at_time(self, event: Event) -> None:
        """An act is taken in soon: its time lies between the head before it and the one that covers it."""
        if self._demonstration:
            return
        position = self._sizes[-1] if event.position is None and self._sizes else event.position or 0
        next_head = bisect_right(self._sizes, position)
        before = self.heads[next_head - 1] if next_head else None
        after = self.heads[next_head] if next_head < len(self.heads) else None
        if before is not None and event.at < before.at - GRACE:
            self._troubles.add("act-backdated", id=event.id, at=event.at.isoformat(), head=before.size)
        elif after is not None and event.at > after.at + GRACE:
            self._troubles.add("act-postdated", id=event.id, at=event.at.isoformat(), head=after.size)
        elif before is not None and after is not None and event.at < after.at - GRACE:
            self._late += 1

    def _look_at_waiting(self, see: Callable[[Event], None]) -> None:
        statement = select(Event).where(col(Event.position).is_(None)).order_by(col(Event.id))
        count, oldest = 0, None
        for event in self._session.exec(statement.execution_options(yield_per=_AT_A_TIME)):
            count, oldest = count + 1, oldest or event.at
            self._look(event, see)
        if count and oldest is not None:
            self._troubles.add("acts-waiting", count=count, oldest=oldest.isoformat())
        if self._late:
            self._troubles.add("acts-late", count=self._late)
        for number in sorted(self._erased - self._forgotten):
            self._troubles.add("details-erased", id=number)

    def _signed_heads(self) -> Iterator[SignedHead]:
        """The heads whose rows say what a known key signed, by size."""
        last: SignedHead | None = None
        for row in self._session.exec(select(RecordHead).order_by(col(RecordHead.size))).all():
            found = _signed(row, self._keys)
            if isinstance(found, str):
                self._troubles.add(found, size=row.size)
                continue
            if last is not None and found.at < last.at:
                self._troubles.add("head-time", size=row.size)
            last = found
            yield found

    def _judge(self, roots: dict[int, tuple[bytes, bytes]]) -> None:
        """Which of rows and tiles the signed heads stand behind, and so which of both was changed."""
        newest = self.heads[-1].size if self.heads else 0
        if self.size > newest:
            self._troubles.add("head-missing", size=newest, held=self.size)
        told = [(head, *roots.get(head.size, (b"", b""))) for head in self.heads]
        rows_hold = all(rows == head.root for head, rows, _ in told)
        tiles_hold = all(tiles == head.root for head, _, tiles in told)
        if self._wrong and rows_hold and not tiles_hold:
            for number in sorted({(event.position or 0) >> STEP for event, _ in self._wrong}):
                self._troubles.add("tile-changed", level=0, number=number)
            return
        places = {leaf: place for place, leaf in enumerate(self.tiles)} if self._wrong else {}
        for event, found in self._wrong:
            self._name(event, places.get(found))
        if not rows_hold and not tiles_hold:
            broken = next(head for head, _, tiles in told if tiles != head.root)
            self._troubles.add("tree-rewritten", size=broken.size)

    def _name(self, event: Event, right: int | None) -> None:
        place = {"id": event.id, "position": event.position}
        if right is not None:
            self._troubles.add("act-moved", **place, right=right)
        elif (event.position or 0) >= len(self.tiles):
            self._troubles.add("act-added", **place)
        else:
            self._troubles.add("act-changed", **place, act=event.action)

    def _compare(self, anchors: Sequence[Anchor], roots: dict[int, tuple[bytes, bytes]]) -> None:
        """The heads outside against the record here."""
        for anchor in anchors:
            size = anchor.head.size
            if size > self.size:
                self._troubles.add("anchor-shortened", where=anchor.where, size=size, held=self.size)
            elif anchor.head.root not in roots[size]:
                self._troubles.add("anchor-rewritten", where=anchor.where, size=size)

    def _look_above(self) -> None:
        """The kept hashes above the leaves, from the leaves."""
        kept: dict[int, dict[int, bytes]] = {}
        for tile in self._session.exec(select(RecordTile).where(RecordTile.level > 0)).all():
            kept.setdefault(tile.level, {})[tile.number] = tile.hashes
        right, level, count = in_memory(self.tiles), 1, len(self.tiles) >> STEP
        while count:
            row = b"".join(right(level, 0, count))
            held = kept.pop(level, {})
            for number in range((count - 1 >> STEP) + 1):
                if held.pop(number, b"") != row[number * WIDTH * _HASH : (number + 1) * WIDTH * _HASH]:
                    self._troubles.add("tile-changed", level=level, number=number)
            for number in held:
                self._troubles.add("tile-changed", level=level, number=number)
            level, count = level + 1, count >> STEP
        for level, tiles in kept.items():
            for number in tiles:
                self._troubles.add("tile-changed", level=level, number=number)


def _leaves(session: Session) -> list[bytes]:
    """The kept hashes of all leaves; they end where a tile is missing or not whole."""
    found: list[bytes] = []
    statement = select(RecordTile).where(RecordTile.level == 0).order_by(col(RecordTile.number))
    for tile in session.exec(statement):
        if tile.number != len(found) >> STEP or len(found) % WIDTH:
            break
        found += [tile.hashes[at : at + _HASH] for at in range(0, min(len(tile.hashes), WIDTH * _HASH), _HASH)]
    return found


def _signed(row: RecordHead, keys: Sequence[Verifier]) -> SignedHead | str:
    """A head as it was signed, or the code of what is wrong with it."""
    try:
        told = Head.parse(row.note)
    except NoteMalformedError:
        return "head-changed"
    signer = told.signer_among(keys)
    if signer is None:
        known = any(name == key.name for key in keys for name, _ in told.signatures)
        return "head-changed" if known else "head-unknown-key"
    at = told.time_by(signer)
    if at is None or (told.size, told.root.hex(), at) != (row.size, row.root, row.signed_at):
        return "head-changed"
    return SignedHead(told.size, told.root, at)


def _digest_fits(event: Event) -> bool:
    try:
        return details_digest(event.salt or "", event.details) == event.details_digest
    except (ValueError, TypeError):  # a salt that is none, or details that are no object
        return False
