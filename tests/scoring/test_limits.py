"""Limits, directions and what stands outside a table of bands: small cases reckoned by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from scoring import Answer, NodeScore, NumberAnswer, Scorecard, State, Why, compile_plan, score
from tests.scoring.wide import wide_definition

PLAIN = [{"id": "x", "kind": "number"}, {"id": "y", "kind": "number"}]


def scored(made: dict[str, Any], questions: list[dict[str, Any]] | None = None, /, **numbers: str) -> Scorecard:
    structure = {
        "family": "limits",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "n",
        "categories": ["n"],
        "questions": questions or PLAIN,
        "nodes": [{"id": "n", "children": [{"of": "x"}], **made}],
    }
    answers: dict[str, Answer] = {name: NumberAnswer(number=Fraction(number)) for name, number in numbers.items()}
    return score(compile_plan(wide_definition(structure)), answers)


def node(made: dict[str, Any], **numbers: str) -> NodeScore:
    return scored(made, None, **numbers).headline


@pytest.mark.parametrize(("x", "value"), [("-3", "0.00"), ("40", "40.00"), ("104", "100.00")])
def test_a_value_is_held_within_its_limits(x: str, value: str) -> None:
    made = {"aggregation": "formula", "formula": "x", "least": 0, "most": 100}
    assert node(made, x=x).value == value


def test_limits_are_the_ends_of_what_is_open() -> None:
    open_node = node({"aggregation": "formula", "formula": "x * 2", "least": 0, "most": 100})
    assert (open_node.state, open_node.lowest, open_node.highest) == (State.OPEN, "0.00", "100.00")


def test_a_computed_number_is_held_within_its_limits() -> None:
    questions: list[dict[str, Any]] = [
        {"id": "y", "kind": "number"},
        {"id": "x", "kind": "computed", "formula": "y / 2", "most": 10},
    ]
    assert scored({"aggregation": "sum"}, questions, y="50").question("x").number == "10"


LESS: dict[str, Any] = {
    "aggregation": "sum",
    "better": "less",
    "bands": [{"id": "a", "from": -10}, {"id": "b", "from": 50}, {"id": "c", "from": 100}],
}


@pytest.mark.parametrize(
    ("rule", "value", "band"),
    [
        ({"kind": "downgrade", "bands_down": 1}, "20.00", "b"),
        ({"kind": "downgrade", "bands_down": 9}, "20.00", "c"),
        ({"kind": "veto", "at_most_band": "c"}, "20.00", "c"),
        ({"kind": "cap", "at_least": 60}, "60.00", "b"),
    ],
    ids=["a band down", "to the worst", "no better than", "at least"],
)
def test_where_less_is_better_rules_make_it_worse_too(rule: dict[str, Any], value: str, band: str) -> None:
    found = node(LESS | {"rules": [{"id": "r", "when": "x = 20", **rule}]}, x="20")
    assert (found.value, found.band) == (value, band)
    assert [outcome.fired for outcome in found.rules] == [True]


@pytest.mark.parametrize(
    ("rules", "value", "band"),
    [
        ([{"bands_up": 1}], "120.00", "b"),
        ([{"bands_up": 9}], "120.00", "a"),
        ([{"at_least_band": "b"}], "120.00", "b"),
        ([{"at_least_band": "b", "bands_up": 1}], "120.00", "a"),
        ([{"at_most": 60}], "60.00", "b"),
        ([{"bands_up": 1}, {"kind": "downgrade", "bands_down": 2}], "120.00", "c"),
        ([{"kind": "downgrade", "bands_down": 2}, {"bands_up": 1}], "120.00", "b"),
        ([{"bands_up": 2}, {"kind": "veto", "at_most_band": "b"}], "120.00", "b"),
        ([{"kind": "veto", "at_most_band": "c"}, {"at_least_band": "b"}], "20.00", "b"),
    ],
)
def test_a_bonus_lifts_in_the_order_of_the_rules(rules: list[dict[str, Any]], value: str, band: str) -> None:
    x = "20" if value == "20.00" else "120"
    made = [{"id": f"r{place}", "kind": "bonus", "when": f"x = {x}", **rule} for place, rule in enumerate(rules)]
    found = node(LESS | {"rules": made}, x=x)
    assert (found.value, found.band) == (value, band)
    assert all(outcome.fired for outcome in found.rules)


def test_a_bonus_says_what_it_gave_and_gives_nothing_to_the_best() -> None:
    rules = [{"id": "r", "kind": "bonus", "when": "x > 0", "bands_up": 1}]
    lifted, best = node(LESS | {"rules": rules}, x="70").rules[0], node(LESS | {"rules": rules}, x="7").rules[0]
    assert (lifted.kind, lifted.before, lifted.after) == ("bonus", "70.00", "70.00")
    assert (lifted.band_before, lifted.band_after) == ("b", "a")
    assert (best.fired, best.band_before, best.band_after) == (True, "a", "a")


def test_a_band_above_all_values_is_one_that_only_a_bonus_gives() -> None:
    made = {
        "aggregation": "sum",
        "least": 0,
        "most": 100,
        "bands": [{"id": "a", "from": 0}, {"id": "plus", "from": 101}],
        "rules": [{"id": "r", "kind": "bonus", "when": "x >= 90", "bands_up": 1}],
    }
    assert (node(made, x="100").band, node(made, x="89").band) == ("plus", "a")


def test_while_it_is_open_whether_a_bonus_is_given_so_is_the_node() -> None:
    questions: list[dict[str, Any]] = [{"id": "x", "kind": "number"}, {"id": "y", "kind": "yes_no"}]
    rules = [{"id": "r", "kind": "bonus", "when": "y", "at_least": 40}]
    children = [{"of": "x"}]
    made = {"aggregation": "sum", "children": children, "least": 0, "most": 100, "rules": rules}
    found = scored(made, questions, x="30").headline
    assert (found.state, found.lowest, found.highest) == (State.OPEN, "30.00", "40.00")


def test_a_rule_never_improves_what_is_worse_already() -> None:
    rules = [{"id": "r", "kind": "veto", "when": "x > 0", "at_most_band": "b"}]
    assert node(LESS | {"rules": rules}, x="120").band == "c"


def test_what_lies_below_the_first_band_of_a_formula_belongs_to_it() -> None:
    made = {"aggregation": "formula", "formula": "x - 3", "bands": [{"id": "low", "from": 0}, {"id": "up", "from": 1}]}
    found = node(made, x="1")
    assert (found.value, found.band) == ("-2.00", "low")


@pytest.mark.parametrize(
    ("base", "lead", "better", "x", "worth"),
    [
        ("100", "90", "less", "95", "1/2"),
        ("90", "100", "less", "95", None),
        ("90", "100", "more", "95", "1/2"),
        ("100", "90", "more", "95", None),
        ("90", "90", "less", "90", "1"),
    ],
)
def test_a_lead_value_on_the_wrong_side_gives_no_value(
    base: str, lead: str, better: str, x: str, worth: str | None
) -> None:
    """Base and lead come from answers, so only scoring can see it; nothing is drawn the wrong way round in silence."""
    curve = {"form": "linear", "base": "base", "lead": "lead", "better": better}
    questions: list[dict[str, Any]] = [{"id": name, "kind": "number"} for name in ("base", "lead")]
    questions.append({"id": "x", "kind": "number", "curve": curve})
    found = scored({"aggregation": "sum"}, questions, base=base, lead=lead, x=x)
    assert found.question("x").exact == worth
    if worth is None:
        assert (found.question("x").state, found.question("x").why) == (State.INSUFFICIENT, Why.UNDEFINED)
        assert found.headline.state is State.INSUFFICIENT
