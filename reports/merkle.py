"""Merkle trees as RFC 6962 and RFC 9162 define them: heads, inclusion proofs and consistency proofs, as pure functions.

The hashes of complete subtrees are read from wherever they are kept through :class:`Hashes`: only every eighth level is
kept (as tiles of 256, the grid of the C2SP tlog-tiles format), the levels between are computed when asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final

STEP: Final = 8
"""Levels from one kept level to the next: a tile of 256 hashes becomes one hash of the level above."""

WIDTH: Final = 1 << STEP

EMPTY: Final = sha256(b"").digest()
"""The head of the tree without leaves."""

Hashes = Callable[[int, int, int], Sequence[bytes]]
"""``(level, start, stop)`` → hashes of complete subtrees of ``2 ** (8 * level)`` leaves, from ``start`` up to ``stop``;
level 0 are the leaf hashes."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf (RFC 9162, 2.1.1)."""
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two subtrees (RFC 9162, 2.1.1)."""
    return sha256(b"\1" + left + right).digest()


class Growing:
    """The head of a tree that leaves are added to, kept as the hashes of its complete subtrees: log n hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        self.size += 1
        carried, rest = leaf, self.size
        while rest % 2 == 0:
            carried = node_hash(self._peaks.pop(), carried)
            rest //= 2
        self._peaks.append(carried)

    @property
    def root(self) -> bytes:
        """The head."""
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = node_hash(peak, found)
        return found


def head(size: int, hashes: Hashes) -> bytes:
    """The head of the tree of the first ``size`` leaves (RFC 9162, 2.1.1)."""
    return _span(0, size, hashes) if size else EMPTY


def inclusion_proof(index: int, size: int, hashes: Hashes) -> list[bytes]:
    """The hashes that lead from the leaf at ``index`` to the head of the first ``size`` leaves (RFC 9162, 2.1.3.1).

    Raises:
        ValueError: there is no such leaf in a tree of that size.
    """
    if not 0 <= index < size:
        raise ValueError(index, size)
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _half(stop - start)
        if index < middle:
            path.append(_span(middle, stop, hashes))
            stop = middle
        else:
            path.append(_span(start, middle, hashes))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, hashes: Hashes) -> list[bytes]:
    """The hashes that lead from the head of ``old`` leaves to that of ``new`` ones (RFC 9162, 2.1.4.1).

    Empty where one of the trees is empty, or both are the same.

    Raises:
        ValueError: the old tree is larger than the new one.
    """
    if not 0 <= old <= new:
        raise ValueError(old, new)
    if old in {0, new}:
        return []
    path: list[bytes] = []
    start, stop = 0, new
    while old != stop:
        middle = start + _half(stop - start)
        if old <= middle:
            path.append(_span(middle, stop, hashes))
            stop = middle
        else:
            path.append(_span(start, middle, hashes))
            start = middle
    if start:
        path.append(_span(start, stop, hashes))
    return path[::-1]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows the leaf hash at ``index`` in the tree of that size and head (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = node_hash(each, found)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = node_hash(found, each)
        place, last = place // 2, last // 2
    return last == 0 and found == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the new tree begins with the old one (RFC 9162, 2.1.4.2).

    Every tree begins with the empty one, for which no proof is needed.
    """
    if old in {0, new} or old > new:
        same = old_root == new_root if old == new else old == 0 and old_root == EMPTY
        return same and not proof
    hashes = list(proof) if old & (old - 1) else [old_root, *proof]
    if not hashes:
        return False
    place, last = old - 1, new - 1
    while place % 2:
        place, last = place // 2, last // 2
    before = after = hashes[0]
    for each in hashes[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            before, after = node_hash(each, before), node_hash(each, after)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            after = node_hash(after, each)
        place, last = place // 2, last // 2
    return last == 0 and (before, after) == (old_root, new_root)


def kept_above(size: int, added: int, hashes: Hashes) -> Iterator[tuple[int, int, list[bytes]]]:
    """What has to be kept above the leaves when ``added`` leaf hashes made a tree of ``size``.

    Yields level, number of the first hash and hashes; what is yielded has to be readable before the next step.
    """
    level, before, after = 0, size - added, size
    while after >> STEP:
        start, stop = before >> STEP, after >> STEP
        if start == stop:
            return
        tops = [_folded(hashes(level, number << STEP, (number + 1) << STEP)) for number in range(start, stop)]
        yield level + 1, start, tops
        level, before, after = level + 1, start, stop


def in_memory(leaves: Iterable[bytes]) -> Hashes:
    """The reading of a tree whose leaf hashes are at hand."""
    held = [list(leaves)]
    while len(held[-1]) >> STEP:
        below = held[-1]
        held.append([_folded(below[at << STEP : (at + 1) << STEP]) for at in range(len(below) >> STEP)])
    return lambda level, start, stop: held[level][start:stop]


def _half(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _span(start: int, stop: int, hashes: Hashes) -> bytes:
    """The head of the leaves from ``start`` to before ``stop``, where these make a node of some tree."""
    count = stop - start
    if count & (count - 1):
        middle = start + _half(count)
        return node_hash(_span(start, middle, hashes), _span(middle, stop, hashes))
    height = count.bit_length() - 1
    level = height // STEP
    return _folded(hashes(level, start >> STEP * level, stop >> STEP * level))


def _folded(row: Sequence[bytes]) -> bytes:
    """The head of a complete subtree, from a row of its nodes."""
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]
