"""Weights as an author can paste them: few decimal places, and exactly one in all."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def rounded_to_one(weights: Sequence[float | Fraction], places: int) -> tuple[Fraction, ...]:
    """The weights as shares of their sum, with ``places`` decimal places, adding up to exactly one.

    Largest remainders (Hamilton's method): each share is cut off, and the units still missing go to those who lost
    most, among equals to the first. So every weight is within one unit of the last place, and larger stays larger.
    """
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact, Fraction(0))
    units = 10**places
    shares = [weight / whole * units for weight in exact]
    cut = [share.numerator // share.denominator for share in shares]
    order = sorted(range(len(cut)), key=lambda place: (cut[place] - shares[place], place))
    for place in order[: units - sum(cut)]:
        cut[place] += 1
    return tuple(Fraction(unit, units) for unit in cut)
