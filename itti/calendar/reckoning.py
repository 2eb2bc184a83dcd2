"""How one reader reckons: the zone and the calendars in which days and moments are written for them.

The only place that writes them, for pages, letters and the command line alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_name

from itti.calendar.islamic import ROOM, islamic_words
from itti.calendar.zones import Calendar, end_of, zone_named, zone_names
from questionnaires.wording import say

_LOCALES: Final = {"en": "en_GB", "ar": "ar_AE"}
"""CLDR locales: day before month; Arabic with the digits that papers in the Gulf use."""

_COMMAS: Final = {"en": ",", "ar": "،"}


class Chooser(Protocol):
    """Whoever may have chosen how to reckon: a person with an account, or a letter to one."""

    @property
    def time_zone(self) -> str | None:
        """Name of a zone; None: the programme's."""

    @property
    def calendar(self) -> Calendar | None:
        """None: the programme's."""


@dataclass(frozen=True)
class Reckoning:
    """A reader's zone and calendars, beside the zone of the programme, in which its days begin and end."""

    zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009 - frozen
    calendar: Calendar = Calendar.GREGORIAN
    programme: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009 - frozen

    def chosen_by(self, reader: Chooser | None) -> Reckoning:
        """This one, but for what a reader has chosen otherwise.

        A zone that this machine does not know (any more) counts as none.
        """
        if reader is None:
            return self
        zone = zone_named(reader.time_zone) if reader.time_zone in zone_names() and reader.time_zone else self.zone
        return Reckoning(zone, reader.calendar or self.calendar, self.programme)

    def day_words(self, day: date, language: str) -> str:
        """A day as people write it: ``22 November 2026``, with the Islamic one in brackets where wanted."""
        words = plain_day_words(day, language)
        islamic = islamic_words(day, language) if self.calendar is Calendar.WITH_ISLAMIC else None
        return words if islamic is None else f"{words} ({islamic})"

    def moment_words(self, moment: datetime, language: str) -> str:
        """A moment on the reader's clock, with its distance to UTC: ``22 November 2026, 14:42 UTC+4``."""
        there = moment.astimezone(self.zone)
        return f"{self.day_words(there.date(), language)}{_COMMAS[language]} {there:%H:%M}\u00a0{_distance(there)}"

    def clock_words(self, moment: datetime, language: str) -> str:
        """A moment in few signs, for readers who know which year it is: ``22 Nov, 14:42``."""
        there = moment.astimezone(self.zone)
        day = format_date(there.date(), "d MMM", locale=_LOCALES[language])
        return f"{day}{_COMMAS[language]} {there:%H:%M}"

    def end_words(self, day: date, language: str) -> str:
        """When a last day ends: by the clock of the programme, and by the reader's where it shows another time then."""
        end = end_of(day, self.programme)
        words = say(ROOM, "day-ends", language, zone=zone_words(self.programme, end, language))
        if end.astimezone(self.zone).utcoffset() == end.astimezone(self.programme).utcoffset():
            return words
        return say(ROOM, "day-ends-for-you", language, ends=words, moment=self.moment_words(end, language))


def plain_day_words(day: date, language: str) -> str:
    """A day by the Gregorian calendar alone, for days that are answers: ``22 November 2026``."""
    return format_date(day, "d MMMM y", locale=_LOCALES[language])


def zone_words(zone: ZoneInfo, at: datetime, language: str) -> str:
    """What people call a zone at some moment: ``Gulf Standard Time``."""
    return get_timezone_name(at.astimezone(zone), width="long", locale=_LOCALES[language])


def _distance(there: datetime) -> str:
    """``UTC``, ``UTC+4``, ``UTC+5:45``, ``UTC−3`` (with a true minus sign)."""
    offset = there.utcoffset()
    minutes = 0 if offset is None else round(offset.total_seconds() / 60)
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")
