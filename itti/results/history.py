"""What is remembered of an export, so that a later one does not tell by its difference what becomes of few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from scoring.benchmark import Change, Earlier, Release, Told, groups_of


@dataclass(frozen=True)
class Shown:
    """Who was in an export, and in which groups that were shown."""

    chains: Mapping[str, tuple[str, ...]]
    """Factory → its certificates that counted in exports up to this one, the last of which counted here."""

    groups: tuple[frozenset[str], ...]
    """The factories of each group that was shown."""

    @classmethod
    def of(cls, chains: Mapping[str, tuple[str, ...]], released: Mapping[str, Release], traits: Sequence[str]) -> Self:
        """What is remembered of an export that was just made."""
        groups: dict[frozenset[str], None] = {}
        for release in released.values():
            everybody = groups_of(release.members, traits)
            groups |= dict.fromkeys(everybody[cell.group] for cell in release.cells)
        return cls(chains, tuple(groups))

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """As :meth:`stored` wrote it."""
        chains = {factory: tuple(numbers) for factory, numbers in stored["chains"].items()}
        named = list(chains)
        return cls(chains, tuple(frozenset(named[place] for place in group) for group in stored["groups"]))

    def stored(self) -> dict[str, Any]:
        """As JSON: groups by the places of their factories."""
        place = {factory: number for number, factory in enumerate(self.chains)}
        groups = [sorted(place[factory] for factory in group) for group in self.groups]
        return {"chains": {factory: list(numbers) for factory, numbers in self.chains.items()}, "groups": groups}

    def told(self) -> list[Told]:
        """Each group, with the changes in it."""
        changes = changes_of(self.chains)
        return [Told(group, frozenset[Change]().union(*(changes[each] for each in group))) for group in self.groups]


Past = Sequence[Shown]
"""Exports of the same questionnaire, the earliest first."""


def changes_of(chains: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[Change]]:
    """Factory → its changes: each certificate after the first that counted."""
    return {factory: frozenset((factory, number) for number in numbers[1:]) for factory, numbers in chains.items()}


def earlier_of(past: Past, now: Mapping[str, str]) -> tuple[Earlier, dict[str, tuple[str, ...]]]:
    """What was told before, as seen by an export in which these certificates count, and the chains up to it.

    Args:
        past: earlier exports.
        now: factory → number of its certificate.
    """
    last: dict[str, tuple[str, ...]] = {}
    for each in past:
        last |= each.chains
    chains = {
        factory: known if (known := last.get(factory, ()))[-1:] == (number,) else (*known, number)
        for factory, number in now.items()
    }
    return Earlier([told for each in past for told in each.told()], changes_of(chains)), chains
