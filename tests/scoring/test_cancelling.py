"""Irrational numbers that cancel, and fractions of thousands of digits: what has a value gets it, nothing else does."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from scoring import Answer, NumberAnswer, Plan, State, Why, compile_plan, score
from scoring.columns import Columns, score_population
from tests.scoring.wide import wide_definition

DIFFERENCE = "root(x, 2) - root(y, 2)"
"""Nothing where x and y are the same, though each root has endless digits."""


def plan_of(made: dict[str, Any], computed: dict[str, Any] | None = None) -> Plan:
    """A node ``n`` made of x, y and z, the last of which may be computed of x and y."""
    number = {"kind": "number", "least": 0}
    z = number if computed is None else {"kind": "computed", **computed}
    structure = {
        "family": "cancelling",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "n",
        "categories": ["n"],
        "questions": [{"id": "x", **number}, {"id": "y", **number}, {"id": "z", **z}],
        "nodes": [{"id": "n", "children": [{"of": "x"}, {"of": "y"}, {"of": "z"}], **made}],
    }
    return compile_plan(wide_definition(structure))


def given(plan: Plan, *numbers: Fraction | int) -> dict[str, Answer]:
    asked = [question.id for question in plan.questions if question.answerable]
    return {
        name: NumberAnswer(number=Fraction(number))
        for name, number in zip(asked, (*numbers, 0, 0, 0)[: len(asked)], strict=True)
    }


def stated(plan: Plan, *numbers: Fraction | int) -> str | None:
    """What the node states, which a population has to state as well."""
    answers = given(plan, *numbers)
    found = score(plan, answers).headline
    column = score_population(plan, Columns.of(plan, [answers])).nodes["n"]
    assert (column.state_of(0), column.value(0)) == (found.state, found.value)
    return found.value


@pytest.mark.parametrize(
    ("formula", "same", "apart"),
    [
        (f"1 / ({DIFFERENCE})", None, "3.15"),
        (f"({DIFFERENCE}) ^ -1", None, "3.15"),
        (f"ln({DIFFERENCE})", None, "-1.15"),
        (f"root({DIFFERENCE}, 2)", "0.00", "0.56"),
        (f"({DIFFERENCE}) ^ 4", "0.00", "0.01"),
        (f"({DIFFERENCE}) ^ 0.5", "0.00", "0.56"),
        (f"({DIFFERENCE}) ^ (-0.5 * 1)", None, "1.77"),
        (f"({DIFFERENCE}) ^ y", "0.00", "0.10"),
        (f"({DIFFERENCE}) ^ (x - 4)", None, "3.15"),
        (f"root(({DIFFERENCE}) ^ 2 + (root(x, 2) * root(x, 3)) ^ 2, 2)", "1.78", "2.52"),
        (f"if({DIFFERENCE} > 0, 1, 2)", "2.00", "1.00"),
    ],
)
def test_what_irrational_numbers_leave_when_they_cancel(formula: str, same: str | None, apart: str) -> None:
    node = plan_of({"aggregation": "formula", "formula": formula})
    limited = plan_of({"aggregation": "mean", "children": [{"of": "z"}]}, {"formula": formula, "least": -9, "most": 9})
    for plan in (node, limited):
        assert [stated(plan, 2, 2), stated(plan, 3, 2)] == [same, apart]


@pytest.mark.parametrize(
    ("formula", "whole", "beyond"),
    [
        ("ceil(root(x, 2) * root(x, 2))", "2.00", "11.00"),
        ("floor(root(x, 2) * root(x, 2))", "2.00", "10.00"),
        ("ceil(ln(4 * x) / ln(2))", "3.00", "6.00"),
        ("round(root(x, 2) * root(x, 2) / 4, 0)", "1.00", "3.00"),
        ("round(-root(x, 2) * root(x, 2) / 4, 0)", "-1.00", "-3.00"),
        ("round(root(x, 2) * root(x, 2) * 0.0075, 2)", "0.02", "0.08"),
    ],
)
def test_an_irrational_number_that_meets_a_step_stands_on_it(formula: str, whole: str, beyond: str) -> None:
    plan = plan_of({"aggregation": "formula", "formula": formula})
    assert [stated(plan, 2), stated(plan, Fraction("10.1"))] == [whole, beyond]


@pytest.mark.parametrize(
    ("formula", "same", "apart"),
    [
        ("power(-x, exp(y))", None, None),
        ("power(-x, ln(4 * y) / ln(2))", "-8.00", "-27.00"),
        ("power(-x, 2 * ln(4 * y) / ln(2)) / 10", "6.40", "72.90"),
        ("power(-x, root(y, 2) * root(y, 2))", "4.00", "9.00"),
    ],
)
def test_a_number_below_zero_has_powers_with_whole_exponents_alone(
    formula: str, same: str | None, apart: str | None
) -> None:
    plan = plan_of({"aggregation": "formula", "formula": formula})
    assert [stated(plan, 2, 2), stated(plan, 3, 2)] == [same, apart]


@pytest.mark.parametrize(
    ("formula", "exact"),
    [
        ("-exp(-x * 20)", "-0.000000000000000004248354255291…"),
        ("1 / exp(-x * 40)", "55406223843935100525711733958316612.924856728832685…"),
        (DIFFERENCE, "0." + "0" * 30 + "…"),
    ],
)
def test_what_is_told_of_an_irrational_number_is_its_sign_and_the_digits_known(formula: str, exact: str) -> None:
    """The digits are those of exp(40) and exp(80), reckoned apart; of the second fewer are known behind the point."""
    plan = plan_of({"aggregation": "formula", "formula": formula})
    assert score(plan, given(plan, 2, 2)).headline.exact == exact


def test_a_root_of_what_is_not_answered_may_be_anything_from_zero() -> None:
    found = score(plan_of({"aggregation": "formula", "formula": f"root({DIFFERENCE}, 2)"}), {}).headline
    assert (found.state, found.lowest, found.highest) == (State.OPEN, "0.00", None)


def test_a_computed_number_that_divides_by_what_cancels_is_none_within_any_limits() -> None:
    formula = {"formula": f"1 / ({DIFFERENCE})", "least": -100, "most": 100}
    plan = plan_of({"aggregation": "mean", "children": [{"of": "z"}]}, formula)
    found = score(plan, given(plan, 2, 2)).question("z")
    assert (found.state, found.why, found.exact) == (State.INSUFFICIENT, Why.UNDEFINED, None)


def test_a_harmonic_mean_over_what_cancels_is_zero() -> None:
    made = {"aggregation": "harmonic", "children": [{"of": "x"}, {"of": "z"}]}
    plan = plan_of(made, {"formula": DIFFERENCE, "least": 0, "most": 9})
    assert [stated(plan, 2, 2), stated(plan, 3, 2)] == ["0.00", "0.57"]


@pytest.mark.parametrize(("x", "value"), [("1", "0.00"), ("2", "4.00")])
def test_ends_of_a_curve_that_are_the_same_irrational_number_make_a_step(x: str, value: str) -> None:
    curve = {"form": "linear", "base": "root(y, 2)", "lead": "2 * root(y / 4, 2)", "better": "more", "at_lead": 4}
    plan = plan_of({"aggregation": "mean", "children": [{"of": "z"}]}, {"formula": "x", "curve": curve})
    assert stated(plan, Fraction(x), 2) == value
    assert score(plan, given(plan, Fraction(x), 2)).headline.exact == str(Fraction(value))


def test_a_tie_of_roots_takes_no_product_of_roots_away() -> None:
    roots = "root(x, 2) * root(x, 3) * root(x, 5) * root(x, 7)"
    plan = plan_of({"aggregation": "formula", "formula": f"if(root(x, 2) = root(y, 2), {roots}, 0)"})
    assert stated(plan, 2, 2) == "2.26"  # 2 ^ (1/2 + 1/3 + 1/5 + 1/7)


LONG = 10**1500
ALMOST_ONE = [Fraction(LONG + above, LONG + above + 6) for above in (1, 3, 7)]
"""Nearly 1, each a fraction with fifteen hundred digits above and below, that have nothing in common."""


def test_a_product_of_long_fractions_has_a_value() -> None:
    plan = plan_of({"aggregation": "formula", "formula": "100 * (x * y * z)"})
    assert stated(plan, *ALMOST_ONE) == "100.00"
    assert score(plan, given(plan, *ALMOST_ONE)).headline.exact == "99." + "9" * 30 + "…"


@pytest.mark.parametrize("aggregation", ["sum", "harmonic"])
def test_a_fraction_that_nobody_could_read_is_told_by_its_digits(aggregation: str) -> None:
    plan = plan_of({"aggregation": aggregation})
    found = score(plan, given(plan, *ALMOST_ONE)).headline
    assert found.exact == ("2." if aggregation == "sum" else "0.") + "9" * 30 + "…"
