"""The kept hashes of the tree in the database: tiles of 256."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session

from itti.audit.tables import RecordTile
from reports.merkle import STEP, WIDTH

_BYTES: Final = 32


class Tiles:
    """Reads and adds hashes; one for a transaction, since it remembers what it has read."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: dict[tuple[int, int], bytes] = {}

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """As :data:`reports.merkle.Hashes` says.

        Raises:
            LookupError: they are not there; somebody has removed them.
        """
        found: list[bytes] = []
        for number in range(start >> STEP, (stop - 1 >> STEP) + 1):
            tile = self._tile(level, number)
            first, last = max(start - (number << STEP), 0), min(stop - (number << STEP), WIDTH)
            found += [tile[at * _BYTES : (at + 1) * _BYTES] for at in range(first, last)]
        if any(len(each) != _BYTES for each in found):
            raise LookupError(level, start, stop)
        return found

    def add(self, level: int, start: int, hashes: Sequence[bytes]) -> None:
        """Add hashes from the place ``start`` on, which is where the level ends."""
        for number in range(start >> STEP, (start + len(hashes) - 1 >> STEP) + 1):
            first = max(number << STEP, start)
            added = b"".join(hashes[first - start : ((number + 1) << STEP) - start])
            whole = self._tile(level, number)[: (first - (number << STEP)) * _BYTES] + added
            self._session.merge(RecordTile(level=level, number=number, hashes=whole))
            self._read[level, number] = whole

    def _tile(self, level: int, number: int) -> bytes:
        if (level, number) not in self._read:
            found = self._session.get(RecordTile, (level, number))
            self._read[level, number] = b"" if found is None else found.hashes
        return self._read[level, number]
