"""The Umm al-Qura calendar: the Islamic calendar that the states of the Gulf use in their offices.

Its months follow published tables (1343 to 1500 AH: August 1924 to November 2077); no days are made up outside of
them. Days are taken as civil ones, from midnight to midnight.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from hijridate import Gregorian

from questionnaires.wording import say

ROOM: Final = "itti.calendar"


def islamic_words(day: date, language: str) -> str | None:
    """A day as people write it, such as ``12 Jumada al-Thani 1448 AH``; None: outside the tables."""
    try:
        found = Gregorian.fromdate(day).to_hijri()
    except OverflowError:
        return None
    month = say(ROOM, f"month.{found.month}", language)
    return say(ROOM, "islamic-day", language, day=found.day, month=month, year=found.year)
