"""Weights, limits and thresholds that follow from answers: small cases reckoned by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from scoring import (
    Answer,
    ChoiceAnswer,
    NodeScore,
    NotApplicableAnswer,
    NumberAnswer,
    Scorecard,
    State,
    Why,
    compile_plan,
    score,
)
from tests.scoring.wide import wide_definition

OPTIONS = [{"id": "mill"}, {"id": "bakery"}, {"id": "depot"}]
QUESTIONS: list[dict[str, Any]] = [
    {"id": "sector", "kind": "choice", "options": OPTIONS},
    *({"id": name, "kind": "number"} for name in ("x", "y", "k")),
]
TABLES = [{"id": "by-sector", "by": "sector", "values": {"mill": 3, "bakery": 0, "depot": -1}}]


def scored(made: dict[str, Any], /, sector: str | None = None, **numbers: str | None) -> Scorecard:
    structure = {
        "family": "by-answers",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "n",
        "categories": ["n"],
        "tables": TABLES,
        "questions": QUESTIONS,
        "nodes": [{"id": "n", "aggregation": "weighted_mean", "children": [{"of": "x"}, {"of": "y"}], **made}],
    }
    answers: dict[str, Answer] = {
        name: NotApplicableAnswer(reason="None here.") if number is None else NumberAnswer(number=Fraction(number))
        for name, number in numbers.items()
    }
    if sector is not None:
        answers["sector"] = ChoiceAnswer(choice=sector)
    return score(compile_plan(wide_definition(structure)), answers)


def node(made: dict[str, Any], /, sector: str | None = None, **numbers: str | None) -> NodeScore:
    return scored(made, sector, **numbers).headline


WEIGHTED = {"children": [{"of": "x", "weight": "by-sector"}, {"of": "y"}]}


def test_a_weight_by_sector_is_told_as_it_was_used() -> None:
    found = node(WEIGHTED, "mill", x="2", y="6")
    assert (found.value, found.counted_share) == ("3.00", "1")
    assert [(share.weight, share.weight_used, share.contribution) for share in found.shares] == [
        ("3", "3/4", "3/2"),
        ("1", "1/4", "3/2"),
    ]
    assert [(amount.of, amount.exact) for amount in found.amounts] == [("children/x/weight", "3")]


def test_a_weight_of_zero_leaves_the_child_out_answered_or_not() -> None:
    for numbers in ({"x": "2", "y": "6"}, {"y": "6"}):
        found = node(WEIGHTED, "bakery", **numbers)
        assert (found.state, found.value, found.counted_share) == (State.SCORED, "6.00", "1")
        assert (found.shares[0].counted, found.shares[0].weight, found.shares[0].weight_used) == (False, "0", "0")


def test_where_nothing_has_a_weight_the_node_does_not_apply() -> None:
    made = {"children": [{"of": "x", "weight": "by-sector"}]}
    found = node(made, "bakery", x="2")
    assert (found.state, found.why, found.counted_share) == (State.NOT_APPLICABLE, Why.WEIGHTLESS, "0")


@pytest.mark.parametrize("weight", ["by-sector", "by-sector / 0", "root(k, 2) + by-sector * 0"])
def test_what_is_no_weight_gives_no_value_and_says_so(weight: str) -> None:
    found = node({"children": [{"of": "x", "weight": weight}, {"of": "y"}]}, "depot", x="2", y="6", k="2")
    assert (found.state, found.why, found.value, found.provisional) == (State.INSUFFICIENT, Why.AMOUNT, None, None)
    assert found.shares[0].weight is None


def test_a_weight_that_does_not_apply_is_zero() -> None:
    made = {"children": [{"of": "x", "weight": "k"}, {"of": "y"}]}
    assert node(made, x="2", y="6", k=None).value == "6.00"


def test_while_a_weight_is_open_the_value_waits_and_lies_between() -> None:
    made = {"children": [{"of": "x", "weight": "by-sector", "cap": 4}, {"of": "y"}], "missing": "exclude"}
    found = node(made, x="2", y="6")
    assert (found.state, found.why, found.value) == (State.OPEN, Why.AMOUNT_OPEN, None)
    assert (found.lowest, found.highest) == ("3.00", "6.00")
    assert found.shares[0].weight is None
    assert found.amounts[0].exact is None


def test_a_weight_without_any_limit_still_leaves_a_mean_between_its_parts() -> None:
    found = node({"children": [{"of": "x", "weight": "k"}, {"of": "y"}]}, x="2", y="6")
    assert (found.lowest, found.highest) == ("2.00", "6.00")


def test_what_counts_is_a_share_of_the_weights_as_used() -> None:
    made = WEIGHTED | {"missing": "exclude", "least_counted": "1/2"}
    assert node(made, "mill", y="6").state is State.INSUFFICIENT
    assert node(made, "mill", x="6").state is State.SCORED
    assert node(made, "mill", x="6").counted_share == "3/4"


@pytest.mark.parametrize(
    ("policy", "value"), [("exclude", "6.00"), ("full", "4.50"), ("lowest", "0.75")], ids=["exclude", "full", "lowest"]
)
def test_what_does_not_apply_counts_within_its_cap(policy: str, value: str) -> None:
    """Full is the cap, where that is below the end of the scale: (3 × 4 + 6) / 4."""
    children = [{"of": "part", "weight": 3, "cap": "k"}, {"of": "y"}]
    made = {"children": children, "not_applicable": policy}
    part = {"id": "part", "aggregation": "sum", "least": -1, "most": 9, "children": [{"of": "x"}]}
    structure = {
        "family": "by-answers", "version": "1.0.0", "origin": "own", "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"}, "index": "n", "categories": ["n"], "questions": QUESTIONS,
        "nodes": [part, {"id": "n", "aggregation": "weighted_mean", **made}],
    }  # fmt: skip
    answers: dict[str, Answer] = {name: NumberAnswer(number=Fraction(n)) for name, n in (("y", 6), ("k", 4))}
    answers["x"] = NotApplicableAnswer(reason="None here.")
    assert score(compile_plan(wide_definition(structure)), answers).headline.value == value


def test_a_share_is_of_what_the_caps_as_used_let_achieve() -> None:
    made = {"aggregation": "share", "children": [{"of": "x", "cap": "by-sector"}, {"of": "y", "cap": 5}]}
    found = node(made, "mill", x="9", y="1")
    assert found.value == "50.00"
    assert [share.cap for share in found.shares] == ["3", "5"]


def test_a_rule_limits_to_what_another_answer_says_and_tells_what_it_cost() -> None:
    rules = [{"id": "r", "kind": "cap", "when": "y > 0", "at_most": "x"}]
    found = node({"rules": rules}, x="2", y="6")
    assert found.value == "2.00"
    assert [(rule.fired, rule.before, rule.after) for rule in found.rules] == [(True, "4.00", "2.00")]


def test_a_limit_that_does_not_apply_limits_nothing_and_an_open_one_leaves_the_rule_open() -> None:
    rules = [{"id": "r", "kind": "cap", "when": "y > 0", "at_most": "k"}]
    assert node({"rules": rules}, x="2", y="6", k=None).value == "4.00"
    waiting = node({"rules": rules}, x="2", y="6")
    assert (waiting.state, waiting.why, waiting.rules[0].fired) == (State.OPEN, Why.RULE_OPEN, None)
    assert waiting.highest == "4.00"


def test_a_veto_sets_what_it_can_only_set() -> None:
    rules = [{"id": "r", "kind": "veto", "when": "y > 5", "to": "x / k"}]
    assert node({"rules": rules}, x="2", y="6", k="4").value == "0.50"
    assert node({"rules": rules}, x="2", y="6", k="0").why is Why.AMOUNT
    assert node({"rules": rules}, x="2", y="4", k="0").value == "3.00"


def test_limits_of_a_node_that_are_turned_round_give_no_value() -> None:
    made = {"least": "k", "most": 5}
    assert node(made, x="2", y="2", k="4").value == "4.00"
    assert node(made, x="2", y="2", k="6").why is Why.AMOUNT


def test_each_child_is_reached_from_its_own_threshold() -> None:
    made = {
        "aggregation": "count",
        "reached_from": "by-sector",
        "children": [{"of": "x"}, {"of": "y", "reached_from": 7}],
    }
    assert node(made, "mill", x="3", y="6").value == "1.00"
    assert node(made, "mill", x="2", y="7").value == "1.00"
    assert node(made, None, x="3", y="6").why is Why.AMOUNT_OPEN


BANDS = [{"id": "low", "from": 0}, {"id": "fair", "from": "k"}, {"id": "good", "from": 5}]


@pytest.mark.parametrize(
    ("changes", "x", "k", "band", "why"),
    [
        ({}, "3", "3", "fair", Why.NONE),
        ({"boundary": "upper"}, "3", "3", "low", Why.NONE),
        ({"boundary": "upper"}, "5", "3", "fair", Why.NONE),
        ({}, "4.996", "3", "good", Why.NONE),
        ({"bands_on": "exact"}, "4.996", "3", "fair", Why.NONE),
        ({"bands_on": "exact", "boundary": "upper"}, "5.001", "3", "good", Why.NONE),
        ({}, "6", "5", "good", Why.NONE),
        ({}, "6", "7", None, Why.BANDS),
        ({}, "6", None, None, Why.BANDS),
    ],
)
def test_bands_by_answers(changes: dict[str, Any], x: str, k: str | None, band: str | None, why: Why) -> None:
    found = node({"bands": BANDS, **changes}, x=x, y=x, k=k)
    assert (found.state, found.band, found.why) == (State.SCORED, band, why)


def test_a_band_waits_for_its_limits_but_the_value_does_not() -> None:
    rules = [{"id": "r", "kind": "downgrade", "when": "y > 0", "bands_down": 1}]
    found = node({"bands": BANDS, "rules": rules}, x="3", y="3")
    assert (found.state, found.value, found.band, found.why) == (State.SCORED, "3.00", None, Why.BANDS_OPEN)
    assert (found.rules[0].band_before, found.rules[0].band_after) == (None, None)


def test_an_irrational_limit_is_compared_and_rounded_exactly() -> None:
    found = node(
        {"most": "root(k, 2)", "bands": [{"id": "low", "from": 0}, {"id": "up", "from": "root(k, 2)"}]},
        x="9",
        y="9",
        k="2",
    )
    assert (found.value, found.band) == ("1.41", "low")
    assert (found.lowest, found.highest) == ("1.41", "1.41")


def test_a_scorecard_without_such_amounts_does_not_mention_them() -> None:
    assert b'"amounts"' not in scored({}, x="1", y="1").to_json()
    told = scored(WEIGHTED, "mill", x="1", y="1")
    assert Scorecard.from_json(told.to_json()) == told
