"""The tree against the definitions of the RFC, written down plainly, and against published numbers."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import merkle
from reports.merkle import Growing, consistency_proof, in_memory, inclusion_proof, is_consistent, is_included

LEAVES = [bytes.fromhex(each) for each in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
HEADS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Leaves and heads of the reference tests of Certificate Transparency, for the first 0 to 8 leaves."""


def root_of(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = split(len(leaves))
    return sha256(b"\1" + root_of(leaves[:k]) + root_of(leaves[k:])).digest()


def split(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def path_of(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1, word by word."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path_of(m, leaves[:k]), root_of(leaves[k:])]
    return [*path_of(m - k, leaves[k:]), root_of(leaves[:k])]


def proof_of(m: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """PROOF and SUBPROOF of RFC 6962, 2.1.2, word by word."""
    if m == len(leaves):
        return [] if whole else [root_of(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*proof_of(m, leaves[:k], whole=whole), root_of(leaves[k:])]
    return [*proof_of(m - k, leaves[k:], whole=False), root_of(leaves[:k])]


def test_published_heads() -> None:
    hashes = in_memory(merkle.leaf_hash(leaf) for leaf in LEAVES)
    assert [merkle.head(size, hashes).hex() for size in range(9)] == HEADS


def test_published_proofs() -> None:
    """Of the same reference tests: two audit paths and three consistency proofs."""
    hashes = in_memory(merkle.leaf_hash(leaf) for leaf in LEAVES)
    assert [each.hex() for each in inclusion_proof(0, 8, hashes)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [each.hex() for each in inclusion_proof(1, 5, hashes)] == [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]
    assert consistency_proof(1, 1, hashes) == []
    assert [each.hex() for each in consistency_proof(6, 8, hashes)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [each.hex() for each in consistency_proof(2, 5, hashes)] == [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]


def test_every_small_tree() -> None:
    leaves = [bytes([number]) for number in range(20)]
    hashes = in_memory(merkle.leaf_hash(leaf) for leaf in leaves)
    growing = Growing()
    for size in range(21):
        root = merkle.head(size, hashes)
        assert root == root_of(leaves[:size]) == growing.root
        for index in range(size):
            proof = inclusion_proof(index, size, hashes)
            assert proof == path_of(index, leaves[:size])
            for other in range(size + 1):
                assert is_included(merkle.leaf_hash(leaves[index]), other, size, proof, root) == (other == index)
        for old in range(1, size + 1):
            proof = consistency_proof(old, size, hashes)
            assert proof == proof_of(old, leaves[:size])
            assert is_consistent(old, size, root_of(leaves[:old]), root, proof)
            assert not is_consistent(old, size, root_of(leaves[1 : old + 1]), root, proof) or size == old == 20
        if size < 20:
            growing.add(merkle.leaf_hash(leaves[size]))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), size=st.integers(1, 1 << 70))
def test_proofs_of_trees_too_large_to_hold(data: st.DataObject, size: int) -> None:
    """Every leaf is the same here, so a level has one hash; a million and more leaves are as easy as two."""
    levels = [merkle.leaf_hash(b"leaf")]
    for _ in range(10):
        row = levels[-1]
        for _ in range(merkle.STEP):
            row = merkle.node_hash(row, row)
        levels.append(row)

    def hashes(level: int, start: int, stop: int) -> list[bytes]:
        return [levels[level]] * (stop - start)

    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    root = merkle.head(size, hashes)
    path = inclusion_proof(index, size, hashes)
    assert is_included(levels[0], index, size, path, root)
    proof = consistency_proof(old, size, hashes)
    assert is_consistent(old, size, merkle.head(old, hashes), root, proof)
    for wrong in ([*path, root], path[:-1], [*path[:-1], merkle.EMPTY]):
        if wrong != path:
            assert not is_included(levels[0], index, size, wrong, root)
    if old < size:
        for wrong in ([*proof, root], proof[:-1], [*proof[:-1], merkle.EMPTY]):
            assert not is_consistent(old, size, merkle.head(old, hashes), root, wrong)


@settings(max_examples=10, deadline=None)
@given(steps=st.lists(st.integers(1, 700), min_size=1, max_size=5))
def test_what_is_kept_grows_with_the_leaves(steps: list[int]) -> None:
    leaves = [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(sum(steps))]
    kept: dict[int, list[bytes]] = {0: []}

    def hashes(level: int, start: int, stop: int) -> list[bytes]:
        return kept[level][start:stop]

    for step in steps:
        size = len(kept[0])
        kept[0] += leaves[size : size + step]
        for level, start, found in merkle.kept_above(size + step, step, hashes):
            assert len(kept.setdefault(level, [])) == start
            kept[level] += found
        growing = Growing()
        for leaf in kept[0]:
            growing.add(leaf)
        assert merkle.head(len(kept[0]), hashes) == growing.root
    assert len(kept.get(1, [])) == len(leaves) >> 8


def test_what_cannot_be_proven() -> None:
    hashes = in_memory([merkle.leaf_hash(b"")])
    for index, size in ((1, 1), (-1, 1), (0, 0)):
        with pytest.raises(ValueError, match=str(size)):
            inclusion_proof(index, size, hashes)
        assert not is_included(b"", index, size, [], merkle.EMPTY)
    with pytest.raises(ValueError, match="1"):
        consistency_proof(2, 1, hashes)
    assert is_consistent(0, 1, merkle.EMPTY, merkle.head(1, hashes), [])
    assert not is_consistent(2, 1, merkle.EMPTY, merkle.EMPTY, [])
    assert not is_consistent(3, 4, merkle.EMPTY, merkle.EMPTY, [])
