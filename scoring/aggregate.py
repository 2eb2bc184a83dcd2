"""The arithmetic of nodes: values of children in, value of the node out, and what each child brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from questionnaires.model import Aggregation
from scoring.enclosure import ZERO, Enclosure, geometric, greatest, least, point, summed, total, weighted_total
from scoring.gathering import gathered
from scoring.plan import PlannedChild, PlannedNode
from scoring.quantities import compared
from scoring.rounding import Undecided

Pair = tuple[PlannedChild, Enclosure]
"""A child that counts, with its value."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How tightly irrational numbers are enclosed."""

    bits: int
    last: bool
    """True: no more bits will come; what cannot be told apart is equal."""


FIRST_BITS: Final = 128
MOST_BITS: Final = 4096
"""Irrational numbers are enclosed within 2^-bits, ever more tightly until every rounding is decided. What is still
open at the most lies so near a limit that it is taken for the limit itself."""

FIRST: Final = Precision(FIRST_BITS, last=False)


def aggregate(node: PlannedNode, pairs: Sequence[Pair], precision: Precision) -> Enclosure | None:
    """The value over the children that count (at least one); None where the aggregation is not defined for them.

    Stages and formulas are not arithmetic over children: see :mod:`scoring.gates`.
    """
    weight = weight_of(pairs)
    match node.aggregation:
        case Aggregation.MEAN | Aggregation.WEIGHTED_MEAN:
            return _weighted_sum(pairs).scaled(1 / weight)
        case Aggregation.SUM:
            return _weighted_sum(pairs)
        case Aggregation.MINIMUM:
            return least([value for _, value in pairs])
        case Aggregation.MAXIMUM:
            return greatest([value for _, value in pairs])
        case Aggregation.MEDIAN:
            return gathered("median", [(value, False) for _, value in pairs])
        case Aggregation.GEOMETRIC:
            return geometric([(child.weight, value) for child, value in pairs], precision.bits)
        case Aggregation.HARMONIC:
            return _harmonic(pairs, weight, precision)
        case Aggregation.SHARE:
            inverse = _achievable(pairs)
            return None if inverse is None else (_weighted_sum(pairs) * inverse).scaled(node.out_of)
        case Aggregation.COUNT:
            return point(Fraction(sum(_reached(child, value, precision) for child, value in pairs)))
        case Aggregation.SHARE_REACHED:
            reached = [child.weight for child, value in pairs if _reached(child, value, precision)]
            return point(node.out_of * sum(reached, Fraction(0)) / weight)
    raise TypeError(f"no arithmetic over children: {node.aggregation}")


def weight_of(pairs: Sequence[Pair]) -> Fraction:
    """The weight of all children that count."""
    return summed([child.weight for child, _ in pairs])


def _weighted_sum(pairs: Sequence[Pair]) -> Enclosure:
    return weighted_total((child.weight, value) for child, value in pairs)


def _harmonic(pairs: Sequence[Pair], weight: Fraction, precision: Precision) -> Enclosure | None:
    if any(value.low is None or value.low < 0 for _, value in pairs):
        return None
    if any(value.exact == 0 for _, value in pairs):
        return ZERO
    if any(value.low == 0 for _, value in pairs):
        if not precision.last:
            raise Undecided
        return ZERO
    inverses = [(child, value.inverse()) for child, value in pairs]
    inverse = total(item.scaled(child.weight) for child, item in inverses if item is not None).inverse()
    return None if inverse is None else inverse.scaled(weight)


def _achievable(pairs: Sequence[Pair]) -> Enclosure | None:
    """One over all that the children could achieve; None where that is nothing."""
    achievable = total((child.highest or ZERO).scaled(child.weight) for child, _ in pairs)
    return None if achievable.low is None or achievable.low <= 0 else achievable.inverse()


def _reached(child: PlannedChild, value: Enclosure, precision: Precision) -> bool:
    reached = compared(">=", value, child.reached_from)
    if reached is None and not precision.last:
        raise Undecided
    return reached is not False


def _middle(pairs: Sequence[Pair]) -> frozenset[int]:
    """Places of the child in the middle by order of value, or of the two there; of equals the first stand first."""
    rising = sorted(range(len(pairs)), key=lambda place: (pairs[place][1].low or Fraction(0), place))
    return frozenset({rising[(len(pairs) - 1) // 2], rising[len(pairs) // 2]})


def contributions(
    node: PlannedNode, pairs: Sequence[Pair], result: Enclosure | None, precision: Precision
) -> dict[str, tuple[Fraction | None, Enclosure | None]]:
    """Child id → its weight as used and what it brought to the value; None where that is not additive."""
    weight = weight_of(pairs)
    found: dict[str, tuple[Fraction | None, Enclosure | None]] = {}
    match node.aggregation:
        case Aggregation.MEAN | Aggregation.WEIGHTED_MEAN:
            for child, value in pairs:
                used = child.weight / weight
                found[child.id] = used, value.scaled(used)
        case Aggregation.SUM:
            for child, value in pairs:
                found[child.id] = child.weight, value.scaled(child.weight)
        case Aggregation.MINIMUM | Aggregation.MAXIMUM:
            decided = False
            for child, value in pairs:
                decides = not decided and value == result
                found[child.id] = child.weight / weight, value if decides else point(Fraction(0))
                decided = decided or decides
        case Aggregation.MEDIAN:
            middle = _middle(pairs) if pairs else frozenset()
            for place, (child, value) in enumerate(pairs):
                part = value.scaled(Fraction(1, len(middle))) if place in middle else point(Fraction(0))
                found[child.id] = child.weight / weight, part
        case Aggregation.SHARE:
            if (inverse := _achievable(pairs)) is None:
                return found
            for child, value in pairs:
                part = (child.highest or ZERO).scaled(child.weight) * inverse
                found[child.id] = part.exact, (value * inverse).scaled(child.weight * node.out_of)
        case Aggregation.COUNT | Aggregation.SHARE_REACHED:
            share = node.aggregation is Aggregation.SHARE_REACHED
            for child, value in pairs:
                used = child.weight / weight
                worth = node.out_of * used if share else Fraction(1)
                found[child.id] = used, point(worth if _reached(child, value, precision) else Fraction(0))
        case Aggregation.GEOMETRIC | Aggregation.HARMONIC:
            for child, _ in pairs:
                found[child.id] = child.weight / weight, None
        case _:
            for child, _ in pairs:
                found[child.id] = None, None
    return found
