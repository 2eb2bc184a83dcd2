"""Nodes in a model: every aggregation that can be said with whole numbers, with rules, limits and bands.

What is said here holds for nodes that use only the words known here (see :meth:`Nodes.plain`). A node that uses
another word is not translated: it is listed row by row where it is small, and left open between its limits where it is
not. So a new word of the language makes the solver slower at worst, never wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Final

from questionnaires.formula.tree import Binary, Call, Member, Name, Number, Text, Unary
from questionnaires.model import Aggregation, PassesOn
from scoring.enclosure import exactly, geometric, point
from scoring.facts import Reading
from scoring.plan import PlannedChild, PlannedNode, PlannedRule, PlannedStage
from scoring.possible import substitute
from scoring.rules import fires
from scoring.solving.amounts import Amount
from scoring.solving.formulas import Formulas, Literal

_EXPRESSIONS: Final = (Number, Text, Name, Unary, Binary, Member, Call)
_KNOWN: Final[dict[type, frozenset[str]]] = {
    PlannedNode: frozenset(
        [
            "id",
            "aggregation",
            "children",
            "total_weight",
            "missing",
            "inapplicable",
            "least_counted",
            "bands",
            "bands_on",
            "boundary_is_upper",
            "formulas",
            "has_amounts",
            "questions",
            "applies_when",
            "out_of",
            "stages",
            "below",
            "formula",
            "rules",
            "rounding",
            "passes_on",
            "unit",
            "least",
            "most",
            "less_is_better",
        ]
    ),
    PlannedChild: frozenset(
        [
            *("id", "weight", "cap", "reached_from", "scale", "lowest", "highest", "whole"),
            *("inapplicable", "formulas"),
        ]
    ),
    PlannedStage: frozenset(["id", "value", "when"]),
    PlannedRule: frozenset(
        [
            "id",
            "kind",
            "condition",
            "fires_on",
            "to",
            "at_most",
            "at_least",
            "at_most_band",
            "bands_down",
            "at_least_band",
            "bands_up",
            "formulas",
        ]
    ),
}
_FORMULAS: Final = frozenset(["applies_when", "formula", "when", "condition"])
"""Fields that may hold a formula."""

_CURVED: Final = (Aggregation.GEOMETRIC, Aggregation.HARMONIC)

Parts = list[tuple[PlannedChild, Amount]]


@dataclass(frozen=True, slots=True)
class _Curved:
    """A geometric or harmonic mean, held from above by planes that touch it."""

    node: PlannedNode
    amount: Amount
    parts: Parts


class Nodes:
    """The nodes of one model."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.sums = formulas.sums
        self.ground = formulas.ground
        self.values: dict[str, Amount] = {}
        """Node id → its value after the rules, before any rounding."""

        self.curved: list[_Curved] = []

    @staticmethod
    def plain(node: PlannedNode) -> bool:
        """Whether the node says nothing that is not known here."""
        return all(_plain(part) for part in (node, *node.children, *node.stages, *node.rules))

    @staticmethod
    def plain_bands(node: PlannedNode) -> bool:
        """Whether bands and the rules about them say nothing that is not known here."""
        return Nodes.plain(node) and node.is_plain

    def carried(self, node: PlannedNode) -> Amount | None:
        """What the node's parents use; None where the model cannot say."""
        if not self.plain(node) or not self._scored(node):
            return None
        value = self._aggregated(node)
        if value is None:
            return None
        value = self._ruled(node, self.sums.held(value, exactly(node.least), exactly(node.most)))
        self.values[node.id] = value
        return self.sums.stated(value, node.rounding) if node.passes_on is PassesOn.STATED else value

    def _scored(self, node: PlannedNode) -> bool:
        """Whether it has a value now, and its condition is nothing that can be decided."""
        fact = self.ground.now.facts[node.id]
        condition = node.applies_when
        settled = condition is None or not self.formulas.tables.offers.among(self.ground.named(condition))
        return settled and fact.known and fact.score is not None

    def _parts(self, node: PlannedNode) -> Parts | None:
        """The children that count, whatever is decided; None where that is open."""
        found: Parts = []
        for child in node.children:
            term = self.formulas.terms[child.id]
            amount = term.score
            if term.absent:
                instead = substitute(node, child)
                if instead is None or instead.low is None:
                    continue
                amount = self.sums.constant(instead.low)
            elif amount is None and self._unanswered(child.id):
                continue
            if amount is None:
                return None
            found.append((child, self.sums.held(amount, None, exactly(child.cap))))
        return found or None

    def _anything_unanswered(self, node: PlannedNode) -> bool:
        plan, answers = self.ground.plan, self.ground.answers
        asked = (name for name in self.ground.below[node.id] if name in plan.positions)
        return any(plan.questions[plan.positions[name]].answerable and name not in answers for name in asked)

    def _unanswered(self, name: str) -> bool:
        """A question that nobody has answered, and that cannot be answered by what is decided: it is left out."""
        place = self.ground.plan.positions.get(name)
        if place is None or name in self.ground.answers or self.formulas.tables.offers.among(self.ground.below[name]):
            return False
        question = self.ground.plan.questions[place]
        return question.answerable

    def _aggregated(self, node: PlannedNode) -> Amount | None:
        if node.aggregation in (Aggregation.FORMULA, Aggregation.CUMULATIVE):
            if self._anything_unanswered(node):
                return None
            if node.formula is not None:
                return self.formulas.number(node.formula)
            return self._staged(node)
        parts = self._parts(node)
        if parts is None:
            return None
        weight = sum((child.weight for child, _ in parts), Fraction(0))
        match node.aggregation:
            case Aggregation.MEAN | Aggregation.WEIGHTED_MEAN if weight:
                return self.sums.linear([(child.weight / weight, amount) for child, amount in parts])
            case Aggregation.SUM:
                return self.sums.linear([(child.weight, amount) for child, amount in parts])
            case Aggregation.MINIMUM:
                return self.sums.least([amount for _, amount in parts])
            case Aggregation.MAXIMUM:
                return self.sums.greatest([amount for _, amount in parts])
            case Aggregation.SHARE:
                return self._share(node, parts)
            case Aggregation.COUNT:
                return self._reached([(child, amount, Fraction(1)) for child, amount in parts])
            case Aggregation.SHARE_REACHED if weight:
                return self._reached([(each, amount, node.out_of * each.weight / weight) for each, amount in parts])
            case Aggregation.GEOMETRIC | Aggregation.HARMONIC if weight:
                return self._mean_below_planes(node, parts)
        return None

    def _share(self, node: PlannedNode, parts: Parts) -> Amount | None:
        achievable = sum((child.weight * (child.scale.high or 0) for child, _ in parts), Fraction(0))
        if achievable <= 0:
            return None
        return self.sums.linear([(child.weight * node.out_of / achievable, amount) for child, amount in parts])

    def _reached(self, parts: list[tuple[PlannedChild, Amount, Fraction]]) -> Amount:
        reached = [
            (worth, Amount(self.sums.reaches(amount, exactly(child.reached_from) or Fraction(0)), 1, 0, 1))
            for child, amount, worth in parts
        ]
        return self.sums.linear(reached)

    def _staged(self, node: PlannedNode) -> Amount | None:
        """Each stage passed adds what it is worth more than the one before."""
        terms = [self.formulas.terms[child.id] for child in node.children]
        if all(term.absent for term in terms) or not any(term.score or term.number for term in terms):
            return None
        worth, before = node.below, []
        added: list[tuple[Fraction, Amount]] = []
        for stage in node.stages:
            literal = self.formulas.truth(stage.when)
            if literal is False:
                break
            before.append(literal)
            passed = self.formulas.joined(before, every=True)
            units = Amount(1, 1, 1, 1) if isinstance(passed, bool) else Amount(passed, 1, 0, 1)
            added.append((stage.value - worth, units))
            worth = stage.value
        return self.sums.linear(added, node.below)

    def _mean_below_planes(self, node: PlannedNode, parts: Parts) -> Amount | None:
        """Both means are concave and grow in proportion: a plane through 0 that touches one lies above it all."""
        if any(amount.low - amount.slack < 0 for _, amount in parts):
            return None
        most = max(Fraction(amount.high + amount.slack, amount.scale) for _, amount in parts)
        mean = self.sums.between(Fraction(0), most)
        self.formulas.left_open += 1
        lowest = self.sums.least([amount for _, amount in parts])
        lowest, found = self.sums.alike([lowest, mean])
        self.sums.model.add(found.units + found.slack >= lowest.units - lowest.slack)
        curved = _Curved(node, mean, parts)
        self.curved.append(curved)
        self._plane(curved, [Fraction(1) for _ in parts])
        self._tangent(curved, self.ground.now)
        return mean

    def tangents(self, reading: Reading) -> None:
        """A plane more for every such mean, touching it at the values of this scoring."""
        for curved in self.curved:
            self._tangent(curved, reading)

    def _tangent(self, curved: _Curved, reading: Reading) -> None:
        values = []
        for child, amount in curved.parts:
            span = reading.facts[child.id].score
            value = amount.exact if span is None or span.low is None else span.low
            if value is None or value <= 0:
                return
            cap = exactly(child.cap)
            values.append(value if cap is None else min(value, cap))
        self._plane(curved, values)

    def _plane(self, curved: _Curved, at: list[Fraction]) -> None:
        """Slopes of the mean at a point, a little steeper than exact: rounded up to a billionth."""
        node = curved.node
        weights = [child.weight for child, _ in curved.parts]
        whole = sum(weights, Fraction(0))
        if any(value <= 0 for value in at):
            return
        if node.aggregation is Aggregation.HARMONIC:
            mean = whole / sum((weight / value for weight, value in zip(weights, at, strict=True)), Fraction(0))
            slopes = [weight / whole * (mean / value) ** 2 for weight, value in zip(weights, at, strict=True)]
        else:
            above = _geometric(weights, at)
            if above is None:
                return
            slopes = [weight / whole * above / value for weight, value in zip(weights, at, strict=True)]
        planes = [(slope, amount) for slope, (_, amount) in zip(slopes, curved.parts, strict=True)]
        self.sums.below_plane(curved.amount, planes)

    def _ruled(self, node: PlannedNode, value: Amount) -> Amount:
        for rule in node.rules:
            if rule.to is None and rule.at_most is None and rule.at_least is None:
                continue
            fired = self.fired(rule)
            if fired is False:
                continue
            fixed = exactly(rule.to)
            after = value if fixed is None else self.sums.constant(fixed)
            after = self.sums.held(after, exactly(rule.at_least), exactly(rule.at_most))
            value = after if fired is True else self.sums.either(fired, after, value)
        return value

    def fired(self, rule: PlannedRule) -> Literal:
        """Whether the rule fires."""
        if not self.formulas.tables.offers.among(self.ground.named(rule.condition)):
            told = fires(rule, self.ground.now)
            if told is not None:
                return told
        literal = self.formulas.truth(rule.condition)
        if isinstance(literal, bool):
            return literal is rule.fires_on
        return literal if rule.fires_on else ~literal

    def place(self, node: PlannedNode, stated: Amount) -> Amount:
        """The place of the band, counted from the worst, after the rules."""
        literals = [self.sums.reaches(stated, exactly(band.lowest) or Fraction(0)) for band in node.bands[1:]]
        risen = self.sums.named(Amount(sum(literals), 1, 0, len(literals)))
        place = risen
        if node.less_is_better:
            place = self.sums.linear([(Fraction(-1), risen)], Fraction(len(literals)))
        order = [band.id for band in (reversed(node.bands) if node.less_is_better else node.bands)]
        for rule in node.rules:
            if not rule.moves_band:
                continue
            fired = self.fired(rule)
            if fired is False:
                continue
            after = place
            if rule.at_most_band is not None:
                after = self.sums.held(after, None, Fraction(order.index(rule.at_most_band)))
            if rule.at_least_band is not None:
                after = self.sums.held(after, Fraction(order.index(rule.at_least_band)), None)
            steps = Fraction((rule.bands_up or 0) - (rule.bands_down or 0))
            after = self.sums.held(
                self.sums.linear([(Fraction(1), after)], steps), Fraction(0), Fraction(len(order) - 1)
            )
            place = after if fired is True else self.sums.either(fired, after, place)
        return place


def _geometric(weights: list[Fraction], at: list[Fraction]) -> Fraction | None:
    mean = geometric([(weight, point(value)) for weight, value in zip(weights, at, strict=True)], 64)
    return None if mean is None else mean.high


def _plain(part: object) -> bool:
    known = _KNOWN[type(part)]
    if getattr(part, "formulas", None):
        return False
    for each in fields(part):  # type: ignore[arg-type]  # one of the four kinds above
        value = getattr(part, each.name)
        if each.name not in known:
            if value not in (None, (), False, frozenset()):
                return False
        elif isinstance(value, _EXPRESSIONS) and each.name not in _FORMULAS:
            return False
    return True
