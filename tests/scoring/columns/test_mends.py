"""Definitions on which columns were once wrong, each as small as it can be."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from scoring import Answer, LevelAnswer, compile_plan
from scoring.columns import taped
from tests.scoring.columns.test_equal import same
from tests.scoring.wide import wide_definition

LEVELS: dict[str, Any] = {
    "family": "mended",
    "version": "1.0.0",
    "origin": "own",
    "languages": ["en"],
    "rounding": {"places": 0, "mode": "half_up"},
    "index": "all",
    "categories": ["all"],
    "questions": [
        {"id": "care", "kind": "level", "highest": 3, "not_applicable": "allowed"},
        {"id": "bar", "kind": "level", "highest": 3, "not_applicable": "allowed"},
    ],
}


@pytest.fixture(autouse=True)
def _by_tape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taped, "LEAST", 0)
    monkeypatch.setattr(taped, "TABLES_ALONE", True)


def every_answer() -> list[dict[str, Answer]]:
    """All levels of both questions."""
    return [
        {"care": LevelAnswer(level=care), "bar": LevelAnswer(level=bar)} for care, bar in product(range(4), repeat=2)
    ]


def test_limits_the_wrong_way_round_leave_no_band() -> None:
    """A node in a table whose bands follow from an answer: where they are turned round, its value has no band."""
    bands = [{"id": "low", "from": 0}, {"id": "middle", "from": "bar"}, {"id": "high", "from": 2}]
    node = {"id": "all", "aggregation": "mean", "children": [{"of": "care"}], "bands": bands}
    scores = same(compile_plan(wide_definition({**LEVELS, "nodes": [node]})), every_answer())
    assert {scores.nodes["all"].band_of(place) for place in range(16)} == {"low", "middle", "high", None}
