"""Columns give what the exact engine gives, to the last digit: any definition, any answers, any way of working."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.loading import PUBLISHED, load_folder
from scoring import Answer, Answers, Plan, compile_plan, score
from scoring.columns import Columns, Scores, program, score_population, taped
from tests.published.any_answers import any_answers
from tests.scoring.columns.tall import tall_structures
from tests.scoring.wide import answered, wide_definition, wide_structures

CALM = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


@pytest.fixture(params=["looked up", "calculated", "by intervals", "by tape"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it comes; with hardly a table, so that nodes are calculated; as if every number were another; by tapes."""
    if request.param == "by tape":
        monkeypatch.setattr(taped, "LEAST", 0)
        monkeypatch.setattr(taped, "TABLES_ALONE", True)
    if request.param != "looked up":
        monkeypatch.setattr(program, "TABLE", 8)
        monkeypatch.setattr(program, "_SINGLY", 8)
    if request.param == "by intervals":
        monkeypatch.setattr(program, "MANY", 0)


@pytest.mark.usefixtures("_way")
@CALM
@given(st.data())
def test_the_whole_language(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    plan = compile_plan(wide_definition(structure))
    answers = [data.draw(answered(structure, most_open=most)) for most in (0, 0, 0, 1, None, None)]
    same(plan, answers)


@pytest.mark.usefixtures("_way")
@CALM
@given(st.data())
def test_trees_of_nodes(data: st.DataObject) -> None:
    structure = data.draw(tall_structures())
    plan = compile_plan(wide_definition(structure))
    answers = [data.draw(answered(structure, most_open=most)) for most in (0, 0, 0, 0, 0, 0, 0, 1, None)]
    scores = same(plan, answers * 2)
    assert scores.singly <= len(answers) * 2


_definition = cache(load_folder)


@pytest.mark.parametrize("folder", sorted({each.parent for each in PUBLISHED.glob("*/*/definition.yaml")}), ids=str)
@pytest.mark.parametrize("way", ["by intervals", "singly", "by tape"])
def test_published_questionnaires(folder: Path, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every published questionnaire, complete as it would be certified."""
    monkeypatch.setattr(program, "MANY", 256 if way == "singly" else 0)
    if way == "by tape":
        monkeypatch.setattr(taped, "LEAST", 0)
        monkeypatch.setattr(taped, "TABLES_ALONE", True)
    plan = compile_plan(_definition(folder))

    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(any_answers(plan), min_size=1, max_size=3))
    def check(answers: list[dict[str, Answer]]) -> None:
        same(plan, answers)

    check()


def same(plan: Plan, answers: Sequence[Answers]) -> Scores:
    """Score a population and each assessment by itself; they must not differ in a digit."""
    scores = score_population(plan, Columns.of(plan, answers))
    for place, each in enumerate(answers):
        for node in score(plan, each).nodes:
            column = scores.nodes[node.id]
            found = column.state_of(place), column.value(place), column.band_of(place)
            assert found == (node.state, node.value, node.band), (node.id, each)
    return scores
