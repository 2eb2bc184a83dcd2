"""Named conditions written out where a formula names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from questionnaires.formula.parsing import parse
from questionnaires.formula.tree import Expression, names, put_in

MOST_PARTS: Final = 5_000
"""Most conditions that one formula may come to, written out: short names never grow beyond all bounds."""


DEEPEST: Final = 50
"""How far conditions may name conditions that name conditions."""


def written_out(expression: Expression, conditions: Mapping[str, Expression]) -> Expression:
    """The expression with every named condition in place of its name; the conditions must not be circular."""
    found: dict[str, Expression] = {}

    def named(inside: Expression) -> dict[str, Expression]:
        for name in names(inside):
            if name in conditions and name not in found:
                found[name] = put_in(conditions[name], named(conditions[name]))
        return found

    return put_in(expression, named(expression))


def parsed(text: str, conditions: Mapping[str, str]) -> Expression:
    """A (checked) formula as a tree, with named conditions written out.

    Args:
        text: the formula.
        conditions: id → formula of every named condition; see :meth:`questionnaires.model.Structure.named_conditions`.
    """
    expression = parse(text)
    if names(expression).isdisjoint(conditions):
        return expression
    return written_out(expression, {name: parse(when) for name, when in conditions.items()})
