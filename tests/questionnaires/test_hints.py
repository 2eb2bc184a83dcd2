"""What an author should look at twice: limits that count alone, functions over one item, conditions over all items."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from questionnaires.hints import hints
from questionnaires.loading import load, published
from questionnaires.mistakes import Mistake
from questionnaires.places import Document
from tests.questionnaires.definitions import structure
from tests.scoring.wide import wide_definition

CODES = {"hint-divisor-zero"}
"""Hints about quotients, which have tests of their own below."""


def found(formula: str, **changes: Any) -> list[tuple[str, object]]:
    """Place and name of every hint, with ``formula`` as a computed question; a may not apply, b always does."""
    changed = structure(constants=[{"id": "one", "value": 1}], **changes)
    changed["questions"] += [
        {"id": "half", "kind": "computed", "formula": "b / 2"},
        {"id": "made", "kind": "computed", "formula": formula},
    ]
    told = [each for each in told_of(changed) if each.code not in CODES]
    return [(each.pointer, each.details["id"]) for each in told]


def told_of(changed: dict[str, Any]) -> list[Mistake]:
    """Every hint, which has a sentence in each language."""
    told = list(hints(wide_definition(changed), Document("definition.yaml")))
    for each in told:
        assert each.sentence("en") != each.sentence("ar")
    return told


@pytest.mark.parametrize(
    "formula",
    ["min(a / b, 1)", "b + max(0, a)", "mean(min(a, one), b)", "if(b > 1, min(2 * one, sum(a, c)), 0)"],
)
def test_a_limit_that_may_count_alone(formula: str) -> None:
    assert found(formula) == [("/questions/4/formula", "a")]


@pytest.mark.parametrize(("formula", "remedy"), [("min(a, 1)", "if(x >= 1, 1, x)"), ("max(a, 0)", "if(x <= 0, 0, x)")])
def test_the_remedy_comes_to_the_same_where_everything_applies(formula: str, remedy: str) -> None:
    changed = structure()
    changed["questions"].append({"id": "made", "kind": "computed", "formula": formula})
    (told,) = hints(wide_definition(changed), Document("definition.yaml"))
    assert remedy in told.sentence("en")
    assert remedy in told.sentence("ar")


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
    told = [each for each in told_of(changed) if each.code not in CODES]
    return [(each.pointer, each.details["function"], each.details["id"]) for each in told]


@pytest.mark.parametrize(
    ("formula", "least", "told"),
    [
        ("max(lowest-line, 0)", 0, ["lowest-line"]),
        ("max(lowest-line, 0)", 1, []),
        ("max(mean(output), 0)", 0, ["output"]),
        ("max(mean(output), 0)", 1, []),
        ("max(sum(output), 1)", 0, []),
        ("max(count(output > 1), 1)", 0, []),
        ("if(applies(lowest-line), max(lowest-line, 0), 4)", 0, []),
    ],
)
def test_what_is_made_of_all_items_does_not_apply_where_a_list_may_have_none(
    formula: str, least: int, told: list[str]
) -> None:
    """A sum over no findings is 0 in a formula; a node that counts each finding does not apply."""
    refused = {"not_applicable": "refused"}
    changed = structure(**copy.deepcopy(LINES))
    changed["questions"][0] |= {"least": least, **refused}
    changed["questions"][1] |= refused
    changed["questions"] += [{"id": "share", "kind": "computed", "formula": "output / 2"}]
    changed["nodes"][1]["id"], changed["index"], changed["categories"] = "lowest-line", "all", ["all"]
    children = [{"of": "lowest-line"}, {"of": "output"}]
    changed["nodes"].append({"id": "all", "aggregation": "formula", "formula": formula, "children": children})
    found = list(hints(wide_definition(changed), Document("definition.yaml")))
    assert [each.details["id"] for each in found if each.code == "hint-limit-counts-alone"] == told


@pytest.mark.parametrize(
    ("share", "function"),
    [
        ("output / sum(output)", "sum"),
        ("1 + count(output > total / 2)", "count"),
        ("highest(2, output * 3)", "highest"),
        ("if(output > sum(output) / 2, sum(output), 0)", "sum"),
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


NESTED: dict[str, Any] = {
    "questions": [
        {"id": "products", "kind": "items", "most": 3, "asks": ["size", "steps", "worst"]},
        {"id": "size", "kind": "number", "least": 0},
        {"id": "steps", "kind": "items", "most": 3, "asks": ["loss"]},
        {"id": "loss", "kind": "number", "least": 0},
        {"id": "worst", "kind": "computed", "formula": "max(loss)"},
    ],
    "nodes": [
        {"id": "product", "each": "products", "aggregation": "mean", "children": [{"of": "size"}]},
        {"id": "all", "aggregation": "mean", "children": [{"of": "product"}]},
    ],
    "conditions": [
        {"id": "lossy", "when": "loss > 5"},
        {"id": "any-lossy", "when": "count(lossy) >= 1"},
        {"id": "sized-lossy", "when": "count(lossy) >= 1 and size > 0"},
    ],
    "index": "all",
    "categories": ["all"],
}
"""Products, each with steps of its own; conditions about a step, about all steps there are, and about a product."""


def in_lists(outside: str, inside: str = "size") -> list[tuple[str, str, dict[str, object]]]:
    """Place, code and details of the hints with a formula outside of all lists and one asked of each product."""
    changed = structure(**copy.deepcopy(NESTED))
    changed["questions"][0]["asks"].append("inside")
    changed["questions"] += [
        {"id": "outside", "kind": "computed", "formula": outside},
        {"id": "inside", "kind": "computed", "formula": inside},
    ]
    told = [each for each in told_of(changed) if each.code not in CODES]
    return [(each.pointer, each.code, dict(each.details)) for each in told]


@pytest.mark.parametrize(
    ("formula", "inner", "named"),
    [
        ("max(sum(loss))", "sum", "loss"),
        ("sum(if(count(lossy) >= 1, 1, 0))", "count", "lossy"),
        ("sum(size * max(loss))", "max", "loss"),
        ("1 + mean(2, highest(2, loss))", "highest", "loss"),
    ],
)
def test_a_function_within_one_that_goes_over_every_inner_item_already(formula: str, inner: str, named: str) -> None:
    ((place, code, told),) = in_lists(formula)
    assert (place, code) == ("/questions/5/formula", "hint-goes-over-inner")
    assert (told["function"], told["id"], told["list"], told["of"]) == (inner, named, "steps", "products")


@pytest.mark.parametrize("formula", ["count(any-lossy)", "sum(if(any-lossy, 1, 0))"])
def test_a_condition_about_all_items_has_nothing_to_be_counted_over(formula: str) -> None:
    ((place, code, told),) = in_lists(formula)
    assert (place, code, told["id"]) == ("/questions/5/formula", "hint-condition-once", "any-lossy")


@pytest.mark.parametrize("formula", ["if(any-lossy, 1, 0)", "count(any-lossy)"])
def test_a_condition_about_all_inner_items_named_for_one_outer_item(formula: str) -> None:
    ((place, code, told),) = in_lists("1", formula)
    assert (place, code) == ("/questions/6/formula", "hint-condition-of-all")
    assert (told["id"], told["list"], told["outer"]) == ("any-lossy", "steps", "products")


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        ("max(worst)", "sum(loss)"),
        ("count(sized-lossy)", "if(sized-lossy, 1, 0)"),
        ("if(any-lossy, 1, 0)", "if(count(lossy) >= 1, 1, 0)"),
        ("count(any-lossy, size > 5)", "1"),
        ("sum(size * worst)", "mean(loss * size)"),
        ("sum(loss * (size + 1))", "sum(loss) / size"),
    ],
)
def test_lists_in_lists_that_read_right(outside: str, inside: str) -> None:
    assert in_lists(outside, inside) == []


@pytest.mark.parametrize("name", [f"{family}@{version}" for family, version in published()])
def test_published_definitions_leave_nothing_to_look_at_twice(name: str) -> None:
    family, _, version = name.partition("@")
    told = list(hints(load(family, version), Document("definition.yaml")))
    assert [each.details["divisor"] for each in told if each.code in CODES] == DIVIDED.get(name, [])
    assert [each for each in told if each.code not in CODES] == []


DIVIDED = {
    "green-factory@2025.0.0": ["water-taken + water-reused", "waste-made + waste-from-stock"],
    "industrial-cluster@1.0.0": ["net-zero-year - base-year"],
}
"""Quotients that have no value where nothing is taken, made or planned: published so, and right so."""


QUESTIONS: list[dict[str, Any]] = [
    {"id": "waste", "kind": "number", "least": 0},
    {"id": "output", "kind": "number", "least": 0},
    {"id": "days", "kind": "number", "least": 1},
    {"id": "any", "kind": "number"},
    {"id": "loss", "kind": "number", "most": -1},
    {"id": "twice", "kind": "computed", "formula": "2 * output"},
    {"id": "lines", "kind": "items", "least": 0, "most": 3, "asks": ["pieces"]},
    {"id": "pieces", "kind": "number", "least": 1},
    {"id": "sites", "kind": "items", "least": 1, "most": 3, "asks": ["area"]},
    {"id": "area", "kind": "number", "least": 1},
]


def divided(formula: str, **words: Any) -> list[object]:
    """The divisor of every hint about a quotient."""
    changed = structure()
    changed["questions"] = [*changed["questions"], *copy.deepcopy(QUESTIONS)]
    place = len(changed["questions"])
    changed["questions"].append({"id": "made", "kind": "computed", "formula": formula, **words})
    told = [each for each in told_of(changed) if each.code in CODES]
    assert all(each.pointer == f"/questions/{place}/formula" for each in told)
    return [each.details["divisor"] for each in told]


@pytest.mark.parametrize(
    ("formula", "divisor"),
    [
        ("waste / output", "output"),
        ("waste / any + waste / any", "any"),
        ("waste / (output + waste)", "output + waste"),
        ("waste / (output * days)", "output * days"),
        ("waste / (days - output)", "days - output"),
        ("waste / twice", "twice"),
        ("waste / sum(pieces)", "sum(pieces)"),
        ("waste / lines", "lines"),
        ("waste / mean(output, days)", "mean(output, days)"),
        ("if(days > 2, waste / output, 0)", "output"),
    ],
)
def test_a_divisor_that_answers_can_make_0(formula: str, divisor: str) -> None:
    assert divided(formula) == [divisor]


@pytest.mark.parametrize(
    "formula",
    [
        "waste / days",
        "waste / loss",
        "waste / (output + days)",
        "waste / (output + 1)",
        "waste / max(output, 1)",
        "waste / sum(area)",
        "waste / sites",
        "if(output > 0, waste / output, 0)",
        "if(twice = 0, 0, waste / twice)",
        "count(output > 0 and waste / output > 1)",
        "waste / 4",
    ],
)
def test_a_divisor_that_never_is_0_or_is_asked_about(formula: str) -> None:
    assert divided(formula) == []


def test_a_divisor_without_which_nothing_applies_is_asked_about() -> None:
    assert divided("waste / output", applies_when="output > 0") == []


def test_a_divisor_that_a_contradiction_is_about_was_thought_of() -> None:
    changed = structure()
    changed["questions"] = [*changed["questions"], *copy.deepcopy(QUESTIONS)]
    changed["questions"].append({"id": "made", "kind": "computed", "formula": "waste / (days - output)"})
    assert [each.code for each in told_of(changed)].count("hint-divisor-zero") == 1
    changed["contradictions"] = [{"id": "backwards", "when": "output >= days"}]
    assert [each.code for each in told_of(changed)].count("hint-divisor-zero") == 0
