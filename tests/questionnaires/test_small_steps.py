"""Whatever is called a patch or a minor cannot change any score: on random definitions, edits and answers."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, assume, event, given, reject, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from questionnaires.checking import check_structure
from questionnaires.model import Definition
from questionnaires.places import Document
from questionnaires.versions import Step, changes, step
from scoring import Answer, Plan, compile_plan, score
from tests.questionnaires.edits import edited
from tests.scoring.strategies import answered as level_answers
from tests.scoring.strategies import structures
from tests.scoring.wide import answered, wide_definition, wide_structures

CALM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def mistakes(definition: Definition) -> set[str]:
    """Codes of what the loader would find wrong with the structure."""
    return {mistake.code for mistake in check_structure(definition, Document("definition.yaml"))}


def parsed(structure: dict[str, Any]) -> Definition:
    """The definition; what a blind edit left without the form of one is not looked at."""
    try:
        return wide_definition(structure)
    except ValidationError:
        reject()


def told(plan: Plan, answers: dict[str, Answer], known: Plan) -> dict[str, Any]:
    """Everything the scorecard states of what was there before; of children only what each is worth."""
    card = score(plan, answers)
    found: dict[str, Any] = {question.id: question.model_dump() for question in card.questions}
    found |= {node.id: node.model_dump() for node in card.nodes}
    before = score(known, {})
    names = [question.id for question in before.questions] + [node.id for node in before.nodes]
    for node in card.nodes:
        shares = {share.of: share.model_dump(exclude={"contribution"}) for share in node.shares}
        # The contributions to a minimum (maximum) go to the first of equal children: that is told, not scored.
        worth = sorted(str(share.contribution) for share in node.shares)
        amounts = {amount.of: amount.model_dump() for amount in node.amounts}
        found[node.id] |= {"shares": shares, "worth": worth, "amounts": amounts}
    return {name: found[name] for name in names}


@CALM
@given(st.data())
def test_small_steps_move_no_score(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    old = wide_definition(structure)
    new = parsed(data.draw(edited(structure)))
    demand = step(changes(old, new))
    event(demand.value)
    assume(demand is not Step.MAJOR)
    assume(mistakes(new) <= mistakes(old))
    old_plan, new_plan = compile_plan(old), compile_plan(new)
    answers = data.draw(answered(structure))
    assert told(new_plan, answers, old_plan) == told(old_plan, answers, old_plan)


@CALM
@given(st.data())
def test_small_steps_refuse_no_answer_and_move_no_score_of_levels(data: st.DataObject) -> None:
    structure = data.draw(structures())
    old = wide_definition(structure)
    new = parsed(data.draw(edited(structure)))
    assume(step(changes(old, new)) is not Step.MAJOR)
    assume(mistakes(new) <= mistakes(old))
    old_plan, new_plan = compile_plan(old), compile_plan(new)
    answers = data.draw(level_answers(structure))
    assert told(new_plan, answers, old_plan) == told(old_plan, answers, old_plan)


@settings(CALM, max_examples=20)
@given(st.data())
def test_words_are_a_patch_and_move_no_score(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    old = wide_definition(structure)
    old_plan = compile_plan(old)
    words = old.texts["en"].model_copy(update={"title": "Other words.", "method": "Other method."})
    new = old.model_copy(update={"texts": {"en": words}})
    answers = data.draw(answered(structure))
    assert step(changes(old, new)) is Step.PATCH
    assert told(compile_plan(new), answers, old_plan) == told(old_plan, answers, old_plan)
