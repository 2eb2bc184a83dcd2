"""Formulas checked against the definition they stand in: ids, options, truths, numbers and units.

:func:`check` also *lowers*: conversions become multiplications by an exact number, so that whoever evaluates the
expression needs no units.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, TypeAlias

from questionnaires import units
from questionnaires.formula.checking import Checking
from questionnaires.formula.parsing import parse
from questionnaires.formula.problems import FormulaMistaken, Problem, problem
from questionnaires.formula.scope import Entry, Kind, Part, Scope
from questionnaires.formula.tree import Expression, names

__all__ = ["ANY", "AnyUnit", "Checked", "Entry", "FormulaMistaken", "Kind", "Part", "Problem", "Scope", "check"]


class AnyUnit(Enum):
    """The type of :data:`ANY`."""

    ANY = "any"


ANY: Final = AnyUnit.ANY
"""As the wanted unit: whatever unit comes out is fine."""

Wanted: TypeAlias = Literal["truth", "number"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A formula that fits its definition."""

    expression: Expression
    """Lowered: without ``convert``."""

    unit: units.Unit | None
    """Unit of the number; None for a truth."""


def check(
    text: str,
    scope: Scope,
    wanted: Wanted,
    unit: str | Literal[AnyUnit.ANY] | None = None,
    allowed: Collection[str] | None = None,
) -> Checked:
    """Check a formula against its definition and make it ready for evaluation.

    Args:
        text: the formula.
        scope: what it can name.
        wanted: whether it must be a condition or a calculation.
        unit: for a calculation, the unit its result must have exactly; None: a plain number. A unit that cannot
            be read is the mistake of the place that states it, so nothing is demanded then.
        allowed: ids that may be named beside constants and tables; None: all.

    Raises:
        FormulaMistaken: with everything that is wrong.
    """
    checking = Checking(scope, None if allowed is None else frozenset(allowed))
    expression = parse(text)
    if wanted == "truth":
        lowered = checking.truth(expression)
        if not checking.problems and all(scope.entries[name].fixed for name in names(expression)):
            checking.problems.append(problem("formula-constant", 0))
        found: units.Unit | None = None
    else:
        lowered, found = checking.number(expression)
        if unit is not ANY:
            found = checking.result(found, _readable(unit))
        found = found or units.PLAIN
    if checking.problems:
        raise FormulaMistaken(checking.problems)
    return Checked(lowered, found)


def _readable(unit: str | None) -> units.Unit | None:
    try:
        return units.PLAIN if unit is None else units.unit(unit)
    except units.UnknownUnit:
        return None
