"""Profiles: what a small node can be worth for so many questions changed and so many steps.

Without them the solver sees a gate or a rounding only through inequalities that are loose between whole numbers.
Listing every combination of (questions changed, steps, value) that the engine knows for a small node adds nothing that
is not so, and shows the solver how much each node can give at what price.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from scoring.plan import PlannedNode
from scoring.solving.offers import Offered
from scoring.solving.translation import Translation

MOST_WAYS: Final = 1300
"""Most ways to take the decisions below a node that are listed: five levels for each of four questions, and more."""


class Profiles:
    """The profiles of a model's small nodes."""

    def __init__(self, translation: Translation, steps: Mapping[str, Sequence[int]]) -> None:
        self.translation = translation
        self.offers = translation.offers
        self.steps = steps
        """Question id → steps of each of its answers; none of the answer there is."""

    def add(self) -> None:
        """Add the profiles of the greatest small nodes below the node that everything is about."""
        for name, among in greatest(self.translation, MOST_WAYS):
            self._add(name, among)

    def _add(self, name: str, among: Sequence[Offered]) -> None:
        amount = self.translation.terms[name].score
        if amount is None or amount.slack:
            return
        found: set[tuple[int, int, int]] = set()
        for places, reading in self.translation.ground.readings({name}, self.offers):
            span = reading.facts[name].score
            if span is None or span.exact is None or (span.exact * amount.scale).denominator != 1:
                return
            steps = sum(self.steps[each.question][place] for each, place in zip(among, places, strict=True))
            found.add((sum(place > 0 for place in places), steps, int(span.exact * amount.scale)))
        model = self.translation.sums.model
        taken = [(model.new_bool_var(""), profile) for profile in sorted(found)]
        model.add_exactly_one(literal for literal, _ in taken)
        changed = sum(each.taken[place] for each in among for place in range(1, len(each.taken)))
        steps_taken = sum(
            self.steps[each.question][place] * each.taken[place]
            for each in among
            for place in range(1, len(each.taken))
        )
        for part, total in enumerate((changed, steps_taken, amount.units)):
            model.add(sum(profile[part] * literal for literal, profile in taken) == total)


def greatest(translation: Translation, most_ways: int) -> Iterator[tuple[str, Sequence[Offered]]]:
    """The greatest nodes with several decisions but few ways to take them, and these decisions."""
    seen: set[str] = set()
    waiting = [translation.node.id]
    while waiting:
        name = waiting.pop()
        item = translation.planned[name]
        if name in seen or not isinstance(item, PlannedNode):
            continue
        seen.add(name)
        below = translation.ground.below[name]
        among = translation.offers.among(below)
        if len(among) > 1 and translation.offers.count(below) <= most_ways:
            yield name, among
        elif len(among) > 1:
            waiting += [child.id for child in item.children]


def add_ways(translation: Translation, most_ways: int = 64) -> None:
    """List every way to take the decisions below the greatest small nodes, each with its value.

    Where few answers are on offer this is tighter than profiles: the solver sees each node as it is between its ways.
    """
    model = translation.sums.model
    for name, among in greatest(translation, most_ways):
        amount = translation.terms[name].score
        if amount is None or amount.slack:
            continue
        ways: list[tuple[tuple[int, ...], int]] = []
        for places, reading in translation.ground.readings({name}, translation.offers):
            span = reading.facts[name].score
            if span is None or span.exact is None or (span.exact * amount.scale).denominator != 1:
                break
            ways.append((places, int(span.exact * amount.scale)))
        else:
            chosen = [model.new_bool_var("") for _ in ways]
            model.add_exactly_one(chosen)
            model.add(sum(value * each for (_, value), each in zip(ways, chosen, strict=True)) == amount.units)
            for number, offered in enumerate(among):
                for place, taken in enumerate(offered.taken):
                    with_it = [each for (places, _), each in zip(ways, chosen, strict=True) if places[number] == place]
                    model.add(sum(with_it) == taken)
