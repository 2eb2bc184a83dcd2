"""The lowest and highest value that questions and nodes can take, whatever the answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import median
from typing import Final

from questionnaires.belonging import around, members
from questionnaires.checking.question_scales import (
    UNKNOWN,
    Scale,
    ends_of,
    least_sum,
    option_scale,
    question_scale,
    rows_leave,
)
from questionnaires.model import (
    Aggregation,
    Amount,
    Child,
    ChoicesQuestion,
    ComputedQuestion,
    GridQuestion,
    Inapplicable,
    ItemsQuestion,
    Missing,
    Node,
    NumberQuestion,
    Question,
    Structure,
    Table,
    may_be_denied,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A child as its node sees it."""

    weight: Fraction
    scale: Scale
    may_leave: bool
    """It can be left out of the denominator."""

    of_any_weight: bool = False
    """Its weight has no known limit."""


class Scales:
    """Scales of one structure; each is found once. The structure must have no circle."""

    def __init__(self, structure: Structure) -> None:
        self._questions = {question.id: question for question in structure.questions}
        self._nodes = {node.id: node for node in structure.nodes}
        self._constants = {constant.id: constant for constant in structure.constants}
        self._tables = {table.id: table for table in structure.tables}
        self._members = members(structure)
        self._found: dict[str, Scale] = {}
        self._leaving: dict[str, bool] = {}

    def of(self, identifier: str) -> Scale:
        """Scale of the question or node with that id; unknown where there is none."""
        if identifier in self._questions:
            return question_scale(self._questions[identifier])
        return self.node(self._nodes[identifier]) if identifier in self._nodes else UNKNOWN

    def knows(self, identifier: str) -> bool:
        """Whether there is a question or node with that id."""
        return identifier in self._questions or identifier in self._nodes

    def node(self, node: Node) -> Scale:
        """Scale of a node, its rules included."""
        if (found := self._found.get(node.id)) is None:
            limits = [self.amount(each).lowest for rule in node.rules for each in _stated(rule.to, rule.at_most)]
            jumps = [self.amount(each).highest for rule in node.rules for each in _stated(rule.to, rule.at_least)]
            found = self._found[node.id] = self.before_rules(node).reaching(limits, jumps)
        return found

    def before_rules(self, node: Node) -> Scale:
        """Scale of what a node's children make of it, within the node's own limits."""
        least, most = (None if limit is None else self.amount(limit) for limit in (node.least, node.most))
        return _within(self._made(node), least, most)

    def amount(self, amount: Amount) -> Scale:
        """The least and greatest number that an amount can be."""
        if isinstance(amount, Fraction):
            return Scale(amount, amount)
        if amount in self._constants:
            return self.amount(self._constants[amount].value)
        if amount in self._tables:
            return self._table(self._tables[amount])
        question = self._questions.get(amount)
        if isinstance(question, NumberQuestion | ComputedQuestion):
            return Scale(question.least, question.most)
        return self.of(amount)

    def _made(self, node: Node) -> Scale:
        match node.aggregation:
            case Aggregation.FORMULA | Aggregation.PROFILE:
                return UNKNOWN
            case Aggregation.CUMULATIVE:
                return ends_of([node.below, *(stage.value for stage in node.stages)])
            case Aggregation.COUNT:
                return Scale(Fraction(0), Fraction(sum(self._count(node, child)[1] for child in node.children)))
            case Aggregation.SHARE_REACHED:
                return Scale(Fraction(0), node.out_of)
            case _:
                parts = self.parts(node)
                if any(part.of_any_weight for part in parts):
                    return _of_any_weights(node, parts)
                return _RULES[node.aggregation](node, parts) if parts else UNKNOWN

    def _table(self, table: Table) -> Scale:
        """Any of its numbers; of one that adds up what was picked no end is known."""
        numbers = [*table.rows.values(), *(() if table.otherwise is None else (table.otherwise,))]
        if any(isinstance(self._questions.get(by), ChoicesQuestion) for by in table.by):
            return UNKNOWN
        return ends_of(numbers)

    def parts(self, node: Node) -> list[Part]:
        """The children of a node with their weights and capped scales."""
        found: list[Part] = []
        for child in node.children:
            asked = self._questions.get(child.of)
            by_rows = node.aggregation is Aggregation.SHARE and isinstance(asked, GridQuestion) and rows_leave(asked)
            for part in self._parts(node, child):
                found += self._by_rows(node, child, part) if by_rows else [part]
        return found

    def _by_rows(self, node: Node, child: Child, part: Part) -> Iterator[Part]:
        """A grid below a share as the lightest of its rows, and the others as what may be left out.

        Each row brings at least the lowest over the highest value of an option; beyond a cap, less of the lowest.
        """
        asked, scale = self._questions[child.of], part.scale
        cap = None if child.cap is None else self.amount(child.cap)
        if cap is not None and (cap.lowest is None or cap.lowest != cap.highest):
            yield replace(part, of_any_weight=True)
            return
        if not isinstance(asked, GridQuestion) or scale.lowest is None or scale.highest is None or scale.highest <= 0:
            yield part
            return
        values = option_scale(asked)
        lowest, highest = values.lowest or Fraction(0), values.highest or Fraction(0)
        least = min(min(row.weight for row in asked.rows) * highest, scale.highest)
        low = lowest / highest
        if low < 0 or (child.not_applicable or node.not_applicable) is Inapplicable.LOWEST:
            low = min(low, scale.lowest / scale.highest)
        worth = Scale(low * scale.highest, scale.highest)
        yield Part(part.weight * least / scale.highest, worth, part.may_leave)
        if least < scale.highest:
            yield Part(part.weight * (1 - least / scale.highest), worth, may_leave=True)

    def _parts(self, node: Node, child: Child) -> Iterator[Part]:
        """A child; where its weight is not fixed, with its least weight, and with the rest as what may be left out."""
        scale = self.of(child.of) if child.cap is None else _capped(self.of(child.of), self.amount(child.cap))
        may_leave = self._child_may_leave(node, child)
        weight = self.amount(child.weight)
        fewest, count = self._count(node, child)
        least = max(weight.lowest or Fraction(0), Fraction(0)) * fewest if child.counts_when is None else Fraction(0)
        most = None if weight.highest is None else weight.highest * count
        if most is None:
            yield Part(Fraction(1), scale, may_leave=True, of_any_weight=True)
            return
        if least:
            yield Part(least, scale, may_leave)
        if most > least:
            yield Part(most - least, scale, may_leave=True)

    def _count(self, node: Node, child: Child) -> tuple[int, int]:
        """The fewest and the most children that one stands for: of lists one for every item."""
        known = around(self._members.get(node.id), self._members)
        fewest = most = 1
        for name in around(self._members.get(child.of), self._members):
            of = self._questions.get(name)
            if name not in known and isinstance(of, ItemsQuestion):
                fewest, most = fewest * (0 if _question_may_not_apply(of) else of.least), most * of.most
        return fewest, most

    def _child_may_leave(self, node: Node, child: Child) -> bool:
        if node.missing is Missing.EXCLUDE:
            return True
        policy = child.not_applicable or node.not_applicable
        return policy is Inapplicable.EXCLUDE and self.may_not_apply(child.of)

    def may_not_apply(self, identifier: str) -> bool:
        """Whether the question or node can turn out not to apply."""
        if (found := self._leaving.get(identifier)) is None:
            if identifier in self._questions:
                found = _question_may_not_apply(self._questions[identifier])
            elif identifier in self._nodes:
                node = self._nodes[identifier]
                found = node.applies_when is not None or all(self.may_not_apply(child.of) for child in node.children)
            else:
                found = True
            self._leaving[identifier] = found
        return found


def _stated(*amounts: Amount | None) -> Iterator[Amount]:
    yield from (amount for amount in amounts if amount is not None)


def _question_may_not_apply(question: Question) -> bool:
    if isinstance(question, ComputedQuestion):
        return True
    return question.applies_when is not None or may_be_denied(question)


def _capped(scale: Scale, cap: Scale) -> Scale:
    """The scale below a cap that itself lies somewhere on a scale."""
    low = None if scale.lowest is None or cap.lowest is None else min(scale.lowest, cap.lowest)
    highs = [end for end in (scale.highest, cap.highest) if end is not None]
    return Scale(low, min(highs) if highs else None)


def _turned(scale: Scale) -> Scale:
    """The scale of the negative."""
    low, high = (None if end is None else -end for end in (scale.lowest, scale.highest))
    return Scale(high, low)


def _within(scale: Scale, least: Scale | None, most: Scale | None) -> Scale:
    """The scale of something that is held within limits; a limit is an end where none is known."""
    if most is not None:
        scale = _capped(scale, most)
    return scale if least is None else _turned(_capped(_turned(scale), _turned(least)))


def _lows(parts: Sequence[Part]) -> list[Fraction] | None:
    found = [part.scale.lowest for part in parts if part.scale.lowest is not None]
    return found if len(found) == len(parts) else None


def _highs(parts: Sequence[Part]) -> list[Fraction] | None:
    found = [part.scale.highest for part in parts if part.scale.highest is not None]
    return found if len(found) == len(parts) else None


def _least_ratio(kept: Sequence[tuple[Fraction, Fraction]], free: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Least value of Σ numerators ÷ Σ denominators over all of ``kept`` and any of ``free``; denominators > 0."""
    above = sum((top for top, _ in kept), Fraction(0))
    below = sum((bottom for _, bottom in kept), Fraction(0))
    for top, bottom in sorted(free, key=lambda pair: pair[0] / pair[1]):
        if below == 0 or top / bottom < above / below:
            above, below = above + top, below + bottom
    return above / below


def _extreme_mean(parts: Sequence[Part], values: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    pairs = [(weight * value, weight) for weight, value in zip(weights, values, strict=True)]
    kept = [pair for part, pair in zip(parts, pairs, strict=True) if not part.may_leave]
    return _least_ratio(kept, [pair for part, pair in zip(parts, pairs, strict=True) if part.may_leave])


def _mean(_node: Node, parts: Sequence[Part]) -> Scale:
    weights = [part.weight for part in parts]
    lows, highs = _lows(parts), _highs(parts)
    return Scale(
        None if lows is None else _extreme_mean(parts, lows, weights),
        None if highs is None else -_extreme_mean(parts, [-high for high in highs], weights),
    )


def _least_sum(parts: Sequence[Part], values: Sequence[Fraction]) -> Fraction:
    """Least sum of weight × value where some may be left out, but never all."""
    return least_sum([(part.weight * value, part.may_leave) for part, value in zip(parts, values, strict=True)])


def _sum(_node: Node, parts: Sequence[Part]) -> Scale:
    lows, highs = _lows(parts), _highs(parts)
    return Scale(
        None if lows is None else _least_sum(parts, lows),
        None if highs is None else -_least_sum(parts, [-high for high in highs]),
    )


def _minimum(_node: Node, parts: Sequence[Part]) -> Scale:
    lows, highs = _lows(parts), _highs(parts)
    kept = _highs([part for part in parts if not part.may_leave])
    return Scale(min(lows) if lows else None, min(kept) if kept else max(highs) if highs else None)


def _maximum(_node: Node, parts: Sequence[Part]) -> Scale:
    lows, highs = _lows(parts), _highs(parts)
    kept = _lows([part for part in parts if not part.may_leave])
    return Scale(max(kept) if kept else min(lows) if lows else None, max(highs) if highs else None)


def _median(node: Node, parts: Sequence[Part]) -> Scale:
    """The middle where each child is there once; of lists it is only known to lie between the values."""
    if any(part.weight != 1 for part in parts):
        return _between(node, parts)
    lows, highs = _lows(parts), _highs(parts)
    return Scale(
        None if lows is None else _least_median(parts, lows),
        None if highs is None else -_least_median(parts, [-high for high in highs]),
    )


def _least_median(parts: Sequence[Part], values: Sequence[Fraction]) -> Fraction:
    """The least median of all values that stay and any of those that may leave: of so many, the least of them."""
    pairs = list(zip(parts, values, strict=True))
    kept = [value for part, value in pairs if not part.may_leave]
    free = sorted(value for part, value in pairs if part.may_leave)
    return min(Fraction(median([*kept, *free[:count]])) for count in range(0 if kept else 1, len(free) + 1))


def _between(_node: Node, parts: Sequence[Part]) -> Scale:
    """Geometric and harmonic means lie between their children's values; one zero makes them zero."""
    lows, highs = _lows(parts), _highs(parts)
    return Scale(min(lows) if lows else None, max(highs) if highs else None)


def _share(node: Node, parts: Sequence[Part]) -> Scale:
    lows, highs = _lows(parts), _highs(parts)
    if lows is None or highs is None or min(highs) <= 0:
        return Scale(None, node.out_of)
    pairs = [
        (part, (part.weight * low, part.weight * high)) for part, low, high in zip(parts, lows, highs, strict=True)
    ]
    kept = [pair for part, pair in pairs if not part.may_leave]
    return Scale(node.out_of * _least_ratio(kept, [pair for part, pair in pairs if part.may_leave]), node.out_of)


def _of_any_weights(node: Node, parts: Sequence[Part]) -> Scale:
    """Where weights can be anything, a mean lies between its parts; of a sum nothing is known."""
    if node.aggregation is Aggregation.SHARE:
        return Scale(None, node.out_of)
    return UNKNOWN if node.aggregation is Aggregation.SUM else _between(node, parts)


_RULES: Final = {
    Aggregation.MEAN: _mean,
    Aggregation.WEIGHTED_MEAN: _mean,
    Aggregation.SUM: _sum,
    Aggregation.MINIMUM: _minimum,
    Aggregation.MAXIMUM: _maximum,
    Aggregation.MEDIAN: _median,
    Aggregation.GEOMETRIC: _between,
    Aggregation.HARMONIC: _between,
    Aggregation.SHARE: _share,
}
