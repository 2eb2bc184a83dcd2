"""Profiles: what a small node can be worth for so many questions changed and so many steps.

Without them the solver sees a gate or a rounding only through inequalities that are loose between whole numbers.
Listing every combination of (questions changed, steps, value) that the engine knows for a small node adds nothing that
is not so, and shows the solver how much each node can give at what price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
        seen: set[str] = set()
        waiting = [self.translation.node.id]
        while waiting:
            name = waiting.pop()
            item = self.translation.planned[name]
            if name in seen or not isinstance(item, PlannedNode):
                continue
            seen.add(name)
            among = self.offers.among(self.translation.ground.below[name])
            if len(among) > 1 and self.offers.count(self.translation.ground.below[name]) <= MOST_WAYS:
                self._add(name, among)
            elif len(among) > 1:
                waiting += [child.id for child in item.children]

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
