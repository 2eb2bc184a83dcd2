"""Median and sums of the best: exact over numbers, and sound where numbers are open or may not apply."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.enclosure import Enclosure, point
from scoring.gathering import gathered

NUMBERS = st.fractions(min_value=-5, max_value=5, max_denominator=6)
SETS = st.lists(NUMBERS, min_size=1, max_size=6)
FUNCTIONS = ("median", "highest", "lowest", "sum", "min", "max", "mean")


def known(function: str, values: Sequence[Fraction], count: int) -> Fraction:
    """What the function is, said in another way."""
    rising = sorted(values)
    match function:
        case "median":
            return Fraction(statistics.median(rising))
        case "highest":
            return sum(rising[::-1][:count], Fraction(0))
        case "lowest":
            return sum(rising[:count], Fraction(0))
        case "sum":
            return sum(rising, Fraction(0))
        case "min":
            return rising[0]
        case "max":
            return rising[-1]
    return sum(rising, Fraction(0)) / len(rising)


@given(st.sampled_from(FUNCTIONS), SETS, st.integers(1, 6))
def test_numbers_that_are_known_give_the_number(function: str, values: list[Fraction], count: int) -> None:
    assert gathered(function, [(point(value), False) for value in values], point(Fraction(count))) == point(
        known(function, values, count)
    )


@st.composite
def loose_sets(draw: st.DrawFn) -> list[tuple[Enclosure, bool, Fraction]]:
    """Enclosures, whether each may not apply, and a number in each."""
    found: list[tuple[Enclosure, bool, Fraction]] = []
    for _ in range(draw(st.integers(1, 5))):
        low, inside, high = sorted(draw(st.tuples(NUMBERS, NUMBERS, NUMBERS)))
        ends = draw(st.sampled_from([(low, high), (None, high), (low, None), (inside, inside)]))
        found.append((Enclosure(*ends), draw(st.booleans()), inside))
    return found


@given(st.sampled_from(FUNCTIONS), loose_sets(), st.integers(0, 4), st.integers(0, 2))
def test_no_way_leaves_the_bounds(
    function: str, items: list[tuple[Enclosure, bool, Fraction]], count: int, more: int
) -> None:
    so_many = Enclosure(Fraction(count), Fraction(count + more))
    span = gathered(function, [(one, loose) for one, loose, _ in items], so_many)
    fixed = [inside for _, loose, inside in items if not loose]
    free = [inside for _, loose, inside in items if loose]
    for size in range(len(free) + 1):
        for there in combinations(free, size):
            if fixed or there:
                for many in range(count, count + more + 1):
                    value = known(function, [*fixed, *there], many)
                    assert span.low is None or span.low <= value
                    assert span.high is None or value <= span.high


@given(
    st.sampled_from(("median", "highest", "lowest")),
    st.lists(st.tuples(NUMBERS, NUMBERS, st.booleans()), max_size=4),
    st.data(),
)
def test_the_bounds_are_reached(
    function: str, drawn: list[tuple[Fraction, Fraction, bool]], data: st.DataObject
) -> None:
    items = [(min(a, b), max(a, b), loose) for a, b, loose in drawn] or [(Fraction(1), Fraction(2), True)]
    fewest = data.draw(st.integers(0, 3))
    counts = range(fewest, fewest + data.draw(st.integers(1, 3)))
    so_many = Enclosure(Fraction(counts[0]), Fraction(counts[-1]))
    span = gathered(function, [(Enclosure(low, high), loose) for low, high, loose in items], so_many)
    fixed = [(low, high) for low, high, loose in items if not loose]
    free = [(low, high) for low, high, loose in items if loose]
    ways = [[*fixed, *there] for size in range(len(free) + 1) for there in combinations(free, size) if fixed or there]
    so_far = [min(count, len(items)) for count in counts]  # of more than there are, all are added up
    assert span.low == min(known(function, [low for low, _ in way], count) for way in ways for count in so_far)
    assert span.high == max(known(function, [high for _, high in way], count) for way in ways for count in so_far)


ABOVE, BELOW = Enclosure(Fraction(3), None), Enclosure(None, Fraction(3))


@pytest.mark.parametrize(
    ("function", "spans", "expected"),
    [
        ("median", (ABOVE, point(Fraction(2)), point(Fraction(5))), Enclosure(Fraction(3), Fraction(5))),
        ("median", (ABOVE, point(Fraction(2)), ABOVE), Enclosure(Fraction(3), None)),
        ("highest", (ABOVE, point(Fraction(2)), point(Fraction(1))), Enclosure(Fraction(5), None)),
        ("highest", (BELOW, point(Fraction(2)), point(Fraction(1))), Enclosure(Fraction(3), Fraction(5))),
        ("lowest", (BELOW, point(Fraction(2)), point(Fraction(4))), Enclosure(None, Fraction(5))),
    ],
)
def test_open_ends_stay_open_only_where_they_reach(
    function: str, spans: tuple[Enclosure, ...], expected: Enclosure
) -> None:
    assert gathered(function, [(span, False) for span in spans], point(Fraction(2))) == expected
