"""Days as formulas count them: so many since 1 January 1970, and the calendar years between two of them.

A day is a whole number here, positive or negative; the calendar is the Gregorian one, also before it was in use. No
hour, no time zone: a day of an answer is the day that stands in the document it was read from.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

FIRST: Final = date(1970, 1, 1)
"""Day number 0."""

UNIT: Final = "day"
"""The unit that a date has in formulas; see :mod:`questionnaires.units`."""

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CYCLE_YEARS: Final = 400
_CYCLE_DAYS: Final = 146_097
"""After 400 years the Gregorian calendar repeats itself to the day."""


def iso_day(text: str) -> date | None:
    """The day that is written as ``2026-01-31``; None for any other form, and for a day that no calendar has."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def number_of(day: date) -> int:
    """The day number: 0 for 1 January 1970."""
    return day.toordinal() - FIRST.toordinal()


def day_of(number: int) -> date:
    """The day of a day number."""
    return date.fromordinal(number + FIRST.toordinal())


def years(start: int, end: int) -> int:
    """Completed calendar years from one day number to another; negative where the second is the earlier one.

    A year is complete on the day of the same name. Whoever starts on 29 February completes a year on 29 February
    where there is one, else on 1 March. ``years(a, b)`` is always ``-years(b, a)``, never falls as ``b`` grows and
    never rises as ``a`` grows.
    """
    before, after = sorted((start, end))
    first, last = _calendar(before), _calendar(after)
    complete = last[0] - first[0] - (last[1:] < first[1:])
    return complete if start <= end else -complete


def _calendar(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number, however far away: the years of :class:`date` end at 9999."""
    cycles, rest = divmod(number + FIRST.toordinal() - 1, _CYCLE_DAYS)
    day = date.fromordinal(rest + 1)
    return day.year + cycles * _CYCLE_YEARS, day.month, day.day
