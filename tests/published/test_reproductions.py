"""Published models, written in the definition language without any code of their own, give the published scores."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.formula.items import places_in
from scoring import Answer, NodeScore, QuestionScore, Scorecard, State, score
from tests.published.any_answers import any_answers
from tests.published.cases import HERE, MODELS, Case, Wanted, answers_of, cases_of, plan_for, plan_of, ranks_of

ALL = [pytest.param(model, case, id=f"{model}:{case.id}") for model in MODELS for case in cases_of(model)]

SMALL = [model for model in MODELS if not model.startswith("samm-")]
"""Models with few enough questions to draw answers for many times over."""


def number_of(exact: str | None) -> Fraction | None:
    """The number of a scorecard; an irrational one stands there with thirty digits and an ellipsis."""
    return None if exact is None else Fraction(exact.rstrip("…"))


def near(wanted: Wanted, exact: str | None) -> bool:
    found = number_of(exact)
    return found is not None and abs(found - Fraction(wanted.printed or 0)) <= wanted.tolerance


def check_node(wanted: Wanted, found: NodeScore) -> None:
    if wanted.value is not None:
        assert found.value == wanted.value
    if wanted.printed is not None:
        assert near(wanted, found.exact), found.exact
    if wanted.fired is not None:
        assert tuple(rule.id for rule in found.rules if rule.fired) == wanted.fired
    for part in ("band", "stage", "state", "why", "lowest", "highest"):
        if (expected := getattr(wanted, part)) is not None:
            assert getattr(found, part) == expected, part


def check_question(wanted: Wanted, found: QuestionScore) -> None:
    if wanted.value is not None:
        assert found.number == str(Fraction(wanted.value))
    if wanted.printed is not None:
        assert near(wanted, found.exact), found.exact
    for part in ("state", "why"):
        if (expected := getattr(wanted, part)) is not None:
            assert getattr(found, part) == expected, part


@pytest.mark.parametrize(("model", "case"), ALL)
def test_scores_are_the_published_ones(model: str, case: Case) -> None:
    assert case.nodes or case.questions or case.ranks, "nothing would be compared"
    scorecard = score(plan_for(model, case), answers_of(model, case))
    for identifier, wanted in case.nodes.items():
        check_node(wanted, scorecard.node(identifier))
    for identifier, wanted in case.questions.items():
        check_question(wanted, scorecard.question(identifier))
    for ranking, expected in case.ranks.items():
        assert ranks_of(model, case, ranking) == expected


def beyond(complete: Scorecard, partial: Scorecard) -> Mapping[str, tuple[str | None, str | None, str | None]]:
    """Nodes whose value lies outside of what was said to be possible before the last answer was given."""
    found: dict[str, tuple[str | None, str | None, str | None]] = {}
    told = {node.id for node in partial.nodes}
    for node in complete.nodes:
        if node.id not in told:  # of an item that was not named before
            continue
        before = partial.node(node.id)
        if node.state is not State.SCORED or node.value is None:
            continue
        low = before.lowest is not None and Fraction(before.lowest) > Fraction(node.value)
        high = before.highest is not None and Fraction(before.highest) < Fraction(node.value)
        if low or high or (before.missing == 0 and before.value not in (None, node.value)):
            found[node.id] = before.lowest, node.value, before.highest
    return found


def hiding(answers: Mapping[str, Answer], hidden: Collection[str]) -> dict[str, Answer]:
    """The answers without some of them; where a list is hidden, what was asked of its items is too."""
    gone = set(hidden)
    return {name: each for name, each in answers.items() if gone.isdisjoint({name, *(of for of, _ in places_in(name))})}


@pytest.mark.parametrize(("model", "case"), ALL)
def test_bounds_hold_the_published_score_while_answers_are_missing(model: str, case: Case) -> None:
    plan, answers = plan_for(model, case), answers_of(model, case)
    complete = score(plan, answers)
    asked = list(answers) or [""]
    step = max(1, len(asked) // 8)
    for missing in [*([one] for one in asked[::step]), asked, asked[::2], asked[1::2]]:
        without = hiding(answers, missing)
        assert beyond(complete, score(plan, without)) == {}, missing


@cache
def any_answers_to(model: str) -> st.SearchStrategy[dict[str, Answer]]:
    """Any answers to the plan of a model."""
    return any_answers(plan_of(model))


@settings(max_examples=150)
@given(st.data())
def test_whatever_is_answered_later_lies_within_the_bounds(data: st.DataObject) -> None:
    model = data.draw(st.sampled_from(SMALL))
    plan, answers = plan_of(model), data.draw(any_answers_to(model))
    hidden = data.draw(st.sets(st.sampled_from(sorted(answers)), min_size=1))
    partial = hiding(answers, hidden)
    assert beyond(score(plan, answers), score(plan, partial)) == {}


@pytest.mark.parametrize("model", MODELS)
def test_model_is_data_alone(model: str) -> None:
    assert sorted(path.name for path in (HERE / model).iterdir()) == ["cases.yaml", "definition.yaml", "en.yaml"]
    assert len({case.id for case in cases_of(model)}) == len(cases_of(model))
