"""Priorities: what to look at first, by the factors that a definition declares, explained number by number.

The order is a definition's own (see :mod:`questionnaires.prioritising`): which questions or nodes are compared, by
which factors, on which scales, and whether the points are multiplied or added up. It moves no score. Where a value or a
figure is missing there is no priority, and the result names what is missing; it is never taken for zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Final

import rfc8785

from questionnaires.errors import Fault
from questionnaires.model import Definition, FactorKind, Operator, Prioritisation, PriorityFactor
from scoring.answers import Answers
from scoring.compiling import compile_plan
from scoring.curves import worth
from scoring.enclosure import point
from scoring.exact import score
from scoring.facts import Reading
from scoring.plan import Plan, PlannedCurve
from scoring.quantities import Quantity
from scoring.rounding import stated
from scoring.scorecard import Record, Scorecard

FORMAT: Final = "itti-priorities/1"

Figures = Mapping[str, Mapping[str, Fraction]]
"""Factor → question or node → the figure given for it."""


class UnknownPrioritisation(Fault):
    """The questionnaire declares no such prioritisation, or none at all."""

    code = "unknown-prioritisation"
    room = "scoring"


class FactorScore(Record):
    """One factor of one question or node."""

    factor: str
    number: str | None
    """What the factor looks at: the gap, the share, the distance, the figure; exact. None: it is missing."""

    points: str | None
    """The points that its scale gives for the number, exact."""

    weight: str | None
    """Weight of the points in a weighted sum; None in a product."""

    part: str | None
    """What the factor brings: weight × points in a weighted sum, the points in a product."""


class Priority(Record):
    """One question or node."""

    of: str
    rank: int | None
    """1 is first; equals share a rank. None: no priority, as something is missing."""

    priority: str | None
    """Rounded as the definition rounds."""

    exact: str | None
    factors: tuple[FactorScore, ...]


class Priorities(Record):
    """What to look at first."""

    format: str = FORMAT
    family: str
    version: str
    digest: str
    prioritisation: str
    operator: str
    items: tuple[Priority, ...]
    """The first one first; those without a priority last, in the order of the definition."""

    def to_json(self) -> bytes:
        """Canonical JSON (RFC 8785)."""
        return rfc8785.dumps(self.model_dump(mode="json"))


def priorities(
    definition: Definition, answers: Answers, figures: Figures, prioritisation: str | None = None
) -> Priorities:
    """The order of one prioritisation (the first one that the definition declares).

    ``figures`` holds what is given for factors of the kinds ``distance`` and ``figure``.

    Raises:
        AnswersRefused: some answers cannot be scored.
        UnknownPrioritisation: the definition declares no such order.
    """
    declared = _declared(definition, prioritisation)
    plan = compile_plan(definition)
    ordering = _Ordering(definition, plan, score(plan, answers), declared, figures)
    return Priorities(
        family=plan.family,
        version=plan.version,
        digest=plan.digest,
        prioritisation=declared.id,
        operator=declared.operator.value,
        items=ordering.items(),
    )


def _declared(definition: Definition, wanted: str | None) -> Prioritisation:
    for each in definition.priorities:
        if wanted in {None, each.id}:
            return each
    known = ", ".join(each.id for each in definition.priorities) or "–"
    raise UnknownPrioritisation(questionnaire=definition.name, prioritisation=wanted or "–", known=known)


@dataclass(frozen=True, slots=True)
class _Item:
    of: str
    factors: tuple[FactorScore, ...]
    priority: Fraction | None
    tied: tuple[Fraction, ...]
    """Points that decide between equals."""


class _Ordering:
    """The order of one prioritisation over one scorecard."""

    def __init__(
        self,
        definition: Definition,
        plan: Plan,
        card: Scorecard,
        declared: Prioritisation,
        figures: Figures,
    ) -> None:
        self.definition, self.plan, self.card, self.declared, self.figures = definition, plan, card, declared, figures
        self.shares = effective_shares(card)
        self.nodes = {node.id: node for node in plan.nodes}
        known = {factor.id: factor for factor in definition.priority_factors}
        self.factors = [(known[used.of], used.weight) for used in declared.factors]
        self.empty = score(plan, {})

    def items(self) -> tuple[Priority, ...]:
        """All that is compared, the first one first."""
        items = [self._item(name) for name in self.declared.of]
        ranked = [item for item in items if item.priority is not None]
        ranked.sort(key=lambda item: (item.priority, item.tied), reverse=True)
        told: list[Priority] = []
        for place, item in enumerate(ranked, 1):
            before = ranked[place - 2] if place > 1 else None
            same = before is not None and (before.priority, before.tied) == (item.priority, item.tied)
            told.append(self._told(item, told[-1].rank if same else place))
        return (*told, *(self._told(item, None) for item in items if item.priority is None))

    def _told(self, item: _Item, rank: int | None) -> Priority:
        exact = item.priority
        return Priority(
            of=item.of,
            rank=rank,
            priority=None if exact is None else stated(exact, self.plan.rounding),
            exact=None if exact is None else str(exact),
            factors=item.factors,
        )

    def _item(self, name: str) -> _Item:
        found = [(factor, weight, self._number(factor, name)) for factor, weight in self.factors]
        points = {factor.id: None if number is None else points_of(factor, number) for factor, _, number in found}
        summed = self.declared.operator is Operator.WEIGHTED_SUM
        scores: list[FactorScore] = []
        parts: list[Fraction | None] = []
        for factor, weight, number in found:
            given = points[factor.id]
            part = None if given is None else given * (weight if summed else 1)
            parts.append(part)
            scores.append(
                FactorScore(
                    factor=factor.id,
                    number=_text(number),
                    points=_text(given),
                    weight=str(weight) if summed else None,
                    part=_text(part),
                )
            )
        known = [part for part in parts if part is not None]
        whole = len(known) == len(parts)
        priority = (sum(known, Fraction(0)) if summed else Fraction(prod(known))) if whole else None
        tied = tuple(points[name] or Fraction(0) for name in self.declared.ties) if whole else ()
        return _Item(name, tuple(scores), priority, tied)

    def _number(self, factor: PriorityFactor, name: str) -> Fraction | None:
        match factor.kind:
            case FactorKind.SHARE:
                return self.shares.get(name)
            case FactorKind.FIGURE:
                return self.figures.get(factor.id, {}).get(name)
            case FactorKind.DISTANCE:
                return self._short_of(name, self.figures.get(factor.id, {}).get(name))
            case FactorKind.GAP:
                return self._short_of(name, self._best(name) if factor.target is None else factor.target)

    def _short_of(self, name: str, aim: Fraction | None) -> Fraction | None:
        """How far the value stated falls short of the aim, whichever way is better; 0 beyond it."""
        value = self._value(name)
        if value is None or aim is None:
            return None
        return max(Fraction(0), value - aim if self._less_is_better(name) else aim - value)

    def _value(self, name: str) -> Fraction | None:
        """What a person reads: a node's stated value, or a question's worth, rounded where it is irrational."""
        if name in self.nodes:
            text = self.card.node(name).value
            return None if text is None else Fraction(text)
        exact = self.card.question(name).exact
        if exact is not None and exact.endswith("…"):
            return Fraction(stated(Fraction(exact[:-1]), self.plan.rounding))
        return None if exact is None else Fraction(exact)

    def _less_is_better(self, name: str) -> bool:
        return name in self.nodes and self.nodes[name].less_is_better

    def _best(self, name: str) -> Fraction | None:
        """The best value that is possible when nothing is answered yet, where there is an end to it."""
        if name not in self.nodes:
            return self.plan.questions[self.plan.positions[name]].scale.high
        node = self.empty.node(name)
        text = node.lowest if self._less_is_better(name) else node.highest
        return None if text is None else Fraction(text)


def effective_shares(card: Scorecard) -> dict[str, Fraction]:
    """Question or node → the weights as used, multiplied along the way up to the index, added up over all ways.

    What does not count has a share of 0. There is no share below a node where weights play no part (gates, formulas).
    """
    found: dict[str, Fraction | None] = {card.index: Fraction(1)}
    for node in reversed(card.nodes):
        above = found.get(node.id, Fraction(0))
        for share in node.shares:
            used = None if share.weight_used is None else Fraction(share.weight_used)
            part = Fraction(0) if above == 0 else None if above is None or used is None else above * used
            before = found.get(share.of, Fraction(0))
            found[share.of] = None if part is None or before is None else before + part
    every = [*(node.id for node in card.nodes), *(question.id for question in card.questions)]
    return {name: whole for name in every if (whole := found.get(name, Fraction(0))) is not None}


def points_of(factor: PriorityFactor, number: Fraction) -> Fraction:
    """The points that a factor's scale gives for a number."""
    if factor.scale is None:
        return number
    found = worth(PlannedCurve(factor.scale), Quantity(point(number)), Reading({}, {}, bits=64, last=True))
    if found.span is None or found.span.exact is None:
        raise TypeError(f"not a plain scale: {factor.id}")
    return found.span.exact


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
