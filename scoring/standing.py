"""Bands and classes in formulas, written out as comparisons of values and conditions.

``band(x) >= 'good'`` asks for the band that the scorecard states: that of the value of ``x``, moved by every rule of
``x`` that fired. ``reached(x) >= 'good'`` asks for the band of the value alone, before any rule moved it.
``class(x) = 'explorer'`` asks which of its classes a profile fell into. Each of them is written out before anything is
worked out, so that whatever reads formulas (bounds, columns, solvers) needs no word for it: a band of a value that is
stated rounded begins where rounding begins to reach its limit, and of rules only those count that lower or lift a band.

Where a limit follows from answers, the value as it is stated is compared with it, and limits that do not rise (or have
no number) leave the node without a band.

What is written out is false for a node that does not apply or has no value, as comparisons are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import Final, TypeAlias

from questionnaires.formula.bands import TURNED, asks
from questionnaires.formula.tree import (
    Binary,
    BinaryOperator,
    Call,
    Expression,
    Member,
    Name,
    Number,
    Standing,
    Text,
    Unary,
    walk,
)
from questionnaires.model import (
    Aggregation,
    Band,
    BandsOn,
    Better,
    Boundary,
    ComputedQuestion,
    LinearCurve,
    LogCurve,
    Node,
    NumberQuestion,
    Question,
    Rounding,
    RoundingMode,
    Rule,
    Structure,
)
from scoring.patterns import Patterns, of_every
from scoring.patterns import over as over_items

Read: TypeAlias = Callable[[str, str], Expression]
"""The text of a formula, and the id of the node it stands in → the formula, written out."""

_ALWAYS: Final = Binary("=", Number(Fraction(0), 0), Number(Fraction(0), 0), 0)
_NEVER: Final = Binary("<", Number(Fraction(0), 0), Number(Fraction(0), 0), 0)


@dataclass(frozen=True, slots=True)
class Limit:
    """From where on the exact value of a node has reached a band."""

    at: Fraction
    included: bool
    """Whether the limit itself belongs to the band."""


def limit_of(band: Fraction, boundary: Boundary, rounding: Rounding | None) -> Limit:
    """Where a band begins on the exact value.

    Args:
        band: the limit as the definition writes it.
        boundary: to which side of it the value at the limit belongs.
        rounding: of the value that decides; None: the exact value does.
    """
    if rounding is None:
        return Limit(band, boundary is Boundary.LOWER)
    scale = 10**rounding.places
    upper = boundary is Boundary.UPPER
    units = band * scale // 1 + 1 if upper else -(-band * scale // 1)
    half = Fraction(1, 2)
    match rounding.mode:
        case RoundingMode.HALF_UP:  # halves go away from zero
            return Limit((units - half) / scale, units > 0)
        case RoundingMode.HALF_EVEN:
            return Limit((units - half) / scale, units % 2 == 0)
        case RoundingMode.DOWN:  # towards zero
            return Limit(Fraction(units, scale), True) if units > 0 else Limit(Fraction(units - 1, scale), False)
        case RoundingMode.UP:
            return Limit(Fraction(units - 1, scale), False) if units > 0 else Limit(Fraction(units, scale), True)


def as_stated(value: Expression, rounding: Rounding | None) -> Expression:
    """A value as it is stated, as a formula.

    Args:
        value: the value.
        rounding: how it is rounded; None: it is not.
    """
    if rounding is None:
        return value
    if rounding.mode is RoundingMode.HALF_UP:
        return Call("round", (value, _whole(rounding.places)), 0)
    scale = _whole(10**rounding.places)
    scaled = Binary("*", value, scale, 0)
    down, up = Call("floor", (scaled,), 0), Call("ceil", (scaled,), 0)
    if rounding.mode is RoundingMode.HALF_EVEN:
        half = Binary("+", scaled, Number(Fraction(1, 2), 0), 0)
        above = Call("floor", (half,), 0)
        odd = Binary("!=", above, Binary("*", _whole(2), Call("floor", (_halved(above),), 0), 0), 0)
        tie = Binary("and", Binary("=", half, above, 0), odd, 0)
        return Binary("/", Binary("-", above, Call("count", (tie,), 0), 0), scale, 0)
    above, below = (down, up) if rounding.mode is RoundingMode.DOWN else (up, down)
    return Binary("/", Call("if", (Binary(">=", value, _whole(0), 0), above, below), 0), scale, 0)


def _whole(number: int) -> Number:
    return Number(Fraction(number), 0)


def _halved(value: Expression) -> Expression:
    return Binary("/", value, _whole(2), 0)


@dataclass(slots=True)
class Standings:
    """What bands and classes mean in one definition."""

    structure: Structure
    read: Read
    """Reads conditions."""

    calculate: Read
    """Reads formulas of numbers."""

    lists: Mapping[str, str]
    """Question or node → the list, not written out yet, of whose items there is one each."""

    nodes: Mapping[str, Node] = field(init=False)
    questions: Mapping[str, Question] = field(init=False)
    constants: Mapping[str, Fraction] = field(init=False)
    _known: dict[tuple[str, str, str], Expression] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Look nodes, questions and constants up by id."""
        self.constants = {constant.id: constant.value for constant in self.structure.constants}
        self.nodes = {node.id: node for node in self.structure.nodes}
        self.questions = {question.id: question for question in self.structure.questions}

    def written_out(self, expression: Expression) -> Expression:
        """The formula with every question after a band or class written out."""
        if not any(asks(part) for part in walk(expression)):
            return expression
        match expression:
            case Binary(left=left, right=right) if asks(left) or asks(right):
                return self._asked(expression)
            case Member(needle=needle) if asks(needle):
                return self._asked(expression)
            case Unary(operand=operand):
                return Unary(expression.operator, self.written_out(operand), expression.at)
            case Binary(left=left, right=right):
                left, right = self.written_out(left), self.written_out(right)
                return Binary(expression.operator, left, right, expression.at)
            case Call(arguments=arguments):
                return Call(expression.function, tuple(map(self.written_out, arguments)), expression.at)
        return expression

    def keys(self, identifier: str) -> Mapping[str, Expression]:
        """Band (lowest value first) or class of a node → the condition that it has just that."""
        node = self.nodes[identifier]
        function = "class" if node.classes else "band"
        return {each.id: self.one(function, identifier, each.id) for each in (node.classes or node.bands)}

    def one(self, function: str, identifier: str, of: str) -> Expression:
        """The condition that a node has this band or class."""
        key = function, identifier, of
        if key not in self._known:
            node = self.nodes[identifier]
            if function == "class":
                self._known[key] = _and(_applies(identifier), self.classes(node)[of])
            else:
                place = _place(node, of)
                self._known[key] = self._exactly(node, place, lowered=function == "band")
        return self._known[key]

    def _asked(self, expression: Binary | Member) -> Expression:
        if isinstance(expression, Member):
            call, operator, texts = expression.needle, "=", [option.value for option in expression.options]
        else:
            turned = not asks(expression.left)
            call, other = (expression.right, expression.left) if turned else (expression.left, expression.right)
            operator = TURNED.get(expression.operator, expression.operator) if turned else expression.operator
            texts = [other.value] if isinstance(other, Text) else []
        assert isinstance(call, Call)  # noqa: S101 – held by the checker of formulas
        (name,) = call.arguments
        assert isinstance(name, Name)  # noqa: S101 – held by the checker of formulas
        node = self.nodes[name.id]
        if call.function == "class":
            found = _any(self.one("class", node.id, text) for text in texts)
            if operator == "!=":
                found = _all([self._classed(node), _not(found)])
        else:
            lowered = call.function == "band"
            places = [_place(node, text) for text in texts]
            found = self._compared(node, operator, places, lowered=lowered)
        each = tuple((one.id, self.one(call.function, node.id, one.id)) for one in (node.classes or node.bands))
        if not isinstance(found, Binary):  # so that it can be told what was asked
            found = _and(found, found)
        return Standing(found.operator, found.left, found.right, expression.at, expression, each)

    def _compared(self, node: Node, operator: str, places: Sequence[int], *, lowered: bool) -> Expression:
        place = places[0]
        has = self._at_least(node, 0, lowered=lowered)
        match operator:
            case "=":
                return _any(self._exactly(node, one, lowered=lowered) for one in places)
            case "!=":
                return _all([has, _not(self._exactly(node, place, lowered=lowered))])
            case ">=":
                return self._at_least(node, place, lowered=lowered)
            case ">":
                return self._at_least(node, place + 1, lowered=lowered)
            case "<=":
                return _all([has, _not(self._at_least(node, place + 1, lowered=lowered))])
            case _:
                return _all([has, _not(self._at_least(node, place, lowered=lowered))])

    def _exactly(self, node: Node, place: int, *, lowered: bool) -> Expression:
        least = self._at_least(node, place, lowered=lowered)
        if place + 1 == len(node.bands):
            return least
        return _all([least, _not(self._at_least(node, place + 1, lowered=lowered))])

    def _at_least(self, node: Node, place: int, *, lowered: bool) -> Expression:
        """Whether a node has the band at a place, counted from the worst, or a better one."""
        if place == 0:
            return self._has_value(node)
        if place >= len(node.bands):
            return _NEVER
        rules = [rule for rule in node.rules if rule.moves_band]
        if not lowered or not rules:
            return self._reached(node, place)
        order = [band.id for band in node.bands_worst_first]
        if any(rule.lifts_band for rule in rules):
            moved = Binary(">=", self._moved(node, rules, order), Number(Fraction(place), 0), 0)
            return _all([self._has_value(node), moved])
        if not any(rule.bands_down for rule in rules):
            kept = [_not(self._fires(node, rule)) for rule in rules if order.index(rule.at_most_band or "") < place]
            return _all([self._reached(node, place), *kept])
        all_down = self._down(node, rules)
        reached = Call("count", tuple(self._reached(node, one) for one in range(1, len(order))), 0)
        found = [Binary(">=", reached, _plus(place, all_down), 0)]
        for after, rule in enumerate(rules):
            if rule.at_most_band is not None:
                held = _plus(place, self._down(node, rules[after:]))
                fits = Binary(">=", Number(Fraction(order.index(rule.at_most_band)), 0), held, 0)
                found.append(Binary("or", _not(self._fires(node, rule)), fits, 0))
        return _all(found)

    def _moved(self, node: Node, rules: Sequence[Rule], order: Sequence[str]) -> Expression:
        """The place of the band, counted from the worst, after rules that lower and lift it, in their order."""
        top = len(order) - 1
        found: Expression = Call("count", tuple(self._reached(node, one) for one in range(1, len(order))), 0)
        for rule in rules:
            fires, idle = self._fires(node, rule), _not(self._fires(node, rule))
            if rule.at_most_band is not None:
                limit = order.index(rule.at_most_band)
                found = Call("min", (found, _plus(limit, [_times(top - limit, idle)])), 0)
            if rule.at_least_band is not None:
                found = Call("max", (found, _times(order.index(rule.at_least_band), fires)), 0)
            steps = (rule.bands_up or 0) - (rule.bands_down or 0)
            if steps:
                moved = Binary("+", found, _times(steps, fires), 0)
                found = Call("min", (Call("max", (moved, Number(Fraction(0), 0)), 0), Number(Fraction(top), 0)), 0)
        return found

    def _down(self, node: Node, rules: Sequence[Rule]) -> list[Expression]:
        """How many bands rules take away, each that fires."""
        found: list[Expression] = []
        for rule in rules:
            if rule.bands_down is not None:
                found.append(_times(rule.bands_down, self._fires(node, rule)))
        return found

    def _fires(self, node: Node, rule: Rule) -> Expression:
        condition = self.read(rule.when or rule.unless or "", node.id)
        return condition if rule.when is not None else _not(condition)

    def _reached(self, node: Node, place: int) -> Expression:
        """Whether the value alone reaches the band at a place (not the worst)."""
        if node.better is Better.MORE:
            reached = self._beyond(node, node.bands[place])
        else:
            reached = self._beyond(node, node.bands[len(node.bands) - place], before=True)
        return _all([*self._rising(node), reached])

    def _beyond(self, node: Node, band: Band, *, before: bool = False) -> Expression:
        number = self._limit(node, band)
        if not isinstance(number, Number):
            lower = node.boundary is Boundary.LOWER
            signs: tuple[BinaryOperator, BinaryOperator] = (">=", "<") if lower else (">", "<=")
            return Binary(signs[before], as_stated(Name(node.id, 0), self._rounding(node)), number, 0)
        limit = limit_of(number.value, node.boundary, self._rounding(node))
        operators: tuple[BinaryOperator, BinaryOperator] = (">=", "<") if limit.included else (">", "<=")
        return Binary(operators[before], Name(node.id, 0), Number(limit.at, 0), 0)

    def _has_value(self, node: Node) -> Expression:
        last = node.bands[-1]
        has = Binary("or", self._beyond(node, last), self._beyond(node, last, before=True), 0)
        return _all([*self._rising(node), has])

    def _rising(self, node: Node) -> list[Expression]:
        """That limits which follow from answers have numbers and rise, as far as only answers tell."""
        limits = [self._limit(node, band) for band in node.bands]
        pairs = pairwise(limits) if len(limits) > 1 else [(limits[0], limits[0])]
        return [Binary("<=", *pair, 0) for pair in pairs if not all(isinstance(each, Number) for each in pair)]

    def _limit(self, node: Node, band: Band) -> Expression:
        """Where a band begins: a number, or what follows from answers."""
        if isinstance(band.lowest, Fraction):
            return Number(band.lowest, 0)
        if band.lowest in self.constants:
            return Number(self.constants[band.lowest], 0)
        return self.calculate(band.lowest, node.id)

    def _rounding(self, node: Node) -> Rounding | None:
        return None if node.bands_on is BandsOn.EXACT else node.rounding or self.structure.rounding

    def classes(self, node: Node) -> Mapping[str, Expression]:
        """Class of a profile that applies → the condition that it is of just this: it holds, and none before it."""
        found: dict[str, Expression] = {}
        before: list[Expression] = [*self._stated(node)]
        for each in node.classes:
            condition = _ALWAYS if each.when is None else self.read(each.when, node.id)
            found[each.id] = _all([*before, condition])
            before.append(_not(condition))
        return found

    def _classed(self, node: Node) -> Expression:
        """Whether a profile applies, and nothing in it lacks a value that it ought to have."""
        return _all([_applies(node.id), *self._stated(node)])

    def _stated(self, node: Node) -> list[Expression]:
        """What has to hold for a profile that applies to be stated: no value fails, and enough of it counts."""
        found: list[Expression] = [self._enough(node)] if node.least_counted else []
        for child in node.children:
            asked, below = self.questions.get(child.of), self.nodes.get(child.of)
            there: list[Expression] = []
            if below is not None and below.aggregation is Aggregation.PROFILE:
                there = self._stated(below)
            elif below is not None or isinstance(asked, ComputedQuestion) or _may_fail(asked):
                score = Call("score", (Name(child.of, 0),), 0)
                zero = Number(Fraction(0), 0)
                there = [Binary("or", Binary(">=", score, zero, 0), Binary("<", score, zero, 0), 0)]
            if there:
                told: Expression = Binary("or", _not(_applies(child.of)), _all(there), 0)
                over = Patterns(self.lists).further(self.lists.get(child.of), self.lists.get(node.id))
                found.append(of_every(over, told) if over else told)
        return found

    def _enough(self, node: Node) -> Expression:
        """Whether the least share of the children of a profile, which weigh the same, applies: stated, they count."""
        counted, all_of_it = list[Expression](), list[Expression]()
        for child in node.children:
            over = Patterns(self.lists).further(self.lists.get(child.of), self.lists.get(node.id))
            for found, holds in ((counted, _applies(child.of)), (all_of_it, _ALWAYS)):
                found.append(over_items(over, holds) if over else holds)
        applying, there_are = (Call("count", tuple(each), 0) for each in (counted, all_of_it))
        return Binary(">=", applying, Binary("*", Number(node.least_counted, 0), there_are, 0), 0)


def _may_fail(asked: Question | None) -> bool:
    """Whether what a number is worth may have no value: the ends of its curve follow from answers."""
    curve = asked.curve if isinstance(asked, NumberQuestion) else None
    return isinstance(curve, LinearCurve | LogCurve) and (isinstance(curve.base, str) or isinstance(curve.lead, str))


def _place(node: Node, band: str) -> int:
    return [each.id for each in node.bands_worst_first].index(band)


def _applies(identifier: str) -> Expression:
    return Call("applies", (Name(identifier, 0),), 0)


def _not(expression: Expression) -> Expression:
    return Unary("not", expression, 0)


def _and(left: Expression, right: Expression) -> Binary:
    return Binary("and", left, right, 0)


def _all(expressions: Iterable[Expression]) -> Expression:
    return reduce(_and, expressions)


def _any(expressions: Iterable[Expression]) -> Expression:
    return reduce(lambda left, right: Binary("or", left, right, 0), expressions)


def _times(number: int, condition: Expression) -> Expression:
    """The number where the condition holds, else 0."""
    return Binary("*", Number(Fraction(number), 0), Call("count", (condition,), 0), 0)


def _plus(number: int, further: Iterable[Expression]) -> Expression:
    start: Expression = Number(Fraction(number), 0)
    return reduce(lambda left, right: Binary("+", left, right, 0), further, start)
