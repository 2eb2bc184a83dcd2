"""Figures of a cohort that rest on its figures: each taken once what it rests on is known, and told in order."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.model import CohortFigure, Definition
from questionnaires.stages import figures_below, stages
from scoring import Answers, ChoiceAnswer, CohortFigures, NumberAnswer, Scorecard, State, compile_plan, score
from scoring.columns import Columns, score_population
from scoring.sample import figures_of, taken
from tests.scoring.test_wide import completions, inside
from tests.scoring.wide import answered, wide_definition, wide_structures


def definition(kind: str = "greatest", **figure: Any) -> Definition:
    """A number as a share of a first figure, that as a share of a second one, and a third of what remains."""
    return wide_definition(
        {
            "family": "staged",
            "version": "1.0.0",
            "origin": "own",
            "languages": ["en"],
            "rounding": {"places": 3, "mode": "half_up"},
            "index": "overall",
            "categories": ["overall"],
            "cohort_figures": [
                {"id": "third", "of": "overall", "figure": "mean", "when": "beyond <= 2 * second"},
                {"id": "second", "of": "beyond", "figure": kind},
                {"id": "first", "of": "x", "figure": kind, **figure},
            ],
            "questions": [
                {"id": "group", "kind": "choice", "options": [{"id": "a"}, {"id": "b"}], "not_applicable": "refused"},
                {"id": "x", "kind": "number", "least": 0, "most": 99},
                {"id": "beyond", "kind": "computed", "formula": "abs(x - first)"},
                {"id": "far", "kind": "computed", "formula": "overall - third"},
            ],
            "nodes": [
                {
                    "id": "overall",
                    "aggregation": "formula",
                    "children": [{"of": "beyond"}],
                    "formula": "beyond * 2 - second",
                },
                {"id": "last", "aggregation": "sum", "children": [{"of": "far"}]},
            ],
        }
    )


def member(number: Fraction | int | None, group: str = "a") -> Answers:
    found: Answers = {"group": ChoiceAnswer(choice=group)}
    return found if number is None else {**found, "x": NumberAnswer(number=Fraction(number))}


def values(figures: CohortFigures) -> dict[str, tuple[str | None, int]]:
    return {each.id: (each.value, each.counted) for each in figures.figures}


def test_the_stages_follow_from_what_rests_on_what() -> None:
    made = definition()
    assert [[figure.id for figure in stage] for stage in stages(made)] == [["first"], ["second"], ["third"]]
    assert figures_below(made) == {"third": ("second",), "second": ("first",), "first": ()}


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["least", "greatest", "mean", "count"]),
    st.lists(st.one_of(st.none(), st.fractions(0, 9, max_denominator=4)), max_size=7),
)
def test_every_stage_is_what_a_calculation_in_one_go_gives(kind: str, numbers: Sequence[Fraction | None]) -> None:
    made = definition(kind)
    cohort: Mapping[str, Answers] = {f"m{place}": member(number) for place, number in enumerate(numbers)}
    plan = compile_plan(made)
    figures = figures_of(made, plan, cohort)
    stated = [number for number in numbers if number is not None]
    first = of(kind, stated)
    beyond = [] if first is None else [abs(number - first) for number in stated]
    second = of(kind, beyond)
    overall = [] if second is None else [each * 2 - second for each in beyond if each <= 2 * second]
    third = of("mean", overall)
    found = {each.id: (each.number, each.counted) for each in figures.figures}
    assert found == {"first": (first, len(stated)), "second": (second, len(beyond)), "third": (third, len(overall))}
    assert CohortFigures.model_validate_json(figures.to_json()) == figures
    known = compile_plan(made, figures)
    cards = [score(known, answers) for answers in cohort.values()]
    columns = score_population(known, Columns.of(known, list(cohort.values()))).nodes["last"]
    for place, (card, number) in enumerate(zip(cards, numbers, strict=True)):
        assert columns.value(place) == card.node("last").value
        if number is not None and first is not None and second is not None and third is not None:
            assert Fraction(card.question("far").exact or "") == abs(number - first) * 2 - second - third


def of(kind: str, numbers: Sequence[Fraction]) -> Fraction | None:
    found = taken(CohortFigure.model_validate({"id": "f", "of": "x", "figure": kind}), numbers)
    return None if found is None else Fraction(found)


def test_who_has_no_figure_of_the_own_group_does_not_count_in_the_next_stage() -> None:
    made = definition(by="group", least_members=2)
    cohort = {"a": member(10), "b": member(4), "c": member(90, "b"), "d": member(None)}
    figures = figures_of(made, compile_plan(made), cohort)
    assert values(figures) == {"third": ("0", 2), "second": ("6", 2), "first": ("90", 3)}
    assert [group.value for group in figures.figures[2].groups] == ["10", None]


def test_a_file_that_lacks_the_later_figures_leaves_open_what_rests_on_them() -> None:
    made = definition()
    plan, cohort = compile_plan(made), {"a": member(10), "b": member(4)}
    figures = figures_of(made, plan, cohort)
    first = figures.model_copy(update={"figures": figures.figures[2:]})
    card = score(compile_plan(made, first), cohort["b"])
    assert card.question("beyond").exact == "6"
    assert (card.headline.state, card.node("last").state) == (State.OPEN, State.OPEN)


def test_figures_are_the_same_whatever_order_the_definition_names_them_in() -> None:
    made = definition()
    turned = made.model_copy(update={"cohort_figures": made.cohort_figures[::-1]})
    cohort = {"a": member(10), "b": member(4), "c": member(7)}
    found = [values(figures_of(each, compile_plan(each), cohort)) for each in (made, turned)]
    assert found[0] == found[1]


def standardised() -> Definition:
    """Z-scores of two numbers, their mean as a z-score again, and that held against the best, rounded down."""
    figures = [
        {"id": f"{kind}-{of}", "of": of, "figure": figure}
        for of in ("x", "y", "both")
        for kind, figure in (("mean", "mean"), ("scatter", "deviation"))
    ]
    made = [{"id": f"z-{of}", "kind": "computed", "formula": f"({of} - mean-{of}) / scatter-{of}"} for of in ("x", "y")]
    again = {"id": "again", "kind": "computed", "formula": "50 + 10 * (both - mean-both) / scatter-both"}
    whether = {"id": "best", "kind": "computed", "formula": "count(again >= greatest-again, again <= least-again)"}
    ends = [{"id": f"{kind}-again", "of": "again", "figure": kind} for kind in ("greatest", "least")]
    return wide_definition(
        {
            "family": "standardised",
            "version": "1.0.0",
            "origin": "own",
            "languages": ["en"],
            "rounding": {"places": 3, "mode": "down"},
            "index": "share",
            "categories": ["share"],
            "cohort_figures": [*figures, *ends],
            "questions": [
                *({"id": name, "kind": "number", "least": 0, "most": 99} for name in ("x", "y")),
                *made,
                again,
                whether,
            ],
            "nodes": [
                {"id": "both", "aggregation": "mean", "children": [{"of": "z-x"}, {"of": "z-y"}]},
                {
                    "id": "share",
                    "aggregation": "formula",
                    "children": [{"of": "again"}],
                    "formula": "100 * again / greatest-again",
                },
                {"id": "ends", "aggregation": "sum", "children": [{"of": "best"}]},
            ],
        }
    )


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=6))
def test_z_scores_of_z_scores_and_the_best_of_them_reaches_itself(pairs: list[tuple[int, int]]) -> None:
    made = standardised()
    plan = compile_plan(made)
    cohort: Mapping[str, Answers] = {
        f"m{place}": {name: NumberAnswer(number=Fraction(number)) for name, number in zip("xy", pair, strict=True)}
        for place, pair in enumerate(pairs)
    }
    figures = figures_of(made, plan, cohort)
    known = compile_plan(made, figures)
    cards = [score(known, answers) for answers in cohort.values()]
    columns = score_population(known, Columns.of(known, list(cohort.values()))).nodes
    for place, card in enumerate(cards):
        assert [columns[node.id].value(place) for node in card.nodes] == [node.value for node in card.nodes]
    scattered = [len({pair[side] for pair in pairs}) > 1 for side in (0, 1)]
    if not all(scattered) or (figure := figures.figures[5]).value in {None, "0"}:
        return
    assert figure.id == "scatter-both"
    totals = [Fraction((card.question("again").exact or "").rstrip("…")) for card in cards]
    mean, scatter = statistics.mean(totals), statistics.stdev(map(float, totals))
    if any(abs(float(total) - 50) > 1e-9 for total in totals):
        assert abs(mean - 50) < Fraction(1, 10**20)
        assert abs(scatter - 10) < 1e-9
        assert card_of(cards, max(totals)).headline.value == "100.000"
        assert {card_of(cards, end).node("ends").value for end in (max(totals), min(totals))} == {"1.000"}


def card_of(cards: Sequence[Scorecard], total: Fraction) -> Scorecard:
    return next(card for card in cards if Fraction((card.question("again").exact or "").rstrip("…")) == total)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_figures_of_figures_turn_out_to_be_lies_within_the_bounds_before(data: st.DataObject) -> None:
    structure = data.draw(wide_structures(most_questions=3))
    number = {"id": "beside", "kind": "number", "least": 0, "most": 4, "places": 0, "not_applicable": "refused"}
    form = data.draw(st.sampled_from(["bar - beside", "min(bar, q0)", "(beside - 1) / bar"]))
    again = data.draw(st.sampled_from(["compared - upon", "if(compared >= upon, q0, beside)", "max(upon, q0)"]))
    structure["questions"] += [
        number,
        {"id": "compared", "kind": "computed", "formula": form},
        {"id": "again", "kind": "computed", "formula": again},
    ]
    structure["nodes"][0]["children"].append({"of": "again"})
    kinds = st.sampled_from(["least", "mean", "deviation", "count"])
    structure["cohort_figures"] = [
        {"id": "bar", "of": "beside", "figure": data.draw(kinds)},
        {"id": "upon", "of": "compared", "figure": data.draw(kinds)},
    ]
    made = wide_definition(structure)
    plan = compile_plan(made)
    members = {
        f"m{place}": {
            **data.draw(answered(structure, most_open=1)),
            "beside": NumberAnswer(number=Fraction(data.draw(st.integers(0, 4)))),
        }
        for place in range(data.draw(st.integers(0, 3)))
    }
    known = compile_plan(made, figures_of(made, plan, members))
    answers = data.draw(answered(structure, most_open=1))
    before, now = score(plan, answers), score(known, answers)
    columns = score_population(known, Columns.of(known, [answers]))
    assert [columns.nodes[node.id].value(0) for node in now.nodes] == [node.value for node in now.nodes]
    for completed in completions(structure, answers):
        then = score(known, completed)
        if not any(question.state is State.OPEN for question in then.questions):
            inside(before, then)
            inside(now, then)
