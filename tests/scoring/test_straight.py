"""The function that is written out for a plan's sums says nothing but positions, whatever the definition says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires import load
from scoring import (
    Answer,
    ChoiceAnswer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    YesNoAnswer,
    compile_plan,
    score,
    values,
)
from scoring.errors import AnswersRefused
from scoring.exact import thoroughly
from scoring.single.straight import written_out
from scoring.single.weighing import WeighedNode
from tests.scoring.wide import wide_definition

PLAN = compile_plan(load("itti", "2.0.0"))


def test_no_word_of_a_definition_is_in_it() -> None:
    places = {item.id: place for place, item in enumerate(PLAN.order)}
    are_levels = [place % 3 > 0 for place in range(len(PLAN.questions))]
    source = written_out([WeighedNode(PLAN, node, places) for node in PLAN.nodes], are_levels)
    words = set(re.findall(r"[^\W\d]\w*", source))
    assert {word for word in words if not re.fullmatch(r"[aknt]\d+", word)} == {
        *("def", "return", "made", "straight", "tables", "names", "level", "type", "text", "stated")
    }
    assert set(re.sub(r"\w", "", source)) <= set(" \n():,=[]{}.+")


def test_it_keeps_up_with_what_other_answers_bring() -> None:
    """Values are those of the scorecard: in use, with other children that count, and with answers never met before."""
    ids = [question.id for question in PLAN.questions]
    for seed in range(60):
        answers: dict[str, Answer] = {
            name: LevelAnswer(level=(seed * place + place // 3) % 6) for place, name in enumerate(ids)
        }
        if seed % 7 == 3:
            denied = NotApplicableAnswer(reason="Elsewhere.")
            answers |= {name: denied for name in ids if name.startswith("design-")}
        if seed % 11 == 5:
            del answers[ids[seed % len(ids)]]
        found = values(PLAN, answers)
        assert found == {node.id: (node.value, node.band) for node in score(PLAN, answers).nodes}, seed


@st.composite
def sums(draw: st.DrawFn) -> dict[str, Any]:
    """A questionnaire of sums alone, over questions of several kinds."""
    one: dict[str, Any] = {
        "id": "one",
        "aggregation": draw(st.sampled_from(["mean", "weighted_mean", "sum", "share", "count", "share_reached"])),
        "children": [{"of": name} for name in ("level", "choice", "yes", "number")],
        **draw(st.sampled_from([{}, {"passes_on": "stated"}])),
        **draw(st.sampled_from([{}, {"applies_when": "level > 0 or yes"}])),
    }
    if one["aggregation"] in ("count", "share_reached"):
        one["reached_from"] = 1
    two: dict[str, Any] = {
        "id": "two",
        "aggregation": draw(st.sampled_from(["weighted_mean", "sum"])),
        "children": [
            {"of": "one", "weight": draw(st.sampled_from(["0", "1", "1/3"]))},
            {"of": "other", "weight": "2", **draw(st.sampled_from([{}, {"cap": "3/2"}]))},
        ],
        "rules": [
            {
                "id": "gate",
                "kind": "cap",
                "unless": draw(st.sampled_from(["one >= 1", "other > 2 or choice = 'o1'"])),
                "at_most": 1,
            }
        ],
        "bands": [{"id": f"b{place}", "from": limit} for place, limit in enumerate(("0", "1/3", "4/7", "4/5", "6/5"))],
        **draw(st.sampled_from([{}, {"boundary": "upper"}, {"bands_on": "exact"}])),
        **draw(st.sampled_from([{}, {"most": 2}])),
    }
    return {
        "family": "sums",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": draw(st.integers(0, 2)), "mode": "half_up"},
        "index": "two",
        "categories": ["two"],
        "questions": [
            {"id": "level", "kind": "level", "highest": 3},
            {"id": "choice", "kind": "choice", "options": [{"id": "o1", "value": 0}, {"id": "o2", "value": "5/7"}]},
            {"id": "yes", "kind": "yes_no"},
            {
                "id": "number",
                "kind": "number",
                "unit": "%",
                "curve": {"form": "linear", "base": 0, "lead": 3, "better": "more"},
            },
            {"id": "other", "kind": "level", "highest": 4},
        ],
        "nodes": [one, two],
    }


ANSWERS: st.SearchStrategy[dict[str, Answer]] = st.fixed_dictionaries(
    {
        "level": st.integers(0, 3).map(lambda level: LevelAnswer(level=level)),
        "choice": st.sampled_from(["o1", "o2"]).map(lambda option: ChoiceAnswer(choice=option)),
        "yes": st.booleans().map(lambda yes: YesNoAnswer(yes=yes)),
        "number": st.sampled_from(["0", "0.5", "1.25", "7"]).map(
            lambda text: NumberAnswer.model_validate({"number": text})
        ),
        "other": st.integers(0, 4).map(lambda level: LevelAnswer(level=level)),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(structure=sums(), population=st.lists(ANSWERS, min_size=8, max_size=16))
def test_it_says_what_the_scorecard_says(structure: dict[str, Any], population: list[dict[str, Answer]]) -> None:
    plan = compile_plan(wide_definition(structure))
    for answers in population:
        found = values(plan, answers)
        assert found == {node.id: (node.value, node.band) for node in thoroughly(plan, answers)[1].nodes}


def test_two_values_that_are_stated_alike_can_lie_in_two_bands() -> None:
    structure = {
        "family": "alike",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 0, "mode": "half_up"},
        "index": "all",
        "categories": ["all"],
        "questions": [{"id": name, "kind": "level", "highest": 5} for name in "abcde"],
        "nodes": [
            {
                "id": "all",
                "aggregation": "mean",
                "children": [{"of": name} for name in "abcde"],
                "bands": [{"id": "low", "from": 0}, {"id": "high", "from": "4/3"}],
                "bands_on": "exact",
            }
        ],
    }
    plan = compile_plan(wide_definition(structure))
    population = [{name: LevelAnswer(level=(2 if name == "e" else level)) for name in "abcde"} for level in (0, 1, 5)]
    population.append(population[1] | {"a": LevelAnswer(level=2)})
    found = [values(plan, answers)["all"] for answers in population]
    assert found == [("0", "low"), ("1", "low"), ("4", "high"), ("1", "high")]


@pytest.mark.parametrize("of", [score, values])
def test_an_answer_to_another_question_never_takes_the_place_of_a_missing_one(of: Any) -> None:
    first, *others = [question.id for question in PLAN.questions]
    answers = {name: LevelAnswer(level=2) for name in others}
    of(PLAN, answers)  # what a missing answer leads to is known from here on
    with pytest.raises(AnswersRefused):
        of(PLAN, answers | {f"{first}-2": LevelAnswer(level=2)})
