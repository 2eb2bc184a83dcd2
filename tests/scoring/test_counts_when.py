"""Children that count only where a condition holds: the minimum over the weighty ones."""

from __future__ import annotations

from typing import Any

import pytest

from scoring import Answer, LevelAnswer, NumberAnswer, State, compile_plan, score
from scoring.answers import ItemsAnswer
from tests.questionnaires.definitions import structure
from tests.scoring.wide import wide_definition

QUESTIONS: list[dict[str, Any]] = [
    {"id": "lines", "kind": "items", "most": 9, "asks": ["output", "upkeep"], "not_applicable": "refused"},
    {"id": "output", "kind": "number", "least": 0, "not_applicable": "refused"},
    {"id": "upkeep", "kind": "level", "highest": 4, "not_applicable": "refused"},
]
LINE = {"id": "line", "each": "lines", "aggregation": "mean", "children": [{"of": "upkeep"}]}


def of_lines(aggregation: str, *lines: tuple[int, int | None], **words: Any) -> tuple[State, str | None]:
    """What a node makes of lines of an output and an upkeep, of which those of 100 and more count."""
    child = {"of": "line", "counts_when": "output >= 100", **words.pop("child", {})}
    index = {"id": "overall", "aggregation": aggregation, "children": [child], **words}
    changed = structure(questions=QUESTIONS, nodes=[LINE, index], categories=["overall"])
    ids = [f"line-{place}" for place in range(len(lines))]
    items = ItemsAnswer.model_validate({"items": [{"id": name, "name": name} for name in ids]})
    given: dict[str, Answer] = {"lines": items}
    for name, (output, upkeep) in zip(ids, lines, strict=True):
        given[f"lines.{name}.output"] = NumberAnswer(number=output)
        if upkeep is not None:
            given[f"lines.{name}.upkeep"] = LevelAnswer(level=upkeep)
    node = score(compile_plan(wide_definition(changed)), given).node("overall")
    return node.state, node.value


@pytest.mark.parametrize(
    ("aggregation", "words", "value"),
    [
        ("minimum", {}, "3.00"),
        ("mean", {}, "3.50"),
        ("sum", {}, "7.00"),
        ("weighted_mean", {"child": {"weight": "output"}}, "3.75"),
        ("count", {"reached_from": 1}, "2.00"),
        ("share_reached", {"reached_from": 4}, "50.00"),
    ],
)
def test_only_those_count_of_which_it_holds(aggregation: str, words: dict[str, Any], value: str) -> None:
    assert of_lines(aggregation, (100, 3), (99, 0), (300, 4), **words) == (State.SCORED, value)


def test_what_does_not_count_needs_no_answer() -> None:
    assert of_lines("minimum", (100, 3), (99, None)) == (State.SCORED, "3.00")
    assert of_lines("minimum", (100, 3), (100, None)) == (State.OPEN, None)


def test_where_nothing_counts_the_node_does_not_apply() -> None:
    assert of_lines("minimum", (1, 3), (2, 4)) == (State.NOT_APPLICABLE, None)


def test_while_it_is_open_whether_a_child_counts_the_least_may_be_without_it() -> None:
    node = {"id": "least", "aggregation": "minimum", "children": [{"of": "a"}, {"of": "b", "counts_when": "yes"}]}
    questions = [{"id": "yes", "kind": "yes_no"}, *({"id": each, "kind": "level", "highest": 3} for each in "ab")]
    plan = compile_plan(
        wide_definition(structure(questions=questions, nodes=[node], index="least", categories=["least"]))
    )
    open_one = score(plan, {"a": LevelAnswer(level=3), "b": LevelAnswer(level=1)}).headline
    assert (open_one.state, open_one.lowest, open_one.highest) == (State.OPEN, "1.00", "3.00")
