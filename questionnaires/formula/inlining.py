"""Named conditions written out where a formula names them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from questionnaires.formula.parsing import parse
from questionnaires.formula.tree import Expression, names, put_in

MOST_PARTS: Final = 5_000
"""Most conditions that one formula may come to, written out: short names never grow beyond all bounds."""


DEEPEST: Final = 50
"""How far conditions may name conditions that name conditions."""


class Trees(Mapping[str, Expression]):
    """Named conditions as trees: each is made when it is first asked for, as there may be thousands.

    Args:
        known: ids of all named conditions.
        made: makes the tree of one.
    """

    def __init__(self, known: Collection[str], made: Callable[[str], Expression]) -> None:
        self._known = known
        self._make = made
        self._made: dict[str, Expression] = {}

    def __getitem__(self, name: str) -> Expression:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def written_out(expression: Expression, conditions: Mapping[str, Expression]) -> Expression:
    """The expression with every named condition in place of its name; the conditions must not be circular."""
    found: dict[str, Expression] = {}

    def named(inside: Expression) -> dict[str, Expression]:
        for name in names(inside):
            if name in conditions and name not in found:
                found[name] = put_in(conditions[name], named(conditions[name]))
        return found

    named(expression)
    return put_in(expression, found) if found else expression


def parsed(text: str, conditions: Mapping[str, str]) -> Expression:
    """A (checked) formula as a tree, with named conditions written out.

    Args:
        text: the formula.
        conditions: id → formula of every named condition; see :meth:`questionnaires.model.Structure.named_conditions`.
    """
    return written_out(parse(text), Trees(conditions, lambda name: parse(conditions[name])))
