"""When things happened: days counted from the day of loading, never on a weekend, and one after the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

_SATURDAY: Final = 5
_OPENS: Final = time(7, tzinfo=UTC)
"""Eleven o'clock in the Gulf: a plausible working hour there and in UTC, in which pages show times."""


def working_day(today: date, days: int) -> date:
    """The day ``days`` after ``today``, or the Friday before where that is a Saturday or Sunday."""
    day = today + timedelta(days=days)
    return day - timedelta(days=max(0, day.weekday() - _SATURDAY + 1))


class Clock:
    """The time in one course of events: it only goes forward."""

    def __init__(self, today: date) -> None:
        self._today = today
        self.now = datetime.min.replace(tzinfo=UTC)

    def advance(self, days: int, minutes: int = 0) -> datetime:
        """Go to ``minutes`` after opening time on a working day; later where that has passed."""
        wanted = datetime.combine(working_day(self._today, days), _OPENS) + timedelta(minutes=minutes)
        self.now = max(wanted, self.now + timedelta(minutes=7))
        return self.now

    def pass_by(self, minutes: int) -> datetime:
        """Let some minutes go by."""
        self.now += timedelta(minutes=minutes)
        return self.now
