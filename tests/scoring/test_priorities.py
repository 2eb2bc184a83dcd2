"""Priorities: by pen and paper on a small definition, and against another way of working them out on random ones."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.mistakes import Mistaken
from questionnaires.model import FactorKind, PriorityFactor
from questionnaires.places import read
from questionnaires.wording import LANGUAGES
from scoring import Answer, LevelAnswer, Scorecard, compile_plan, score
from scoring.priorities import UnknownPrioritisation, effective_shares, points_of, priorities
from scoring.priority_figures import read_figures
from tests.scoring.wide import answered, wide_definition, wide_structures

SMALL: dict[str, Any] = {
    "family": "wide",
    "version": "1.0.0",
    "origin": "own",
    "languages": ["en"],
    "rounding": {"places": 2, "mode": "half_up"},
    "index": "overall",
    "categories": ["overall"],
    "questions": [{"id": name, "kind": "level", "highest": 4} for name in ("a", "b", "c")],
    "nodes": [
        {"id": "both", "aggregation": "mean", "children": [{"of": "a"}, {"of": "b"}]},
        {
            "id": "overall",
            "aggregation": "weighted_mean",
            "children": [{"of": "both", "weight": 3}, {"of": "c"}],
        },
    ],
    "priority_factors": [
        {"id": "gap", "kind": "gap", "target": 3},
        {"id": "share", "kind": "share"},
        {"id": "cost", "kind": "figure", "scale": {"form": "steps", "below": 2, "steps": [{"from": 10, "value": 0}]}},
        {"id": "to-the-top", "kind": "gap"},
        {"id": "behind", "kind": "distance", "scale": {"form": "linear", "base": 0, "lead": 2, "better": "more"}},
    ],
    "priorities": [
        {
            "id": "first",
            "of": ["a", "b", "c", "both"],
            "operator": "weighted_sum",
            "factors": [{"of": "gap", "weight": 2}, {"of": "share"}, {"of": "cost"}],
        },
        {
            "id": "second",
            "of": ["a", "b", "c"],
            "operator": "product",
            "factors": [{"of": "to-the-top"}, {"of": "behind"}],
            "ties": ["to-the-top"],
        },
    ],
}
ANSWERS: dict[str, Answer] = {"a": LevelAnswer(level=1), "b": LevelAnswer(level=4), "c": LevelAnswer(level=2)}


def figures(**given: Mapping[str, int]) -> dict[str, dict[str, Fraction]]:
    return {name: {of: Fraction(value) for of, value in each.items()} for name, each in given.items()}


def test_a_weighted_sum_by_pen_and_paper() -> None:
    """a: 2 × (3 − 1) + 3/8 + 2; c: 2 × (3 − 2) + 1/4 + 2; both: 2 × (3 − 2.5) + 3/4 + 0; b has no cost."""
    cost = figures(cost={"a": 9, "c": 5, "both": 10})
    found = priorities(wide_definition(SMALL), ANSWERS, cost)
    told = [(item.rank, item.of, item.exact, item.priority) for item in found.items]
    assert told == [
        (1, "a", "51/8", "6.38"),
        (2, "c", "17/4", "4.25"),
        (3, "both", "7/4", "1.75"),
        (None, "b", None, None),
    ]
    by_factor = {each.factor: (each.number, each.points, each.weight, each.part) for each in found.items[0].factors}
    assert by_factor == {"gap": ("2", "2", "2", "4"), "share": ("3/8", "3/8", "1", "3/8"), "cost": ("9", "2", "1", "2")}
    assert [each.number for each in found.items[3].factors] == ["0", "3/8", None]


def test_a_product_its_ties_and_shared_ranks() -> None:
    """Without points for being behind everything is 0: then the gap to the top decides, and equals share a rank."""
    behind = figures(behind={"a": 0, "b": 0, "c": 0})
    found = priorities(wide_definition(SMALL), ANSWERS, behind, "second")
    assert [(item.rank, item.of, item.exact) for item in found.items] == [(1, "a", "0"), (2, "c", "0"), (3, "b", "0")]
    same = ANSWERS | {"c": LevelAnswer(level=1)}
    found = priorities(wide_definition(SMALL), same, figures(behind={"a": 4, "b": 0, "c": 4}), "second")
    assert [(item.rank, item.of, item.exact) for item in found.items] == [(1, "a", "3"), (1, "c", "3"), (3, "b", "0")]


def test_a_value_that_is_open_has_no_priority() -> None:
    found = priorities(wide_definition(SMALL), {"a": LevelAnswer(level=1)}, figures(behind={"a": 2, "b": 2}), "second")
    assert [(item.rank, item.of) for item in found.items] == [(1, "a"), (None, "b"), (None, "c")]


def test_unknown_order() -> None:
    with pytest.raises(UnknownPrioritisation, match="first, second"):
        priorities(wide_definition(SMALL), ANSWERS, {}, "third")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("version: 1.0.1\nfigures: {cost: {a: 1}}", "figures-questionnaire"),
        ("version: 1.0.0\nfigures: {gap: {a: 1}}", "figure-of-no-factor"),
        ("version: 1.0.0\nfigures: {behind: {both: 1}}", "figure-for-nothing"),
        ("version: 1.0.0\nfigures: {cost: {a: one}}", "not-exact"),
    ],
)
def test_mistakes_in_figures(text: str, code: str) -> None:
    with pytest.raises(Mistaken) as raised:
        read_figures(read(f"questionnaire: wide\n{text}\n".encode(), "f.yaml"), wide_definition(SMALL))
    assert [mistake.code for mistake in raised.value.mistakes] == [code]
    assert all(raised.value.mistakes[0].located(language) for language in LANGUAGES)


def by_every_way(card: Scorecard, name: str) -> Fraction | None:
    """The share of one thing, added up over every way down from the index."""
    total = Fraction(0)
    ways = [(card.index, Fraction(1))]
    nodes = {node.id: node for node in card.nodes}
    while ways:
        here, share = ways.pop()
        if here == name:
            total += share
        for part in nodes[here].shares if here in nodes else ():
            if part.weight_used is None:
                return None
            ways.append((part.of, share * Fraction(part.weight_used)))
    return total


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_shares_and_sums_on_random_definitions(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    names = [question["id"] for question in structure["questions"] if question["kind"] != "date"]
    structure["priority_factors"] = [
        {"id": "gap", "kind": "gap", "target": data.draw(st.integers(-1, 3))},
        {"id": "share", "kind": "share"},
        {"id": "cost", "kind": "figure"},
    ]
    structure["priorities"] = [
        {
            "id": "what-first",
            "of": [*names, "first", "second"],
            "operator": data.draw(st.sampled_from(["product", "weighted_sum"])),
            "factors": [{"of": "gap"}, {"of": "share"}, {"of": "cost"}],
            "ties": ["cost"],
        }
    ]
    answers = data.draw(answered(structure))
    definition = wide_definition(structure)
    card = score(compile_plan(definition), answers)
    shares = effective_shares(card)
    if all(share.weight_used is not None for node in card.nodes for share in node.shares):
        for name in [*names, "first", "second"]:
            assert shares.get(name) == by_every_way(card, name), name
    cost = {name: Fraction(data.draw(st.integers(0, 3))) for name in names if data.draw(st.integers(0, 3))}
    found = priorities(definition, answers, {"cost": cost})
    assert {item.of for item in found.items} == {*names, "first", "second"}
    ranked = [item for item in found.items if item.rank is not None]
    for item in found.items:
        numbers = [each.number for each in item.factors]
        assert (item.rank is None) == (None in numbers)
        if item.exact is not None:
            gap, share, price = (Fraction(number or "0") for number in numbers)
            expected = gap * share * price if found.operator == "product" else gap + share + price
            assert Fraction(item.exact) == expected
    keys = [(Fraction(item.exact or 0), Fraction(item.factors[2].points or 0)) for item in ranked]
    assert keys == sorted(keys, reverse=True)
    assert [item.rank for item in ranked] == [keys.index(key) + 1 for key in keys]


def test_scales() -> None:
    line = {"form": "linear", "base": 100, "lead": 0, "better": "less", "at_lead": 4}
    factor = PriorityFactor.model_validate({"id": "cost", "kind": FactorKind.FIGURE, "scale": line})
    assert [points_of(factor, Fraction(number)) for number in (0, 25, 100, 400)] == [4, 3, 0, 0]
