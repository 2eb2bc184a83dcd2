"""The whole language on random definitions: nothing breaks, bounds hold, shares add up, more answers never surprise."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from typing import Any

import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from scoring import Answer, Plan, Scorecard, State, Why, compile_plan, score
from scoring.scorecard import STATED
from tests.scoring.scorecards import ROOT
from tests.scoring.wide import answered, every_answer, wide_definition, wide_structures

CALM = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
STEP = Fraction(1, 10**6)
FITS = Draft202012Validator(json.loads((ROOT / "docs" / "schema" / "scorecard.json").read_text()))


def completions(structure: dict[str, Any], answers: dict[str, Answer]) -> list[dict[str, Answer]]:
    asked = [question for question in structure["questions"] if question["kind"] != "computed"]
    missing = [question for question in asked if question["id"] not in answers]
    ways = itertools.product(*(every_answer(question) for question in missing))
    return [answers | {q["id"]: a for q, a in zip(missing, way, strict=True)} for way in ways]


@CALM
@given(st.data())
def test_no_completion_leaves_the_bounds(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    answers = data.draw(answered(structure, most_open=2))
    plan = compile_plan(wide_definition(structure))
    now = score(plan, answers)
    for completed in completions(structure, answers):
        inside(now, score(plan, completed))


def inside(now: Scorecard, then: Scorecard) -> None:
    for node in then.nodes:
        before = now.node(node.id)
        if node.value is None:
            continue
        value = Fraction(node.value)
        assert before.lowest is None or Fraction(before.lowest) <= value + STEP, node.id
        assert before.highest is None or value - STEP <= Fraction(before.highest), node.id


@CALM
@given(st.data())
def test_complete_answers_leave_nothing_open(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    answers = data.draw(answered(structure, most_open=0))
    card = score(compile_plan(wide_definition(structure)), answers)
    assert card.complete
    for node in card.nodes:
        assert node.state is not State.OPEN, node.id
        if node.state is State.SCORED:
            assert (node.lowest, node.highest) == (node.value, node.value), node.id


@CALM
@given(st.data())
def test_a_withheld_value_does_not_depend_on_what_is_missing(data: st.DataObject) -> None:
    """A value that is stated while answers are missing, of a node that withholds, stays whatever comes."""
    structure = data.draw(wide_structures())
    for node in structure["nodes"]:
        node["missing"] = "withhold"
    answers = data.draw(answered(structure, most_open=2))
    plan = compile_plan(wide_definition(structure))
    now = score(plan, answers)
    for completed in completions(structure, answers):
        then = score(plan, completed)
        for node in now.nodes:
            if node.state is State.SCORED:
                assert then.node(node.id).value == node.value, node.id


@CALM
@given(st.data())
def test_a_profile_states_nothing_itself_and_is_there_as_soon_as_its_parts_are(data: st.DataObject) -> None:
    structure = data.draw(wide_structures(profile=True))
    card = score(compile_plan(wide_definition(structure)), data.draw(answered(structure)))
    known = {each.id: each.state for each in card.nodes} | {each.id: each.state for each in card.questions}
    for node in (node for node in card.nodes if node.is_profile):
        assert (node.value, node.exact, node.provisional, node.lowest) == (None,) * 4, node.id
        assert (node.band is not None) is (node.id == "types" and node.state is State.PROFILE), node.id
        states = {known[share.of] for share in node.shares}
        if node.state is State.PROFILE:
            assert State.INSUFFICIENT not in states, node.id
            assert {State.SCORED, State.PROFILE} & states, node.id
        elif states <= {State.SCORED, State.PROFILE}:
            assert node.why is Why.CONDITION, node.id
        assert [share.counted for share in node.shares] == [known[share.of] in STATED for share in node.shares], node.id
    assert set(card.profile) <= known.keys()
    assert "overall" not in card.profile


ADDITIVE = {"mean", "weighted_mean", "sum", "minimum", "maximum", "median", "share", "count", "share_reached"}


@CALM
@given(st.data())
def test_contributions_add_up_to_the_value_before_rules(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    card = score(compile_plan(wide_definition(structure)), data.draw(answered(structure)))
    held = {node["id"] for node in structure["nodes"] if "least" in node or "most" in node}
    for node in card.nodes:
        if node.id in held:
            continue
        exact = [share.contribution for share in node.shares if share.counted]
        if node.rule in ADDITIVE and node.exact is not None and not any(rule.fired for rule in node.rules):
            if any(text is None or "…" in text for text in [*exact, node.exact]):
                continue
            assert sum(Fraction(text or 0) for text in exact) == Fraction(node.exact), node.id


@CALM
@given(st.data())
def test_the_scorecard_is_the_same_bytes_again_and_reads_back(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    answers = data.draw(answered(structure))
    plan: Plan = compile_plan(wide_definition(structure))
    card = score(plan, answers)
    assert score(plan, dict(reversed(answers.items()))).to_json() == card.to_json()
    assert Scorecard.from_json(card.to_json()) == card
    assert card.to_json() == rfc8785.dumps(card.model_dump(mode="json"))
    FITS.validate(json.loads(card.to_json()))
