"""Several benchmarks that leave the programme office together, such as every dimension of a questionnaire.

Alone each of them may be safe and two of them not: where a dimension does not apply to one factory of a group, the
counts of the group here and there differ by one. So what may be published is found for all of them at once.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

from scoring.benchmark.groups import Group, Member, groups_of
from scoring.benchmark.release import LEAST, Release, cell_of
from scoring.benchmark.withholding import ThingT, publishable

Change = tuple[str, str]
"""Whose value is new, and a name of its own for the new one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A group whose figures were published before."""

    members: frozenset[str]
    changes: frozenset[Change] = frozenset()
    """Which values of its members were new since the first publication: :class:`Earlier`."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was published of the same things before, at other times.

    Who has the figures of a group from before and of now, knows by their difference what became of those who came,
    went, or have another value. The first two follow from the members. For the third each new value of a member is a
    change with a name of its own, and no set of changes of fewer members may be worked out either.
    """

    told: Sequence[Told] = ()
    changes: Mapping[str, frozenset[Change]] = field(default_factory=dict)
    """Member → its changes up to now: one for each time it was published with another value than the time before."""

    def unsafe(self, groups: Iterable[frozenset[str]], least: int) -> frozenset[frozenset[str]]:
        """Those of the groups (in order of preference) whose changes would be told of fewer than ``least``."""
        if not any(self.changes.values()):
            return frozenset()
        nothing = frozenset[Change]()
        of = {who: nothing.union(*(self.changes.get(each, nothing) for each in who)) for who in groups}
        named = _named([*(each.changes for each in self.told), *of.values()])
        kept = {named[key] for key in publishable(named, least, whose=itemgetter(0))} | {nothing}
        return frozenset(who for who, changed in of.items() if changed not in kept)


NOTHING: Final = Earlier()


def releases(
    members: Mapping[str, Sequence[Member]],
    traits: Sequence[str] = (),
    least: int = LEAST,
    less_is_better: Container[str] = (),
    earlier: Earlier = NOTHING,
) -> dict[str, Release]:
    """The benchmark of each thing that was measured, none of which gives a smaller group away, nor all together.

    Nor do they so together with what was published ``earlier``.

    Args:
        members: what was measured (a node) → who has a value there; one factory has one name everywhere. The first
            ones are kept before later ones where not all can be published.
        traits: as in :func:`scoring.benchmark.release`.
        least: as there.
        less_is_better: those of which the lowest value is the best.
        earlier: what is known already.
    """
    least = max(least, 1)
    groups = {name: groups_of(found, traits) for name, found in members.items()}
    widest_first = sorted(
        ((len(group), who) for found in groups.values() for group, who in found.items()), key=lambda each: each[0]
    )
    wanted = dict.fromkeys(who for _, who in widest_first)
    unsafe = earlier.unsafe(wanted, least)
    distinct = _named([*(each.members for each in earlier.told), *wanted])
    kept = {distinct[key] for key in publishable(distinct, least)} - unsafe

    def one(name: str) -> Release:
        values = {member.name: member.value for member in members[name]}
        is_less = name in less_is_better
        cells = tuple(
            cell_of(group, [values[each] for each in sorted(who)], less_is_better=is_less)
            for group, who in groups[name].items()
            if who in kept
        )
        return Release(
            cells=cells,
            withheld=tuple(group for group, who in groups[name].items() if who not in kept),
            least=least,
            less_is_better=is_less,
            members=tuple(sorted(members[name], key=lambda member: member.name)),
            traits=tuple(traits),
        )

    return {name: one(name) for name in members}


def _named(sets: Iterable[frozenset[ThingT]]) -> dict[Group, frozenset[ThingT]]:
    """Each set once: groups of the same members tell the same of who they are, whatever was measured of them."""
    return {(("members", str(place)),): who for place, who in enumerate(dict.fromkeys(sets))}
