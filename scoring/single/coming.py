"""What a node that weighs its children comes to over what is answered so far.

Everything but numbers (whether there is a value at all, which weights are used) is worked out once for each set of
children that count, by the thorough engine's own functions; one sum of whole numbers tells the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import lcm
from typing import Final, NamedTuple

from questionnaires.model import PassesOn
from scoring.aggregate import FIRST, Pair, contributions
from scoring.enclosure import ZERO, point, summed
from scoring.facts import NO_FACTS
from scoring.memory import Memory
from scoring.plan import PlannedChild, PlannedNode
from scoring.possible import substitute
from scoring.rounding import written
from scoring.rules import Outcome, band_after, ruled
from scoring.scorecard import STATED, NodeScore, Share, State, Why
from scoring.single.conditions import Holds, applying
from scoring.single.known import SoFar, Stated
from scoring.single.tables import Found
from scoring.telling import band_before, rule_outcomes, share, text_of
from scoring.worked import after_rules, by_arithmetic, lacking

_ONE: Final = Fraction(1)
_NOTHING: Final = Fraction(0)


class Coming(NamedTuple):
    """What a node comes to so far, with its part of the scorecard as far as that tells it."""

    so_far: SoFar
    stated: Stated
    score: NodeScore


class Kept:
    """What is kept of one node, whichever of its children count."""

    def __init__(self, memory: Memory, most: int) -> None:
        """``most``: entries of a table of what comes out."""
        self.memory: Final = memory
        self.most: Final = most
        self.so_far: Final = Found(_so_far, memory)
        """One object for each state and value."""


class Counting:
    """A node of which certain children count so far."""

    def __init__(
        self, node: PlannedNode, scale: int, counted: Sequence[bool], states: Collection[State], kept: Kept
    ) -> None:
        """``scale``: units for each one of the children's values; ``counted``, ``states``: of the children.

        Raises:
            KeyError: more than adding up tells the value.
        """
        self._node = node
        self._kept = kept
        pairs: list[Pair] = [(child, point(_ONE)) for child, there in zip(node.children, counted, strict=True) if there]
        weight = summed([child.weight for child, _ in pairs])
        found = ZERO if pairs else None
        self._value = lacking(node, states, weight, found) or by_arithmetic(found)
        """Its state; and the number 0 in place of a number."""

        used = contributions(node, pairs, None, FIRST)
        parts = [used[child.id][1] if there else ZERO for child, there in zip(node.children, counted, strict=True)]
        self._factors = [_NOTHING if part is None else part.exact or _NOTHING for part in parts]
        """What a child of value one brings."""

        per_one = lcm(*[factor.denominator for factor in self._factors])
        self.factors: Final = [int(factor * per_one) for factor in self._factors]
        """The same in whole numbers."""

        self._per_one = per_one * scale
        self._score = _nothing_told(node, str(weight / node.total_weight))
        self._shares = [
            share(child, State.OPEN, ZERO if there else None, used.get(child.id, (_NOTHING, None)), counted=there)
            for child, there in zip(node.children, counted, strict=True)
        ]
        self.shares: Final = [Found(partial(self._share, place), kept.memory) for place in range(len(node.children))]
        """What each child brings, as the scorecard tells it, by what it comes to."""

        self.coming: Final = Found(self._coming, kept.memory, kept.most)
        """By the sum of what the children bring, and what holds as things stand; None: the node does not apply."""

    def _coming(self, key: tuple[int, Holds]) -> Coming | None:
        node, value, (units, holds) = self._node, self._value, key
        applies, fired = applying(node, holds)
        if applies is False:
            return None
        if applies is None and value.state in STATED:
            value = replace(value, state=State.OPEN, why=Why.CONDITION)
        outcomes: Sequence[Outcome] = ()
        if value.value is not None:
            number = point(Fraction(units, self._per_one)).held(node.least, node.most)
            after, outcomes = ruled(node, number, fired, NO_FACTS)
            value = after_rules(replace(value, value=after), outcomes)
        printed = text_of(node, value.value, last=False)
        exact = None if value.value is None else value.value.exact
        scored = value.state is State.SCORED
        telling = node.bands if scored else ()
        band = None
        if telling:
            those = [each.rule for each in outcomes if each.fired]
            band = band_after(node, band_before(node, telling, value.value, last=False), those)
        score = self._score.changed(
            state=value.state,
            why=value.why,
            value=printed if scored else None,
            exact=written(value.value) if scored and value.value is not None else None,
            band=band,
            provisional=printed,
            rules=rule_outcomes(node, outcomes, telling, last=False),
        )
        carried = Fraction(printed) if node.passes_on is PassesOn.STATED and printed is not None else exact
        so_far = self._kept.so_far[value.state, carried, value.why]
        return Coming(so_far, Stated(score.value, band), score)

    def _share(self, place: int, so_far: SoFar) -> Share:
        told = self._shares[place]
        if not told.counted:
            return told.changed(state=so_far.state)
        value = worth(self._node, self._node.children[place], so_far)
        return told.changed(state=so_far.state, exact=str(value), contribution=str(value * self._factors[place]))


def worth(node: PlannedNode, child: PlannedChild, so_far: SoFar) -> Fraction:
    """What a child counts with; 0 where it does not count."""
    if so_far.value is not None and child.cap is None:
        return so_far.value
    value = point(so_far.value) if so_far.value is not None else None
    if value is None and so_far.state is State.NOT_APPLICABLE:
        value = substitute(node, child)
    if value is None:
        return _NOTHING
    return (value if child.cap is None else value.at_most(child.cap)).exact or _NOTHING


def counts(node: PlannedNode, child: PlannedChild, so_far: SoFar) -> bool:
    """Whether a child counts."""
    there = so_far.value is not None
    return there or (so_far.state is State.NOT_APPLICABLE and substitute(node, child) is not None)


def _so_far(key: tuple[State, Fraction | None, Why]) -> SoFar:
    return SoFar(*key)


def _nothing_told(node: PlannedNode, counted_share: str) -> NodeScore:
    return NodeScore(
        id=node.id,
        state=State.OPEN,
        rule=node.aggregation.value,
        value=None,
        exact=None,
        unit=node.unit,
        band=None,
        provisional=None,
        lowest=None,
        highest=None,
        answered=0,
        not_applicable=0,
        missing=0,
        counted_share=counted_share,
        shares=(),
    )
