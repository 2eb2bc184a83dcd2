"""Figures of a cohort: taken exactly, kept with the scorecard, and never made up."""

from __future__ import annotations

import statistics
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaires.loading import load_folder
from questionnaires.model import CohortFigure, QuantileMethod, Statistic
from scoring import Answers, CohortFigures, NumberAnswer, Scorecard, State, compile_plan, score
from scoring.errors import OtherCohort
from scoring.figures import FigureValue
from scoring.quantiles import quantile
from scoring.sample import PLACES, figures_of, taken
from tests.published.cases import HERE
from tests.scoring.test_wide import completions, inside
from tests.scoring.wide import answered, wide_definition, wide_structures

NUMBERS = st.lists(st.fractions(-50, 50, max_denominator=12), min_size=2, max_size=12)


def number_of(text: str | None) -> Fraction | None:
    return FigureValue(id="f", value=text, counted=0).number


def figure(kind: Statistic, share: Fraction | None = None) -> CohortFigure:
    return CohortFigure(id="f", of="x", figure=kind, share=share)


@given(NUMBERS)
def test_figures_are_those_of_the_textbooks(numbers: list[Fraction]) -> None:
    assert number_of(taken(figure(Statistic.LEAST), numbers)) == min(numbers)
    assert number_of(taken(figure(Statistic.GREATEST), numbers)) == max(numbers)
    assert number_of(taken(figure(Statistic.MEAN), numbers)) == statistics.mean(numbers)
    assert taken(figure(Statistic.COUNT), numbers) == str(len(numbers))
    quarters = [number_of(taken(figure(Statistic.QUANTILE, Fraction(n, 4)), numbers)) for n in range(5)]
    assert quarters == [min(numbers), *statistics.quantiles(numbers, n=4, method="inclusive"), max(numbers)]
    assert square_of(taken(figure(Statistic.DEVIATION), numbers)) == statistics.variance(numbers)
    assert square_of(taken(figure(Statistic.POPULATION_DEVIATION), numbers)) == statistics.pvariance(numbers)


def square_of(text: str | None) -> Fraction | None:
    found = FigureValue(id="f", value=text, counted=0)
    return found.square if found.number is None else found.number**2


NUMPY: dict[QuantileMethod, Any] = {
    QuantileMethod.R1: "inverted_cdf",
    QuantileMethod.R2: "averaged_inverted_cdf",
    QuantileMethod.R3: "closest_observation",
    QuantileMethod.R4: "interpolated_inverted_cdf",
    QuantileMethod.R5: "hazen",
    QuantileMethod.R6: "weibull",
    QuantileMethod.R7: "linear",
    QuantileMethod.R8: "median_unbiased",
    QuantileMethod.R9: "normal_unbiased",
}


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=20), st.integers(0, 16))
def test_quantiles_are_those_of_numpy(numbers: list[int], sixteenth: int) -> None:
    rising = [Fraction(number) for number in sorted(numbers)]
    for method, name in NUMPY.items():
        expected = np.quantile(numbers, sixteenth / 16, method=name)
        found = quantile(rising, Fraction(sixteenth, 16), method)
        assert abs(float(found) - expected) < 1e-9, method


def test_too_few_state_no_figure() -> None:
    assert taken(figure(Statistic.DEVIATION), [Fraction(1)]) is None
    assert taken(figure(Statistic.POPULATION_DEVIATION), [Fraction(1)]) == "0"
    assert [taken(figure(kind, Fraction(1, 2)), []) for kind in Statistic] == [None] * 6 + ["0"]


def test_a_figure_too_long_to_be_written_is_rounded() -> None:
    numbers = [Fraction(1, prime) for prime in range(1001, 3001, 2)]
    found = number_of(taken(figure(Statistic.MEAN), numbers))
    assert found is not None
    assert abs(found - statistics.mean(numbers)) <= Fraction(1, 2 * 10**PLACES)


def ten() -> dict[str, Answers]:
    return {f"m{number}": {"x": NumberAnswer(number=Fraction(number))} for number in range(1, 11)}


def test_z_scores_of_the_sample_have_its_mean_and_deviation() -> None:
    """COINr: z-scores of 1 to 10 to mean 5 and deviation 2 have just these."""
    definition = load_folder(HERE / "sample-normalisation")
    plan = compile_plan(definition)
    figures = figures_of(definition, plan, {**ten(), "silent": {}}, date(2026, 11, 22))
    assert (figures.members, figures.figures[0].counted) == (11, 10)
    assert [each.value for each in figures.figures] == ["1", "10", "11/2", "root(55/6)", "11/2", "13/4", "10"]
    assert CohortFigures.model_validate_json(figures.to_json()) == figures
    cards = [score(compile_plan(definition, figures), answers) for answers in ten().values()]
    scores = [Fraction((card.question("z-score").exact or "").rstrip("…")) for card in cards]
    assert abs(statistics.mean(scores) - 5) < Fraction(1, 10**25)
    assert abs(statistics.variance(scores) - 4) < Fraction(1, 10**25)
    card = cards[0]
    assert Scorecard.from_json(card.to_json()) == card
    assert card.cohort is not None
    assert score(compile_plan(definition, card.cohort), ten()["m1"]).to_json() == card.to_json(), "scored again"


def test_without_figures_nothing_is_made_up_and_the_scorecard_does_not_mention_them() -> None:
    definition = load_folder(HERE / "sample-normalisation")
    card = score(compile_plan(definition), ten()["m1"])
    assert card.question("z-score").state is State.OPEN
    assert b'"cohort"' not in card.to_json()


def test_figures_of_another_definition_are_refused() -> None:
    definition = load_folder(HERE / "sample-normalisation")
    plan = compile_plan(definition)
    figures = figures_of(definition, plan, ten())
    with pytest.raises(OtherCohort):
        compile_plan(load_folder(HERE / "unit-cases"), figures)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_the_figures_turn_out_to_be_lies_within_the_bounds_before(data: st.DataObject) -> None:
    structure = data.draw(wide_structures())
    questions: list[dict[str, Any]] = structure["questions"]
    questions.append(
        {"id": "beside", "kind": "number", "least": 0, "most": 4, "places": 0, "not_applicable": "refused"}
    )
    form = data.draw(st.sampled_from(["bar - beside", "min(bar, q0)", "if(bar > 1, beside, q0)", "(beside - 1) / bar"]))
    questions.append({"id": "compared", "kind": "computed", "formula": form})
    structure["nodes"][0]["children"].append({"of": "compared"})
    kind = data.draw(st.sampled_from(["least", "mean", "deviation", "count"]))
    structure["cohort_figures"] = [{"id": "bar", "of": "beside", "figure": kind}]
    definition = wide_definition(structure)
    plan = compile_plan(definition)
    members: dict[str, Answers] = {
        f"m{place}": {"beside": NumberAnswer(number=Fraction(number))}
        for place, number in enumerate(data.draw(st.lists(st.integers(0, 4), max_size=4)))
    }
    known = compile_plan(definition, figures_of(definition, plan, members))
    answers = data.draw(answered(structure, most_open=1))
    before, now = score(plan, answers), score(known, answers)
    for completed in completions(structure, answers):
        then = score(known, completed)
        if any(question.state is State.OPEN for question in then.questions):
            continue  # a figure of too few members is no number: what rests on it stays open
        inside(before, then)
        inside(now, then)
