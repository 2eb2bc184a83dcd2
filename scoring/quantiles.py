"""Quantiles of a few numbers, in the nine ways in which people take them.

Between two numbers a quantile is not determined, so programs differ. Hyndman and Fan ("Sample quantiles in statistical
packages", The American Statistician 50, 1996) numbered the ways; R took the numbers over. All of them are exact here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from questionnaires.model import QuantileMethod

_HALF: Final = Fraction(1, 2)

_SHIFTED: Final[Mapping[QuantileMethod, Callable[[Fraction], Fraction]]] = {
    QuantileMethod.R4: lambda _: Fraction(0),
    QuantileMethod.R5: lambda _: _HALF,
    QuantileMethod.R6: lambda share: share,
    QuantileMethod.R7: lambda share: 1 - share,
    QuantileMethod.R8: lambda share: (share + 1) / 3,
    QuantileMethod.R9: lambda share: share / 4 + Fraction(3, 8),
}
"""By how much the place among n numbers differs from ``share`` times n, for the ways that draw straight lines."""


def quantile(rising: Sequence[Fraction], share: Fraction, method: QuantileMethod) -> Fraction:
    """The number at a share of the way from the least to the greatest, by rank.

    Args:
        rising: at least one number, the least first.
        share: from 0 to 1.
        method: what counts between two numbers; a place before the first or after the last counts as these.
    """
    shift = _SHIFTED.get(method)
    place = share * len(rising) + (shift(share) if shift is not None else 0)
    if shift is None:
        place, beyond = _stepping(place, method)
    else:
        beyond = place - place // 1
    before = int(place // 1)
    low, high = (rising[min(max(rank, 1), len(rising)) - 1] for rank in (before, before + 1))
    return low + (high - low) * beyond


def _stepping(place: Fraction, method: QuantileMethod) -> tuple[Fraction, Fraction]:
    """The place, and how far towards the next number, for the ways that take one of the numbers (or two together)."""
    if method is QuantileMethod.R3:
        place -= _HALF
    if place != place // 1:
        return place, Fraction(1)
    match method:
        case QuantileMethod.R1:
            return place, Fraction(0)
        case QuantileMethod.R2:
            return place, _HALF
    return place, Fraction(int(place) % 2)
