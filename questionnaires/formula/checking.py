"""One pass over a formula that finds what does not fit and lowers what does."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from typing import Final

from questionnaires import units
from questionnaires.belonging import OVER_ITEMS, SO_MANY
from questionnaires.formula import bands
from questionnaires.formula.calls import number_call, truth_call
from questionnaires.formula.checks import Quantity
from questionnaires.formula.functions import FUNCTIONS
from questionnaires.formula.problems import Problem, problem, short
from questionnaires.formula.scope import Entry, Kind, Part, Scope
from questionnaires.formula.tree import Binary, Call, Expression, Member, Name, Number, Text, Unary, parts
from questionnaires.units import PLAIN, Unit

_MOST_HINTS: Final = 10

HIGHEST_DEGREE: Final = 144
"""To which power anything may be raised by powers of powers: ``(x ^ 12) ^ 12`` and no further."""

_WITHOUT_VALUE: Final = {Kind.PROFILE: "formula-profile", Kind.CONDITION: "formula-condition-as-number"}

_EQUALITY: Final = frozenset({"=", "!="})
_COMPARISON: Final = _EQUALITY | {"<", "<=", ">", ">="}


class Checking:
    """The problems found so far, and the two questions asked of every part: which truth, which number is it?"""

    def __init__(self, scope: Scope, allowed: frozenset[str] | None) -> None:
        self.scope = scope
        self.allowed = allowed
        self.problems: list[Problem] = []
        self._unknown_ids: set[str] = set()

    def mistaken(self, code: str, at: int, **details: object) -> None:
        """Note a problem."""
        self.problems.append(problem(code, at, **details))

    # Truths

    def truth(self, expression: Expression) -> Expression:
        """The expression as a truth, lowered."""
        match expression:
            case Unary(operator="not"):
                return Unary("not", self.truth(expression.operand), expression.at)
            case Binary(operator="and" | "or"):
                left, right = self.truth(expression.left), self.truth(expression.right)
                return Binary(expression.operator, left, right, expression.at)
            case Binary() if expression.operator in _COMPARISON:
                return self._comparison(expression)
            case Member(needle=Call() as needle) if bands.asks(needle):
                if self._callable(needle):
                    bands.compared(self, needle, "=", expression.options)
                return expression
            case Member():
                for option in expression.options:
                    self._option_of(expression.needle, option)
                return expression
            case Call() if expression.function not in FUNCTIONS or FUNCTIONS[expression.function].truth:
                return self._truth_call(expression)
            case Name():
                entry = self._entry(expression)
                if entry is not None and entry.kind not in {Kind.YES_NO, Kind.CONDITION}:
                    options = entry.kind in {Kind.CHOICE, Kind.CHOICES}
                    code = "formula-option-as-truth" if options else "formula-number-as-truth"
                    self.mistaken(code, expression.at, found=expression.id)
            case _:
                before = len(self.problems)
                self.number(expression)
                if len(self.problems) == before:
                    self.mistaken("formula-not-a-truth", expression.at)
        return expression

    def _comparison(self, expression: Binary) -> Expression:
        left, right = expression.left, expression.right
        if bands.asks(left) or bands.asks(right):
            turned = not bands.asks(left)
            call, option = (right, left) if turned else (left, right)
            operator = bands.TURNED.get(expression.operator, expression.operator) if turned else expression.operator
            if isinstance(call, Call) and self._callable(call):
                bands.compared(self, call, operator, [option])
            return expression
        if isinstance(left, Text) or isinstance(right, Text):
            named, option = (right, left) if isinstance(left, Text) else (left, right)
            if self._is_date(named) and isinstance(option, Text):
                self.mistaken("formula-date-without-function", option.at, found=short(option.value))
            elif expression.operator in _EQUALITY:
                self._option_of(named, option)
            else:
                self.mistaken("formula-options-not-ordered", expression.at, found=expression.operator)
        elif not (self._unquoted(left, right) or self._unquoted(right, left)):
            quantities = [self.number(left), self.number(right)]
            self.same(quantities, expression.at)
            (left, _), (right, _) = quantities
        return Binary(expression.operator, left, right, expression.at)

    def _is_date(self, named: Expression) -> bool:
        entry = self.scope.entries.get(named.id) if isinstance(named, Name) else None
        return entry is not None and entry.kind is Kind.DATE

    def _unquoted(self, named: Expression, other: Expression) -> bool:
        """Whether ``other`` is meant as an option of the choice ``named``; says that it needs quotes."""
        entry = self.scope.entries.get(named.id) if isinstance(named, Name) else None
        if entry is None or not isinstance(other, Name) or other.id in self.scope.entries:
            return False
        if entry.kind is Kind.GRID or other.id not in entry.options:
            return False
        self.mistaken("formula-option-without-quotes", other.at, found=other.id)
        return True

    def _option_of(self, named: Expression, option: Expression) -> None:
        """Check that a quoted text is an option of a choice."""
        if not isinstance(option, Text):
            self.mistaken("formula-option-expected", option.at)
        elif not isinstance(named, Name):
            self.mistaken("formula-compares-text", option.at, found=short(option.value))
        elif (entry := self._entry(named)) is not None:
            if entry.kind is Kind.CHOICES:
                self.mistaken("formula-use-has", named.at, id=named.id, option=short(option.value))
            elif entry.kind is not Kind.CHOICE:
                self.mistaken("formula-not-a-choice", named.at, id=named.id)
            else:
                self.known_option(named.id, entry, option)

    def known_option(self, identifier: str, entry: Entry, option: Text) -> None:
        """Check that the question has the option."""
        if option.value not in entry.options:
            near = self.near(option.value, entry.options)
            known = near or entry.options[:12]
            self.mistaken(
                "formula-unknown-option",
                option.at,
                found=short(option.value),
                id=identifier,
                known=", ".join(f"'{one}'" for one in known),
            )

    def _truth_call(self, call: Call) -> Expression:
        return truth_call(self, call) if self._callable(call) else call

    # Names

    def _entry(self, name: Name) -> Entry | None:
        """What is named; None after saying why it cannot be."""
        entry = self.scope.entries.get(name.id)
        if entry is None:
            self._unknown(name)
        elif self.allowed is not None and name.id not in self.allowed and entry.part in {Part.QUESTION, Part.NODE}:
            allowed = ", ".join(sorted(self.allowed)[:12]) or "–"
            self.mistaken("formula-not-allowed", name.at, id=name.id, allowed=allowed)
            return None
        elif self.allowed is not None and (beyond := sorted(entry.names - self.allowed)):
            allowed = ", ".join(sorted(self.allowed)[:12]) or "–"
            self.mistaken("formula-condition-not-allowed", name.at, id=name.id, beyond=beyond[0], allowed=allowed)
            return None
        return entry

    def _unknown(self, name: Name) -> None:
        if name.id in self._unknown_ids:
            return
        self._unknown_ids.add(name.id)
        if (apart := _apart(name.id, self.scope.entries)) is not None:
            self.mistaken("formula-minus-without-blanks", name.at, id=name.id, apart=" - ".join(apart))
        elif near := self.near(name.id, self.scope.entries):
            self.mistaken("formula-unknown-name-near", name.at, id=name.id, near=near[0])
        else:
            self.mistaken("formula-unknown-name", name.at, id=name.id)

    def near(self, word: str, known: Collection[str]) -> list[str]:
        """The known word that is meant, perhaps; looked for only while there are few problems, as it takes time."""
        if len(self.problems) >= _MOST_HINTS or len(word) > 64:
            return []
        return difflib.get_close_matches(word, known, n=1)

    def named(self, call: Call) -> Entry | None:
        """The question or node that is a function's first argument."""
        name = call.arguments[0]
        if not isinstance(name, Name):
            self.mistaken("formula-needs-question", name.at, function=call.function)
            return None
        entry = self._entry(name)
        if entry is not None and entry.part not in {Part.QUESTION, Part.NODE}:
            self.mistaken("formula-needs-question", name.at, function=call.function)
            return None
        return entry

    # Numbers

    def number(self, expression: Expression) -> Quantity:
        """The expression as a number, lowered, with its unit."""
        match expression:
            case Number():
                return expression, PLAIN if expression.value else None
            case Name():
                return expression, self.name_unit(expression)
            case Unary(operator="-"):
                operand, unit = self.number(expression.operand)
                return Unary("-", operand, expression.at), unit
            case Binary() if expression.operator not in _COMPARISON | {"and", "or"}:
                return self._arithmetic(expression)
            case Call() if expression.function not in FUNCTIONS or not FUNCTIONS[expression.function].truth:
                return self._number_call(expression)
            case Text():
                self.mistaken("formula-text-misplaced", expression.at, found=short(expression.value))
            case _:
                before = len(self.problems)
                self.truth(expression)
                if len(self.problems) == before:
                    self.mistaken("formula-truth-as-number", expression.at)
        return expression, None

    def name_unit(self, name: Name) -> Unit | None:
        """The unit of a name; None after saying why it is no number, or where its unit cannot be read."""
        entry = self._entry(name)
        if entry is None:
            return None
        if not entry.valued:
            code = _WITHOUT_VALUE.get(entry.kind, "formula-no-value")
            self.mistaken(code, name.at, id=name.id)
            return None
        try:
            return PLAIN if entry.unit is None else units.unit(entry.unit)
        except units.UnknownUnit:  # told where the unit is stated
            return None

    def _arithmetic(self, expression: Binary) -> Quantity:
        left, unit = self.number(expression.left)
        if expression.operator == "^":
            return self._power(expression, left, unit)
        right, other = self.number(expression.right)
        lowered = Binary(expression.operator, left, right, expression.at)
        if expression.operator in {"+", "-"}:
            return lowered, self.same([(left, unit), (right, other)], expression.at)
        if expression.operator == "/" and _is_zero(expression.right):
            self.mistaken("formula-division-by-zero", expression.at)
        if unit is None or other is None:
            return lowered, None
        return lowered, (units.product if expression.operator == "*" else units.quotient)(unit, other)

    def _power(self, expression: Binary, base: Expression, unit: Unit | None) -> Quantity:
        lowered = Binary("^", base, expression.right, expression.at)
        exponent = int(expression.right.value) if isinstance(expression.right, Number) else 1
        if exponent < 0 and _is_zero(expression.left):
            self.mistaken("formula-division-by-zero", expression.at)
        if _degree(lowered) > HIGHEST_DEGREE:  # numbers and unit sizes would grow beyond all bounds
            self.mistaken("formula-degree", expression.at, most=HIGHEST_DEGREE)
            return lowered, None
        return lowered, None if unit is None else units.power(unit, exponent)

    def same(self, quantities: Iterable[Quantity], at: int) -> Unit | None:
        """The unit that all have; says which two differ, and how to mend it."""
        common: Unit | None = None
        for _, unit in quantities:
            if common is None:
                common = unit
            elif unit is not None and not units.same(common, unit):
                code = "formula-units-convertible" if common.dimension == unit.dimension else "formula-units-differ"
                self.mistaken(code, at, left=common.text, right=unit.text)
                return None
        return common

    def result(self, found: Unit | None, declared: Unit | None) -> Unit | None:
        """The unit of the whole formula, compared with the one that is declared."""
        if found is None or declared is None:
            return found or declared
        if not units.same(found, declared):
            convertible = found.dimension == declared.dimension
            code = "formula-result-convertible" if convertible else "formula-result-unit"
            self.mistaken(code, 0, found=found.text, declared=declared.text)
        return declared

    # Calls of functions that give numbers

    def _callable(self, call: Call) -> bool:
        """Whether there is such a function with so many arguments."""
        function = FUNCTIONS.get(call.function)
        if function is None:
            near = self.near(call.function, FUNCTIONS)
            known = ", ".join(near or FUNCTIONS)
            self.mistaken("formula-unknown-function", call.at, found=call.function, known=known)
            return False
        count = len(call.arguments)
        least = function.least
        if self.scope.unrolled and call.function in OVER_ITEMS:
            least = 1 if call.function in SO_MANY else 0
        if count < least or (function.most is not None and count > function.most):
            self.mistaken("formula-argument-count", call.at, usage=function.usage, found=count)
            return False
        return True

    def _number_call(self, call: Call) -> Quantity:
        if bands.asks(call):
            named = call.arguments[0] if call.arguments else None
            told = {"id": named.id if isinstance(named, Name) else "…", "band": "…"}
            self.mistaken("formula-band-alone", call.at, **told)
            return call, None
        return number_call(self, call) if self._callable(call) else (call, None)


def _degree(expression: Expression) -> int:
    """To which power, roughly, the names and numbers inside an expression are raised: powers of powers multiply."""
    inner = max((_degree(part) for part in parts(expression)), default=1)
    if isinstance(expression, Binary) and expression.operator == "^" and isinstance(expression.right, Number):
        return inner * max(1, abs(int(expression.right.value)))
    return inner


def _is_zero(expression: Expression) -> bool:
    while isinstance(expression, Unary):
        expression = expression.operand
    return isinstance(expression, Number) and not expression.value


def _apart(identifier: str, known: Collection[str]) -> list[str] | None:
    """The known ids and whole numbers that an unknown id falls into at its hyphens, if it does."""
    words = identifier.split("-")
    ways: list[list[str] | None] = [[]]
    for end in range(1, len(words) + 1):
        way = None
        for start in range(end):
            before, piece = ways[start], "-".join(words[start:end])
            if before is not None and (piece in known or piece.isdecimal()):
                way = [*before, piece]
                break
        ways.append(way)
    return ways[-1]
