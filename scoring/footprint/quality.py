"""Data quality after PACT's grid: technology, geography and time from 1 (best) to 5, weighted by emissions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from questionnaires.factors import Row
from questionnaires.words import Rounding
from scoring.footprint.inventory import Inventory, Line
from scoring.footprint.record import QualityScore
from scoring.rounding import stated

UNKNOWN: Final = 5
"""The grid's rating of what is unknown."""

_AGES: Final = (366, 731, 1096, 1461)
"""Most days between the end of the factor's year and the end of the period, for the ratings 1 to 4."""

Quality = Literal["excellent", "very-good", "good", "fair", "poor"]


@dataclass(frozen=True, slots=True)
class Rated:
    """The ratings of one line."""

    technology: int
    geography: int
    time: int
    primary: Fraction


def rate(line: Line, row: Row, inventory: Inventory) -> Rated:
    """Ratings of a line: as declared, else as they follow from regions and years; unknown technology is a 5."""
    site = line.region or inventory.region
    data = line.data
    return Rated(
        data.technology or UNKNOWN,
        data.geography or _geography(row.region, site),
        data.time or _time(row.year, inventory.period.end),
        data.primary,
    )


def _geography(region: str, site: str) -> int:
    """1 the site's part of a country, 2 its country, 4 the world, 5 not containing the site.

    3, a region of several countries, is nothing that follows from codes of countries: it can only be declared.
    """
    if region == "world":
        return 4
    if region == site:
        return 1 if "-" in site else 2
    return 2 if site.startswith(region + "-") else UNKNOWN


def _time(year: int, end: date) -> int:
    age = (end - date(year, 12, 31)).days
    return next((rating for rating, most in enumerate(_AGES, start=1) if age <= most), UNKNOWN)


def overall(rated: Sequence[tuple[Fraction, Rated]], rounding: Rounding) -> QualityScore | None:
    """Means of all lines, weighted by the size of what they add to the footprint; None where nothing counts."""
    weight = sum((abs(size) for size, _ in rated), Fraction(0))
    if not weight:
        return None
    technology = sum((abs(size) * each.technology for size, each in rated), Fraction(0)) / weight
    geography = sum((abs(size) * each.geography for size, each in rated), Fraction(0)) / weight
    time = sum((abs(size) * each.time for size, each in rated), Fraction(0)) / weight
    primary = sum((abs(size) * each.primary for size, each in rated), Fraction(0)) / weight
    mean = (technology + geography + time) / 3
    return QualityScore(
        technology=stated(technology, rounding),
        geography=stated(geography, rounding),
        time=stated(time, rounding),
        overall=stated(mean, rounding),
        quality=_named(mean),
        primary_share=stated(100 * primary, rounding),
    )


def _named(mean: Fraction) -> Quality:
    """The class of a mean; upper edges belong to the better class but for the first, which is told as "below 1.5"."""
    if mean < Fraction(3, 2):
        return "excellent"
    if mean <= 2:
        return "very-good"
    if mean <= 3:
        return "good"
    return "fair" if mean <= 4 else "poor"
