"""The zones that a page offers: for every place with a time of its own, by country and city in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import Locale, get_global
from babel.dates import get_timezone_location

from itti.calendar.zones import zone_names

_LOCALES: Final = {"en": "en_GB", "ar": "ar_AE"}
_NOWHERE: Final = frozenset({"001", "ZZ"})
"""The territories of zones that belong to no country: UTC, and fixed distances from it."""


@cache
def offered_zones(language: str) -> Sequence[tuple[str, str]]:
    """Name of the zone and what people call it, by country; UTC first."""
    locale = Locale.parse(_LOCALES[language])
    named: list[tuple[str, str]] = []
    for name, territory in get_global("zone_territories").items():
        if name in zone_names() and territory not in _NOWHERE and territory in locale.territories:
            city = get_timezone_location(ZoneInfo(name), locale=locale, return_city=True)
            named.append((f"{locale.territories[territory]} – {city}", name))
    return (("UTC", "UTC"), *((name, words) for words, name in sorted(named)))


def zone_choices(language: str, chosen: str | None) -> list[tuple[str, str]]:
    """What :func:`offered_zones` has, and a zone chosen at another door under a name of its own."""
    offered = list(offered_zones(language))
    if chosen and chosen not in {name for name, _ in offered}:
        offered.append((chosen, chosen))
    return offered
