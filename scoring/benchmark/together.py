"""Several benchmarks that leave the programme office together, such as every dimension of a questionnaire.

Alone each of them may be safe and two of them not: where a dimension does not apply to one factory of a group, the
counts of the group here and there differ by one. So what may be published is found for all of them at once.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from scoring.benchmark.groups import Group, Member, groups_of
from scoring.benchmark.release import LEAST, Release, cell_of
from scoring.benchmark.withholding import publishable


def releases(
    members: Mapping[str, Sequence[Member]],
    traits: Sequence[str] = (),
    least: int = LEAST,
    less_is_better: Container[str] = (),
) -> dict[str, Release]:
    """The benchmark of each thing that was measured, none of which gives a smaller group away, nor all together.

    Args:
        members: what was measured (a node) → who has a value there; one factory has one name everywhere. The first
            ones are kept before later ones where not all can be published.
        traits: as in :func:`scoring.benchmark.release`.
        least: as there.
        less_is_better: those of which the lowest value is the best.
    """
    least = max(least, 1)
    groups = {name: groups_of(found, traits) for name, found in members.items()}
    widest_first = sorted(
        ((len(group), who) for found in groups.values() for group, who in found.items()), key=lambda each: each[0]
    )
    # Groups of the same members tell the same of who they are, however many things were measured of them.
    distinct: dict[Group, frozenset[str]] = {
        (("members", str(place)),): who for place, who in enumerate(dict.fromkeys(who for _, who in widest_first))
    }
    kept = {distinct[key] for key in publishable(distinct, least)}

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
