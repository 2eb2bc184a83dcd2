"""Time zones: which there are, which day a moment belongs to in one, and when a day ends there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

_NO_PLACES: Final = frozenset({"Factory", "localtime", "posixrules"})
"""Names that some systems list beside the zones; they say nothing, or something else on every machine."""


class Calendar(StrEnum):
    """By which calendars days are written."""

    GREGORIAN = "gregorian"

    WITH_ISLAMIC = "with-islamic"
    """The Gregorian day, and beside it that of the Umm al-Qura calendar."""


@cache
def zone_names() -> frozenset[str]:
    """All names of zones, such as ``Asia/Dubai``, that this machine knows (IANA)."""
    return frozenset(available_timezones()) - _NO_PLACES


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name.

    Raises:
        ValueError: there is none.
    """
    if name not in zone_names():
        raise ValueError(name)
    return ZoneInfo(name)


def day_in(zone: ZoneInfo, moment: datetime) -> date:
    """The day that a moment belongs to in a zone."""
    return moment.astimezone(zone).date()


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) that does not belong to a day any more in a zone.

    Days on which clocks change are shorter or longer. Where they leap from midnight on, the next day begins with the
    leap, since no midnight comes before it.
    """
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
