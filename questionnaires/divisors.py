"""Divisors that answers may make 0: the quotient then has no value, which an author should have thought of.

Only what the definition says is looked at: the limits of numbers, the levels, constants, tables, and what sums,
products and the like make of them. A divisor of which nothing can be told (a node without limits) is not mentioned, and
neither is one that a condition around the quotient asks about, ``if(output > 0, waste / output, 0)``, or a
contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from questionnaires.belonging import lists
from questionnaires.checking.contents import Contents
from questionnaires.checking.formulas import Stated, stated
from questionnaires.checking.question_scales import Scale
from questionnaires.formula.inlining import parsed
from questionnaires.formula.tree import Binary, Call, Expression, Name, Number, Unary, names, parts
from questionnaires.formula.writing import written
from questionnaires.mistakes import Mistake
from questionnaires.model import ComputedQuestion, ItemsQuestion, NumberQuestion

_ZERO = Fraction(0)


def divisors(contents: Contents) -> Iterator[Mistake]:
    """The quotients of a (checked) definition whose divisor some answers make 0."""
    for formula in stated(contents.structure):
        yield from _Dividing(contents, formula).hints()


class _Dividing:
    """The quotients of one formula."""

    def __init__(self, contents: Contents, formula: Stated) -> None:
        self.contents = contents
        self.formula = formula
        self.conditions = contents.structure.named_conditions
        self.sure = {each.id for each in lists(contents.structure) if each.least}

    def hints(self) -> Iterator[Mistake]:
        """A hint for each divisor, once."""
        told: set[str] = set()
        for divisor in self._divisors(parsed(self.formula.text, self.conditions), self._asked_about()):
            text = written(divisor)
            ends = self.ends(divisor)
            if ends is not None and text not in told and _holds_zero(ends) and not self._is_contradicted(divisor):
                told.add(text)
                yield self.contents.mistake("hint-divisor-zero", self.formula.path, divisor=text)

    def _is_contradicted(self, divisor: Expression) -> bool:
        """Whether some contradiction is about all that the divisor names."""
        texts = [each.when for each in self.contents.structure.contradictions]
        return any(names(divisor) <= names(parsed(text, self.conditions)) for text in texts)

    def _asked_about(self) -> frozenset[str]:
        """What the condition asks about under which the question or node applies at all."""
        owner = self.contents.questions.get(self.formula.owner) or self.contents.nodes.get(self.formula.owner)
        condition = getattr(owner, "applies_when", None)
        return frozenset() if condition is None else names(parsed(condition, self.conditions))

    def _divisors(self, part: Expression, asked: frozenset[str]) -> Iterator[Expression]:
        """The divisors in a part of the formula that rest on nothing a condition around it asks about."""
        if isinstance(part, Call) and part.function == "if":
            condition, *branches = part.arguments
            yield from self._divisors(condition, asked)
            for branch in branches:
                yield from self._divisors(branch, asked | names(condition))
            return
        if isinstance(part, Binary) and part.operator == "/" and not asked.intersection(names(part.right)):
            yield part.right
        if isinstance(part, Binary) and part.operator in {"and", "or"}:  # what stands first decides whether it matters
            yield from self._divisors(part.left, asked)
            yield from self._divisors(part.right, asked | names(part.left))
            return
        for inner in parts(part):
            yield from self._divisors(inner, asked)

    def ends(self, part: Expression) -> Scale | None:
        """Between what ends a number lies; an end of None is open. None: nothing can be told."""
        match part:
            case Number(value=value):
                return Scale(value, value)
            case Name(id=name):
                return self._named(name)
            case Unary(operator="-", operand=operand):
                inner = self.ends(operand)
                return None if inner is None else _turned(inner)
            case Binary(operator="+" | "-" | "*" as operator, left=left, right=right):
                one, other = self.ends(left), self.ends(right)
                if one is None or other is None:
                    return None
                if operator == "*":
                    return _product(one, other)
                return _sum(one, other if operator == "+" else _turned(other))
            case Call(function="convert", arguments=(inner_part, _)):
                return _direction(self.ends(inner_part))
            case Call(function="sum" | "min" | "max" | "mean" as function, arguments=arguments):
                return self._gathered(function, arguments)
        return None

    def _named(self, name: str) -> Scale | None:
        question = self.contents.questions.get(name)
        match question:
            case NumberQuestion(least=least, most=most):
                return Scale(least, most)
            case ItemsQuestion(least=least, most=most):
                return Scale(Fraction(least), Fraction(most))
            case ComputedQuestion(formula=formula, least=least, most=most):
                if least is not None or most is not None:
                    return Scale(least, most)
                return self.ends(parsed(formula, self.conditions))
        found = self.contents.scales.amount(name)
        return None if found.lowest is None and found.highest is None else found

    def _gathered(self, function: str, arguments: tuple[Expression, ...]) -> Scale | None:
        found = [self.ends(argument) for argument in arguments]
        known = [each for each in found if each is not None]
        if len(known) < len(found):
            return None
        lows, highs = [each.lowest for each in known], [each.highest for each in known]
        if function == "max":  # of which one is above 0, the greatest is
            return Scale(max((low for low in lows if low is not None), default=None), None)
        least = None if None in lows else min(low for low in lows if low is not None)
        most = None if None in highs else max(high for high in highs if high is not None)
        if function != "sum":
            return Scale(least, most)
        if least is None or least < 0:
            return Scale(None, None)
        named = frozenset[str]().union(*map(names, arguments))
        over = {of for name, of in self.contents.members.items() if name in named}
        return Scale(least if over <= self.sure else _ZERO, None)


def _holds_zero(ends: Scale) -> bool:
    return (ends.lowest is None or ends.lowest <= 0) and (ends.highest is None or ends.highest >= 0)


def _turned(ends: Scale) -> Scale:
    low, high = (None if end is None else -end for end in (ends.highest, ends.lowest))
    return Scale(low, high)


def _sum(one: Scale, other: Scale) -> Scale:
    low = None if one.lowest is None or other.lowest is None else one.lowest + other.lowest
    high = None if one.highest is None or other.highest is None else one.highest + other.highest
    return Scale(low, high)


def _product(one: Scale, other: Scale) -> Scale:
    """Of numbers that are not negative their least product; else all is possible."""
    if one.lowest is None or other.lowest is None or one.lowest < 0 or other.lowest < 0:
        return Scale(None, None)
    return Scale(one.lowest * other.lowest, None)


def _direction(ends: Scale | None) -> Scale | None:
    """What a change of units leaves of the ends: on which side of 0 they lie."""
    if ends is None:
        return None
    low, high = (None if end is None else Fraction((end > 0) - (end < 0)) for end in (ends.lowest, ends.highest))
    return Scale(low, high)
