"""Completed calendar years between two days, as operations of a tape (:func:`questionnaires.days.years`).

Years are counted from 1 March here, so that a leap day is the last of its year: which day of the year it is says then
how two days of different years stand to one another, and how many years are complete is the same from wherever a year
is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scoring.columns.tape.operations import MODES, Code
from scoring.columns.tape.reals import Real
from scoring.columns.tape.statuses import NONE, THERE, UNDEFINED

if TYPE_CHECKING:
    from scoring.columns.tape.formulas import Reading

_FIRST: Final = 719_468
"""Days from 1 March of the year 0 to 1 January 1970."""

_LAST: Final = 3_700_000
"""Days counted from there up to which a tape tells the year: beyond the year 9999."""

_FOUR_HUNDRED_YEARS: Final = 146_097
_HUNDRED_YEARS: Final = 36_524
_FOUR_YEARS: Final = 1_460
_YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of the calendar."""

    number: Real
    year: Real
    of_year: Real


def years(reading: Reading, start: Real, end: Real) -> tuple[Real, int | None]:
    """How many, and a register (B) of why there are none (None: there always are)."""
    write = reading.write
    one, other = _day(reading, start), _day(reading, end)
    complete = write.minus(other.year, one.year)
    rises = write.compared("<=", one.number, other.number)
    short = write.small(Code.BOTH, rises, write.compared("<", other.of_year, one.of_year))
    falls = write.small(Code.NOT, rises)
    long = write.small(Code.BOTH, falls, write.compared("<", one.of_year, other.of_year))
    less = write.chosen(short, write.constant(Fraction(-1)), write.constant(Fraction(0)))
    correction = write.chosen(long, write.constant(Fraction(1)), less)
    return write.plus(complete, correction), _status(reading, start.status, end.status)


def _status(reading: Reading, *statuses: int | None) -> int | None:
    """Without a value where one has none; nothing where one does not apply."""
    found = None
    for why in (NONE, UNDEFINED):
        for status in statuses:
            if status is not None:
                own = reading.fixed(THERE) if found is None else found
                is_so = reading.write.small(Code.IS, status, numbers=(why,))
                found = reading.write.small(Code.CHOOSE_SMALL, is_so, reading.fixed(why), own)
    return found


def _day(reading: Reading, moment: Real) -> _Day:
    """The day that a moment lies on; assessments with one that no calendar has are left."""
    write = reading.write
    shifted = write.line(moment, Fraction(1), Fraction(_FIRST))
    ends = Fraction(0), Fraction(_LAST)
    if shifted.low < ends[0] or shifted.high > ends[1]:
        for operator, limit in zip("<>", ends, strict=True):
            write.effect(Code.LEAVE, write.against(operator, shifted, limit))
        shifted = write.clamped(shifted, *ends)
    number = shifted if shifted.denominator == 1 and not shifted.error else _down(reading, shifted)

    def whole(value: Real, part: int) -> Real:
        return _down(reading, write.line(value, Fraction(1, part), Fraction(0)))

    cycles = whole(number, _FOUR_HUNDRED_YEARS)
    rest = write.minus(number, write.line(cycles, Fraction(_FOUR_HUNDRED_YEARS), Fraction(0)))
    leaps = write.summed(
        [
            (rest, Fraction(1), None),
            (whole(rest, _FOUR_YEARS), Fraction(-1), None),
            (whole(rest, _HUNDRED_YEARS), Fraction(1), None),
            (whole(rest, _FOUR_HUNDRED_YEARS - 1), Fraction(-1), None),
        ]
    )
    year = whole(leaps, _YEAR)
    of_year = write.summed(
        [
            (rest, Fraction(1), None),
            (year, Fraction(-_YEAR), None),
            (whole(year, 4), Fraction(-1), None),
            (whole(year, 100), Fraction(1), None),
        ]
    )
    return _Day(number, write.summed([(year, Fraction(1), None), (cycles, Fraction(400), None)]), of_year)


def _down(reading: Reading, value: Real) -> Real:
    return reading.write.rounded(value, 1, MODES.index("down"))
