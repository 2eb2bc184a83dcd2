"""Ends said to be reached are, by the very answers named; a search that came to its end found the true ones."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires import load
from questionnaires.loading import PUBLISHED, load_folder, read_file
from scoring import Answer, LevelAnswer, NumberAnswer, Plan, State, compile_plan, score
from scoring.reaching import End, Reaching, reaching
from scoring.sheet import read_sheet
from scoring.targets import UnknownNode
from tests.scoring.test_wide import completions
from tests.scoring.wide import answered, wide_definition, wide_structures


def gives(plan: Plan, answers: dict[str, Answer], found: Reaching, end: End) -> None:
    """The answers named complete what is open, change nothing else, and give the value found."""
    assert not end.answers.keys() & answers.keys()
    if end.found is not None:
        node = score(plan, {**answers, **end.answers}).node(found.node)
        assert (node.state, node.value) == (State.SCORED, end.found)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_ends_are_those_of_all_completions(data: st.DataObject) -> None:
    """Over the whole language, where questions count twice and conditions rest on what they rule."""
    structure = data.draw(wide_structures(profile=False))
    answers = data.draw(answered(structure, most_open=2))
    plan = compile_plan(wide_definition(structure))
    cards = [score(plan, completed) for completed in completions(structure, answers)]
    node = data.draw(st.sampled_from(["first", "second", "overall"]))
    values = [Fraction(value) for card in cards if (value := card.node(node).value) is not None]
    found = reaching(plan, answers, node, effort=10**6)
    listed = all(each["kind"] != "date" or each["id"] in answers for each in structure["questions"])
    for end, extreme in ((found.lowest, min), (found.highest, max)):
        gives(plan, answers, found, end)
        if listed:
            assert end.proven
            assert (None if end.found is None else Fraction(end.found)) == (extreme(values) if values else None)
    now = score(plan, answers).node(node)
    assert (found.lowest.stated, found.highest.stated) == (now.lowest, now.highest)


APART = ["carbon-footprint-management", "gradient", "green-park", "green-supply-chain", "industrial-cluster", "itti"]
"""Families in which no open question counts in two places: there the stated ends are the true ones."""


def partly_answered(family: str) -> tuple[Plan, list[dict[str, Answer]]]:
    """The newest version, and its first example: without answers, and without every third."""
    folder = max((PUBLISHED / family).iterdir())
    example = min((folder / "examples").iterdir())
    given_now = read_sheet(read_file(example)).given()
    return compile_plan(load_folder(folder)), [
        {name: answer for place, (name, answer) in enumerate(given_now.items()) if place % step} for step in (1, 3)
    ]


@pytest.mark.parametrize("family", APART)
def test_where_nothing_counts_twice_the_stated_ends_are_the_true_ones(family: str) -> None:
    plan, sheets = partly_answered(family)
    for answers in sheets:
        found = reaching(plan, answers)
        for end in (found.lowest, found.highest):
            gives(plan, answers, found, end)
            assert (end.reached, end.proven) == (True, True), end


@pytest.mark.parametrize("family", ["epd-check", "taicang-park", "zero-carbon-park-jiangsu"])
def test_shared_figures_are_found_answers_for(family: str) -> None:
    """Figures that stand in several formulas: what is found is true, and lies within what is stated."""
    plan, sheets = partly_answered(family)
    found = reaching(plan, sheets[1], effort=300)
    low, high = found.lowest, found.highest
    assert low.found is not None
    assert high.found is not None
    for end in (low, high):
        gives(plan, sheets[1], found, end)
    assert Fraction(low.stated or 0) <= Fraction(low.found) < Fraction(high.found) <= Fraction(high.stated or 0)


def test_a_figure_is_found_at_which_a_comparison_turns() -> None:
    """Full value is given at one number alone, which stands nowhere in the questionnaire."""
    number = {"kind": "number", "least": 0, "not_applicable": "refused"}
    curve = {"form": "linear", "base": 0, "lead": "aim", "better": "more", "at_lead": 4}
    structure = {
        "family": "turning",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "n",
        "categories": ["n"],
        "questions": [
            *({"id": name, **number} for name in ("part", "whole", "aim")),
            {"id": "share", "kind": "computed", "formula": "part / whole", "curve": curve},
            {"id": "right", "kind": "computed", "formula": "if(part / whole = 7 / 23, 3, 0)"},
        ],
        "nodes": [{"id": "n", "aggregation": "sum", "children": [{"of": "share"}, {"of": "right"}]}],
    }
    plan = compile_plan(wide_definition(structure))
    answers: dict[str, Answer] = {
        "part": NumberAnswer(number=Fraction(14)),
        "aim": NumberAnswer(number=Fraction(7, 23)),
    }
    found = reaching(plan, answers)
    assert (found.highest.stated, found.highest.found) == ("7.00", "7.00")
    assert found.highest.answers == {"whole": NumberAnswer(number=Fraction(46))}


def test_what_is_complete_is_its_own_end() -> None:
    plan = compile_plan(load("itti", "1.0.0"))
    found = reaching(plan, {question.id: LevelAnswer(level=3) for question in plan.questions})
    assert found.lowest == found.highest == End("3.00", "3.00", {}, "3.00", proven=True)


def test_a_node_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownNode):
        reaching(compile_plan(load("itti", "1.0.0")), {}, "nobody")
