"""What counts as raising an answer, for every kind of question."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from scoring import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    GridAnswer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    YesNoAnswer,
    compile_plan,
)
from scoring.moves import moves
from tests.scoring.wide import wide_definition

LETTERS = [{"id": name, "value": value} for name, value in (("a", 0), ("b", 3), ("c", 1), ("d", 3))]
STAIR = {"form": "steps", "below": 4, "steps": [{"from": 1, "value": 3}, {"from": 5, "value": 0}]}
RISING = {"form": "steps", "below": 0, "boundary": "upper", "steps": [{"from": 1, "value": 1}, {"from": 5, "value": 4}]}
CORNERS = {"form": "points", "points": [{"at": 0, "value": 0}, {"at": 8, "value": 3}, {"at": 40, "value": 4}]}
LINE = {"form": "linear", "base": 200, "lead": 90, "better": "less"}
FORMULA_LINE = {"form": "linear", "base": 200, "lead": "other", "better": "less"}


def number(value: str) -> NumberAnswer:
    return NumberAnswer(number=Fraction(value))


def raised(question: dict[str, Any], answer: Answer) -> list[tuple[str, int]]:
    other = {"id": "other", "kind": "number", "least": 1, "most": 100}
    structure = {
        "family": "wide",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "all",
        "categories": ["all"],
        "questions": [{"id": "q"} | question, other],
        "nodes": [{"id": "all", "aggregation": "maximum", "children": [{"of": "q"}, {"of": "other"}]}],
    }
    plan = compile_plan(wide_definition(structure))
    return [(move.answer.text, move.steps) for move in moves(plan, plan.questions[0], answer)]


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ({"kind": "level", "highest": 4}, LevelAnswer(level=2), [("3", 1), ("4", 2)]),
        ({"kind": "level", "highest": 4}, LevelAnswer(level=4), []),
        ({"kind": "level", "highest": 4}, NotApplicableAnswer(reason="None here."), []),
        ({"kind": "choice", "options": LETTERS}, ChoiceAnswer(choice="a"), [("c", 1), ("b", 2), ("d", 2)]),
        ({"kind": "choice", "options": LETTERS}, ChoiceAnswer(choice="b"), []),
        ({"kind": "choice", "options": [{"id": "x"}, {"id": "y"}]}, ChoiceAnswer(choice="x"), []),
        ({"kind": "yes_no"}, YesNoAnswer(yes=False), [("yes", 1)]),
        ({"kind": "yes_no", "yes": -1}, YesNoAnswer(yes=True), [("no", 1)]),
        ({"kind": "yes_no"}, YesNoAnswer(yes=True), []),
        (
            {"kind": "choices", "options": [*LETTERS[1:3], {"id": "fined", "value": -2}]},
            ChoicesAnswer(choices=("fined", "c")),
            [("c", 1), ("b, c, fined", 1), ("", 2), ("b, c", 2), ("b, fined", 2), ("b", 3)],
        ),
        (
            {"kind": "choices", "options": LETTERS[1:3], "at_most": 3},
            ChoicesAnswer(choices=("b",)),
            [],
        ),
        (
            {"kind": "grid", "rows": [{"id": "x"}, {"id": "y"}], "options": LETTERS[:3]},
            GridAnswer(grid={"x": "c", "y": "c"}),
            [("x: b, y: c", 1), ("x: c, y: b", 1), ("x: b, y: b", 2)],
        ),
        ({"kind": "number", "curve": STAIR, "places": 1}, number("6"), [("4.9", 1), ("0.9", 2)]),
        ({"kind": "number", "curve": STAIR}, number("6"), []),
        ({"kind": "number", "curve": STAIR, "step": 2, "least": -1}, number("7"), [("3", 1), ("-1", 2)]),
        ({"kind": "number", "curve": RISING, "places": 0}, number("1"), [("2", 1), ("6", 2)]),
        ({"kind": "number", "curve": CORNERS}, number("4"), [("8", 1), ("40", 2)]),
        ({"kind": "number", "curve": LINE}, number("120"), [("90", 1)]),
        ({"kind": "number", "curve": LINE}, number("80"), []),
        ({"kind": "number", "curve": FORMULA_LINE}, number("120"), []),
        ({"kind": "number"}, number("1"), []),
    ],
)
def test_moves(question: dict[str, Any], answer: Answer, expected: list[tuple[str, int]]) -> None:
    assert sorted(raised(question, answer), key=str) == sorted(expected, key=str)


def test_many_picks_keep_the_best_for_each_number_of_steps() -> None:
    options = [{"id": f"o{place}", "value": place - 3} for place in range(8)]
    found = raised({"kind": "choices", "options": options}, ChoicesAnswer(choices=("o0", "o4")))
    assert [steps for _, steps in found] == [1, 2, 3, 4]
    assert found[0] == ("o0, o4, o7", 1)
    assert found[-1] == ("o4, o5, o6, o7", 4)


def test_large_grids_are_raised_by_one_row_or_all() -> None:
    rows = [{"id": f"r{place}"} for place in range(5)]
    question = {"kind": "grid", "rows": rows, "options": LETTERS[:3]}
    found = raised(question, GridAnswer(grid={row["id"]: "a" for row in rows}))
    assert len(found) == 5 * 2 + 2
    assert found[-1][1] == 5 * 2
