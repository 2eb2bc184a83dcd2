"""Which groups may be published so that no smaller group can be worked out from them.

Counts and means of published groups are linear: whoever has those of "all" and of every sector but one has those of
that sector. So it is not enough to leave out the small groups. A set of published groups *gives away* a set of
members if some combination of the groups (added, subtracted, multiplied) leaves exactly these members; it is safe if
no set of fewer than k members, but not nobody, can be made so. Members who belong to exactly the same groups cannot be
told apart by any of them, so what can be made is a union of such classes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Final, TypeVar

from scoring.benchmark.groups import Group

MOST_BRANCHES: Final = 20_000
"""How many branches the search may take before a set counts as unsafe: what is not proven safe is withheld."""

Row = dict[int, Fraction]
"""Class → coefficient, without the zeros."""

ThingT = TypeVar("ThingT", bound=Hashable)
Whose = Callable[[ThingT], Hashable]
"""Whose a thing is: a member's own change is as telling as the member."""


def itself(thing: ThingT) -> Hashable:
    """Members, who are nobody else's."""
    return thing


def publishable(
    groups: Mapping[Group, frozenset[ThingT]], least: int, whose: Whose[ThingT] = itself
) -> tuple[Group, ...]:
    """Of ``groups`` (in order of preference) those that together give away no set below ``least``.

    A group below ``least`` never is; a group that would, with those taken before it, give away a smaller set is left
    out too (complementary suppression). A set is as large as there are members ``whose`` things are in it.
    """
    classes = _classes(list(groups.values()))
    owners = [frozenset(map(whose, things)) for things in classes.values()]
    taken: list[Group] = []
    known: dict[int, Row] = {}
    for place, (group, members) in enumerate(groups.items()):
        if len(set(map(whose, members))) < least:
            continue
        row = {number: Fraction(1) for number, belongs in enumerate(classes) if place in belongs}
        further = _with(known, row)
        if _smallest(further, owners, least) is None:
            taken.append(group)
            known = further
    return tuple(taken)


def derivable(published: Sequence[frozenset[str]], least: int) -> frozenset[str] | None:
    """Some set of fewer than ``least`` members that the published sets give away, or None if there is none.

    Exact: the classes and the relations among them are rational, only the search for a combination is left to a solver
    of mixed-integer programs (HiGHS), and what it finds is checked. Where the solver gives up, some class below
    ``least`` is named although nothing is proven: better withheld than given away.
    """
    classes = _classes(published)
    known: dict[int, Row] = {}
    for place in range(len(published)):
        known = _with(known, {number: Fraction(1) for number, belongs in enumerate(classes) if place in belongs})
    everybody = list(classes.values())
    chosen = _smallest(known, everybody, least)
    if chosen is None:
        return None
    return frozenset().union(*(everybody[number] for number in chosen))


def _classes(published: Sequence[frozenset[ThingT]]) -> dict[tuple[int, ...], frozenset[ThingT]]:
    """Members who belong to the same published sets, by the places of those sets."""
    belongs: dict[ThingT, list[int]] = {}
    for place, members in enumerate(published):
        for member in members:
            belongs.setdefault(member, []).append(place)
    classes: dict[tuple[int, ...], set[ThingT]] = {}
    for member, places in belongs.items():
        classes.setdefault(tuple(places), set()).add(member)
    return {membership: frozenset(classes[membership]) for membership in sorted(classes)}


def _with(known: Mapping[int, Row], row: Row) -> dict[int, Row]:
    """The reduced rows (pivot → row, with 1 at its own pivot and 0 at all others) with one more row."""
    left = dict(row)
    for pivot in [place for place in row if place in known]:
        _subtract(left, known[pivot], left[pivot])
    if not left:
        return dict(known)
    pivot = min(left)
    left = {place: entry / left[pivot] for place, entry in left.items()}
    found: dict[int, Row] = {}
    for other, entries in known.items():
        found[other] = entries
        if pivot in entries:
            found[other] = dict(entries)
            _subtract(found[other], left, entries[pivot])
    return {**found, pivot: left}


def _subtract(row: Row, other: Row, times: Fraction) -> None:
    for place, entry in other.items():
        less = row.get(place, Fraction(0)) - times * entry
        if less:
            row[place] = less
        else:
            row.pop(place, None)


Owners = Sequence[frozenset[Hashable]]
"""Class by class, whose the things in it are."""


def _smallest(known: Mapping[int, Row], owners: Owners, least: int) -> list[int] | None:
    """Classes that make up a set below ``least`` which the rows give away; None where there is none.

    A set can be made from the rows exactly if it is orthogonal to all that they leave undecided. That is one relation
    for each class without a pivot; classes of ``least`` members or more cannot be part of so small a set, and a class
    that alone is left in a relation cannot either.
    """
    seen = {place for row in known.values() for place in row}
    open_classes = {place for place in seen if len(owners[place]) < least}
    relations: list[Row] = []
    for free in sorted(seen - known.keys()):
        relation = {pivot: -row[free] for pivot, row in known.items() if free in row}
        relations.append({**relation, free: Fraction(1)})
    while True:
        relations = [kept for row in relations if (kept := {c: e for c, e in row.items() if c in open_classes})]
        alone = {next(iter(row)) for row in relations if len(row) == 1}
        if not alone:
            break
        open_classes -= alone
    if not open_classes:
        return None
    places = sorted(open_classes)
    undecided = {place for row in relations for place in row}
    if given_away := [place for place in places if place not in undecided]:
        return given_away[:1]
    return _combination(relations, places, owners, least)


def _combination(relations: Iterable[Row], places: Sequence[int], owners: Owners, least: int) -> list[int] | None:
    """The smallest set of these classes that is orthogonal to every relation; None where it has ``least`` members.

    Owners of one class alone are told by the class; each of the others counts once, in however many classes of the set.
    """
    import numpy as np  # noqa: PLC0415 - only a table with small groups in it waits for the solver
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415

    whole = [_whole(relation) for relation in relations]
    often = Counter(owner for place in places for owner in owners[place])
    shared = [owner for owner, times in often.items() if times > 1]
    count = len(places)
    alone = [sum(often[owner] == 1 for owner in owners[place]) for place in places]
    weights = np.array([*alone, *(1 for _ in shared)], dtype=float)
    columns = len(weights)

    def row(entries: Mapping[int, int]) -> list[float]:
        return [float(entries.get(column, 0)) for column in range(columns)]

    orthogonal = [row({number: each.get(place, 0) for number, place in enumerate(places)}) for each in whole]
    named = [
        row({number: 1, count + owner: -1})
        for owner, each in enumerate(shared)
        for number, place in enumerate(places)
        if each in owners[place]
    ]
    constraints = [
        LinearConstraint(np.array(orthogonal), 0, 0),
        LinearConstraint(np.array([row(dict.fromkeys(range(count), 1))]), 1, count),
        LinearConstraint(weights.reshape(1, columns), 0, least - 1),
    ]
    if named:
        constraints.append(LinearConstraint(np.array(named), -np.inf, 0))
    found = milp(
        c=weights,
        integrality=np.ones(columns),
        bounds=Bounds(0, 1),
        constraints=constraints,
        options={"node_limit": MOST_BRANCHES},
    )
    if found.status == _INFEASIBLE:
        return None
    if found.x is not None:
        chosen = [place for number, place in enumerate(places) if found.x[number] > 0.5]
        if chosen and all(sum(each.get(place, 0) for place in chosen) == 0 for each in whole):
            return chosen
    return [min(places, key=lambda place: len(owners[place]))]


def _whole(relation: Row) -> dict[int, int]:
    scale = lcm(*(entry.denominator for entry in relation.values()))
    return {place: int(entry * scale) for place, entry in relation.items()}


_INFEASIBLE: Final = 2
"""What SciPy's milp says when there is no such combination."""
