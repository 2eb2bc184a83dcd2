"""Bounds against brute force: every way the missing answers can turn out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import Answer, LevelAnswer, NotApplicableAnswer, NumberAnswer, Plan, State, compile_plan, score
from tests.scoring.strategies import answered, answers_to, definition_of, structures
from tests.scoring.wide import wide_definition


def completed_ways(structure: dict[str, Any], answers: dict[str, Answer]) -> Iterator[dict[str, Answer]]:
    missing = [question for question in structure["questions"] if question["id"] not in answers]
    for choice in itertools.product(*(answers_to(question) for question in missing)):
        yield answers | {question["id"]: answer for question, answer in zip(missing, choice, strict=True)}


def outcomes(plan: Plan, structure: dict[str, Any], answers: dict[str, Answer]) -> list[Fraction]:
    found = []
    for completed in completed_ways(structure, answers):
        headline = score(plan, completed).headline
        if headline.exact is not None:
            found.append(Fraction(headline.exact))
    return found


def tight(structure: dict[str, Any]) -> dict[str, Any]:
    """Without least shares, which can rule out the extreme outcomes; nine places, so that rounding hides nothing."""
    for node in structure["nodes"]:
        node["least_counted"] = "0"
    structure["rounding"] = {"places": 9, "mode": "down"}
    return structure


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_bounds_are_reached_and_never_crossed(data: st.DataObject) -> None:
    structure = tight(data.draw(structures(most_questions=4)))
    answers = data.draw(answered(structure))
    plan = compile_plan(definition_of(structure))
    now = score(plan, answers).headline
    values = outcomes(plan, structure, answers)
    if not values:
        assert (now.lowest, now.highest) == (None, None)
        return
    step = Fraction(1, 10**9)
    assert now.lowest is not None
    assert now.highest is not None
    assert 0 <= min(values) - Fraction(now.lowest) < step
    assert 0 <= max(values) - Fraction(now.highest) < step


AGGREGATIONS = (
    *("mean", "weighted_mean", "sum", "minimum", "maximum", "median", "geometric", "harmonic"),
    *("share", "count", "share_reached", "cumulative"),
)
RULES: tuple[dict[str, Any], ...] = (
    {"kind": "cap", "at_most": "3/2"},
    {"kind": "veto", "to": 0},
    {"kind": "gate", "unless": "ruling >= 1", "at_most": 1},
    {"kind": "cap", "at_least": "1/2"},
    {"kind": "downgrade", "bands_down": 1},
    {"kind": "bonus", "bands_up": 1},
    {"kind": "bonus", "at_least": "1/2"},
)


@st.composite
def worked_out(draw: st.DrawFn, node: dict[str, Any], questions: dict[str, dict[str, Any]]) -> None:
    """Any aggregation for the node, with what belongs to it."""
    for child in node["children"]:
        child.pop("weight", None)
    node["aggregation"] = draw(st.sampled_from(AGGREGATIONS if node["id"] != "overall" else AGGREGATIONS[:-1]))
    if node["aggregation"] in ("weighted_mean", "sum", "geometric", "harmonic", "share", "share_reached"):
        for child in node["children"]:
            child["weight"] = draw(st.sampled_from(["1", "2", "1/2"]))
    if node["aggregation"] in ("count", "share_reached"):
        node["reached_from"] = draw(st.integers(1, 2))
    if node["aggregation"] == "cumulative":
        for child in node["children"]:  # one that may not apply would count twice: in its gate, and beside it
            questions[child["of"]]["not_applicable"] = "refused"
        gates = [f"{child['of']} >= {draw(st.integers(1, 2))}" for child in node["children"]]
        node["stages"] = [{"id": f"{node['id']}-{n}", "value": n + 1, "when": gate} for n, gate in enumerate(gates)]
        return
    node["not_applicable"] = draw(st.sampled_from(["exclude", "exclude", "full", "lowest"]))
    if draw(st.booleans()) and node["children"][0]["of"] in questions:
        node["children"][0]["cap"] = draw(st.integers(1, 2))
    if draw(st.integers(0, 3)) == 0:
        node |= {"least": "1/2", "most": "5/2"}


@st.composite
def any_tree(draw: st.DrawFn) -> dict[str, Any]:
    """A tree with any aggregations, policies, caps, limits, gates and rules, in which nothing counts twice."""
    structure = tight(draw(structures(most_questions=3)))
    structure["questions"].append({"id": "ruling", "kind": "level", "lowest": 0, "highest": 1})
    ruling = {"not_applicable": draw(st.sampled_from(["allowed", "refused"]))}
    structure["questions"][-1] |= ruling
    questions = {question["id"]: question for question in structure["questions"]}
    for node in structure["nodes"]:
        draw(worked_out(node, questions))
    index = next(node for node in structure["nodes"] if node["id"] == "overall")
    rule = draw(st.sampled_from(RULES))
    index["rules"] = [{"id": "r"} | ({} if "unless" in rule else {"when": "ruling = 1"}) | rule]
    if "bands_down" in rule:
        index["bands"] = [{"id": "low", "from": 0}, {"id": "high", "from": 1}]
    return structure


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_bounds_are_reached_where_nothing_counts_twice(data: st.DataObject) -> None:
    structure = data.draw(any_tree())
    answers = data.draw(answered(structure))
    plan = compile_plan(wide_definition(structure))
    cards = [score(plan, completed) for completed in completed_ways(structure, answers)]
    now = score(plan, answers)
    for node in structure["nodes"]:
        values = [Fraction(value) for card in cards if (value := card.node(node["id"]).value) is not None]
        found = [
            None if each is None else Fraction(each)
            for each in (now.node(node["id"]).lowest, now.node(node["id"]).highest)
        ]
        assert found == ([min(values), max(values)] if values else [None, None]), node


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_least_shares_never_break_the_bounds(data: st.DataObject) -> None:
    structure = data.draw(structures(most_questions=4))
    structure["rounding"] = {"places": 9, "mode": "down"}
    answers = data.draw(answered(structure))
    plan = compile_plan(definition_of(structure))
    now = score(plan, answers).headline
    step = Fraction(1, 10**9)
    for value in outcomes(plan, structure, answers):
        assert now.lowest is not None
        assert now.highest is not None
        assert Fraction(now.lowest) <= value < Fraction(now.highest) + step


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_each_further_answer_narrows_the_bounds(data: st.DataObject) -> None:
    structure = tight(data.draw(structures()))
    complete = data.draw(answered(structure, all_of_them=True))
    plan = compile_plan(definition_of(structure))
    given_so_far: dict[str, Answer] = {}
    lowest, highest = Fraction(-1), Fraction(100)
    for question, answer in complete.items():
        given_so_far[question] = answer
        now = score(plan, given_so_far).headline
        if now.state is State.NOT_APPLICABLE:
            return
        assert now.lowest is not None
        assert now.highest is not None
        assert Fraction(now.lowest) >= lowest
        assert Fraction(now.highest) <= highest
        lowest, highest = Fraction(now.lowest), Fraction(now.highest)


@pytest.mark.parametrize(
    ("made", "lowest", "highest"),
    [
        ({"aggregation": "sum"}, "1", "6"),
        ({"aggregation": "count", "reached_from": 1}, "1", "2"),
        ({"aggregation": "count", "reached_from": 2}, "0", "2"),
    ],
)
def test_were_nothing_there_it_would_be_no_zero(made: dict[str, Any], lowest: str, highest: str) -> None:
    """Two questions that may both not apply: the node then has no value, so its lowest value is that of one of them."""
    level = {"kind": "level", "lowest": 1, "highest": 3}
    structure: dict[str, Any] = {
        "family": "sums",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 0, "mode": "half_up"},
        "index": "n",
        "categories": ["n"],
        "questions": [{"id": name, "not_applicable": "allowed", **level} for name in ("x", "y")],
        "nodes": [{"id": "n", **made, "children": [{"of": "x"}, {"of": "y"}]}],
    }
    plan = compile_plan(definition_of(structure))
    now = score(plan, {}).headline
    values = outcomes(plan, structure, {})
    assert (now.lowest, now.highest) == (str(min(values)), str(max(values))) == (lowest, highest)


@pytest.mark.parametrize("policy", ["allowed", "refused"])
@pytest.mark.parametrize("least", ["1/2", "2/3"])
def test_what_too_few_children_leave_is_no_value(policy: str, least: str) -> None:
    """Two of three questions do not apply: with at least two thirds wanted, a value is only left without the third."""
    level = {"kind": "level", "lowest": 1, "highest": 3, "not_applicable": "allowed"}
    structure: dict[str, Any] = {
        "family": "shares",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "n",
        "categories": ["few", "other"],
        "questions": [
            *({"id": name, **level} for name in ("x", "y", "w")),
            {"id": "z", **level, "not_applicable": policy},
        ],
        "nodes": [
            {"id": "few", "aggregation": "mean", "least_counted": least, "children": [{"of": each} for each in "xyz"]},
            {"id": "other", "aggregation": "mean", "children": [{"of": "w"}]},
            {"id": "n", "aggregation": "mean", "children": [{"of": "few"}, {"of": "other"}]},
        ],
    }
    plan = compile_plan(definition_of(structure))
    nowhere = NotApplicableAnswer(reason="Not here.")
    answers: dict[str, Answer] = {"x": nowhere, "y": nowhere, "w": LevelAnswer(level=3)}
    values = outcomes(plan, structure, answers)
    now = score(plan, answers)
    assert (now.node("few").lowest, now.node("few").highest) == (None, None)
    ends = (f"{min(values)}.00", f"{max(values)}.00") if values else (None, None)
    assert (
        (now.headline.lowest, now.headline.highest)
        == ends
        == (("3.00", "3.00") if policy == "allowed" else (None, None))
    )


def test_what_has_no_value_leaves_none_above_it() -> None:
    """Where a child applies and is undefined, whatever is answered, the node can have no value either."""
    structure: dict[str, Any] = {
        "family": "undefined",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "n",
        "categories": ["n"],
        "questions": [
            {"id": "part", "kind": "number", "least": 0, "not_applicable": "refused"},
            {"id": "whole", "kind": "number", "least": 0, "not_applicable": "refused"},
            {"id": "level", "kind": "level", "lowest": 1, "highest": 3, "not_applicable": "refused"},
            {"id": "ratio", "kind": "computed", "formula": "part / whole"},
        ],
        "nodes": [{"id": "n", "aggregation": "mean", "children": [{"of": "ratio"}, {"of": "level"}]}],
    }
    plan = compile_plan(wide_definition(structure))
    numbers: dict[str, Answer] = {"part": NumberAnswer(number=Fraction(1)), "whole": NumberAnswer(number=Fraction(0))}
    now = score(plan, numbers).headline
    assert (now.state, now.lowest, now.highest) == (State.OPEN, None, None)
    assert score(plan, numbers | {"level": LevelAnswer(level=2)}).headline.state is State.INSUFFICIENT


def test_a_sum_may_count_less_than_the_greatest_weight_that_is_possible() -> None:
    level = {"kind": "level", "lowest": 0, "highest": 2, "not_applicable": "refused"}
    structure = {
        "family": "weighed",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 1, "mode": "half_up"},
        "index": "all",
        "categories": ["all"],
        "questions": [{"id": "given"} | level, {"id": "weight"} | level],
        "nodes": [{"id": "all", "aggregation": "sum", "children": [{"of": "given", "weight": "weight"}]}],
    }
    plan = compile_plan(wide_definition(structure))
    now = score(plan, {"given": LevelAnswer(level=2)}).headline
    cards = [score(plan, {"given": LevelAnswer(level=2), "weight": LevelAnswer(level=each)}) for each in (1, 2)]
    assert [card.headline.value for card in cards] == ["2.0", "4.0"]
    assert (now.lowest, now.highest) == ("0.0", "4.0")


def gated(**below: Any) -> dict[str, Any]:
    """An index that is a gate over a node: passed as soon as the node has a value, whatever that is."""
    level = {"kind": "level", "lowest": 0, "highest": 3}
    return {
        "family": "gated",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "n",
        "categories": ["below"],
        "questions": [
            {"id": "x", **level, "not_applicable": "allowed"},
            {"id": "y", **level, "not_applicable": "refused"},
            {"id": "ratio", "kind": "computed", "formula": "1 / x", "least": 0, "most": 1},
        ],
        "nodes": [
            {"id": "below", "aggregation": "mean", **below},
            {
                "id": "n",
                "aggregation": "cumulative",
                "children": [{"of": "below"}],
                "stages": [{"id": "there", "value": 1, "when": "below >= 0"}],
            },
        ],
    }


@pytest.mark.parametrize(
    ("below", "last"),
    [
        ({"children": [{"of": "ratio"}, {"of": "y"}]}, LevelAnswer(level=0)),
        ({"children": [{"of": "x"}, {"of": "y"}], "least_counted": "2/3"}, NotApplicableAnswer(reason="Not here.")),
    ],
    ids=["a division by zero", "too few that count"],
)
def test_nothing_is_decided_by_what_may_yet_have_no_value(below: dict[str, Any], last: Answer) -> None:
    plan = compile_plan(wide_definition(gated(**below)))
    answers: dict[str, Answer] = {"y": LevelAnswer(level=2)}
    now = score(plan, answers).headline
    assert (now.state, now.lowest, now.highest) == (State.OPEN, "0.00", "1.00")
    assert score(plan, answers | {"x": last}).headline.value == "0.00"
    assert score(plan, answers | {"x": LevelAnswer(level=1)}).headline.value == "1.00"
