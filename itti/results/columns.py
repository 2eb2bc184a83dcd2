"""The columns of the export: what each is called, holds and is written from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from questionnaires.model import Rounding, RoundingMode
from scoring.benchmark import Cell
from scoring.rounding import stated

DIGITS: Final = 38
"""Digits that a decimal of Parquet holds at most in 16 bytes."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "string"
    COUNT = "int64"
    FLAG = "bool"
    DECIMAL = "decimal128"
    """An exact decimal; how many places, the column of the dictionary says."""

    WHOLE = "decimal128-whole"
    """A whole number of up to 38 digits: one part of an exact fraction."""


Entry = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one node in one group."""

    node: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Column:
    """One column; its description stands in the catalogue under ``column.<name>``."""

    name: str
    kind: Kind
    of: Callable[[Row, int], Entry]
    """The entry of a row, given the decimal places; numbers of decimal columns as text."""

    may_be_empty: bool = False


def decimal_of(value: Fraction | None, places: int) -> str | None:
    """The number with that many places (half to even); None where there is none, or it has more than 38 digits."""
    if value is None:
        return None
    text = stated(value, Rounding(mode=RoundingMode.HALF_EVEN, places=places))
    return text if sum(sign.isdigit() for sign in text) <= DIGITS else None


def _trait(name: str) -> Callable[[Row, int], Entry]:
    return lambda row, _: dict(row.cell.group).get(name)


def _number(of: Callable[[Cell], Fraction | None]) -> Callable[[Row, int], Entry]:
    return lambda row, places: decimal_of(of(row.cell), places)


def _fraction(name: str, of: Callable[[Cell], Fraction | None]) -> tuple[Column, Column]:
    def numerator(cell: Cell) -> Fraction | None:
        value = of(cell)
        return None if value is None else Fraction(value.numerator)

    def denominator(cell: Cell) -> Fraction | None:
        value = of(cell)
        return None if value is None else Fraction(value.denominator)

    def whole(part: Callable[[Cell], Fraction | None]) -> Callable[[Row, int], Entry]:
        return lambda row, _: decimal_of(part(row.cell), 0)

    return (
        Column(f"{name}_numerator", Kind.WHOLE, whole(numerator), may_be_empty=True),
        Column(f"{name}_denominator", Kind.WHOLE, whole(denominator), may_be_empty=True),
    )


COLUMNS: Final = (
    Column("node", Kind.TEXT, lambda row, _: row.node),
    Column("sector", Kind.TEXT, _trait("sector"), may_be_empty=True),
    Column("size", Kind.TEXT, _trait("size"), may_be_empty=True),
    Column("region", Kind.TEXT, _trait("region"), may_be_empty=True),
    Column("factories", Kind.COUNT, lambda row, _: row.cell.count),
    Column("few", Kind.FLAG, lambda row, _: row.cell.few),
    Column("mean", Kind.DECIMAL, _number(lambda cell: cell.mean), may_be_empty=True),
    *_fraction("mean", lambda cell: cell.mean),
    Column("quartile_1", Kind.DECIMAL, _number(lambda cell: cell.quartiles[0]), may_be_empty=True),
    Column("median", Kind.DECIMAL, _number(lambda cell: cell.quartiles[1]), may_be_empty=True),
    Column("quartile_3", Kind.DECIMAL, _number(lambda cell: cell.quartiles[2]), may_be_empty=True),
    Column("best", Kind.DECIMAL, _number(lambda cell: cell.best), may_be_empty=True),
    *_fraction("best", lambda cell: cell.best),
)
