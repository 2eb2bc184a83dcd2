"""Lists whose items are not known yet: what may still come of them.

The questions and nodes of such a list stand in the plan once, as the *pattern* of all items that may come: each of them
lies within what the pattern may still become. A function that goes over all items is marked, so that it is worked out
for any number of items that the list may have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import mul
from typing import Final, cast

from questionnaires.belonging import around, goes_over, innermost, members
from questionnaires.formula.inlining import Trees, parsed, written_out
from questionnaires.formula.parsing import parse
from questionnaires.formula.tree import Binary, Call, Expression, Name, Number, Standing, Unary, names, walk
from questionnaires.model import Structure
from scoring.enclosure import ZERO, Enclosure, greatest, least, point, total
from scoring.multiplying import product_of_any

OVER: Final = "over"
"""The function that marks one argument of a function over items: ``over(items, argument)``; no author can write it.

How many items there are is a formula: the list, or ``products * steps`` for the items of a list within a list."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """What belongs to lists whose items are not known."""

    lists: Mapping[str, str]
    """Question, node, table or condition → its list."""

    own: str | None = None
    """The list within which formulas are seen: what belongs to it is of the same item there."""

    @classmethod
    def of(cls, structure: Structure) -> Patterns:
        """Those of a definition."""
        return cls(members(structure))

    def seen_from(self, identifier: str | None) -> Patterns:
        """The same for the formulas of a question, node or condition."""
        return replace(self, own=None if identifier is None else self.lists.get(identifier))

    def parsed(self, text: str, conditions: Mapping[str, str]) -> Expression:
        """A (checked) formula as a tree, with named conditions written out and functions over items marked."""
        if not self.lists:
            return parsed(text, conditions)
        return self.written_out(parse(text), Trees(conditions, lambda name: parse(conditions[name])))

    def written_out(self, expression: Expression, conditions: Mapping[str, Expression]) -> Expression:
        """A formula with its named conditions written out, each marked as it stands in the definition."""
        if not self.lists:
            return written_out(expression, conditions)
        marked = Trees(conditions, lambda name: self._marked(conditions[name], self.lists.get(name)))
        return written_out(self._marked(expression, self.own), marked)

    def _marked(self, expression: Expression, own: str | None) -> Expression:
        """A formula with every argument marked that goes over items of another list than its own."""
        match expression:
            case Unary():
                return Unary(expression.operator, self._marked(expression.operand, own), expression.at)
            case Binary():
                left, right = self._marked(expression.left, own), self._marked(expression.right, own)
                return Binary(expression.operator, left, right, expression.at)
            case Call(function=function, arguments=arguments):
                found = [self._argument(function, place, argument, own) for place, argument in enumerate(arguments)]
                if function == "rank" and own is not None and len(found) == 1:
                    found.append(over((own,), found[0]))
                return Call(function, tuple(found), expression.at)
        return expression

    def _argument(self, function: str, place: int, argument: Expression, own: str | None) -> Expression:
        known = around(own, self.lists)
        named = {self.lists[name] for name in names(argument) if name in self.lists}.difference(known)
        if not goes_over(function, place) or not named:
            return self._marked(argument, own)
        of = innermost(named, self.lists)
        return over(self.further(of, own), self._marked(argument, of))

    def asked_with(self, question: str) -> str:
        """The question with whose answer it comes about that this one is asked: its outermost list, or itself."""
        return next(iter(around(self.lists.get(question), self.lists)), question)

    def further(self, of: str | None, own: str | None) -> tuple[str, ...]:
        """The lists over which something goes that belongs to the list ``of``, seen from within ``own``."""
        known = around(own, self.lists)
        return tuple(each for each in around(of, self.lists) if each not in known)


def over(lists: Sequence[str], argument: Expression) -> Expression:
    """An argument that goes over all items of a list, or of all lists that the items of another one have."""
    first, *inner = (Name(each, argument.at) for each in lists)
    many = reduce(lambda outer, each: Binary("*", outer, each, argument.at), inner, cast("Expression", first))
    return Call(OVER, (many, argument), argument.at)


def of_every(lists: Sequence[str], condition: Expression) -> Expression:
    """That a condition of one item holds for each item that may come to be there."""
    against = over(lists, Unary("not", condition, 0))
    return Binary("=", Call("count", (against,), 0), Number(Fraction(0), 0), 0)


NONE: Final = Patterns({})
"""Nothing is asked item by item, or all items are known."""


def unmarked(expression: Expression) -> Expression:
    """The formula as its author wrote it, for people."""
    if not any(isinstance(part, Call) and part.function == OVER for part in walk(expression)):
        return expression
    match expression:
        case Standing():
            return expression
        case Unary():
            return Unary(expression.operator, unmarked(expression.operand), expression.at)
        case Binary():
            left, right = unmarked(expression.left), unmarked(expression.right)
            return Binary(expression.operator, left, right, expression.at)
        case Call(function=function, arguments=arguments) if function == OVER:
            return unmarked(arguments[1])
        case Call(function="rank", arguments=(own, *_)):
            return Call("rank", (unmarked(own),), expression.at)
        case Call():
            return Call(expression.function, tuple(map(unmarked, expression.arguments)), expression.at)
    return expression


def over_lists(arguments: Sequence[Expression]) -> bool:
    """Whether some argument of a function goes over items that are not known."""
    return any(isinstance(argument, Call) and argument.function == OVER for argument in arguments)


ONE_OF_IT: Final = point(Fraction(1))
"""The count of what is there by itself."""


@dataclass(frozen=True, slots=True)
class Several:
    """So many numbers of one kind, each of them somewhere within a span."""

    count: Enclosure
    span: Enclosure
    optional: bool
    """Whether each of them may yet turn out not to be there."""

    @property
    def sure(self) -> bool:
        """Whether at least one of them is there for certain."""
        return not self.optional and self.count.low is not None and self.count.low >= 1


def of_any_items(function: str, parts: Sequence[Several], many: Enclosure, *, absent: bool) -> tuple[Enclosure, bool]:
    """All that a function over several numbers can come to, and whether it may have none.

    Args:
        function: its name.
        parts: what it goes over; at least one of them is of a list whose items are not known.
        many: how many numbers ``highest`` and ``lowest`` add up.
        absent: whether it also goes over something that is known not to be there.
    """
    sure = [part for part in parts if part.sure]
    spans = [part.span for part in parts]
    hull = Enclosure(least(spans).low, greatest(spans).high)
    match function:
        case "count":
            return total(part.count * part.span for part in parts), False
        case "sum":
            whole = total(
                (part.count * part.span).hull(ZERO) if part.optional else part.count * part.span for part in parts
            )
            return whole, not sure and (absent or any(part.optional for part in parts))
        case "product":
            return reduce(mul, [_multiplied(part, alone=len(parts) == 1) for part in parts]), not sure
        case "min":
            return Enclosure(hull.low, least(part.span for part in sure).high if sure else hull.high), not sure
        case "max":
            return Enclosure(greatest(part.span for part in sure).low if sure else hull.low, hull.high), not sure
        case "highest" | "lowest":
            there = max(1, sum(int(part.count.low or 0) for part in sure))
            fewest = max(min(many.low or Fraction(0), Fraction(there)), Fraction(0))
            ends = [end for end in (many.high, total(part.count for part in parts).high) if end is not None]
            most = max(min(ends), fewest) if ends else None
            return Enclosure(fewest, most) * hull, not sure
    return hull, not sure


def _multiplied(part: Several, *, alone: bool) -> Enclosure:
    """All products of what is there of one kind; of nothing else at all there is at least one, or no product."""
    low = Fraction(0) if part.optional else part.count.low
    low = max(low or Fraction(0), Fraction(1)) if alone else low
    return product_of_any(Enclosure(low, part.count.high), part.span)
