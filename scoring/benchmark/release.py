"""A benchmark as it may leave the programme office: figures of groups large enough, and peers for every member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from scoring.benchmark.groups import Group, Member, groups_of, own_groups
from scoring.benchmark.percentiles import Standing, best_in_class, percentile, standing
from scoring.benchmark.withholding import publishable

LEAST: Final = 10
"""Members below which nothing of a group is published, unless the programme sets another number: the project's own
choice. Below ten a top tenth is nobody, a quartile two people."""

LEAST_BEST: Final = 3
"""Members of the top tenth below which their mean is not published: of a mean of two, each knows the other."""

FEW: Final = 30
"""Groups up to this number are marked: OWASP's SAMM benchmark judged 30 too few to speak for a sector."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The figures of one published group. Extremes are not among them, since they are single members' values."""

    group: Group
    count: int
    mean: Fraction
    quartiles: tuple[Fraction, Fraction, Fraction]
    """25 %, 50 % (the median) and 75 %, by the inclusive method."""

    best: Fraction | None
    """Best in class: the mean of the top tenth; None where that would be fewer than three."""

    few: bool
    """True: up to 30 members; the figures tell little about factories that did not take part."""


@dataclass(frozen=True, slots=True)
class Peers:
    """Whom a member is compared with, and where it stands there."""

    member: str
    group: Group | None
    """The narrowest published group it belongs to; None: not even everybody may be published."""

    withheld: tuple[Group, ...]
    """Narrower groups of its own that may not be published, the narrowest first: what was fallen back from."""

    standing: Standing | None
    best: Fraction | None
    """Best in class: of the narrowest own group that may say it, which is ``best_of``."""

    best_of: Group | None
    to_best: Fraction | None
    """Own value minus best in class."""


@dataclass(frozen=True, slots=True)
class Release:
    """All that may be published, and what was withheld; why one by one is not told, since that tells a count."""

    cells: tuple[Cell, ...]
    withheld: tuple[Group, ...]
    least: int
    less_is_better: bool
    members: tuple[Member, ...]
    traits: tuple[str, ...]

    def cell(self, group: Group) -> Cell | None:
        """The figures of a group; None where they are withheld or nobody belongs to it."""
        return next((cell for cell in self.cells if cell.group == group), None)

    def peers(self, name: str) -> Peers:
        """Whom the member of that name is compared with (KeyError if there is none).

        Best in class stands in a wider group than the rest where the narrowest has too small a top tenth.
        """
        member = {each.name: each for each in self.members}[name]
        narrowest_first = sorted(own_groups(member, self.traits), key=lambda group: -len(group))
        published = [cell for group in narrowest_first if (cell := self.cell(group)) is not None]
        if not published:
            return Peers(name, None, tuple(narrowest_first), None, None, None, None)
        group = published[0].group
        wanted = set(group)
        inside = {each.name: each.value for each in self.members if wanted <= set(each.traits.items())}
        best = next((cell for cell in published if cell.best is not None), None)
        return Peers(
            member=name,
            group=group,
            withheld=tuple(narrowest_first[: narrowest_first.index(group)]),
            standing=standing(inside, name, less_is_better=self.less_is_better),
            best=None if best is None else best.best,
            best_of=None if best is None else best.group,
            to_best=None if best is None or best.best is None else member.value - best.best,
        )


def release(
    members: Sequence[Member], traits: Sequence[str] = (), least: int = LEAST, *, less_is_better: bool = False
) -> Release:
    """The benchmark of ``members`` by every combination of ``traits``, the first being the most important.

    Wide groups are kept before narrow ones where not both can be published. ``least`` below 1 counts as 1.
    """
    groups = groups_of(members, traits)
    kept = publishable(groups, max(least, 1))
    values = {member.name: member.value for member in members}
    cells = tuple(
        cell_of(group, [values[name] for name in sorted(groups[group])], less_is_better=less_is_better)
        for group in kept
    )
    return Release(
        cells=cells,
        withheld=tuple(group for group in groups if group not in kept),
        least=max(least, 1),
        less_is_better=less_is_better,
        members=tuple(sorted(members, key=lambda member: member.name)),
        traits=tuple(traits),
    )


def cell_of(group: Group, values: Sequence[Fraction], *, less_is_better: bool) -> Cell:
    """The figures of a group from the values of its members."""
    best, leaders = best_in_class(values, less_is_better=less_is_better)
    first, median, third = (percentile(values, Fraction(part, 4)) for part in (1, 2, 3))
    return Cell(
        group=group,
        count=len(values),
        mean=sum(values, Fraction(0)) / len(values),
        quartiles=(first, median, third),
        best=best if leaders >= LEAST_BEST else None,
        few=len(values) <= FEW,
    )
