"""Formulas written out for the items of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from questionnaires.belonging import goes_over, lists_in
from questionnaires.formula.parsing import WithTree, parse
from questionnaires.formula.tree import Binary, Call, Expression, Member, Name, Unary, names
from questionnaires.formula.writing import written


def key(of: str, item: str, identifier: str) -> str:
    """The id that a question, node, table or condition of a list has for one item."""
    return f"{of}.{item}.{identifier}"


def both(one: str, other: str) -> str:
    """The condition that two conditions hold."""
    return _with_tree(Binary("and", parse(one), parse(other), 0))


def one_of(condition: str, there: str, otherwise: str) -> str:
    """A number that depends on a condition."""
    return _with_tree(Call("if", (parse(condition), parse(there), parse(otherwise)), 0))


def _with_tree(tree: Expression) -> str:
    return WithTree(written(tree), tree)


class Rewriting:
    """Formulas of one definition, for the items that some of its lists have.

    Args:
        belonging: question, node, table or condition → its list, of the lists whose items are given.
        items: list → ids of its items.
        conditional: lists that apply only where a condition holds; where it does not, there are no items.
    """

    def __init__(
        self, belonging: Mapping[str, str], items: Mapping[str, Sequence[str]], conditional: frozenset[str]
    ) -> None:
        self.belonging = belonging
        self.items = items
        self.conditional = conditional
        self._every: dict[tuple[Expression, str], tuple[Expression, ...]] = {}

    def outside(self, text: str) -> str:
        """A formula that stands outside all lists: functions over items name every item."""
        return self._of(text, None)

    def inside(self, text: str, of: str, item: str) -> str:
        """A formula within a list, for one item: what belongs to the same list is that of the same item."""
        return self._of(text, (of, item))

    def lists_of(self, text: str) -> frozenset[str]:
        """The lists of what a formula names outside functions over items."""
        return lists_in(parse(text), self.belonging)

    def _of(self, text: str, within: tuple[str, str] | None) -> str:
        expression = parse(text)
        if names(expression).isdisjoint(self.belonging):
            return text
        return _with_tree(self._rewritten(expression, within))

    def _rewritten(self, expression: Expression, within: tuple[str, str] | None) -> Expression:
        match expression:
            case Name(id=name):
                if within is not None and self.belonging.get(name) == within[0]:
                    return replace(expression, id=key(*within, name))
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

    def _call(self, call: Call, within: tuple[str, str] | None) -> Expression:
        if call.function == "rank" and within is not None and len(call.arguments) == 1:
            return self._ranked(call, within)
        over = [
            self._over(argument, within) if goes_over(call.function, place) else None
            for place, argument in enumerate(call.arguments)
        ]
        return self._joined(call, over, sorted(self.conditional.intersection(filter(None, over))), within)

    def _ranked(self, call: Call, within: tuple[str, str]) -> Expression:
        """``rank(x)`` of one item: its number, then that of every other item."""
        (argument,) = call.arguments
        of, item = within
        every, place = self._of_every(argument, of), self.items[of].index(item)
        return replace(call, arguments=(every[place], *every[:place], *every[place + 1 :]))

    def _of_every(self, argument: Expression, of: str) -> tuple[Expression, ...]:
        """One argument for every item of a list; made once, as many formulas may go over the same items."""
        key = argument, of
        if key not in self._every:
            self._every[key] = tuple(self._rewritten(argument, (of, item)) for item in self.items[of])
        return self._every[key]

    def _over(self, argument: Expression, within: tuple[str, str] | None) -> str | None:
        """The list over whose items an argument goes; None where it stands for itself."""
        own = None if within is None else within[0]
        named = {self.belonging[name] for name in names(argument) if name in self.belonging} - {own}
        return min(named, default=None)

    def _joined(
        self,
        call: Call,
        over: Sequence[str | None],
        perhaps: Sequence[str],
        within: tuple[str, str] | None,
        leaving: frozenset[str] = frozenset(),
    ) -> Expression:
        """The call with an argument for every item; of a list that may not apply, only where it does."""
        if perhaps:
            first, *rest = perhaps
            condition = Call("applies", (Name(first, call.at),), call.at)
            there = self._joined(call, over, rest, within, leaving)
            return Call("if", (condition, there, self._joined(call, over, rest, within, leaving | {first})), call.at)
        arguments: list[Expression] = []
        for argument, of in zip(call.arguments, over, strict=True):
            if of is None:
                arguments.append(self._rewritten(argument, within))
            elif of not in leaving:
                every = self._of_every(argument, of)
                # inside a list an argument may name what belongs to that one too
                arguments += every if within is None else [self._rewritten(each, within) for each in every]
        return replace(call, arguments=tuple(arguments))
