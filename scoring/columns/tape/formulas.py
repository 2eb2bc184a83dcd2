"""Formulas and conditions as operations of a tape; what nothing applies to is as the exact engine has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import product
from math import prod
from typing import Final

from questionnaires.formula.tree import Binary, Call, Expression, Name, Number, Unary, walk
from scoring import facts as engine
from scoring import formulas
from scoring.aggregate import FIRST_BITS
from scoring.columns.conditions import YES, facts, inputs_of, truth_of
from scoring.columns.reckoning import MOST_FACTORS
from scoring.columns.tape.calendar import years
from scoring.columns.tape.coded import Coded, joined
from scoring.columns.tape.gathered import gathered, multiplied, rank, so_many
from scoring.columns.tape.means import Means
from scoring.columns.tape.operations import COMPARISONS, MODES, Code
from scoring.columns.tape.picking import Several, of_one_question, of_picks
from scoring.columns.tape.rational import Rational
from scoring.columns.tape.reals import Real, Uncovered
from scoring.columns.tape.statuses import MISSING, NONE, THERE, UNDEFINED
from scoring.columns.tape.tables import looked_up
from scoring.plan import Plan
from scoring.rounding import Undecided

_MOST: Final = 1 << 12
"""Combinations of outcomes up to which a formula is worked out beforehand."""

_STEEPEST: Final = 4
"""The highest power that is written down."""


def _is_power(expression: Expression) -> bool:
    return isinstance(expression, Binary) and expression.operator == "^"


class Reading:
    """What formulas read, and what was written down of it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.write = Means()
        self.coded: dict[str, Coded] = {}
        self.numbers: dict[str, Real] = {}
        self.worths: dict[str, Real] = {}
        self.conditional: dict[str, tuple[Coded, int]] = {}
        """Questions of few answers whose condition rests on measured numbers: as they are where it holds (B)."""

        self.several: dict[str, Several] = {}
        """Questions whose answers take several bytes."""

        self.rows: dict[str, Mapping[str, int]] = {}
        """Grid some of whose rows may not apply → row → register (B) of whether it does."""

        self.answered: dict[str, int] = {}
        """Question → register (B) of whether it was answered, were it to apply."""

        self.applying: dict[str, int] = {}
        """Question with a condition → register (B) of whether that holds."""

        self.typed: set[str] = set()
        """Questions that are answered by a number."""

        self.unrated: dict[str, int] = {}
        """Question with a number → register of whether there is one that its curve has no value for."""

        self.rational = Rational(plan)
        self._read: dict[Expression, Real] = {}
        self._truths: dict[Expression, int] = {}

    def number(self, expression: Expression) -> Real:
        """The value of a formula."""
        if expression not in self._read:
            self._read[expression] = self._number(expression)
        return self._read[expression]

    def _number(self, expression: Expression) -> Real:
        if not isinstance(expression, (Number, Name)) or (
            isinstance(expression, Name) and expression.id in self.plan.tables
        ):
            found = self._tabled(expression)
            if found is not None:
                return found
        match expression:
            case Number(value=value):
                return self.write.constant(value)
            case Name(id=identifier):
                return self._named(identifier)
            case Unary(operator="-", operand=operand):
                inner = self.number(operand)
                return replace(self.write.line(inner, Fraction(-1), Fraction(0)), status=inner.status)
            case Binary(operator="^", left=left, right=Number(value=exponent)):
                return self._power(left, int(exponent))
            case Binary():
                return self._operation(expression)
            case Call():
                return self._call(expression)
        raise Uncovered

    def truth(self, expression: Expression) -> int:
        """A register that says whether a condition holds."""
        if expression not in self._truths:
            self._truths[expression] = self._truth(expression)
        return self._truths[expression]

    def _truth(self, expression: Expression) -> int:
        for told in (self._truth_tabled, partial(of_one_question, self), partial(of_picks, self)):
            found = told(expression)
            if found is not None:
                return found
        match expression:
            case Unary(operator="not", operand=operand):
                return self.write.small(Code.NOT, self.truth(operand))
            case Binary(operator="and", left=left, right=right):
                return self.write.small(Code.BOTH, self.truth(left), self.truth(right))
            case Binary(operator="or", left=left, right=right):
                return self.write.small(Code.EITHER, self.truth(left), self.truth(right))
            case Binary(operator=operator, left=left, right=right) if operator in COMPARISONS:
                one, other = self.number(left), self.number(right)
                return self._where_there(
                    self.write.compared(operator, one, other), self.joined(one.status, other.status)
                )
            case Call(function="applies", arguments=(Name(id=identifier),)) if identifier in self.numbers:
                status = self.numbers[identifier].status
                if status is None:
                    return self.write.always()
                return self.write.small(Code.NOT, self.write.small(Code.IS, status, numbers=(NONE,)))
        raise Uncovered

    def _where_there(self, holds: int, status: int | None) -> int:
        """A comparison with what does not apply, or has no value, is false."""
        if status is None:
            return holds
        return self.write.small(Code.BOTH, holds, self.is_there(status))

    def status_of(self, name: str) -> int | None:
        """The status of a question or node as children have it.

        Raises:
            Uncovered: it was not written down.
        """
        if name in self.coded:
            return self.coded[name].status(self.write, "value")
        if name not in self.worths:
            raise Uncovered
        return self.worths[name].status

    def lost_where(self, lost: int, status: int | None) -> int:
        """The status: without a value besides where something that is there is lost."""
        own = self.fixed(THERE) if status is None else status
        there = self.write.small(Code.BOTH, lost, self.is_there(own))
        return self.write.small(Code.CHOOSE_SMALL, there, self.fixed(UNDEFINED), own)

    def is_there(self, status: int) -> int:
        """Whether there is a number."""
        return self.write.small(Code.IS, status, numbers=(THERE,))

    def joined(self, one: int | None, other: int | None) -> int | None:
        """The status of what needs both."""
        if one is None or other is None or one == other:
            return other if one is None else one
        return self.write.small(Code.JOIN, one, other)

    def where_it_applies(self, value: Real, applies: int | None) -> Real:
        """The number where the condition holds; elsewhere it does not apply."""
        if applies is None:
            return value
        status = self.fixed(THERE) if value.status is None else value.status
        return replace(value, status=self.write.small(Code.CHOOSE_SMALL, applies, status, self.fixed(NONE)))

    def told(self, truths: Sequence[int], key: int) -> int:
        """Truths looked up at a place; assessments are left of which they cannot be told."""
        register = self.write.small(Code.LOOK_UP_SMALL, key, table=truths)
        if MISSING in truths:
            self.write.effect(Code.LEAVE, self.write.small(Code.IS, register, numbers=(MISSING,)))
            register = self.write.small(Code.IS, register, numbers=(1,))
        return register

    def settled(self, value: Real) -> Real:
        """The number, assessments left of which it cannot be told."""
        if value.status is not None:
            self.write.effect(Code.LEAVE, self.write.small(Code.IS, value.status, numbers=(MISSING,)))
        return value

    def fixed(self, status: int) -> int:
        """The same status for all."""
        return self.write.fixed(status)

    def _combinations(self, expression: Expression) -> tuple[tuple[str, ...], list[Coded]] | None:
        wanted = inputs_of(self.plan, [expression])
        below = [self.coded[name] for name in wanted if name in self.coded]
        if len(below) < len(wanted) or not below or prod(each.count for each in below) > _MOST:
            return None
        return wanted, below

    def _key(self, below: Sequence[Coded]) -> int:
        keys = [each.outcome(self.write) for each in below]
        return keys[0] if len(keys) == 1 else joined(self.write, keys, [each.count for each in below])

    def _rows(self, wanted: Sequence[str], below: Sequence[Coded]) -> list[dict[str, engine.Fact] | None]:
        """What formulas learn of each combination; None: of some nothing can be told, or no answers lead to it."""
        masks = [each.occurring for each in below]
        found: list[dict[str, engine.Fact] | None] = []
        for row in product(*(range(each.count) for each in below)):
            if not all(mask[place] for mask, place in zip(masks, row, strict=True)):
                found.append({})
                continue
            entries = {n: each.distinct[p] for n, each, p in zip(wanted, below, row, strict=True)}
            found.append(facts(self.plan, entries))
        return found

    def _tabled(self, expression: Expression) -> Real | None:
        """By the exact engine, once for each combination of outcomes; None: there are too many."""
        combined = self._combinations(expression)
        if combined is None:
            return None
        numbers, statuses = [], []
        for known in self._rows(*combined):
            number, status = Fraction(0), MISSING if known is None else THERE
            if known:
                number, status = self._worked_out(expression, known)
            numbers.append(number)
            statuses.append(status)
        key = self._key(combined[1])
        value = self.write.looked_up(key, numbers)
        if not any(statuses):
            return value
        status = self.write.small(Code.LOOK_UP_SMALL, key, table=statuses)
        return self.settled(replace(value, status=status))

    def _worked_out(self, expression: Expression, known: dict[str, engine.Fact]) -> tuple[Fraction, int]:
        try:
            found = formulas.number(expression, engine.Reading(known, self.plan.tables, FIRST_BITS, last=False))
        except Undecided:
            return Fraction(0), MISSING
        if not found.known or found.optional:
            return Fraction(0), MISSING
        if found.span is None:
            return Fraction(0), UNDEFINED if found.undefined else NONE
        if found.span.exact is None:
            raise Uncovered
        return found.span.exact, THERE

    def _truth_tabled(self, expression: Expression) -> int | None:
        combined = self._combinations(expression)
        if combined is None:
            return None
        truths = []
        for known in self._rows(*combined):
            found = MISSING if known is None else 0
            if known:
                found = {0: 0, YES: 1}.get(truth_of(self.plan, expression, known), MISSING)
            truths.append(found)
        return self.told(truths, self._key(combined[1]))

    def _named(self, identifier: str) -> Real:
        if identifier in self.plan.constants:
            value = self.plan.constants[identifier]
            if value is None:
                raise Uncovered
            return self.write.constant(value)
        if identifier in self.coded:
            return self.coded[identifier].real(self.write, "number")
        if identifier in self.numbers:
            if identifier in self.unrated:  # a comparison takes such a number, a sum does not
                self.write.effect(Code.LEAVE, self.unrated[identifier])
            return self.numbers[identifier]
        if identifier in self.plan.tables:
            return looked_up(self, self.plan.tables[identifier])
        raise Uncovered

    def _operation(self, expression: Binary) -> Real:
        left, right = self.number(expression.left), self.number(expression.right)
        status = self.joined(left.status, right.status)
        zero = None
        match expression.operator:
            case "+":
                found = self.write.plus(left, right)
            case "-":
                found = self.write.minus(left, right)
            case "*":
                found = self.write.times(left, right)
            case "/":
                found, zero = self.write.over(left, right)
            case _:
                raise Uncovered
        if zero is not None:
            status = self.fixed(THERE) if status is None else status
            there = self.write.small(Code.BOTH, zero, self.is_there(status))
            status = self.write.small(Code.CHOOSE_SMALL, there, self.fixed(UNDEFINED), status)
        return replace(found, status=status)

    def _call(self, expression: Call) -> Real:
        match expression.function, expression.arguments:
            case "score", (Name(id=identifier),):
                if identifier in self.coded:
                    return self.coded[identifier].real(self.write, "score")
                if identifier in self.worths:
                    return self.worths[identifier]
            case "if", (condition, yes, no):
                chosen = self.truth(condition)
                return self._either(chosen, self.number(yes), self.number(no))
            case "abs", (argument,):
                inner = self.number(argument)
                turned = self.write.line(inner, Fraction(-1), Fraction(0))
                return replace(self.write.ended(Code.GREATEST, inner, turned), status=inner.status)
            case "count", conditions:
                truths = [self.truth(condition) for condition in conditions]
                return self.write.counted([(each, Fraction(1)) for each in truths])
            case ("min" | "max" | "sum" | "mean" | "median") as function, arguments if arguments:
                return gathered(self, function, [self.number(argument) for argument in arguments])
            case "product", arguments if 0 < len(arguments) <= MOST_FACTORS:
                return multiplied(self, [self.number(argument) for argument in arguments])
            case ("highest" | "lowest") as function, (many, *arguments):
                return so_many(self, function, self.number(many), [self.number(argument) for argument in arguments])
            case "rank", (own, *others):
                return rank(self, self.number(own), [self.number(argument) for argument in others])
            case "years", (start, end):
                found, status = years(self, self.number(start), self.number(end))
                return replace(found, status=status)
            case ("ln" | "root" | "exp" | "floor" | "ceil" | "round") as function, (argument, *further):
                return self._of_one(function, self.number(argument), further)
        raise Uncovered

    def _power(self, expression: Expression, exponent: int) -> Real:
        """A whole power of what was typed: of further results the engine takes none that have too many digits."""
        names = [part.id for part in walk(expression) if isinstance(part, Name)]
        typed = all(name in self.plan.constants or name in self.coded or name in self.typed for name in names)
        if not 0 < exponent <= _STEEPEST or not typed or any(_is_power(part) for part in walk(expression)):
            raise Uncovered
        base = self.number(expression)
        found = base
        for _ in range(exponent - 1):
            found = self.write.times(found, base)
        return replace(found, status=base.status)

    def _of_one(self, function: str, inner: Real, further: Sequence[Expression]) -> Real:
        """A function of one number."""
        write = self.write
        match function, further:
            case "exp", ():
                return replace(write.exponential(inner), status=inner.status)
            case "ln", ():
                found, none = write.logarithm(inner)
                return replace(found, status=inner.status if none is None else self.lost_where(none, inner.status))
            case "root", (Number(value=degree),):
                found, status = write.root(inner, int(degree)), inner.status
                if inner.low < 0:
                    status = self.lost_where(write.against("<", inner, Fraction(0)), status)
                return replace(found, status=status)
            case "round", (Number(value=places),):
                scale, mode = 10 ** int(places), "half_up"
            case "floor" | "ceil", () if inner.low >= 0:
                scale, mode = 1, "down" if function == "floor" else "up"
            case _:
                raise Uncovered
        units = write.rounded(inner, scale, MODES.index(mode))
        return replace(write.line(units, Fraction(1, scale), Fraction(0)), status=inner.status)

    def _either(self, chosen: int, yes: Real, no: Real) -> Real:
        found = self.write.chosen(chosen, yes, no)
        if yes.status is None and no.status is None:
            return found
        one, other = (self.fixed(THERE) if each.status is None else each.status for each in (yes, no))
        return replace(found, status=self.write.small(Code.CHOOSE_SMALL, chosen, one, other))
