"""What formulas can learn of a question, node, constant or table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from scoring.enclosure import Enclosure, point
from scoring.plan import PlannedTable


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing as far as it is known.

    ``number`` is what the name means in a formula (the raw number of a measured one), ``score`` what it is worth.
    Both are None where there is nothing: it does not apply, or has no defined value.
    """

    number: Enclosure | None
    score: Enclosure | None
    known: bool = True
    """True: no missing answer can change it."""

    optional: bool = False
    """True: it may yet turn out not to apply."""

    applies: bool | None = True
    """None: not known yet."""

    undefined: bool = False
    """It applies, but has no value (a division by zero, a table without a row)."""

    may_fail: bool = False
    """It may yet turn out so: nothing that holds for all its values may be decided by it before that is known."""

    truth: bool | None = None
    """Answer of a yes/no question, where known."""

    picked: frozenset[str] | None = None
    """Options picked (the level as a text, ``yes`` or ``no``), where known; none where nobody picks, because the
    question does not apply."""

    rows: Mapping[str, str] | None = None
    """Option picked in each row of a grid, where known; no row where the grid does not apply."""

    answered: bool = False


NOTHING: Final = Fact(None, None, applies=False, picked=frozenset(), rows={})
"""Something that does not apply."""

NO_ITEMS: Final = Fact(point(Fraction(0)), None, applies=False, picked=frozenset(), rows={})
"""A list that does not apply: it has no items."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All facts of one scoring, and how tightly to enclose what is irrational."""

    facts: Mapping[str, Fact]
    tables: Mapping[str, PlannedTable]
    bits: int
    last: bool
    """True: no more bits will come; what still cannot be told apart is equal."""


NO_FACTS: Final = Reading({}, {}, bits=128, last=False)
"""What is to be known where no formula asks for anything."""
