"""Conditions that are written once and named: as good as written out, wherever a condition is wanted."""

from __future__ import annotations

from typing import Any

from scoring import Answer, LevelAnswer, State, compile_plan, score
from tests.questionnaires.definitions import structure
from tests.scoring.wide import wide_definition

CONDITIONS = [
    {"id": "late", "when": "when-done > date('2026-01-01')"},
    {"id": "both", "when": "strong and not (b < 2)"},
    {"id": "strong", "when": "a >= 2"},
]


def made(names: dict[str, str]) -> dict[str, Any]:
    """A structure whose formulas say ``names``: the ids of the conditions, or what they stand for."""
    changed = structure()
    changed["questions"] += [
        {"id": "when-done", "kind": "date"},
        {"id": "counted", "kind": "computed", "formula": f"count({names['both']}, {names['strong']}, {names['late']})"},
        {"id": "chosen", "kind": "computed", "formula": f"if({names['both']}, 5, 1)"},
    ]
    changed["questions"][2]["applies_when"] = names["strong"]
    changed["nodes"][1]["children"] += [{"of": "counted"}, {"of": "chosen"}]
    changed["nodes"][2]["rules"] = [{"id": "cap", "kind": "cap", "unless": names["both"], "at_most": 1}]
    return changed


def test_a_name_is_as_good_as_what_it_stands_for() -> None:
    named = {each["id"]: each["id"] for each in CONDITIONS}
    strong = "(a >= 2)"
    spelled = {"strong": strong, "both": f"({strong} and not (b < 2))", "late": "(when-done > date('2026-01-01'))"}
    plans = [
        compile_plan(wide_definition(made(named) | {"conditions": CONDITIONS})),
        compile_plan(wide_definition(made(spelled))),
    ]
    for first in (None, 0, 2):
        for second in (None, 1, 3):
            given = {"a": first, "b": second, "c": 3}
            answers: dict[str, Answer] = {
                name: LevelAnswer(level=level) for name, level in given.items() if level is not None
            }
            cards = [score(plan, answers) for plan in plans]
            assert cards[0].nodes == cards[1].nodes
            assert cards[0].questions == cards[1].questions
    assert cards[0].node("overall").state is State.OPEN  # the day is not known yet


def test_what_is_not_named_leaves_a_definition_as_it_was() -> None:
    assert wide_definition(structure()).named_conditions == {}
