"""What an author should look at twice: limits that count alone, and functions that go over one item alone."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from questionnaires.hints import hints
from questionnaires.places import Document
from tests.questionnaires.definitions import structure
from tests.scoring.wide import wide_definition


def found(formula: str, **changes: Any) -> list[tuple[str, object]]:
    """Place and name of every hint, with ``formula`` as a computed question; a may not apply, b always does."""
    changed = structure(constants=[{"id": "one", "value": 1}], **changes)
    changed["questions"] += [
        {"id": "half", "kind": "computed", "formula": "b / 2"},
        {"id": "made", "kind": "computed", "formula": formula},
    ]
    told = list(hints(wide_definition(changed), Document("definition.yaml")))
    for each in told:
        assert each.sentence("en") != each.sentence("ar")
    return [(each.pointer, each.details["id"]) for each in told]


@pytest.mark.parametrize(
    "formula",
    ["min(a / b, 1)", "b + max(0, a)", "mean(min(a, one), b)", "if(b > 1, min(2 * one, sum(a, c)), 0)"],
)
def test_a_limit_that_may_count_alone(formula: str) -> None:
    assert found(formula) == [("/questions/4/formula", "a")]


@pytest.mark.parametrize(
    "formula",
    [
        "min(b, 1)",
        "min(half, 1)",
        "min(a, b)",
        "mean(a, 1)",
        "if(a >= 1, 1, a)",
        "if(applies(a), min(a, 1), 0)",
        "min(sum(a, b), 1)",
        "min(count(a > 1), 1)",
    ],
)
def test_nothing_to_look_at(formula: str) -> None:
    assert found(formula) == []


def test_nodes_and_conditions_are_looked_at_too() -> None:
    changed = structure()["nodes"]
    changed[1] |= {"applies_when": "few"}
    changed[2]["rules"] = [{"id": "cap", "kind": "cap", "when": "max(second, 1) > 2 and few", "at_most": 1}]
    conditions = [{"id": "few", "when": "min(a, 1) = 1"}]
    places = found("b + 1", nodes=changed, conditions=conditions)
    assert ("/conditions/0/when", "a") in places
    assert ("/nodes/2/rules/0/when", "second") in places


LINES: dict[str, Any] = {
    "questions": [
        {"id": "lines", "kind": "items", "most": 3, "asks": ["output", "share"]},
        {"id": "output", "kind": "number", "least": 0},
        {"id": "total", "kind": "computed", "formula": "sum(output)"},
    ],
    "nodes": [
        {"id": "line", "each": "lines", "aggregation": "mean", "children": [{"of": "share"}]},
        {"id": "all", "aggregation": "mean", "children": [{"of": "line"}]},
    ],
    "index": "all",
    "categories": ["all"],
}
"""A list with its total outside of it; what share an item has of it is yet to be said."""


def of_one_item(share: str, weight: str = "1") -> list[tuple[str, object, object]]:
    """Place, function and name of the hints with ``share`` asked of each item and its weight among them."""
    changed = structure(**copy.deepcopy(LINES))
    changed["questions"].append({"id": "share", "kind": "computed", "formula": share})
    changed["nodes"][1] |= {"aggregation": "weighted_mean", "children": [{"of": "line", "weight": weight}]}
    told = list(hints(wide_definition(changed), Document("definition.yaml")))
    for each in told:
        assert each.sentence("en") != each.sentence("ar")
    return [(each.pointer, each.details["function"], each.details["id"]) for each in told]


@pytest.mark.parametrize(
    ("share", "function"),
    [
        ("output / sum(output)", "sum"),
        ("1 + count(output > total / 2)", "count"),
        ("highest(2, output * 3)", "highest"),
    ],
)
def test_a_function_that_goes_over_one_item_alone(share: str, function: str) -> None:
    assert of_one_item(share) == [("/questions/3/formula", function, "output")]


def test_a_weight_of_each_item_is_looked_at_too() -> None:
    found = of_one_item("output / total", "output / max(output)")
    assert found == [("/nodes/1/children/0/weight", "max", "output")]


@pytest.mark.parametrize(
    "share", ["output / total", "max(output, total)", "sum(output, 1)", "lowest(1, output, total)"]
)
def test_functions_with_something_to_compare_are_left_alone(share: str) -> None:
    assert of_one_item(share, "output / total") == []
