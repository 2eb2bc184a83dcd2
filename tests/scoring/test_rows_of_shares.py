"""A share over a grid that sums: rows that do not apply leave the numerator and what could be achieved."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.checking import scale_of
from questionnaires.model import Rounding, RoundingMode
from scoring import Answer, Answers, GridAnswer, LevelAnswer, compile_plan, score
from scoring.columns import Columns, score_population
from scoring.exact import thoroughly
from scoring.rounding import stated
from scoring.tracing import trace
from tests.scoring.wide import every_answer, rows_that_leave, wide_definition

STEP = Fraction(1, 100)
GRID: dict[str, Any] = {
    "id": "g",
    "kind": "grid",
    "aggregation": "sum",
    "rows": [{"id": "r1"}, {"id": "r2"}, {"id": "r3", "weight": 2}],
    "options": [{"id": "a", "value": 20}, {"id": "na", "not_applicable": True}, {"id": "d", "value": -20}],
}
OTHER: dict[str, Any] = {"id": "other", "kind": "level", "lowest": 0, "highest": 4}


def made(*children: dict[str, Any], questions: Any = (GRID, OTHER), **node: Any) -> dict[str, Any]:
    return {
        "family": "rows",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "s",
        "categories": ["s"],
        "questions": list(questions),
        "nodes": [{"id": "s", "aggregation": "share", "children": list(children), **node}],
    }


def rows(*options: str) -> GridAnswer:
    return GridAnswer(grid={f"r{place + 1}": option for place, option in enumerate(options)})


WITH_OTHER = ({"of": "g"}, {"of": "other"})


@pytest.mark.parametrize(
    ("children", "answer", "expected"),
    [
        ([{"of": "g"}], rows("a", "a", "na"), "100.00"),  # 40 of 40
        ([{"of": "g"}], rows("a", "d", "na"), "0.00"),  # 0 of 40
        ([{"of": "g"}], rows("a", "d", "a"), "50.00"),  # 40 of 80
        ([{"of": "g"}], rows("na", "na", "d"), "-100.00"),  # -40 of 40
        ([{"of": "g", "cap": 30}], rows("a", "na", "na"), "100.00"),  # 20 of 20: the cap does not bind
        ([{"of": "g", "cap": 30}], rows("a", "a", "a"), "100.00"),  # 30 of 30
        ([{"of": "g", "cap": "3 * other"}], rows("a", "d", "a"), "100.00"),  # 12 of 12: of 40 no more than 12
        ([{"of": "g", "weight": "1/2"}, {"of": "other"}], rows("a", "na", "na"), "100.00"),  # (10 + 4) of (10 + 4)
        (WITH_OTHER, rows("a", "na", "d"), "-25.00"),  # (20 - 40 + 4) of (60 + 4)
        (WITH_OTHER, rows("na", "na", "na"), "100.00"),  # 4 of 4
        ([{"of": "g", "not_applicable": "full"}, {"of": "other"}], rows("na", "na", "na"), "100.00"),  # 84 of 84
        ([{"of": "g", "not_applicable": "lowest"}, {"of": "other"}], rows("na", "na", "na"), "-90.48"),  # -76 of 84
    ],
)
def test_what_does_not_apply_is_left_out_above_and_below(
    children: list[dict[str, Any]], answer: GridAnswer, expected: str
) -> None:
    plan = compile_plan(wide_definition(made(*children)))
    answers: Answers = {"g": answer, "other": LevelAnswer(level=4)}
    found = score(plan, answers)
    assert found.node("s").value == expected
    assert found == thoroughly(plan, answers)[1]


def test_the_explanation_says_what_could_be_achieved() -> None:
    plan = compile_plan(wide_definition(made(*WITH_OTHER)))
    told = trace(plan, {"g": rows("a", "a", "na"), "other": LevelAnswer(level=3)}).nodes["s"]
    assert next((step.working, step.result) for step in told.made if step.key == "achievable") == (
        "1 × 40 + 1 × 4",
        "44",
    )
    used = {share.of: (share.weight_used, share.contribution) for share in told.score.shares}
    assert used == {"g": ("10/11", "1000/11"), "other": ("1/11", "75/11")}


@pytest.mark.parametrize(
    ("children", "given_now", "ends"),
    [
        ([{"of": "g"}], {}, ("-100.00", "100.00")),
        (WITH_OTHER, {"other": LevelAnswer(level=0)}, ("-95.24", "95.24")),  # all rows: -80 of 84, 80 of 84
        (WITH_OTHER, {"g": rows("na", "na", "a")}, ("90.91", "100.00")),  # 40 of 44, or 44 of 44
    ],
)
def test_what_is_still_possible(
    children: list[dict[str, Any]], given_now: dict[str, Answer], ends: tuple[str, str]
) -> None:
    now = score(compile_plan(wide_definition(made(*children))), given_now).node("s")
    assert (now.lowest, now.highest) == ends


def test_a_grid_that_is_open_does_not_hold_up_what_is_known() -> None:
    plan = compile_plan(wide_definition(made(*WITH_OTHER, missing="exclude")))
    assert score(plan, {"other": LevelAnswer(level=3)}).node("s").value == "75.00"


@st.composite
def shares(draw: st.DrawFn) -> dict[str, Any]:
    """One or two grids below a share, beside a level: with weights, policies and caps."""
    grids = [draw(rows_that_leave(name)) for name in draw(st.sampled_from(["g", "gh"]))]
    level = {"id": "other", "kind": "level", "lowest": 0, "highest": 2, "not_applicable": "allowed"}
    children = [{"of": each["id"], "weight": draw(st.sampled_from(["1", "2", "1/2"]))} for each in (*grids, level)]
    children[0] |= draw(st.sampled_from([{}, {}, {"cap": 1}, {"cap": 3}, {"cap": "other + 1"}]))
    children[0] |= draw(st.sampled_from([{}, {"not_applicable": "full"}, {"not_applicable": "lowest"}]))
    if draw(st.integers(0, 3)) == 0:
        grids[0]["applies_when"] = "other > 0"
    return made(*children, questions=[*grids, level])


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_every_way_that_rows_leave(data: st.DataObject) -> None:
    """By hand over every answer; the same by columns; within the bounds, and up to them where nothing counts twice."""
    structure = data.draw(shares())
    definition = wide_definition(structure)
    plan = compile_plan(definition)
    ids = [each["id"] for each in structure["questions"]]
    every = [dict(zip(ids, way, strict=True)) for way in product(*map(every_answer, structure["questions"]))]
    listed = len(every) < 60
    every = every[data.draw(st.integers(0, 12)) :: 13] if not listed else every
    found = [score(plan, each).node("s").value for each in every]
    assert found == [by_hand(structure, each) for each in every]
    columns = score_population(plan, Columns.of(plan, every)).nodes["s"]
    assert [columns.value(place) for place in range(len(every))] == found
    now = score(plan, {}).node("s")
    values = [Fraction(value) for value in found if value is not None]
    low, high = (None if end is None else Fraction(end) for end in (now.lowest, now.highest))
    assert low is None or low <= min(values)
    assert high is None or max(values) <= high
    floor, ceiling = scale_of(definition, definition.nodes[0])
    assert floor is None or floor <= min(values) + STEP
    assert ceiling is None or max(values) <= ceiling + STEP
    child, worst = structure["nodes"][0]["children"][0], structure["questions"][0]["options"][0]["value"]
    twice = "cap" in child or "applies_when" in structure["questions"][0]
    loose = worst > 0 and child.get("not_applicable") == "lowest"
    if listed and not twice and not loose:
        assert (low, high) == (min(values), max(values))
        assert floor is not None
        assert ceiling is not None
        assert floor + STEP >= min(values)
        assert ceiling - STEP <= max(values)


def by_hand(structure: dict[str, Any], answers: dict[str, Answer]) -> str | None:
    """The share, row by row."""
    known = answers["other"]
    level = known.level if isinstance(known, LevelAnswer) else None
    above = below = Fraction(0)
    for child, question in zip(structure["nodes"][0]["children"], structure["questions"], strict=True):
        weight, pair = Fraction(child["weight"]), None
        if question["kind"] == "level":
            pair = None if level is None else (Fraction(level), Fraction(2))
        else:
            pair = of_rows(question, answers[question["id"]], child, level)
        if pair is not None:
            above, below = above + weight * pair[0], below + weight * pair[1]
    return None if below <= 0 else stated(100 * above / below, Rounding(places=2, mode=RoundingMode.HALF_UP))


def of_rows(
    question: dict[str, Any], answer: Answer, child: dict[str, Any], level: int | None
) -> tuple[Fraction, Fraction] | None:
    """What a grid achieved, and could have achieved."""
    worth = {option["id"]: option["value"] for option in question["options"] if "value" in option}
    weights = {row["id"]: Fraction(row.get("weight", 1)) for row in question["rows"]}
    low, high = min(worth.values()), max(worth.values())
    asked = "applies_when" not in question or bool(level)
    grid = answer.grid if isinstance(answer, GridAnswer) and asked else {}
    there = [(weights[row], worth[option]) for row, option in grid.items() if option in worth]
    most = sum((weight for weight, _ in there or [(each, 0) for each in weights.values()]), Fraction(0)) * high
    value = sum((weight * each for weight, each in there), Fraction(0))
    if not there:
        policy = child.get("not_applicable")
        if policy is None:
            return None
        least = min(weights.values()) * low if low > 0 else sum(weights.values()) * low
        value = most if policy == "full" else least
    cap = child.get("cap")
    cap = (None if level is None else level + 1) if isinstance(cap, str) else cap
    return (value, most) if cap is None else (min(value, Fraction(cap)), min(most, Fraction(cap)))
