"""Members of a benchmark, and the groups they belong to: by sector, size and region, and by combinations of those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Final


@dataclass(frozen=True, slots=True)
class Member:
    """One factory with the value to be compared (the stated one) and what it has in common with others."""

    name: str
    value: Fraction
    traits: Mapping[str, str] = field(default_factory=dict)
    """Trait (``sector``) → what it is here (``food``). What is not known is not there: such a member counts only in
    groups that do not ask for it."""


Group = tuple[tuple[str, str], ...]
"""What the members of a group have in common: (trait, value) in the order of the traits; () is everybody."""

EVERYBODY: Final[Group] = ()


def groups_of(members: Iterable[Member], traits: Sequence[str]) -> dict[Group, frozenset[str]]:
    """Every group that has members, by every combination of ``traits``, in the order in which they are worth keeping.

    The widest first; among equally wide ones those by the first traits, then the largest, then by name.
    """
    found: dict[Group, set[str]] = {}
    for member in members:
        for group in own_groups(member, traits):
            found.setdefault(group, set()).add(member.name)

    def worth(group: Group) -> tuple[int, list[int], int, Group]:
        return len(group), [traits.index(trait) for trait, _ in group], -len(found[group]), group

    return {group: frozenset(found[group]) for group in sorted(found, key=worth)}


def own_groups(member: Member, traits: Sequence[str]) -> list[Group]:
    """The groups a member belongs to, the widest first; among equally wide ones those by the first traits."""
    known = [trait for trait in traits if trait in member.traits]
    return [
        tuple((trait, member.traits[trait]) for trait in chosen)
        for width in range(len(known) + 1)
        for chosen in combinations(known, width)
    ]


def name_of(group: Group) -> str:
    """A group's name for programs: ``sector=food size=small``; ``*`` is everybody."""
    return " ".join(f"{trait}={value}" for trait, value in group) or "*"


def size_class(employees: int, limits: Sequence[int]) -> str:
    """The size class by number of people: ``1-9``, ``10-49``, ``50-249``, ``250+`` for the limits 10, 50, 250."""
    starts = [1, *(limit for limit in sorted(set(limits)) if limit > 1)]
    reached = max(place for place, start in enumerate(starts) if employees >= start or not place)
    if reached == len(starts) - 1:
        return f"{starts[reached]}+"
    return f"{starts[reached]}-{starts[reached + 1] - 1}"
