"""Formulas in a model: what can be said of them exactly is said, what cannot stays open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from ortools.sat.python import cp_model

from questionnaires.formula.tree import Binary, Call, Expression, Name, Text, Unary
from scoring import formulas
from scoring.enclosure import Enclosure
from scoring.facts import Reading
from scoring.quantities import Truth
from scoring.solving.amounts import Amount, Beyond, Sums
from scoring.solving.ground import Ground
from scoring.solving.tables import Tables


@dataclass(frozen=True, slots=True)
class Term:
    """What the model knows of a question or node."""

    score: Amount | None
    """What it is worth, surely; None: the model does not know, or it has none."""

    number: Amount | None
    """What its name means in a formula."""

    absent: bool = False
    """True: whatever is decided, it does not apply."""


UNKNOWN = Term(None, None)
ABSENT = Term(None, None, absent=True)

Literal = bool | cp_model.BoolVarT


class Formulas:
    """The formulas of one model; ``terms`` grows while the model is made."""

    def __init__(self, ground: Ground, tables: Tables, sums: Sums, terms: Mapping[str, Term]) -> None:
        self.ground, self.tables, self.sums, self.terms = ground, tables, sums, terms
        self.left_open = 0
        """How many truths and amounts the model leaves open."""

    def truth(self, expression: Expression) -> Literal:
        """The truth of a condition."""
        names = self.ground.named(expression)
        if len(self.tables.offers.among(names)) < 2:
            return self._listed(expression, names)
        match expression:
            case Unary(operator="not", operand=operand):
                inner = self.truth(operand)
                return not inner if isinstance(inner, bool) else ~inner
            case Binary(operator="and" | "or", left=left, right=right):
                return self.joined([self.truth(left), self.truth(right)], every=expression.operator == "and")
            case Binary(operator=operator, left=left, right=right):
                found = self._compared(operator, left, right)
                if found is not None:
                    return found
        return self._listed(expression, names)

    def joined(self, literals: Sequence[Literal], *, every: bool) -> Literal:
        """Whether all (at least one) of the literals hold."""
        if any(literal is not every for literal in literals if isinstance(literal, bool)):
            return not every
        open_ones = [literal for literal in literals if not isinstance(literal, bool)]
        if len(open_ones) < 2:
            return open_ones[0] if open_ones else every
        return self.sums.all_of(open_ones) if every else self.sums.any_of(open_ones)

    def _listed(self, expression: Expression, names: frozenset[str]) -> Literal:
        def evaluate(reading: Reading) -> Truth:
            return formulas.truth(expression, reading)

        if self.tables.small(names):
            return self.tables.truth(names, evaluate)
        self.left_open += 1
        return self.sums.literal()

    def _compared(self, operator: str, left: Expression, right: Expression) -> Literal | None:
        if isinstance(left, Text) or isinstance(right, Text):
            return None
        sides = self.number(left), self.number(right)
        if sides[0] is None or sides[1] is None:
            return None
        try:
            difference = self.sums.linear([(Fraction(1), sides[0]), (Fraction(-1), sides[1])])
        except Beyond:
            return None
        zero = Fraction(0)
        match operator:
            case ">=" | ">":
                return self.sums.reaches(difference, zero, strictly=operator == ">")
            case "<=" | "<":
                return ~self.sums.reaches(difference, zero, strictly=operator == "<=")
            case "=" | "!=":
                least = self.sums.reaches(difference, zero)
                same = self.sums.all_of([least, ~self.sums.reaches(difference, zero, strictly=True)])
                return same if operator == "=" else ~same
        return None

    def number(self, expression: Expression) -> Amount | None:
        """The number that a formula gives, where it surely gives one that the model can carry."""
        names = self.ground.named(expression)
        try:
            if len(self.tables.offers.among(names)) < 2:
                return self._tabled(expression, names)
            return self._number(expression) or (self._tabled(expression, names) if self.tables.small(names) else None)
        except Beyond:
            return None

    def _tabled(self, expression: Expression, names: frozenset[str]) -> Amount | None:
        def evaluate(reading: Reading) -> Enclosure | None:
            quantity = formulas.number(expression, reading)
            return quantity.span if quantity.known and not quantity.optional else None

        return self.tables.amount(names, evaluate)

    def _number(self, expression: Expression) -> Amount | None:
        match expression:
            case Name(id=name):
                return self.terms[name].number if name in self.terms else None
            case Unary(operator="-", operand=operand):
                inner = self.number(operand)
                return None if inner is None else self.sums.linear([(Fraction(-1), inner)])
            case Binary(operator="+" | "-" as operator, left=left, right=right):
                known = self._numbers([left, right])
                sign = Fraction(1 if operator == "+" else -1)
                return None if known is None else self.sums.linear([(Fraction(1), known[0]), (sign, known[1])])
            case Binary(operator="*" | "/" as operator, left=left, right=right):
                return self._scaled(operator, left, right)
            case Call(function="score", arguments=(Name(id=name),)):
                return self.terms[name].score
            case Call(function="if", arguments=(condition, yes, no)):
                return self._chosen(condition, yes, no)
            case Call(function="count", arguments=conditions):
                return self._counted(conditions)
            case Call(function="product", arguments=arguments):
                return self._multiplied(arguments)
            case Call(function="min" | "max" | "sum" | "mean" as function, arguments=arguments):
                return self._gathered(function, arguments)
        return None

    def _numbers(self, expressions: Sequence[Expression]) -> list[Amount] | None:
        found = [self.number(expression) for expression in expressions]
        known = [amount for amount in found if amount is not None]
        return known if len(known) == len(found) else None

    def _scaled(self, operator: str, left: Expression, right: Expression) -> Amount | None:
        known = self._numbers([left, right])
        if known is None:
            return None
        first, second = known
        if second.exact is not None and (operator == "*" or second.exact):
            factor = second.exact if operator == "*" else 1 / second.exact
            return self.sums.linear([(factor, first)])
        if operator == "*" and first.exact is not None:
            return self.sums.linear([(first.exact, second)])
        return None

    def _chosen(self, condition: Expression, yes: Expression, no: Expression) -> Amount | None:
        holds = self.truth(condition)
        if isinstance(holds, bool):
            return self.number(yes if holds else no)
        known = self._numbers([yes, no])
        return None if known is None else self.sums.either(holds, *known)

    def _counted(self, conditions: Sequence[Expression]) -> Amount:
        literals = [self.truth(condition) for condition in conditions]
        sure = sum(literal is True for literal in literals)
        open_ones = [literal for literal in literals if not isinstance(literal, bool)]
        return self.sums.named(Amount(sum(open_ones) + sure, 1, sure, sure + len(open_ones)))

    def _multiplied(self, arguments: Sequence[Expression]) -> Amount | None:
        """The product of what applies, of which all but one are known."""
        known = self._numbers(self._there(arguments))
        if not known:
            return None
        factors = [amount.exact for amount in known if amount.exact is not None]
        open_ones = [amount for amount in known if amount.exact is None]
        if len(open_ones) > 1:
            return None
        one = open_ones[0] if open_ones else known[0]
        return self.sums.linear([(prod(factors if open_ones else factors[1:], start=Fraction(1)), one)])

    def _there(self, arguments: Sequence[Expression]) -> list[Expression]:
        return [each for each in arguments if not (isinstance(each, Name) and self._absent(each.id))]

    def _gathered(self, function: str, arguments: Sequence[Expression]) -> Amount | None:
        known = self._numbers(self._there(arguments))
        if not known:
            return None
        match function:
            case "min":
                return self.sums.least(known)
            case "max":
                return self.sums.greatest(known)
        part = Fraction(1) if function == "sum" else Fraction(1, len(known))
        return self.sums.linear([(part, amount) for amount in known])

    def _absent(self, name: str) -> bool:
        return name in self.terms and self.terms[name].absent
