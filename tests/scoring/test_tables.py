"""Tables by levels, by yes or no, by two questions at once, and as sums over several options."""

from __future__ import annotations

from typing import Any

import pytest

from scoring import (
    Answer,
    ChoiceAnswer,
    ChoicesAnswer,
    LevelAnswer,
    NotApplicableAnswer,
    Scorecard,
    State,
    YesNoAnswer,
    compile_plan,
    looked_up,
    score,
)
from tests.questionnaires.definitions import structure
from tests.scoring.wide import wide_definition

SIDES: list[dict[str, Any]] = [
    {"id": "how-likely", "kind": "choice", "options": [{"id": "rare"}, {"id": "likely"}]},
    {"id": "how-bad", "kind": "level", "lowest": 1, "highest": 3},
    {"id": "insured", "kind": "yes_no"},
    {
        "id": "measures",
        "kind": "choices",
        "options": [
            {"id": "solar", "value": 1},
            {"id": "heat", "value": 1},
            {"id": "audit", "value": 1},
            {"id": "none", "value": 0, "alone": True},
        ],
        "most_picked": 2,
    },
]
MATRIX = {"rare": {"1": 1, "2": 2, "3": 5}, "likely": {"1": 2, "2": 6, "3": 9}}
GREEN = {"solar": 3, "heat": 1, "audit": "-1/2", "none": 0}


def scored(table: dict[str, Any], **given: Answer) -> Scorecard:
    changed = structure(tables=[{"id": "table", **table}])
    changed["questions"] += [*SIDES, {"id": "seen", "kind": "computed", "formula": "table"}]
    changed["nodes"][1] = {
        "id": "second",
        "aggregation": "formula",
        "formula": "seen * 1",
        "children": [{"of": "seen"}],
    }
    definition = wide_definition(changed)
    card = score(compile_plan(definition), {name.replace("_", "-"): answer for name, answer in given.items()})
    number = looked_up(definition.tables[0], card)
    assert (None if number is None else str(number)) == card.question("seen").number
    return card


@pytest.mark.parametrize(
    ("table", "given", "expected"),
    [
        ({"by": "how-bad", "values": {"1": 7, "2": 8}, "otherwise": 9}, {"how_bad": LevelAnswer(level=3)}, "9"),
        ({"by": "insured", "values": {"yes": 1, "no": 4}}, {"insured": YesNoAnswer(yes=False)}, "4"),
        (
            {"by": ["how-likely", "how-bad"], "values": MATRIX},
            {"how_likely": ChoiceAnswer(choice="likely"), "how_bad": LevelAnswer(level=2)},
            "6",
        ),
        ({"by": "measures", "values": GREEN}, {"measures": ChoicesAnswer(choices=("audit", "solar"))}, "5/2"),
        (
            {"by": "measures", "values": {"solar": 3}, "otherwise": 1},
            {"measures": ChoicesAnswer(choices=("heat",))},
            "1",
        ),
        ({"by": "measures", "values": GREEN}, {"measures": ChoicesAnswer(choices=())}, "0"),
    ],
)
def test_the_number_for_the_answer(table: dict[str, Any], given: dict[str, Answer], expected: str) -> None:
    assert scored(table, **given).question("seen").number == expected


@pytest.mark.parametrize(
    ("table", "given", "ends"),
    [
        ({"by": ["how-likely", "how-bad"], "values": MATRIX}, {}, ("1.00", "9.00")),
        (
            {"by": ["how-likely", "how-bad"], "values": MATRIX},
            {"how_likely": ChoiceAnswer(choice="rare")},
            ("1.00", "5.00"),
        ),
        ({"by": ["how-likely", "how-bad"], "values": MATRIX}, {"how_bad": LevelAnswer(level=3)}, ("5.00", "9.00")),
        ({"by": "measures", "values": GREEN}, {}, ("-0.50", "4.00")),  # two at most: solar and heat; the worst is audit
        ({"by": "insured", "values": {"yes": 1, "no": 4}}, {}, ("1.00", "4.00")),
    ],
)
def test_what_is_open_may_still_give_any_number_that_agrees(
    table: dict[str, Any], given: dict[str, Answer], ends: tuple[str, str]
) -> None:
    found = scored(table, **given).node("second")
    assert (found.state, found.lowest, found.highest) == (State.OPEN, *ends)


def test_no_number_where_one_side_does_not_apply() -> None:
    table = {"by": ["how-likely", "how-bad"], "values": MATRIX}
    given: dict[str, Answer] = {"how_likely": NotApplicableAnswer(reason="No such risk.")}
    assert scored(table, **given).question("seen").state is State.NOT_APPLICABLE
