"""The engine: exact values, the reason for each, and what it refuses."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires import load
from scoring import (
    ChoicesAnswer,
    GridAnswer,
    LevelAnswer,
    NodeScore,
    NotApplicableAnswer,
    Plan,
    Scorecard,
    State,
    compile_plan,
    score,
)
from scoring.answers import Answer
from scoring.errors import AnswersRefused
from tests.questionnaires.definitions import structure
from tests.scoring.strategies import answered, definition_of, structures

NOT_APPLICABLE = NotApplicableAnswer(reason="No such process here.")


def plan_of(**changes: Any) -> Plan:
    return compile_plan(definition_of(structure(**changes)))


def levels(**given: int) -> dict[str, Answer]:
    return {question: LevelAnswer(level=level) for question, level in given.items()}


def test_valid_by_hand() -> None:
    scorecard = score(plan_of(), levels(a=3, b=2, c=1))
    # first = (3+2)/2 = 5/2; second = 1; overall = (3 × 5/2 + 1.5 × 1) / 4.5 = 2
    assert scorecard.node("first").exact == "5/2"
    assert scorecard.headline.exact == "2"
    assert scorecard.headline.value == "2.00"
    assert scorecard.headline.band == "high"
    assert scorecard.complete


def test_parents_use_exact_values_and_rounding_happens_once() -> None:
    thirds = structure()
    thirds["rounding"] = {"places": 1, "mode": "half_up"}
    thirds["nodes"][0]["children"] = [{"of": "a"}, {"of": "b"}, {"of": "c"}]
    thirds["nodes"][1]["children"] = [{"of": "c"}]
    scorecard = score(compile_plan(definition_of(thirds)), levels(a=1, b=1, c=0))
    assert scorecard.node("first").value == "0.7"
    assert scorecard.headline.exact == "4/9"  # (3 × 2/3 + 1.5 × 0) / 4.5, not from 0.7
    assert scorecard.headline.value == "0.4"


def test_not_applicable_leaves_the_denominator_and_says_so() -> None:
    scorecard = score(plan_of(), {"a": NOT_APPLICABLE} | levels(b=2, c=1))
    first = scorecard.node("first")
    assert first.exact == "2"
    assert first.counted_share == "1/2"
    assert [(share.of, share.counted, share.state) for share in first.shares] == [
        ("a", False, State.NOT_APPLICABLE),
        ("b", True, State.SCORED),
    ]
    assert first.not_applicable == 1


def test_a_category_that_does_not_apply_leaves_its_parent() -> None:
    scorecard = score(plan_of(), {"c": NOT_APPLICABLE} | levels(a=1, b=2))
    assert scorecard.node("second").state is State.NOT_APPLICABLE
    assert scorecard.headline.exact == "3/2"
    assert scorecard.headline.shares[1].weight_used == "0"


def test_missing_is_never_a_zero() -> None:
    with_two = score(plan_of(), levels(a=3, b=3))
    assert with_two.headline.state is State.OPEN
    assert with_two.headline.value is None
    assert with_two.headline.provisional == "3.00"
    assert (with_two.headline.lowest, with_two.headline.highest) == ("2.00", "3.00")
    assert not with_two.complete


def test_missing_may_be_excluded_where_the_definition_says_so() -> None:
    nodes = structure()["nodes"]
    for node in nodes:
        node["missing"] = "exclude"
    scorecard = score(plan_of(nodes=nodes), levels(a=3, b=3))
    assert scorecard.headline.value == "3.00"
    assert scorecard.headline.missing == 1


def test_too_little_counts_for_a_value() -> None:
    nodes = structure()["nodes"]
    nodes[2]["least_counted"] = "3/4"
    scorecard = score(plan_of(nodes=nodes), {"c": NOT_APPLICABLE} | levels(a=1, b=2))
    assert scorecard.headline.counted_share == "2/3"
    assert scorecard.headline.state is State.INSUFFICIENT
    assert scorecard.headline.value is None
    assert scorecard.headline.band is None


def test_minimum_names_the_child_that_decides() -> None:
    nodes = structure()["nodes"]
    nodes[0]["aggregation"] = "minimum"
    first = score(plan_of(nodes=nodes), levels(a=3, b=1, c=0)).node("first")
    assert first.exact == "1"
    assert [share.contribution for share in first.shares] == ["0", "1"]


def test_a_question_may_count_in_two_views() -> None:
    nodes = structure()["nodes"]
    nodes.append({"id": "view", "aggregation": "mean", "children": [{"of": "a"}, {"of": "second"}]})
    scorecard = score(plan_of(nodes=nodes, sub_indices=["view"]), levels(a=3, b=0, c=0))
    assert scorecard.node("view").exact == "3/2"


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({"ghost": LevelAnswer(level=1)}, ["unknown-question"]),
        ({"a": LevelAnswer(level=4)}, ["level-out-of-range"]),
        ({"a": LevelAnswer(level=-1)}, ["level-out-of-range"]),
        ({"b": NOT_APPLICABLE}, ["must-apply"]),
        ({"b": NOT_APPLICABLE, "a": LevelAnswer(level=9)}, ["must-apply", "level-out-of-range"]),
    ],
)
def test_refused_answers_are_all_named(answers: dict[str, Answer], codes: list[str]) -> None:
    with pytest.raises(AnswersRefused) as caught:
        score(plan_of(), answers)
    assert [fault.code for fault in caught.value.faults] == codes
    for fault in caught.value.faults:
        assert str(fault.details["question"]) in fault.sentence("ar")
        assert str(fault.details["question"]) in fault.sentence("en")


def test_json_round_trip_is_canonical() -> None:
    scorecard = score(plan_of(), levels(a=3, b=2, c=1))
    assert Scorecard.from_json(scorecard.to_json()) == scorecard
    assert Scorecard.from_json(scorecard.to_json()).to_json() == scorecard.to_json()
    assert b'"exact":"5/2"' in scorecard.to_json()


def test_itti_by_an_independent_calculation() -> None:
    """The published definition against arithmetic written out for it alone."""
    plan = compile_plan(load("itti", "1.0.0"))
    given = {question.id: position % 6 for position, question in enumerate(plan.questions)}
    scorecard = score(plan, levels(**given))
    numbers = list(given.values())
    strategy, design, supply = (
        Fraction(sum(numbers[:3]), 3),
        Fraction(sum(numbers[3:5]), 2),
        Fraction(sum(numbers[5:7]), 2),
    )
    production, logistics = Fraction(sum(numbers[7:12]), 5), Fraction(sum(numbers[12:14]), 2)
    backbone, green = Fraction(sum(numbers[14:16]), 2), Fraction(sum(numbers[16:]), 4)
    digital = (15 * strategy + 10 * design + 10 * supply + 25 * production + 10 * logistics + 10 * backbone) / 80
    assert Fraction(scorecard.node("digital").exact or 0) == digital
    assert Fraction(scorecard.node("sustainability").exact or 0) == green
    assert Fraction(scorecard.headline.exact or 0) == (80 * digital + 20 * green) / 100


def plainly(structure: dict[str, Any], answers: dict[str, Answer]) -> dict[str, Fraction | str]:
    """The rules once more, written as plainly as possible: id → value, or the state that keeps it from having one."""
    nodes = {node["id"]: node for node in structure["nodes"]}

    def value(identifier: str) -> Fraction | str:
        if identifier not in nodes:
            answer = answers.get(identifier)
            if answer is None:
                return "open"
            return Fraction(answer.level) if isinstance(answer, LevelAnswer) else "not_applicable"
        node = nodes[identifier]
        below = [(Fraction(child.get("weight", 1)), value(child["of"])) for child in node["children"]]
        known = [(weight, number) for weight, number in below if isinstance(number, Fraction)]
        words = {number for _, number in below if isinstance(number, str)}
        if words == {"not_applicable"} and not known:
            return "not_applicable"
        if "open" in words and (node["missing"] == "withhold" or not known):
            return "open"
        # With missing answers excluded, a child that withholds its value still shows what is answered so far.
        share = sum((weight for weight, _ in known), Fraction(0)) / sum(weight for weight, _ in below)
        if "insufficient" in words or share < Fraction(node["least_counted"]):
            return "insufficient"
        if node["aggregation"] == "minimum":
            return min(number for _, number in known)
        weights = sum(weight for weight, _ in known)
        return sum((weight * number for weight, number in known), Fraction(0)) / weights

    return {identifier: value(identifier) for identifier in nodes}


def said(node: NodeScore) -> Fraction | str:
    return node.state.value if node.exact is None else Fraction(node.exact)


@settings(max_examples=60)
@given(st.data())
def test_complete_answers_score_as_the_plain_rules_say(data: st.DataObject) -> None:
    structure = data.draw(structures())
    answers = data.draw(answered(structure, all_of_them=True))
    scorecard = score(compile_plan(definition_of(structure)), answers)
    assert {node.id: said(node) for node in scorecard.nodes} == plainly(structure, answers)


@settings(max_examples=60)
@given(st.data())
def test_shares_add_up(data: st.DataObject) -> None:
    structure = data.draw(structures())
    answers = data.draw(answered(structure))
    for node in score(compile_plan(definition_of(structure)), answers).nodes:
        counted = [share for share in node.shares if share.counted]
        if counted:
            assert sum(Fraction(share.weight_used or 0) for share in counted) == 1
        if node.exact is not None:
            assert sum(Fraction(share.contribution or 0) for share in counted) == Fraction(node.exact)


@settings(max_examples=60)
@given(st.data())
def test_the_order_of_nodes_and_answers_does_not_matter(data: st.DataObject) -> None:
    structure = data.draw(structures())
    answers = data.draw(answered(structure))
    shuffled = structure | {"nodes": data.draw(st.permutations(structure["nodes"]))}
    backwards = dict(reversed(answers.items()))
    one = score(compile_plan(definition_of(structure)), answers)
    other = score(compile_plan(definition_of(shuffled)), backwards)
    assert {node.id: said(node) for node in one.nodes} == {node.id: said(node) for node in other.nodes}


def test_the_order_in_which_rows_and_options_are_given_leaves_no_trace() -> None:
    one, other = GridAnswer(grid={"a": "x", "b": "y"}), GridAnswer(grid={"b": "y", "a": "x"})
    assert one.text == other.text == "a: x, b: y"
    assert ChoicesAnswer(choices=("n", "m")).text == ChoicesAnswer(choices=("m", "n")).text == "m, n"
