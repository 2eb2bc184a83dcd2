"""Formulas written out for the items of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from typing import Final, NamedTuple

from questionnaires.belonging import goes_over, innermost, lists_in
from questionnaires.formula.parsing import WithTree, parse
from questionnaires.formula.tree import Binary, Call, Expression, Member, Name, Number, Unary, names
from questionnaires.formula.writing import written


def key(of: str, item: str, identifier: str) -> str:
    """The id that a question, node, table or condition of a list has for one item.

    Of a list within a list (``products.pump.steps``) that of its item, ``products.pump.steps.turning.run``, where
    ``products.pump.run`` stands for any item that it may come to have.
    """
    return f"{of}.{item}.{plain(identifier)}"


def plain(identifier: str) -> str:
    """The id that stands in the definition as it was written: without lists and items."""
    return identifier.rpartition(".")[2]


def place_in(identifier: str) -> tuple[str, str] | None:
    """List and item that an id made by :func:`key` speaks of, the innermost; None: of no item."""
    of, dot, _ = identifier.rpartition(".")
    return (of.rpartition(".")[0], of.rpartition(".")[2]) if dot else None


def places_in(identifier: str) -> tuple[tuple[str, str], ...]:
    """Every list and item that such an id speaks of, the outermost first."""
    place = place_in(identifier)
    return () if place is None else (*places_in(place[0]), place)


def both(one: str, other: str) -> str:
    """The condition that two conditions hold."""
    return _with_tree(Binary("and", parse(one), parse(other), 0))


def one_of(condition: str, there: str, otherwise: str) -> str:
    """A number that depends on a condition."""
    return _with_tree(Call("if", (parse(condition), parse(there), parse(otherwise)), 0))


def _with_tree(tree: Expression) -> str:
    return WithTree(written(tree), tree)


class Place(NamedTuple):
    """Where a formula stands: within a list, at one item of it."""

    of: str
    item: str
    deeper: bool = False
    """Whether it belongs to a list within that one, which is not written out yet."""


class Rewriting:
    """Formulas of one definition, for the items that some of its lists have.

    Args:
        belonging: question, node, table or condition → its list, of the lists whose items are given. What belongs to a
            list within a list is of the outer one as long as that is not written out.
        items: list → ids of its items.
        conditional: lists that apply only where a condition holds; where it does not, there are no items.
        own: the same as ``belonging``, but with the list that each thing really belongs to.
    """

    def __init__(
        self,
        belonging: Mapping[str, str],
        items: Mapping[str, Sequence[str]],
        conditional: frozenset[str],
        own: Mapping[str, str],
    ) -> None:
        self.belonging = belonging
        self.items = items
        self.conditional = conditional
        self.own = own
        self._inner = frozenset(of for of in conditional if place_in(of) is not None)
        self._every: dict[tuple[Expression, str], tuple[Expression, ...]] = {}

    def outside(self, text: str) -> str:
        """A formula that stands outside all lists: functions over items name every item."""
        return self._of(text, None)

    def inside(self, text: str, place: Place) -> str:
        """A formula within a list, for one item: what belongs to the same list is that of the same item."""
        return self._of(text, place)

    def lists_of(self, text: str) -> frozenset[str]:
        """The lists of what a formula names outside functions over items."""
        return lists_in(parse(text), self.belonging)

    def _of(self, text: str, within: Place | None) -> str:
        expression = parse(text)
        if names(expression).isdisjoint(self.belonging):
            return text
        return _with_tree(self._rewritten(expression, within))

    def _rewritten(self, expression: Expression, within: Place | None) -> Expression:
        match expression:
            case Name(id=name):
                if within is not None and self.belonging.get(name) == within.of:
                    return replace(expression, id=key(within.of, within.item, name))
            case Unary():
                return replace(expression, operand=self._rewritten(expression.operand, within))
            case Binary():
                left, right = self._rewritten(expression.left, within), self._rewritten(expression.right, within)
                return replace(expression, left=left, right=right)
            case Member():
                return replace(expression, needle=self._rewritten(expression.needle, within))
            case Call():
                return self._call(expression, within)
        return expression

    def _call(self, call: Call, within: Place | None) -> Expression:
        if call.function == "rank" and within is not None and not within.deeper and len(call.arguments) == 1:
            return self._ranked(call, within)
        over = [
            self._over(argument, within) if goes_over(call.function, place) else None
            for place, argument in enumerate(call.arguments)
        ]
        return self._joined(
            call, over, sorted((self.conditional - self._inner).intersection(filter(None, over))), within
        )

    def _ranked(self, call: Call, within: Place) -> Expression:
        """``rank(x)`` of one item: its number, then that of every other item."""
        (argument,) = call.arguments
        every, place = self._of_every(argument, within.of), self.items[within.of].index(within.item)
        return replace(call, arguments=(every[place], *every[:place], *every[place + 1 :]))

    def _of_every(self, argument: Expression, of: str) -> tuple[Expression, ...]:
        """One argument for every item of a list; made once, as many formulas may go over the same items."""
        key = argument, of
        if key not in self._every:
            named = {self.own[name] for name in names(argument) if self.belonging.get(name) == of}
            deeper = innermost(named, self.own) != of if named else False
            self._every[key] = tuple(self._rewritten(argument, Place(of, item, deeper)) for item in self.items[of])
        return self._every[key]

    def _over(self, argument: Expression, within: Place | None) -> str | None:
        """The list over whose items an argument goes; None where it stands for itself."""
        own = None if within is None else within.of
        named = {self.belonging[name] for name in names(argument) if name in self.belonging} - {own}
        return min(named, default=None)

    def _joined(
        self,
        call: Call,
        over: Sequence[str | None],
        perhaps: Sequence[str],
        within: Place | None,
        leaving: frozenset[str] = frozenset(),
    ) -> Expression:
        """The call with an argument for every item; of a list that may not apply, only where it does.

        For each list of ``perhaps`` the call is written twice, with its items and without. Lists within a list there
        are too many of for that: their items say one by one that they are there only if the list is.
        """
        if perhaps:
            first, *rest = perhaps
            there = self._joined(call, over, rest, within, leaving)
            without = self._joined(call, over, rest, within, leaving | {first})
            if there == without:  # the list has no items, so that nothing hangs on it
                return there
            return Call("if", (_applies(first, call.at), there, without), call.at)
        arguments: list[Expression] = []
        sure = False
        for argument, of in zip(call.arguments, over, strict=True):
            if of is None:
                arguments.append(self._rewritten(argument, within))
                sure = True
            elif of not in leaving:
                every = self._of_every(argument, of)
                # inside a list an argument may name what belongs to that one too
                every = every if within is None else tuple(self._rewritten(each, within) for each in every)
                sure = sure or bool(every and of not in self._inner)
                arguments += every if of not in self._inner else [_if_there(call.function, of, each) for each in every]
        if call.function == "sum" and arguments and not sure:
            arguments.append(_nothing(sorted({of for of in over if of is not None and self.items[of]})))
        return replace(call, arguments=tuple(arguments))


def _applies(of: str, at: int) -> Expression:
    return Call("applies", (Name(of, at),), at)


_ABSENT: Final = Call("min", (), 0)
"""A number that does not apply: the least of none."""


def _if_there(function: str, of: str, argument: Expression) -> Expression:
    """One of several arguments, which counts only where its list applies."""
    applies = _applies(of, argument.at)
    if function == "count":
        return Binary("and", applies, argument, argument.at)
    return Call("if", (applies, argument, _ABSENT), argument.at)


def _nothing(lists: Sequence[str]) -> Expression:
    """What a sum over items has beside them: 0 where none of their lists applies, as over no items."""
    some = reduce(lambda one, other: Binary("or", one, other, 0), (_applies(of, 0) for of in lists))
    return Call("if", (some, _ABSENT, Number(Fraction(0), 0)), 0)
