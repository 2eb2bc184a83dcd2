"""Which groups may be published so that no smaller group can be worked out from them.

Counts and means of published groups are linear: whoever has those of "all" and of every sector but one has those of
that sector. So it is not enough to leave out the small groups. A set of published groups *gives away* a set of
members if some combination of the groups (added, subtracted, multiplied) leaves exactly these members; it is safe if
no set of fewer than k members, but not nobody, can be made so. Members who belong to exactly the same groups cannot be
told apart by any of them, so what can be made is a union of such classes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Final

from scoring.benchmark.groups import Group

MOST_BRANCHES: Final = 20_000
"""How many branches the search may take before a set counts as unsafe: what is not proven safe is withheld."""


def publishable(groups: Mapping[Group, frozenset[str]], least: int) -> tuple[Group, ...]:
    """Of ``groups`` (in order of preference) those that together give away no set below ``least``.

    A group below ``least`` never is; a group that would, with those taken before it, give away a smaller set is left
    out too (complementary suppression).
    """
    taken: list[Group] = []
    for group, members in groups.items():
        if len(members) >= least and derivable([groups[each] for each in [*taken, group]], least) is None:
            taken.append(group)
    return tuple(taken)


def derivable(published: Sequence[frozenset[str]], least: int) -> frozenset[str] | None:
    """Some set of fewer than ``least`` members that the published sets give away, or None if there is none.

    Exact: the classes and the relations among them are whole numbers, only the search for a combination is left to a
    solver of mixed-integer programs (HiGHS), and what it finds is checked. Where the solver gives up, some class below
    ``least`` is named although nothing is proven: better withheld than given away.
    """
    classes = _classes(published)
    memberships = list(classes)
    small = [membership for membership in memberships if len(classes[membership]) < least]
    if not small:
        return None
    rows = [[int(place in membership) for membership in memberships] for place in range(len(published))]
    relations = _relations(rows, len(memberships))
    if not relations:
        return classes[small[0]]
    sizes = [len(classes[membership]) for membership in memberships]
    chosen = _combination(relations, sizes, least)
    if chosen is None:
        return None
    return frozenset().union(*(classes[memberships[place]] for place in chosen))


def _classes(published: Sequence[frozenset[str]]) -> dict[tuple[int, ...], frozenset[str]]:
    """Members who belong to the same published sets, by the places of those sets."""
    belongs: dict[str, list[int]] = {}
    for place, members in enumerate(published):
        for member in members:
            belongs.setdefault(member, []).append(place)
    classes: dict[tuple[int, ...], set[str]] = {}
    for member, places in belongs.items():
        classes.setdefault(tuple(places), set()).add(member)
    return {membership: frozenset(classes[membership]) for membership in sorted(classes)}


def _relations(rows: Iterable[Sequence[int]], width: int) -> list[list[int]]:
    """A basis, in whole numbers, of all that the rows leave undecided: x with row · x = 0 for every row.

    A set of classes can be made from the rows exactly if it is orthogonal to every one of them.
    """
    reduced: list[list[Fraction]] = []
    pivots: list[int] = []
    for row in rows:
        left = [Fraction(entry) for entry in row]
        for pivot, known in zip(pivots, reduced, strict=True):
            if left[pivot]:
                left = _minus(left, known, left[pivot])
        pivot = next((place for place, entry in enumerate(left) if entry), -1)
        if pivot < 0:
            continue
        left = [entry / left[pivot] for entry in left]
        reduced = [_minus(known, left, known[pivot]) if known[pivot] else known for known in reduced]
        reduced.append(left)
        pivots.append(pivot)
    relations: list[list[int]] = []
    for free in (place for place in range(width) if place not in pivots):
        relation = [Fraction(0)] * width
        relation[free] = Fraction(1)
        for pivot, known in zip(pivots, reduced, strict=True):
            relation[pivot] = -known[free]
        scale = lcm(*(entry.denominator for entry in relation))
        relations.append([int(entry * scale) for entry in relation])
    return relations


def _minus(row: Sequence[Fraction], other: Sequence[Fraction], times: Fraction) -> list[Fraction]:
    return [a - times * b for a, b in zip(row, other, strict=True)]


def _combination(relations: Sequence[Sequence[int]], sizes: Sequence[int], least: int) -> list[int] | None:
    """Places of the classes of the smallest set that is orthogonal to every relation; None where it has ``least``."""
    import numpy as np  # noqa: PLC0415 - only a table with small groups in it waits for the solver
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415

    count = len(sizes)
    found = milp(
        c=np.asarray(sizes, dtype=float),
        integrality=np.ones(count),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(np.asarray(relations, dtype=float), 0, 0),
            LinearConstraint(np.ones((1, count)), 1, count),
            LinearConstraint(np.asarray([sizes], dtype=float), 0, least - 1),
        ],
        options={"node_limit": MOST_BRANCHES},
    )
    if found.status == _INFEASIBLE:
        return None
    if found.x is not None:
        chosen = [place for place in range(count) if found.x[place] > 0.5]
        if chosen and all(sum(relation[place] for place in chosen) == 0 for relation in relations):
            return chosen
    return [min(range(count), key=lambda place: sizes[place])]


_INFEASIBLE: Final = 2
"""What SciPy's milp says when there is no such combination."""
