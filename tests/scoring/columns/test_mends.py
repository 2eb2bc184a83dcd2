"""Definitions on which columns were once wrong, each as small as it can be."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from scoring import Answer, LevelAnswer, NotApplicableAnswer, NumberAnswer, State, compile_plan
from scoring.columns import population, program, taped
from scoring.columns.intervals import Interval
from tests.scoring.columns.test_equal import same
from tests.scoring.wide import wide_definition

LEVELS: dict[str, Any] = {
    "family": "mended",
    "version": "1.0.0",
    "origin": "own",
    "languages": ["en"],
    "rounding": {"places": 0, "mode": "half_up"},
    "index": "all",
    "categories": ["all"],
    "questions": [
        {"id": "care", "kind": "level", "highest": 3, "not_applicable": "allowed"},
        {"id": "bar", "kind": "level", "highest": 3, "not_applicable": "allowed"},
    ],
}


@pytest.fixture(autouse=True)
def _by_tape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taped, "LEAST", 0)
    monkeypatch.setattr(taped, "TABLES_ALONE", True)


def every_answer() -> list[dict[str, Answer]]:
    """All levels of both questions."""
    return [
        {"care": LevelAnswer(level=care), "bar": LevelAnswer(level=bar)} for care, bar in product(range(4), repeat=2)
    ]


def test_limits_the_wrong_way_round_leave_no_band() -> None:
    """A node in a table whose bands follow from an answer: where they are turned round, its value has no band."""
    bands = [{"id": "low", "from": 0}, {"id": "middle", "from": "bar"}, {"id": "high", "from": 2}]
    node = {"id": "all", "aggregation": "mean", "children": [{"of": "care"}], "bands": bands}
    scores = same(compile_plan(wide_definition({**LEVELS, "nodes": [node]})), every_answer())
    assert {scores.nodes["all"].band_of(place) for place in range(16)} == {"low", "middle", "high", None}


@pytest.mark.parametrize("formula", ["size", "care + size"])
def test_a_level_is_asked_from_a_measured_size_on(formula: str) -> None:
    """A question of few answers whose condition rests on a number, and a formula that reads it."""
    questions: list[dict[str, Any]] = [
        {"id": "size", "kind": "number", "least": 0},
        {**LEVELS["questions"][0], "applies_when": "size >= 10"},
        {"id": "made", "kind": "computed", "formula": formula},
    ]
    nodes = [
        {"id": "part", "aggregation": "mean", "children": [{"of": "care"}], "not_applicable": "exclude"},
        {"id": "all", "aggregation": "mean", "children": [{"of": "part"}, {"of": "made"}]},
    ]
    answers: list[dict[str, Answer]] = [
        {"size": NumberAnswer(number=Fraction(size)), "care": LevelAnswer(level=level)}
        for size, level in product((9, 10, 11), range(4))
    ]
    plan = compile_plan(wide_definition({**LEVELS, "questions": questions, "nodes": nodes}))
    scores = same(plan, [*answers, {"size": NumberAnswer(number=Fraction(9))}, {"care": LevelAnswer(level=2)}])
    assert {scores.nodes["part"].state_of(place) for place in range(12)} == {State.SCORED, State.NOT_APPLICABLE}


def test_what_tapes_do_not_know_is_left_to_other_columns_node_by_node(monkeypatch: pytest.MonkeyPatch) -> None:
    """A high power and what rests on it, beside a mean that a tape knows."""
    asked: list[str] = []
    one_by_one = population._by_columns

    def noted(*given: Any) -> set[int]:
        asked.extend(node.id for node in given[2].nodes)
        return one_by_one(*given)

    monkeypatch.setattr(population, "_by_columns", noted)
    children = [{"of": "care"}, {"of": "bar"}, {"of": "size"}]
    nodes = [
        {"id": "known", "aggregation": "mean", "children": children},
        {"id": "other", "aggregation": "formula", "formula": "care + bar + size ^ 9", "children": children},
        {"id": "all", "aggregation": "mean", "children": [{"of": "known"}, {"of": "other"}]},
    ]
    questions = [*LEVELS["questions"], {"id": "size", "kind": "number", "least": 1}]
    plan = compile_plan(wide_definition({**LEVELS, "questions": questions, "nodes": nodes}))
    sizes = [{**each, "size": NumberAnswer(number=Fraction(place + 1, 2))} for place, each in enumerate(every_answer())]
    same(plan, sizes[1:])
    assert set(asked) == {"other", "all"}


def test_next_to_the_largest_number_there_is_no_end() -> None:
    """What is divided by nearly nothing has bounds without an end, and nobody is warned of it."""
    largest = np.finfo(np.float64).max
    found = Interval(np.array([1.0]), np.array([largest])) / Interval(np.array([1 - 2.0**-53]), np.array([1.0]))
    assert found.high[0] == np.inf
    third = Interval(np.array([largest]), np.array([largest])) / Interval(np.array([1.0]), np.array([1 + 2.0**-52]))
    assert third.low[0] < largest <= third.high[0]


def test_a_limit_without_a_number_leaves_no_value_where_something_stands_in_for_what_does_not_apply() -> None:
    """No child applies, but one would count with all it can bring: the node applies, and its limit has no number."""
    node = {
        "id": "all",
        "aggregation": "count",
        "not_applicable": "full",
        "children": [{"of": "care", "reached_from": "bar"}],
    }
    absent = NotApplicableAnswer(reason="–")
    answers: list[dict[str, Answer]] = [{"care": absent, "bar": absent}, {"care": absent, "bar": LevelAnswer(level=1)}]
    scores = same(compile_plan(wide_definition({**LEVELS, "nodes": [node]})), [*answers, *every_answer()])
    assert scores.nodes["all"].state_of(0) is State.INSUFFICIENT


def test_what_stands_in_for_a_child_that_does_not_apply_is_weighed_by_its_formula() -> None:
    """Weights that answers tell, and a child that counts with all it can bring where it does not apply."""
    children = [{"of": "care", "weight": "bar"}, {"of": "bar", "weight": 1}]
    nodes = [
        {"id": how[:3], "aggregation": how, "not_applicable": "full", "children": children, **more}
        for how, more in (("weighted_mean", {}), ("sum", {}), ("share_reached", {"reached_from": 2}))
    ]
    nodes.append({"id": "all", "aggregation": "mean", "children": [{"of": node["id"]} for node in nodes]})
    absent = NotApplicableAnswer(reason="–")
    answers: list[dict[str, Answer]] = [
        {"care": absent, "bar": LevelAnswer(level=2)},
        {"care": absent, "bar": absent},
        {"care": LevelAnswer(level=1), "bar": absent},
    ]
    definition = {**LEVELS, "categories": ["wei"], "nodes": nodes}
    scores = same(compile_plan(wide_definition(definition)), [*answers, *every_answer()])
    assert scores.nodes["sum"].value(0) == "8"


def test_weights_that_are_nothing_whatever_the_answers_leave_no_value() -> None:
    """Formulas that always come to 0: there is nothing to divide by."""
    questions = [*LEVELS["questions"], {"id": "size", "kind": "number", "least": 1}]
    children = [{"of": each, "weight": "bar - bar"} for each in ("care", "size")]
    node = {"id": "all", "aggregation": "weighted_mean", "children": children}
    plan = compile_plan(wide_definition({**LEVELS, "questions": questions, "nodes": [node]}))
    scores = same(plan, [{**each, "size": NumberAnswer(number=Fraction(2))} for each in every_answer()])
    assert {scores.nodes["all"].value(place) for place in range(16)} == {None}


def test_a_formula_waits_for_the_cap_of_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the number as it is, and is settled with the amounts of its children all the same."""
    monkeypatch.setattr(program, "TABLE", 8)
    node = {"id": "all", "aggregation": "formula", "formula": "3 * care", "children": [{"of": "care", "cap": "bar"}]}
    answers: list[dict[str, Answer]] = [{"care": LevelAnswer(level=1)}, *every_answer()]
    scores = same(compile_plan(wide_definition({**LEVELS, "nodes": [node]})), answers)
    assert [scores.nodes["all"].state_of(place) for place in (0, 1)] == [State.OPEN, State.SCORED]
