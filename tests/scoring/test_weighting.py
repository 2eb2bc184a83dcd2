"""Weights from comparisons and from data come out as published, and as fractions that add up to one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.weighting import (
    Judgement,
    Method,
    NoDifference,
    NotComparisons,
    Priorities,
    RandomIndex,
    TooManyCriteria,
    UnfitData,
    objective_weights,
    priorities,
    rounded_to_one,
    spread,
)


def matrix(*rows: str) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(Fraction(entry) for entry in row.split()) for row in rows)


def compared(names: str, *above: str, below: Any = None) -> Judgement:
    """Comparisons of each name with those after it, row by row."""
    known = tuple(names.split())
    size = len(known)
    entries = [[Fraction(1)] * size for _ in known]
    for i, row in enumerate(above):
        for j, entry in enumerate(row.split(), start=i + 1):
            entries[i][j], entries[j][i] = Fraction(entry), 1 / Fraction(entry)
    return Judgement(known, tuple(tuple(row) for row in entries), below or {})


DRINKS = Judgement(
    ("coffee", "wine", "tea", "beer", "soda", "milk", "water"),
    matrix(
        "1 9 5 2 1 1 1/2",
        "1/9 1 1/3 1/9 1/9 1/9 1/9",
        "1/5 3 1 1/3 1/4 1/3 1/9",
        "1/2 9 3 1 1/2 1 1/3",
        "1 9 4 2 1 2 1/2",
        "1 9 3 1 1/2 1 1/3",
        "2 9 9 3 2 3 1",
    ),
)

CANDIDATES = "moll nell sue"
LEADER = compared(
    "experience education charisma age",
    "4 3 7",
    "1/3 3",
    "5",
    below={
        "experience": compared(CANDIDATES, "1/4 4", "9"),
        "education": compared(CANDIDATES, "3 1/5", "1/7"),
        "charisma": compared(CANDIDATES, "5 9", "4"),
        "age": compared(CANDIDATES, "1/3 5", "9"),
    },
)


def test_drinks() -> None:
    found = priorities(DRINKS)
    printed = [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
    assert [round(weight, 3) for weight in found.weights.values()] == printed
    assert round(found.consistency_ratio, 3) == 0.022


def test_leader() -> None:
    found = priorities(LEADER)
    assert {name: round(weight, 4) for name, weight in found.weights.items()} == {
        "experience": 0.5476,
        "education": 0.1266,
        "charisma": 0.2699,
        "age": 0.0559,
    }
    assert round(found.consistency_ratio, 3) == 0.044
    assert round(priorities(LEADER, RandomIndex.DONEGAN_DODD).consistency_ratio, 3) == 0.048
    experience = found.below["experience"]
    assert [round(weight, 3) for weight in experience.weights.values()] == [0.217, 0.717, 0.066]
    assert round(experience.consistency_ratio, 3) == 0.035
    assert round(found.below["education"].consistency_ratio, 3) == 0.062
    whole = spread(found)
    assert sum(whole.values()) == pytest.approx(1)
    # The source rounds every weight to three places before it multiplies.
    assert {name: f"{weight:.3f}" for name, weight in spread(_rounded(found)).items()} == {
        "moll": "0.358",
        "nell": "0.493",
        "sue": "0.150",
    }
    assert whole == pytest.approx({"moll": 0.358, "nell": 0.493, "sue": 0.150}, abs=0.001)


def _rounded(found: Priorities) -> Priorities:
    weights = {name: round(weight, 3) for name, weight in found.weights.items()}
    return replace(found, weights=weights, below={name: _rounded(inner) for name, inner in found.below.items()})


@pytest.mark.parametrize(
    "wrong",
    [
        Judgement((), ()),
        Judgement(("a", "b"), matrix("1 2")),
        Judgement(("a", "b"), matrix("1 2", "1/2 1 1")),
        Judgement(("a", "b"), matrix("1 2", "2 1")),
        Judgement(("a", "b"), matrix("1 0", "0 1")),
        Judgement(("a", "b"), matrix("1 -2", "-1/2 1")),
        Judgement(("a", "b"), matrix("2 2", "1/2 1")),
        Judgement(("a", "a"), matrix("1 2", "1/2 1")),
        Judgement(("a", "b"), matrix("1 2", "1/2 1"), {"c": compared("x y", "1")}),
    ],
)
def test_what_is_no_comparison(wrong: Judgement) -> None:
    with pytest.raises(NotComparisons, match="comparison"):
        priorities(wrong)


def test_more_criteria_than_there_are_random_indexes_for() -> None:
    many = tuple(f"c{number}" for number in range(16))
    same = Judgement(many, tuple((Fraction(1),) * 16 for _ in many))
    with pytest.raises(TooManyCriteria, match="15"):
        priorities(same)
    assert priorities(same, RandomIndex.DONEGAN_DODD).consistency_ratio == pytest.approx(0)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_consistent_comparisons_give_back_their_weights(weights: list[int]) -> None:
    names = tuple(f"c{place}" for place in range(len(weights)))
    judged = Judgement(names, tuple(tuple(Fraction(a, b) for b in weights) for a in weights))
    found = priorities(judged)
    assert list(found.weights.values()) == pytest.approx([weight / sum(weights) for weight in weights])
    assert found.consistency_ratio == pytest.approx(0, abs=1e-9)


FOUR = [[30, 30, 38, 29], [19, 54, 86, 29], [19, 15, 85, "28.9"], [68, 70, 60, 29]]
MIXED = [["3.0", 100, 10, 7], ["2.5", 80, 8, 5], ["1.8", 50, 20, 11], ["2.2", 70, 12, 9]]
SIX = [[5000, 3, 3, 4, 3, 2], [680, 5, 3, 2, 2, 1], [2000, 3, 2, 3, 4, 3], [600, 4, 3, 1, 2, 2], [800, 2, 4, 3, 3, 4]]
FIVE = [[450, 8000, 54, 145], [10, 9100, 2, 160], [100, 8200, 31, 153], [220, 9300, 1, 162], [5, 8400, 23, 158]]


@pytest.mark.parametrize(
    ("method", "rows", "types", "weights"),
    [
        (Method.ENTROPY, FOUR, "++++", "0.4630 0.3992 0.1378 0.0000"),
        (Method.VARIATION, FOUR, "++++", "0.4258 0.3610 0.2121 0.0011"),
        (Method.ANGLE, FOUR, "++++", "0.4150 0.3612 0.2227 0.0012"),
        (Method.ENTROPY, MIXED, "-+-+", "0.1146 0.1981 0.4185 0.2689"),
        (Method.IDOCRIW, MIXED, "-+-+", "0.166 0.189 0.355 0.291"),
        (Method.CILOS, MIXED, "-+-+", "0.334 0.220 0.196 0.250"),
        (Method.CRITIC, SIX, "++++++", "0.157 0.249 0.168 0.121 0.154 0.151"),
        (Method.MEREC, FIVE, "++--", "0.5752 0.0141 0.4016 0.0091"),
    ],
)
def test_published_weights(method: Method, rows: list[list[Any]], types: str, weights: str) -> None:
    exact = [[Fraction(value) for value in row] for row in rows]
    found = objective_weights(exact, method, [sign == "+" for sign in types])
    places = len(weights.split(maxsplit=1)[0]) - 2
    assert [f"{weight:.{places}f}" for weight in found] == weights.split()


def numbers(*rows: str) -> list[list[Fraction]]:
    return [[Fraction(value) for value in row.split()] for row in rows]


LOOK_AT_THE_FIRST_BEST = {Method.CILOS, Method.IDOCRIW}
"""Of several rows that are best these look at the first, so a column without differences decides their losses."""


@pytest.mark.parametrize("method", sorted(set(Method) - LOOK_AT_THE_FIRST_BEST))
def test_a_column_without_differences_gets_no_weight(method: Method) -> None:
    found = objective_weights(numbers("1 5 2", "3 5 1", "2 5 7"), method)
    assert found[1] == 0
    assert sum(found) == pytest.approx(1)


@pytest.mark.parametrize("method", Method)
def test_without_any_difference_there_are_no_weights(method: Method) -> None:
    with pytest.raises(NoDifference, match="differ"):
        objective_weights(numbers("1 5", "1 5", "1 5"), method)


@pytest.mark.parametrize(
    ("rows", "method", "more"),
    [
        (numbers("1 2"), Method.ENTROPY, None),
        ([[], []], Method.ENTROPY, None),
        (numbers("1 2", "1"), Method.ENTROPY, None),
        (numbers("1 2", "2 1"), Method.ENTROPY, [True]),
        (numbers("1 -2", "2 1"), Method.ENTROPY, None),
        (numbers("1 0", "2 0"), Method.VARIATION, None),
        (numbers("1 0", "2 1"), Method.MEREC, None),
        (numbers("1 0", "2 1"), Method.ANGLE, [True, False]),
    ],
)
def test_data_that_a_method_cannot_take(rows: list[list[Fraction]], method: Method, more: list[bool] | None) -> None:
    with pytest.raises(UnfitData, match="column"):
        objective_weights(rows, method, more)


@settings(max_examples=50)
@given(
    st.lists(st.lists(st.integers(1, 9).map(Fraction), min_size=3, max_size=3), min_size=3, max_size=6),
    st.sampled_from(Method),
    st.permutations(range(3)),
)
def test_weights_follow_their_columns(rows: list[list[Fraction]], method: Method, order: list[int]) -> None:
    try:
        found = objective_weights(rows, method)
    except NoDifference:
        return
    assert sum(found) == pytest.approx(1)
    assert all(weight >= 0 for weight in found)
    if method not in LOOK_AT_THE_FIRST_BEST:
        turned = objective_weights([[row[place] for place in order] for row in reversed(rows)], method)
        assert turned == pytest.approx([found[place] for place in order], abs=1e-9)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=9).filter(any), st.integers(0, 6))
def test_rounded_weights_add_up_to_one(weights: list[int], places: int) -> None:
    found = rounded_to_one([Fraction(weight) for weight in weights], places)
    assert sum(found) == 1
    for weight, share in zip(weights, found, strict=True):
        assert share * 10**places == int(share * 10**places)
        assert abs(share - Fraction(weight, sum(weights))) < Fraction(1, 10**places)


def test_thirds_are_rounded_to_one() -> None:
    assert [str(share) for share in rounded_to_one([1 / 3] * 3, 2)] == ["17/50", "33/100", "33/100"]
