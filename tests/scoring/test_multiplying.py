"""Products: exact over numbers, sound where numbers are open or may not apply, and their ends are reached."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.enclosure import ANYTHING, ZERO, Enclosure, point
from scoring.multiplying import product as multiplied
from scoring.multiplying import product_of_any

NUMBERS = st.fractions(min_value=-3, max_value=3, max_denominator=4)
SPANS = st.tuples(NUMBERS, NUMBERS).map(sorted)
ONE = point(Fraction(1))


@given(st.lists(st.tuples(SPANS, st.booleans()), min_size=1, max_size=5))
def test_the_ends_are_reached_and_never_left(drawn: list[tuple[list[Fraction], bool]]) -> None:
    items = [(Enclosure(low, high), loose) for (low, high), loose in drawn]
    sure = [span for span, loose in drawn if not loose]
    free = [span for span, loose in drawn if loose]
    ways = [[*sure, *there] for size in range(len(free) + 1) for there in combinations(free, size) if sure or there]
    found = [prod(ends, start=Fraction(1)) for way in ways for ends in product(*way)]
    span = multiplied(items)
    assert span is not None
    if sure or len(items) == 1:
        assert (span.low, span.high) == (min(found), max(found))
    else:  # of several that may all be gone the product of none, 1, is within as well
        assert (span.low, span.high) == (min(*found, Fraction(1)), max(*found, Fraction(1)))


@given(SPANS, st.integers(0, 4), st.integers(0, 4))
def test_so_many_of_a_kind_reach_the_ends_of_their_products(ends: list[Fraction], fewest: int, more: int) -> None:
    """Some are at the low end, the others at the high one: a product has no further extremes."""
    low, high = ends
    counts = range(fewest, fewest + more + 1)
    found = [low**part * high ** (count - part) for count in counts for part in range(count + 1)]
    span = product_of_any(Enclosure(Fraction(counts[0]), Fraction(counts[-1])), Enclosure(low, high))
    assert (span.low, span.high) == (min(found), max(found))


@given(SPANS, st.integers(0, 3))
def test_without_a_most_no_product_leaves_the_bounds(ends: list[Fraction], fewest: int) -> None:
    low, high = ends
    span = product_of_any(Enclosure(Fraction(fewest), None), Enclosure(low, high))
    for count in (fewest, fewest + 1, fewest + 2, fewest + 17, fewest + 40):
        for part in {0, 1, count // 2, count} & {*range(count + 1)}:
            value = low**part * high ** (count - part)
            assert span.low is None or span.low <= value
            assert span.high is None or value <= span.high


LARGE = point(Fraction(10) ** 40)
SHARE = Enclosure(Fraction(1, 2), Fraction(1))


@pytest.mark.parametrize(
    ("count", "span", "expected"),
    [
        ((0, 0), ANYTHING, ONE),
        ((1, None), SHARE, Enclosure(Fraction(0), Fraction(1))),
        ((2, None), ONE, ONE),
        ((1, None), Enclosure(Fraction(2), Fraction(3)), Enclosure(Fraction(1), None)),
        ((1, 2), Enclosure(Fraction(2), None), Enclosure(Fraction(2), None)),
        ((1, 2), Enclosure(None, Fraction(2)), ANYTHING),
        ((1, 2), Enclosure(Fraction(-2), Fraction(-1)), Enclosure(Fraction(-2), Fraction(4))),
        ((1, 500), LARGE, Enclosure(Fraction(1), None)),
        ((3, 500), Enclosure(Fraction(0), Fraction(1, 10**40)), Enclosure(Fraction(0), Fraction(1, 10**120))),
    ],
)
def test_any_number_of_them(count: tuple[int, int | None], span: Enclosure, expected: Enclosure) -> None:
    fewest, most = (None if each is None else Fraction(each) for each in count)
    assert product_of_any(Enclosure(fewest, most), span) == expected


def test_a_product_of_too_many_digits_has_no_value_but_a_factor_of_0_decides() -> None:
    assert multiplied([(LARGE, False)] * 10) == point(Fraction(10) ** 400)
    assert multiplied([(LARGE, False)] * 100) is None
    assert multiplied([(LARGE, False)] * 4000) is None
    assert multiplied([(LARGE, False)] * 4000 + [(ZERO, False)]) == ZERO
