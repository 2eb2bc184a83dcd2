"""Amounts that are formulas: weights, limits and thresholds put into numbers for one set of answers.

A node whose amounts are all plain numbers is taken as it is. Else it is *settled*: the same node with numbers in place
of formulas, as far as the answers tell them. What a formula cannot give (a negative or irrational weight, a threshold
that does not apply, limits that are turned round) leaves the node without a value, and says so, instead of with a
wrong one. Two things that do not apply have a plain meaning: a weight counts as 0, a limit limits nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from questionnaires.formula.tree import Expression
from scoring.enclosure import ANYTHING, ZERO, Enclosure, point
from scoring.facts import Fact, Reading
from scoring.formulas import number
from scoring.plan import STAND_IN, AchievableRows, PlannedBand, PlannedChild, PlannedNode, PlannedRule
from scoring.quantities import Quantity, compared
from scoring.rounding import written
from scoring.scorecard import AmountUsed

_NO_LIMIT_BELOW_ZERO: Final = Enclosure(Fraction(0), None)


@dataclass(frozen=True, slots=True)
class Settling:
    """How far amounts are known."""

    known: bool = True
    """True: no missing answer can change one of them."""

    sound: bool = True
    """False: one has no fitting number, whatever is answered later."""

    loose: bool = False
    """True: one may yet turn out to have no fitting number."""

    @property
    def fits(self) -> bool:
        """Whether all are there to be computed with."""
        return self.known and self.sound


PLAIN: Final = Settling()
"""Amounts that are plain numbers."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A node with its amounts in numbers; while one is open, its limit is all that it may still be."""

    node: PlannedNode
    amounts: Settling = PLAIN
    weights: Mapping[str, Enclosure] = field(default_factory=dict)
    """Child → its weight, of children whose weight is a formula."""


def settled(node: PlannedNode, reading: Reading) -> Settled:
    """The node with numbers in place of the formulas that its arithmetic needs; bands and rules are left alone."""
    if not node.has_amounts:
        return Settled(node)
    finding = _Finding(reading)
    weights: dict[str, Enclosure] = {}
    children: list[PlannedChild] = []
    for child in node.children:
        if "weight" in child.formulas:
            weights[child.id] = finding.weight(child.formulas["weight"])
        children.append(_child(child, finding, weights.get(child.id)))
    least = finding.limit(node.formulas.get("least"), node.least, from_above=False)
    most = finding.limit(node.formulas.get("most"), node.most, from_above=True)
    if least is not None and most is not None and compared("<", most, least) is True:
        finding.sound = False
    total = sum((child.weight for child in children), Fraction(0)) if weights else node.total_weight
    found = replace(node, children=tuple(children), total_weight=total, least=least, most=most)
    return Settled(found, finding.settling, weights)


def settled_rule(rule: PlannedRule, reading: Reading) -> tuple[PlannedRule, Settling]:
    """The rule with numbers in place of formulas."""
    if not rule.formulas:
        return rule, PLAIN
    finding = _Finding(reading)
    found = replace(
        rule,
        to=finding.threshold(rule.formulas["to"]) if "to" in rule.formulas else rule.to,
        at_most=finding.limit(rule.formulas.get("at_most"), rule.at_most, from_above=True),
        at_least=finding.limit(rule.formulas.get("at_least"), rule.at_least, from_above=False),
    )
    return found, finding.settling


def settled_bands(node: PlannedNode, reading: Reading) -> tuple[tuple[PlannedBand, ...], Settling]:
    """The bands with their limits in numbers; not sound where the limits are turned round."""
    if all(band.formula is None for band in node.bands):
        return node.bands, PLAIN
    finding = _Finding(reading)
    bands = tuple(
        band if band.formula is None else replace(band, lowest=finding.threshold(band.formula)) for band in node.bands
    )
    if any(compared("<=", band.lowest, following.lowest) is False for band, following in pairwise(bands)):
        finding.sound = False
    return bands, finding.settling


def amounts_used(node: PlannedNode, reading: Reading) -> tuple[AmountUsed, ...]:
    """Every formula that stands for a number, in the order of the node, with what it came to."""
    return tuple(AmountUsed(of=place, exact=_came_to(formula, reading)) for place, formula in places_of(node))


def _came_to(formula: Expression, reading: Reading) -> str | None:
    found = number(formula, reading)
    return written(found.span) if found.span is not None and found.known else None


def places_of(node: PlannedNode) -> Iterator[tuple[str, Expression]]:
    """Every formula that stands for a number, with its place: ``most``, ``children/quality/weight``."""
    yield from node.formulas.items()
    for child in node.children:
        own = child.formulas.items() if not child.over else ()  # of items to come there is nothing to tell yet
        yield from ((f"children/{child.id}/{key}", formula) for key, formula in own if key != STAND_IN)
    for rule in node.rules:
        yield from ((f"rules/{rule.id}/{key}", formula) for key, formula in rule.formulas.items())
    for band in node.bands:
        if band.formula is not None:
            yield f"bands/{band.id}/from", band.formula


def capped(child: PlannedChild, cap: Enclosure | None) -> PlannedChild:
    """The child with what it can bring below a cap."""
    low, high = (None if end is None else point(end) for end in (child.whole.low, child.whole.high))
    if cap is None:
        return replace(child, cap=None, scale=child.whole, lowest=low, highest=high)
    return replace(
        child,
        cap=cap,
        scale=child.whole.at_most(cap),
        lowest=None if low is None else low.at_most(cap),
        highest=cap if high is None else high.at_most(cap),
    )


def _child(child: PlannedChild, finding: _Finding, weight: Enclosure | None) -> PlannedChild:
    own = child.formulas
    if weight is not None:
        child = replace(child, weight=weight.exact or Fraction(0))
    if STAND_IN in own:
        finding.threshold(own[STAND_IN])
    if "reached_from" in own:
        child = replace(child, reached_from=finding.threshold(own["reached_from"]))
    if "cap" in own:
        child = capped(child, finding.limit(own["cap"], None, from_above=True))
    return child if child.rows is None else _by_rows(child, child.rows, finding.reading.facts[child.id])


def _by_rows(child: PlannedChild, rows: AchievableRows, fact: Fact) -> PlannedChild:
    """The child with what the rows that apply could achieve; a grid none of whose rows applies keeps its whole scale.

    Nothing waits for that: what counts is answered, and all that an open one may be is told by its bounds.
    """
    if fact.applies is False or child.highest is None:
        return child
    most = rows.within if fact.rows is None else point(rows.of(fact.rows))
    return replace(child, highest=most if child.cap is None else most.at_most(child.cap))


class _Finding:
    """Amounts put into numbers one after the other, with what is to be said of them all."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.known = True
        self.sound = True
        self.loose = False

    @property
    def settling(self) -> Settling:
        """What is to be said of all amounts so far."""
        return Settling(self.known, self.sound, self.loose)

    def _found(self, formula: Expression) -> Quantity:
        found = number(formula, self.reading)
        self.known = self.known and found.known
        self.loose = self.loose or found.may_fail
        if found.undefined:
            self.sound = False
        return found

    def limit(self, formula: Expression | None, plain: Enclosure | None, *, from_above: bool) -> Enclosure | None:
        """A limit; None where there is none, or it does not apply. One that may yet not apply has no far end."""
        if formula is None:
            return plain
        found = self._found(formula)
        if found.span is None:
            return None if found.known else ANYTHING
        if not found.optional:
            return found.span
        return Enclosure(found.span.low, None) if from_above else Enclosure(None, found.span.high)

    def threshold(self, formula: Expression) -> Enclosure:
        """A number that there has to be."""
        found = self._found(formula)
        if found.span is None and found.known:
            self.sound = False
        self.loose = self.loose or found.optional or found.span is None
        return found.span or ANYTHING

    def weight(self, formula: Expression) -> Enclosure:
        """A weight: rational and not negative; 0 where it does not apply."""
        found = self._found(formula)
        span = found.span
        if span is None:
            self.loose = self.loose or not found.known
            return ZERO if found.known else _NO_LIMIT_BELOW_ZERO
        if found.known and (span.exact is None or span.exact < 0):
            self.sound = False
            return ZERO
        if span.low is None or span.low < 0:
            self.loose = True
        low = Fraction(0) if found.optional else max(span.low or Fraction(0), Fraction(0))
        return Enclosure(low, None if span.high is None else max(span.high, Fraction(0)))
