"""Bands and classes in formulas: ``band(x) >= 'good'``, ``reached(x) = 'fair'``, ``class(x) in ('a', 'b')``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from questionnaires.formula.checks import Checks
from questionnaires.formula.functions import OF_A_NODE
from questionnaires.formula.problems import short
from questionnaires.formula.scope import Entry
from questionnaires.formula.tree import BinaryOperator, Call, Expression, Name, Text

TURNED: Final[dict[BinaryOperator, BinaryOperator]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The same comparison read from the other side."""


def asks(expression: Expression) -> bool:
    """Whether the expression asks which band or class a node has."""
    return isinstance(expression, Call) and expression.function in OF_A_NODE


def compared(checking: Checks, call: Call, operator: str, options: Sequence[Expression]) -> None:
    """Check that a node's band or class is compared with some that the node has.

    Args:
        checking: where problems are noted.
        call: ``band(node)`` and the like, with as many arguments as it takes.
        operator: of the comparison; ``=`` where it is asked whether it is one of several.
        options: what it is compared with.
    """
    name = call.arguments[0]
    entry = checking.named(call)
    if entry is None or not isinstance(name, Name):
        return
    known = entry.classes if call.function == "class" else entry.bands
    if not known:
        code = "formula-class-of-other" if call.function == "class" else "formula-band-of-other"
        checking.mistaken(code, name.at, id=name.id, function=call.function)
        return
    if call.function == "class" and operator not in {"=", "!="}:
        checking.mistaken("formula-classes-not-ordered", call.at, id=name.id, found=operator)
    for option in options:
        _one(checking, name, entry, operator, option)


def _one(checking: Checks, name: Name, entry: Entry, operator: str, option: Expression) -> None:
    known = entry.classes or entry.bands
    if not isinstance(option, Text):
        checking.mistaken("formula-band-alone", option.at, id=name.id, band=known[-1])
    elif option.value not in known:
        near = checking.near(option.value, known) or known
        told = ", ".join(f"'{one}'" for one in near)
        checking.mistaken("formula-unknown-band", option.at, found=short(option.value), id=name.id, known=told)
    elif entry.bands and (operator, option.value) in {("<", known[0]), (">", known[-1])}:
        checking.mistaken("formula-band-never", option.at, id=name.id, found=operator, band=option.value)
