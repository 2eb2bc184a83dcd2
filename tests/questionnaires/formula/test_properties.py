"""Formulas nobody thought of: every tree survives being written, no text breaks the reading or checking."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.formula.functions import FUNCTIONS
from questionnaires.formula.kinds import ANY, Entry, Kind, Part, Scope, check
from questionnaires.formula.parsing import KEYWORDS, parse
from questionnaires.formula.problems import FormulaMistaken, Problem
from questionnaires.formula.tree import (
    Binary,
    BinaryOperator,
    Call,
    Expression,
    Member,
    Name,
    Number,
    Text,
    Unary,
    walk,
)
from questionnaires.formula.writing import written

IDS = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4}){0,2}", fullmatch=True).filter(
    lambda word: word not in KEYWORDS
)
TEXTS = st.builds(
    Text, st.text(st.characters(exclude_characters="'\r\n", exclude_categories=["Cs"]), max_size=8), st.just(0)
)
DECIMALS = st.builds(lambda digits, places: Fraction(digits, 10**places), st.integers(0, 10**9), st.integers(0, 6))
OPERATORS = ("+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "and", "or")
EXPONENTS = st.builds(lambda value: Number(Fraction(value), 0), st.integers(-12, 12))


def _bigger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(Unary, st.sampled_from(("-", "not")), inner, st.just(0)),
        st.builds(Binary, st.sampled_from(OPERATORS), inner, inner, st.just(0)),
        st.builds(lambda base, exponent: Binary("^", base, exponent, 0), inner, EXPONENTS),
        st.builds(Member, inner, st.lists(TEXTS, min_size=1, max_size=3).map(tuple), st.just(0)),
        st.builds(Call, IDS, st.lists(inner, max_size=4).map(tuple), st.just(0)),
    )


TREES = st.recursive(
    st.one_of(st.builds(Number, DECIMALS, st.just(0)), TEXTS, st.builds(Name, IDS, st.just(0))), _bigger, max_leaves=15
)

SCOPE = Scope(
    {
        "energy": Entry(Part.QUESTION, Kind.NUMBER, "MWh", curve=True),
        "output": Entry(Part.QUESTION, Kind.NUMBER, "t"),
        "share": Entry(Part.QUESTION, Kind.NUMBER, "%"),
        "plain": Entry(Part.CONSTANT, Kind.NUMBER),
        "broken": Entry(Part.CONSTANT, Kind.NUMBER, "furlong"),
        "solar": Entry(Part.QUESTION, Kind.YES_NO),
        "sector": Entry(Part.QUESTION, Kind.CHOICE, options=("cement", "lime"), valued=False),
        "uses": Entry(Part.QUESTION, Kind.CHOICES, options=("heat", "cold")),
        "index": Entry(Part.NODE, Kind.NUMBER),
    }
)
WANTED: tuple[Literal["truth", "number"], ...] = ("truth", "number")
WORDS = (
    *SCOPE.entries, *FUNCTIONS, *OPERATORS, "not", "in", "^", "(", ")", ",", "0", "1", "2", "0.5",
    "'cement'", "'heat'", "'kWh'", "'t'", "'furlong'", "energy-output", "x",
)  # fmt: skip


@given(TREES)
def test_every_tree_survives_being_written(tree: Expression) -> None:
    text = written(tree)
    if len(text) <= 2000:
        assert parse(text) == tree


def _problems(text: str, wanted: Literal["truth", "number"]) -> tuple[Problem, ...] | None:
    """What is wrong with a text; None where it is a formula, which then holds no conversions any more."""
    try:
        checked = check(text, SCOPE, wanted, ANY)
    except FormulaMistaken as mistaken:
        return mistaken.problems
    assert not any(isinstance(part, Call) and part.function == "convert" for part in walk(checked.expression))
    return None


def _fails_only_as_it_should(text: str) -> None:
    started = time.process_time()
    for wanted in WANTED:
        problems = _problems(text, wanted)
        assert problems is None or problems
        assert all(0 <= problem.at <= len(text) for problem in problems or ())
    assert time.process_time() - started < 5


@given(st.text(max_size=2100))
def test_any_text_is_a_formula_or_a_mistake(text: str) -> None:
    _fails_only_as_it_should(text)


@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_any_row_of_words_is_a_formula_or_a_mistake(text: str) -> None:
    _fails_only_as_it_should(text)


@given(TREES)
def test_any_tree_is_fine_or_a_mistake(tree: Expression) -> None:
    _fails_only_as_it_should(written(tree))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000,
        "not " * 500,
        "-" * 2000,
        "a-" * 1000,
        ",".join(["sum(" + ",".join("abcdefghijklmnopqrstuvwxyz" * 36)]) + ")",
        "sum(" + ",".join(f"x{number}" for number in range(330)) + ")",
        "sector in (" + ",".join(f"'{number}'" for number in range(300)) + ")",
        "'" * 2000,
        "1." * 1000,
        "convert(energy, '" + "(" * 50 + "')",
        "((((((9 ^ 12) ^ 12) ^ 12) ^ 12) ^ 12) ^ 12)",
        "energy" + " * energy" * 90,
        "(" * 40 + "energy" + " ^ 12)" * 40,
    ],
)
def test_hostile_texts_take_no_time(text: str) -> None:
    _fails_only_as_it_should(text)


def test_operators_tested_are_all_there_are() -> None:
    assert {*OPERATORS, "^"} == set(BinaryOperator.__args__)  # type: ignore[attr-defined]
