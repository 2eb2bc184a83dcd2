"""The place of an item in its list, and sums of as many of the best as answers say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.model import Item
from scoring import Answer, ItemsAnswer, NotApplicableAnswer, NumberAnswer, State, compile_plan, score
from scoring.columns import Columns, score_population
from scoring.plan import Plan
from scoring.tracing import trace
from tests.scoring.wide import wide_definition

MOST = 6


def plan_of(*formulas: str, place: str = "rank(speed)") -> Plan:
    """A list of lines with a speed and a place, and a node for each formula over them."""
    nodes = [
        {"id": f"n{number}", "aggregation": "formula", "formula": text, "children": [{"of": "speed"}, {"of": "place"}]}
        for number, text in enumerate(formulas)
    ]
    structure: dict[str, Any] = {
        "family": "places",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 6, "mode": "half_up"},
        "index": "n0",
        "categories": [node["id"] for node in nodes],
        "questions": [
            {"id": "lines", "kind": "items", "least": 1, "most": MOST, "asks": ["speed", "place"]},
            {"id": "speed", "kind": "number", "least": -50, "most": 50},
            {"id": "place", "kind": "computed", "formula": place},
        ],
        "nodes": nodes,
    }
    return compile_plan(wide_definition(structure))


def lines(speeds: Sequence[Fraction | int | None]) -> dict[str, Answer]:
    """A line for every speed; None: it has none."""
    items = tuple(Item(id=f"l{number}", name=f"L{number}") for number in range(len(speeds)))
    found: dict[str, Answer] = {"lines": ItemsAnswer(items=items)}
    for item, speed in zip(items, speeds, strict=True):
        absent = NotApplicableAnswer(reason="It stands.")
        found[f"lines.{item.id}.speed"] = absent if speed is None else NumberAnswer(number=speed)
    return found


def numbers(plan: Plan, answers: Mapping[str, Answer], of: str = "place") -> list[str | None]:
    return [question.number for question in score(plan, answers).questions if question.id.endswith(f".{of}")]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("rank(speed)", ["2", "1", "2", None, "4"]),
        ("rank(-speed)", ["2", "4", "2", None, "1"]),
        ("(5 + rank(speed) - rank(-speed)) / 2", ["5/2", "1", "5/2", None, "4"]),
    ],
)
def test_equals_share_the_best_of_their_places(place: str, expected: list[str | None]) -> None:
    assert numbers(plan_of("max(place)", place=place), lines([7, 9, 7, None, 2])) == expected


SPEEDS = st.lists(st.integers(-3, 3).map(Fraction) | st.none(), min_size=1, max_size=MOST)


@given(SPEEDS)
def test_places_and_the_best_third_are_those_of_sorting(speeds: list[Fraction | None]) -> None:
    there = sorted((speed for speed in speeds if speed is not None), reverse=True)
    answers = lines(speeds)
    card = score(PLACES, answers)
    ranks = [None if speed is None else str(1 + there.index(speed)) for speed in speeds]
    assert [each.number for each in card.questions if each.id.endswith(".place")] == ranks
    third = -(-len(speeds) // 3)
    expected = [sum(there[:third]), sum(there[::-1][: len(speeds) // 3]), sum(there[: len(speeds) - 1])]
    for node, value in zip(card.nodes, expected, strict=True):
        assert (node.value is None) if not there else (Fraction(node.value or "") == value)
    again = score_population(PLACES, Columns.of(PLACES, [answers]))
    assert [again.nodes[node.id].value(0) for node in card.nodes] == [node.value for node in card.nodes]


PLACES = plan_of("highest(ceil(lines / 3), speed)", "lowest(floor(lines / 3), speed)", "highest(lines - 1, speed)")


def test_so_many_as_there_are_not_is_all_there_are_and_none_is_nothing() -> None:
    plan = plan_of("highest(lines * 2, speed)", "highest(lines - 5, speed)", "highest(0 * lines, speed) / lines")
    assert [node.value for node in score(plan, lines([4, 2])).nodes] == ["6.000000", "0.000000", "0.000000"]


def test_an_open_speed_leaves_only_places_open_that_it_decides() -> None:
    plan = plan_of("highest(max(place) - 1, speed)")
    answers = lines([7, 9, 5])
    del answers["lines.l2.speed"]
    card = score(plan, answers)
    places = {each.id.split(".")[1]: (each.state, each.number) for each in card.questions if each.id.endswith("place")}
    assert places == {"l0": (State.OPEN, None), "l1": (State.OPEN, None), "l2": (State.OPEN, None)}
    assert (card.headline.lowest, card.headline.highest) == ("0.000000", "59.000000")


def test_the_place_is_told_with_the_numbers_it_was_found_among() -> None:
    told = trace(plan_of("min(place)"), lines([7, 9, None, 2])).questions["lines.l0.place"]
    (step,) = [step for step in told.steps if step.formula]
    assert (step.formula, step.working, step.result) == (
        "rank(lines.l0.speed, lines.l1.speed, lines.l2.speed, lines.l3.speed)",
        "rank(7, 9, 2)",
        "2",
    )


def test_before_items_are_named_a_place_is_one_of_as_many_as_there_may_be() -> None:
    headline = score(plan_of("max(place)"), {}).headline
    assert (headline.lowest, headline.highest) == ("1.000000", "6.000000")
