"""Sheets that are filled in one answer after another: found by adding up, and as if everything were worked out anew."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.loading import PUBLISHED, load_folder, read_file
from questionnaires.model import LevelQuestion
from scoring import Answer, LevelAnswer, NotApplicableAnswer, compile_plan, memory, score
from scoring.exact import thoroughly, values
from scoring.plan import PlannedNode
from scoring.scorecard import NodeScore
from scoring.sheet import read_sheet
from scoring.thorough import Scoring
from tests.scoring.columns.tall import tall_structures
from tests.scoring.wide import answered, wide_definition, wide_structures

FAMILIES = sorted(path.name for path in PUBLISHED.iterdir() if any(path.glob("*/definition.yaml")))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_one_answer_after_another_scores_as_if_everything_were_worked_out_anew(data: st.DataObject) -> None:
    """Over the whole language; with tables so small that they start anew all the time."""
    structure = data.draw(st.one_of(wide_structures(), tall_structures()))
    definition = wide_definition(structure)
    used, fresh = compile_plan(definition), compile_plan(definition)
    full = data.draw(answered(structure))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "MOST_LARGE", 2)
        for name in data.draw(st.permutations(sorted(full))):
            given_now = {each: answer for each, answer in full.items() if each != name}
            stated = values(used, given_now)
            found, expected = score(used, given_now), thoroughly(fresh, given_now)[1]
            assert found == expected
            assert found.model_dump_json() == expected.model_dump_json()
            assert stated == {node.id: (node.value, node.band) for node in expected.nodes}
            full = given_now


@pytest.mark.parametrize("family", FAMILIES)
def test_published_questionnaires_half_filled(family: str) -> None:
    folder = max((PUBLISHED / family).iterdir())
    plan = compile_plan(load_folder(folder))
    for example in sorted((folder / "examples").iterdir())[:2]:
        whole = list(read_sheet(read_file(example)).given().items())
        for step in (2, 3):
            answers = {name: answer for place, (name, answer) in enumerate(whole) if place % step}
            assert score(plan, answers) == score(plan, answers) == thoroughly(plan, answers)[1]


def test_a_plain_questionnaire_needs_the_thorough_engine_for_its_questions_alone() -> None:
    definition = load_folder(PUBLISHED / "itti" / "2.0.0")
    plan, answers = compile_plan(definition), dict[str, Answer]()
    score(plan, answers)

    def refuse(scoring: Scoring, node: PlannedNode) -> NodeScore:
        raise AssertionError(f"worked out as a whole: {node.id} of {scoring.plan.family}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Scoring, "node", refuse)
        for place, question in enumerate(definition.questions):
            assert isinstance(question, LevelQuestion)
            denied = question.id in ("design-footprint", "process-simulation", "logistics-dock")
            answers[question.id] = NotApplicableAnswer(reason="–") if denied else LevelAnswer(level=place % 6)
            card = score(plan, answers)
    assert card.complete
    assert card == thoroughly(plan, answers)[1]
