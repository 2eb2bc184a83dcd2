"""Words that no published questionnaire has are told by the tape alone, and come out as one by one."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from scoring import (
    Answer,
    ChoicesAnswer,
    DateAnswer,
    GridAnswer,
    LevelAnswer,
    NumberAnswer,
    compile_plan,
)
from scoring.columns import population, program, taped
from tests.scoring.columns.test_equal import same
from tests.scoring.wide import wide_definition

OPTIONS = [*({"id": f"o{value}", "value": value} for value in range(3)), {"id": "none", "not_applicable": True}]
NUMBERS = ("a", "b", "c", "d")

WORDS: dict[str, Any] = {
    "family": "words",
    "version": "1.0.0",
    "origin": "own",
    "languages": ["en"],
    "rounding": {"places": 2, "mode": "half_up"},
    "index": "all",
    "categories": ["practice", "saving"],
    "tables": [
        {"id": "of-band", "by": "practice", "values": {"low": 1, "high": 2}},
        {"id": "of-number", "by": ["d", "care"], "values": {"1": {"0": 3, "1": "1/2"}, "2": {"2": 2}}, "otherwise": 0},
    ],
    "questions": [
        {"id": "rows", "kind": "grid", "rows": [{"id": "x"}, {"id": "y", "weight": 2}], "options": OPTIONS},
        {"id": "sites", "kind": "grid", "aggregation": "sum", "rows": [{"id": "x"}, {"id": "y"}], "options": OPTIONS},
        {
            "id": "picks",
            "kind": "choices",
            "options": [*OPTIONS[:3], {"id": "none", "alone": True, "not_applicable": True}],
            "applies_when": "a > 2",
        },
        {"id": "care", "kind": "level", "highest": 3, "applies_when": "a + b > 3"},
        *({"id": name, "kind": "number", "least": 1, "most": 20} for name in NUMBERS),
        {"id": "day", "kind": "date"},
        {"id": "best", "kind": "computed", "formula": "highest(2, a, b, c) - lowest(care, a, b, d)"},
        {"id": "place", "kind": "computed", "formula": "rank(a, b, c, d) + years(day, day + 90 * a)"},
        {"id": "chosen", "kind": "computed", "formula": "if(has(picks, 'o1') and picked(rows, 'x', 'o2'), a, b)"},
        {
            "id": "slow",
            "kind": "computed",
            "formula": "a / b",
            "curve": {"form": "log", "base": "c", "lead": "c + d", "better": "more", "at_lead": 4},
        },
    ],
    "nodes": [
        {
            "id": "practice",
            "aggregation": "mean",
            "children": [{"of": "rows"}, {"of": "picks"}, {"of": "chosen"}],
            "bands": [{"id": "low", "from": 0}, {"id": "high", "from": 4}],
        },
        {"id": "reach", "aggregation": "share", "children": [{"of": "sites"}, {"of": "rows"}]},
        {
            "id": "saving",
            "aggregation": "weighted_mean",
            "children": [
                {"of": "best", "weight": "chosen"},
                {"of": "place", "weight": "b"},
                {"of": "slow", "weight": 1},
            ],
        },
        {"id": "told", "aggregation": "formula", "children": [{"of": "practice"}], "formula": "of-band + of-number"},
        {
            "id": "all",
            "aggregation": "mean",
            "children": [{"of": each} for each in ("practice", "reach", "saving", "told")],
            "rules": [{"id": "late", "kind": "cap", "when": "answered(care) and care < 1", "at_most": 2}],
        },
    ],
}


@pytest.mark.parametrize("compiled", [False, True], ids=["NumPy", "compiled"])
def test_nothing_is_left_to_other_columns(compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001
    """But what is irrational and lies on a limit: where a ÷ b is c, no logarithm tells that it is the base."""
    monkeypatch.setattr(taped, "LEAST", 0)
    monkeypatch.setattr(taped, "TABLES_ALONE", True)
    monkeypatch.setattr(taped, "COMPILED", 0 if compiled else 1 << 40)
    monkeypatch.setattr(program, "MANY", 0)
    left: list[int] = []
    by_columns = population._by_columns

    def noted(*given: Any) -> set[int]:
        left.extend(given[-1].tolist())
        return by_columns(*given)

    monkeypatch.setattr(population, "_by_columns", noted)
    draw = Random(20261123)  # noqa: S311 – the same for ever
    same(compile_plan(wide_definition(WORDS)), [_any(draw) for _ in range(120)])
    assert len(left) < 3


def _any(draw: Random) -> dict[str, Answer]:
    options = [each["id"] for each in OPTIONS]
    found: dict[str, Answer] = {
        name: GridAnswer(grid={row: draw.choice(options) for row in "xy"}) for name in ("rows", "sites")
    }
    found |= {name: NumberAnswer(number=Fraction(draw.randint(2, 12), 2)) for name in NUMBERS}
    picked = draw.choice([("none",), ("o1",), ("o0", "o2"), ("o0", "o1", "o2")])
    found["picks"] = ChoicesAnswer(choices=picked)
    found["care"] = LevelAnswer(level=draw.randint(0, 3))
    found["day"] = DateAnswer(date=date.fromordinal(draw.randint(737_000, 740_000)))
    return found
