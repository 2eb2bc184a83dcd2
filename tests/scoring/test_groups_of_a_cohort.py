"""Figures of the best, of some and of each group of a cohort, and ranks within groups: told, and never of too few."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.model import CohortFigure, CohortPart, Definition
from scoring import (
    Answer,
    Answers,
    ChoiceAnswer,
    CohortFigures,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    Scorecard,
    State,
    YesNoAnswer,
    compile_plan,
    score,
)
from scoring.cohort import rank
from scoring.columns import Columns, score_population
from scoring.ranking import Among
from scoring.sample import figures_of, part_of, taken
from scoring.tracing import trace
from tests.scoring.test_wide import completions, inside
from tests.scoring.wide import answered, wide_definition, wide_structures

NUMBERS = st.lists(st.fractions(-9, 9, max_denominator=3), min_size=1, max_size=25)


@given(NUMBERS)
def test_the_mean_of_the_best_tenth_is_that_of_the_textbook(numbers: list[Fraction]) -> None:
    figure = CohortFigure.model_validate(
        {"id": "f", "of": "x", "figure": "mean", "part": {"end": "least", "share": "0.1"}}
    )
    best = sorted(numbers)[: ceil(Fraction(len(numbers), 10))]
    assert Fraction(taken(figure, numbers) or "") == statistics.mean(best)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"end": "least", "share": "0.3"}, [1, 2]),
        ({"end": "least", "share": "0.3", "rounding": "down"}, [1]),
        ({"end": "least", "share": "0.3", "rounding": "half_up"}, [1, 2]),
        ({"end": "least", "share": "0.25", "rounding": "half_even"}, [1]),
        ({"end": "least", "share": "0.1", "rounding": "down"}, []),
        ({"end": "least", "members": 9}, [1, 2, 2, 3, 4]),
        ({"end": "least", "members": 2, "ties": "together_up"}, [1, 2, 2]),
        ({"end": "least", "members": 2, "ties": "together_down"}, [1]),
        ({"end": "least", "members": 3, "ties": "together_down"}, [1, 2, 2]),
        ({"end": "greatest", "members": 3}, [2, 3, 4]),
        ({"end": "greatest", "members": 3, "ties": "together_up"}, [2, 2, 3, 4]),
        ({"end": "greatest", "members": 3, "ties": "together_down"}, [3, 4]),
        ({"end": "greatest", "share": 1}, [1, 2, 2, 3, 4]),
    ],
)
def test_a_part_says_how_it_is_rounded_and_what_ties_do(part: dict[str, Any], expected: list[int]) -> None:
    assert part_of(CohortPart.model_validate(part), [Fraction(n) for n in (1, 2, 2, 3, 4)]) == [
        Fraction(n) for n in expected
    ]


def definition(figure: dict[str, Any] | None = None, ranking: dict[str, Any] | None = None) -> Definition:
    """Energy per tonne, held against a benchmark of the cohort by sector and size, and points that are ranked."""
    options = [{"id": "steel"}, {"id": "glass"}, {"id": "not-ours", "not_applicable": True}]
    benchmark = {"id": "benchmark", "of": "intensity", "figure": "mean", "by": "sector", **(figure or {})}
    return wide_definition(
        {
            "family": "grouped",
            "version": "1.0.0",
            "origin": "own",
            "languages": ["en"],
            "rounding": {"places": 3, "mode": "half_up"},
            "index": "overall",
            "categories": ["overall"],
            "cohort_figures": [benchmark],
            "questions": [
                {"id": "sector", "kind": "choice", "options": options},
                {"id": "size", "kind": "level", "lowest": 1, "highest": 2},
                {"id": "checked", "kind": "yes_no"},
                {"id": "intensity", "kind": "number", "least": 0, "most": 1000},
                {"id": "beside", "kind": "computed", "formula": "intensity / benchmark", "least": 0, "most": 9},
            ],
            "nodes": [
                {
                    "id": "overall",
                    "aggregation": "sum",
                    "children": [{"of": "beside"}],
                    "better": "less",
                    "rules": [{"id": "far", "kind": "cap", "when": "intensity > benchmark * 2", "at_least": 5}],
                },
                {"id": "energy", "aggregation": "sum", "children": [{"of": "intensity"}], "better": "less"},
            ],
            "rankings": [
                {
                    "id": "code",
                    "of": "energy",
                    "by": "sector",
                    "places": [{"id": "best", "members": 1}, {"id": "good", "top": "0.5"}],
                    **(ranking or {}),
                }
            ],
        }
    )


def member(
    intensity: int | None, sector: str | None = "steel", size: int | None = 1, *, checked: bool | None = True
) -> Answers:
    found: dict[str, Answer] = {}
    if intensity is not None:
        found["intensity"] = NumberAnswer(number=Fraction(intensity))
    if sector is not None:
        found["sector"] = ChoiceAnswer(choice=sector)
    if size is not None:
        found["size"] = LevelAnswer(level=size)
    if checked is not None:
        found["checked"] = YesNoAnswer(yes=checked)
    return found


COHORT: Mapping[str, Answers] = {
    "a": member(10),
    "b": member(20),
    "c": member(60, size=2),
    "d": member(100, "glass"),
    "e": member(None, "glass"),
    "f": member(50, "glass", 2, checked=False),
    "g": member(7, None),
    "h": member(30, "not-ours"),
}


def figures(made: Definition) -> CohortFigures:
    return figures_of(made, compile_plan(made), COHORT)


def by_group(made: Definition) -> dict[tuple[str, ...], tuple[str | None, int, tuple[str, ...] | None]]:
    (figure,) = figures(made).figures
    return {group.by: (group.value, group.counted, group.over) for group in figure.groups}


def test_every_group_has_a_figure_of_its_own_and_who_belongs_to_none_counts_for_all_alone() -> None:
    made = definition()
    assert by_group(made) == {("steel",): ("30", 3, ("steel",)), ("glass",): ("75", 2, ("glass",))}
    (figure,) = figures(made).figures
    assert (figure.value, figure.counted) == ("277/7", 7)
    assert CohortFigures.model_validate_json(figures(made).to_json()) == figures(made)


@pytest.mark.parametrize("too_few", ["withhold", "wider"])
def test_too_few_are_told_and_where_a_wider_group_stands_in(too_few: str) -> None:
    made = definition({"by": ["sector", "size"], "least_members": 2, "too_few": too_few, "when": "intensity != 50"})
    found = by_group(made)
    assert found["steel", "1"] == ("15", 2, ("steel", "1"))
    everybody = ("227/6", 6, ())
    assert found["glass", "1"] == ((None, 1, None) if too_few == "withhold" else everybody)
    assert found["steel", "2"] == ((None, 1, None) if too_few == "withhold" else ("30", 3, ("steel",)))


def test_groups_by_three_facts_widen_one_fact_at_a_time() -> None:
    made = definition({"by": ["sector", "size", "checked"], "least_members": 2, "too_few": "wider"})
    found = by_group(made)
    assert found["steel", "1", "yes"] == ("15", 2, ("steel", "1", "yes"))
    assert found["steel", "1", "no"] == ("15", 2, ("steel", "1"))
    assert found["steel", "2", "no"] == ("30", 3, ("steel",))
    assert len(found) == 8
    assert CohortFigures.model_validate_json(figures(made).to_json()) == figures(made)
    cards = [scored(made, member(90, checked=checked)) for checked in (True, False)]
    assert [card.question("beside").exact for card in cards] == ["6", "6"]
    places = ranked(by=["sector", "size", "checked"], least_members=2, too_few="wider")
    assert ("c", 3, None, Among(("steel", "2", "yes"), ("steel",), 3)) in places


def test_where_all_are_too_few_nothing_is_stated() -> None:
    made = definition({"least_members": 9, "too_few": "wider"})
    assert by_group(made) == {("steel",): (None, 3, None), ("glass",): (None, 2, None)}
    assert figures(made).figures[0].value is None


def test_only_those_count_for_whom_it_is_known_to_hold() -> None:
    made = definition({"when": "checked", "by": []})
    cohort = {**COHORT, "i": member(1000, checked=None)}
    (figure,) = figures_of(made, compile_plan(made), cohort).figures
    assert (figure.counted, figure.value, figure.groups) == (6, "227/6", ())


def test_the_part_is_taken_within_each_group_and_told() -> None:
    made = definition({"part": {"end": "least", "share": "0.5"}})
    (figure,) = figures(made).figures
    assert [(group.value, group.counted, group.part) for group in figure.groups] == [("15", 3, 2), ("50", 2, 1)]


def scored(made: Definition, answers: Answers, known: CohortFigures | None = None) -> Scorecard:
    return score(compile_plan(made, known or figures(made)), answers)


def test_who_is_scored_gets_the_figure_of_the_own_group_in_every_engine() -> None:
    made = definition()
    cohort = [member(90), member(90, "glass"), member(90, None), member(90, "not-ours"), member(15)]
    plan = compile_plan(made, figures(made))
    cards = [score(plan, answers) for answers in cohort]
    assert [(card.headline.state, card.headline.value) for card in cards] == [
        (State.SCORED, "5.000"),
        (State.SCORED, "1.200"),
        (State.OPEN, None),
        (State.NOT_APPLICABLE, None),
        (State.SCORED, "0.500"),
    ]
    assert (cards[2].headline.lowest, cards[2].headline.highest) == ("1.200", "5.000")
    columns = score_population(plan, Columns.of(plan, cohort)).nodes["overall"]
    assert [columns.value(place) for place in range(5)] == [card.headline.value for card in cards]
    assert [trace(plan, answers).card for answers in cohort] == cards
    assert Scorecard.from_json(cards[0].to_json()) == cards[0]


def test_a_deviation_of_a_group_is_kept_as_the_root_that_it_is() -> None:
    made = definition({"figure": "deviation"})
    assert by_group(made)["steel",][0] == "root(700)"
    card = scored(made, member(90))
    assert (card.question("beside").exact or "").startswith("3.401680257083")
    (looked,) = next(
        step.looked for step in trace(compile_plan(made, figures(made)), member(90)).questions["beside"].steps
    )
    assert (looked.table, looked.by, looked.value) == ("benchmark", ("sector",), "26.4575131106…")
    either = {name: answer for name, answer in member(90).items() if name != "sector"}
    assert scored(made, either).headline.state is State.OPEN


def test_without_a_figure_for_the_group_what_rests_on_it_stays_open() -> None:
    made = definition({"least_members": 3})
    assert scored(made, member(90)).headline.value == "5.000"
    assert scored(made, member(90, "glass")).headline.state is State.OPEN
    unknown = score(compile_plan(made), member(90))
    assert (unknown.headline.state, unknown.headline.lowest, unknown.headline.highest) == (State.OPEN, "0.000", "9.000")


def ranked(**ranking: Any) -> list[tuple[str, int | None, str | None, Among | None]]:
    made = definition(ranking=ranking)
    return [(each.member, each.rank, each.place, each.among) for each in rank(made, compile_plan(made), "code", COHORT)]


def test_ranks_and_places_are_those_within_the_group() -> None:
    steel, glass = Among(("steel",), ("steel",), 3), Among(("glass",), ("glass",), 2)
    assert ranked() == [
        ("a", 1, "best", steel),
        ("b", 2, None, steel),
        ("c", 3, None, steel),
        ("f", 1, "best", glass),
        ("d", 2, None, glass),
        ("g", None, None, Among((None,), None, 7)),
        ("h", None, None, Among((None,), None, 7)),
        ("e", None, None, None),
    ]


def test_a_group_of_too_few_gets_no_ranks_or_those_of_the_wider_one() -> None:
    assert ("d", None, None, Among(("glass",), None, 2)) in ranked(least_members=3)
    wider = ranked(least_members=3, too_few="wider")
    assert ("d", 7, None, Among(("glass",), (), 7)) in wider
    assert ("f", 5, None, Among(("glass",), (), 7)) in wider
    assert ("a", 1, "best", Among(("steel",), ("steel",), 3)) in wider, "nobody of a small group takes a place there"
    assert ranked(by=["sector", "size"], least_members=2, too_few="wider")[2] == (
        "c",
        3,
        None,
        Among(("steel", "2"), ("steel",), 3),
    )
    alone = ranked(by=[], least_members=8)
    assert {among for *_, among in alone} == {Among((), None, 7), None}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_the_figures_of_groups_turn_out_to_be_lies_within_the_bounds_before(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    fact = {"id": "fact", "kind": "choice", "options": [{"id": "one"}, {"id": "two"}], "not_applicable": "refused"}
    if data.draw(st.booleans()):
        fact["not_applicable"] = "allowed"
    beside = {"id": "beside", "kind": "number", "least": 0, "most": 4, "places": 0, "not_applicable": "refused"}
    form = data.draw(
        st.sampled_from(["bar - beside", "min(bar, q0)", "if(bar > 1, beside, q0)", "rank(bar, beside, 1)"])
    )
    also = [{"id": name, "kind": "yes_no", "not_applicable": "refused"} for name in ("also", "third")]
    by = data.draw(st.sampled_from([["fact"], ["fact", "also", "third"]]))
    structure["questions"] += [
        fact,
        beside,
        *(each for each in also if each["id"] in by),
        {"id": "compared", "kind": "computed", "formula": form},
    ]
    structure["nodes"][0]["children"].append({"of": "compared"})
    figure = {"id": "bar", "of": "beside", "by": by, "least_members": data.draw(st.integers(1, 2))}
    figure["figure"] = data.draw(st.sampled_from(["least", "mean", "deviation", "count"]))
    figure["too_few"] = data.draw(st.sampled_from(["withhold", "wider"]))
    if data.draw(st.booleans()):
        figure["part"] = {"end": "least", "share": "0.5"}
    structure["cohort_figures"] = [figure]
    made = wide_definition(structure)
    plan = compile_plan(made)
    pairs = data.draw(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["one", "two"])), max_size=5))
    members: dict[str, Answers] = {
        f"m{place}": {
            "beside": NumberAnswer(number=Fraction(number)),
            "fact": ChoiceAnswer(choice=group),
            **{each: YesNoAnswer(yes=place % 2 == 0) for each in by[1:]},
        }
        for place, (number, group) in enumerate(pairs)
    }
    known = compile_plan(made, figures_of(made, plan, members))
    answers = data.draw(answered(structure, most_open=2))
    before, now = score(plan, answers), score(known, answers)
    columns = score_population(known, Columns.of(known, [answers]))
    assert [columns.nodes[node.id].value(0) for node in now.nodes] == [node.value for node in now.nodes]
    for completed in completions(structure, answers):
        then = score(known, completed)
        if not any(question.state is State.OPEN for question in then.questions):
            inside(before, then)
            inside(now, then)


def test_a_fact_that_does_not_apply_is_no_fact() -> None:
    made = definition()
    absent = {**member(90), "sector": NotApplicableAnswer(reason="None of these.")}
    assert scored(made, absent).headline.state is State.NOT_APPLICABLE
