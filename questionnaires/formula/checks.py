"""What the checking of a formula (:mod:`questionnaires.formula.checking`) offers to those who check parts of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol, TypeAlias

from questionnaires.formula.problems import Problem
from questionnaires.formula.scope import Entry, Scope
from questionnaires.formula.tree import Call, Expression, Name, Text
from questionnaires.units import Unit

Quantity: TypeAlias = tuple[Expression, Unit | None]
"""A lowered number with its unit. None: it fits any unit, because it is a literal zero (nothing is nothing in every
unit) or because what is wrong with it has been said already."""


class Checks(Protocol):
    """The two questions asked of every part (which truth, which number is it?), and where problems are noted."""

    scope: Scope
    problems: list[Problem]

    def mistaken(self, code: str, at: int, **details: object) -> None:
        """Note a problem."""

    def near(self, found: str, known: Collection[str]) -> list[str]:
        """What somebody may have meant."""

    def truth(self, expression: Expression) -> Expression:
        """The expression as a truth, lowered."""

    def number(self, expression: Expression) -> Quantity:
        """The expression as a number, lowered, with its unit."""

    def named(self, call: Call) -> Entry | None:
        """The question or node that is a function's first argument."""

    def name_unit(self, name: Name) -> Unit | None:
        """The unit in which a name counts."""

    def known_option(self, identifier: str, entry: Entry, option: Text) -> None:
        """Note it where a question has no such option."""

    def same(self, quantities: Iterable[Quantity], at: int) -> Unit | None:
        """The unit that all have; notes which two differ."""
