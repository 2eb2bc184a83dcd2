"""What must hold of every coefficient, whatever the ratings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from fractions import Fraction
from math import isfinite
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.agreement import (
    Estimate,
    IntraclassForm,
    NegativeRatings,
    NotATable,
    Ratings,
    Scale,
    TooFewRaters,
    Weighting,
    Why,
    cohen_kappa,
    counts_of,
    cronbach_alpha,
    fleiss_kappa,
    intraclass_correlations,
    krippendorff_alpha,
    leniencies,
    randolph_kappa,
    raw_agreement,
    table_of,
)
from tests.scoring.agreement.published import JUDGES, KRIPPENDORFF, rated

LEVELS = [Fraction(level) for level in range(4)]


@st.composite
def any_ratings(draw: st.DrawFn, *, least: int = 2, most: int = 4, gaps: bool = True) -> Ratings:
    """Some raters, some subjects, levels 0 to 3, some ratings missing."""
    subjects = [f"s{number}" for number in range(draw(st.integers(0, 7)))]
    level: st.SearchStrategy[Fraction | None] = st.sampled_from(LEVELS)
    if gaps:
        level |= st.none()
    return {
        f"r{number}": {subject: given for subject in subjects if (given := draw(level)) is not None}
        for number in range(draw(st.integers(least, most)))
    }


def everything(ratings: Ratings) -> dict[str, Estimate]:
    """Every coefficient of these ratings."""
    counts = counts_of(ratings, LEVELS)
    found: dict[str, Estimate] = {}
    if counts:
        found |= {"raw": raw_agreement(counts), "fleiss": fleiss_kappa(counts), "randolph": randolph_kappa(counts)}
    found |= {f"alpha {scale}": krippendorff_alpha(ratings, scale) for scale in Scale}
    found |= {form.value: each for form, each in intraclass_correlations(ratings).items()}
    found["cronbach"] = cronbach_alpha(
        [[ratings[rater].get(f"s{number}") for rater in ratings] for number in range(len(counts))]
    )
    for each in leniencies(ratings, least_common=2):
        found[f"{each.rater} plain"], found[f"{each.rater} adjusted"] = each.difference, each.adjusted
    first, second = list(ratings.values())[:2]
    for weighting in Weighting:
        found[f"cohen {weighting}"] = cohen_kappa(table_of(first, second, LEVELS), weighting)
    return found


def numbers(estimate: Estimate) -> Iterable[float]:
    return (value for field in fields(estimate) if isinstance(value := getattr(estimate, field.name), float))


@settings(max_examples=30)
@given(any_ratings())
def test_never_a_nan_and_a_reason_where_there_is_nothing(ratings: Ratings) -> None:
    for name, estimate in everything(ratings).items():
        assert all(isfinite(number) for number in numbers(estimate)), name
        assert (estimate.value is None) <= (estimate.why is not Why.NONE), name
        if estimate.low is not None and estimate.high is not None:
            assert estimate.value is not None
            assert estimate.low - 1e-9 <= estimate.value <= estimate.high + 1e-9, name


@settings(max_examples=25)
@given(any_ratings())
def test_names_and_order_of_raters_and_subjects_do_not_matter(ratings: Ratings) -> None:
    renamed = {f"x{9 - place}": dict(reversed(list(given.items()))) for place, given in enumerate(ratings.values())}
    for scale in Scale:
        assert krippendorff_alpha(renamed, scale) == krippendorff_alpha(ratings, scale)
    if counts := counts_of(ratings, LEVELS):
        assert fleiss_kappa(counts_of(renamed, LEVELS)) == fleiss_kappa(counts)
    for form, each in intraclass_correlations(ratings).items():
        other = intraclass_correlations(renamed)[form]
        assert (other.exact, other.why) == (each.exact, each.why)


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=3, max_size=3), st.permutations(range(3)))
def test_labels_do_not_matter_where_only_equality_counts(table: list[list[int]], order: list[int]) -> None:
    relabelled = [[table[i][j] for j in order] for i in order]
    plain = cohen_kappa(table)
    assert cohen_kappa(relabelled) == plain
    turned = [list(column) for column in zip(*table, strict=True)]
    assert cohen_kappa(turned).exact == plain.exact
    counts = [row for row in table if sum(row)]
    if counts:
        assert fleiss_kappa([[row[j] for j in order] for row in counts]) == fleiss_kappa(counts)


@settings(max_examples=25)
@given(st.lists(st.sampled_from(LEVELS), min_size=2, max_size=8), st.integers(2, 4))
def test_perfect_agreement_is_one(levels: list[Fraction], raters: int) -> None:
    assume(len(set(levels)) > 1)
    own = {f"s{place}": level for place, level in enumerate(levels)}
    for name, estimate in everything({f"r{number}": own for number in range(raters)}).items():
        if name.startswith("r") and name[1].isdigit():
            assert estimate.value == pytest.approx(0), name
        else:
            assert estimate.exact == 1, name


@settings(max_examples=25)
@given(any_ratings(gaps=False), st.integers(-3, 3), st.integers(1, 4))
def test_interval_scales_do_not_care_for_origin_and_unit(ratings: Ratings, shift: int, unit: int) -> None:
    moved = {rater: {s: unit * v + shift for s, v in given.items()} for rater, given in ratings.items()}
    assert krippendorff_alpha(moved, Scale.INTERVAL).exact == krippendorff_alpha(ratings, Scale.INTERVAL).exact
    for form, each in intraclass_correlations(ratings).items():
        assert intraclass_correlations(moved)[form].exact == each.exact


@settings(max_examples=25)
@given(any_ratings(gaps=False))
def test_interval_alpha_of_two_categories_is_the_nominal_one(ratings: Ratings) -> None:
    halved = {rater: {s: Fraction(v > 1) for s, v in given.items()} for rater, given in ratings.items()}
    assert krippendorff_alpha(halved, Scale.INTERVAL) == krippendorff_alpha(halved, Scale.NOMINAL)


@settings(max_examples=25)
@given(any_ratings(gaps=False))
def test_a_constant_bias_changes_agreement_but_not_consistency(ratings: Ratings) -> None:
    first = next(iter(ratings))
    lenient = {**ratings, first: {subject: value + 1 for subject, value in ratings[first].items()}}
    before, after = intraclass_correlations(ratings), intraclass_correlations(lenient)
    assert after[IntraclassForm.CONSISTENCY].exact == before[IntraclassForm.CONSISTENCY].exact
    for old, new in zip(leniencies(ratings, 2), leniencies(lenient, 2), strict=True):
        if old.difference.exact is not None and new.difference.exact is not None and old.rater == first:
            assert new.difference.exact - old.difference.exact == 1


def test_quadratic_kappa_is_the_intraclass_correlation_of_large_samples() -> None:
    """Fleiss and Cohen (1973): with sums over n instead of n − 1 the two are the same."""
    first, second = JUDGES["a"], JUDGES["d"]
    levels = [Fraction(level) for level in range(1, 11)]
    kappa = cohen_kappa(table_of(first, second, levels), Weighting.QUADRATIC).exact
    n = len(first)
    means = sum(first.values(), Fraction(0)) / n, sum(second.values(), Fraction(0)) / n
    product = sum(((first[s] - means[0]) * (second[s] - means[1]) for s in first), Fraction(0))
    squares = sum(
        (sum(((v - m) ** 2 for v in g.values()), Fraction(0)) for g, m in zip((first, second), means, strict=True)),
        Fraction(0),
    )
    assert kappa == 2 * product / (squares + n * (means[0] - means[1]) ** 2)


def test_leniency_plain_and_adjusted() -> None:
    by_name = {each.rater: each for each in leniencies(JUDGES, least_common=6)}
    assert by_name["a"].difference.exact == Fraction(19, 6)
    # In a complete table the effects are the means less the grand mean: 46/6 − 127/24.
    assert by_name["a"].adjusted.value == pytest.approx(46 / 6 - 127 / 24)
    # One residual variance for all: mean square of the rest 1.0194 (Shrout and Fleiss), times 3/4 over 6 subjects.
    assert by_name["a"].adjusted.error == pytest.approx((1.0194444 * 3 / 4 / 6) ** 0.5, rel=1e-6)


def by_visit(ratings: Ratings, subjects: int) -> dict[str, Any]:
    """Leniencies where so many subjects in a row belong to one visit."""
    return {each.rater: each for each in leniencies(ratings, 2, visit=lambda subject: str(int(subject) // subjects))}


def test_ratings_of_one_visit_hang_together() -> None:
    """Twice the same visit tells no more than once: intervals that count visits do not shrink, others do."""
    first, other = "1 2 3 1 2 3", "2 2 2 2 2 3"
    once = by_visit(rated(a=first, b=other), 1)["a"]
    doubled = {"a": " ".join(level * 2 for level in ("1 ", "2 ", "3 ", "1 ", "2 ", "3 "))}
    doubled["b"] = " ".join(level * 2 for level in ("2 ", "2 ", "2 ", "2 ", "2 ", "3 "))
    twice = by_visit(rated(**doubled), 2)["a"]
    alone = leniencies(rated(**doubled), 2)[0]
    assert (twice.common, alone.common, once.common) == (12, 12, 6)
    for figure in ("difference", "adjusted"):
        assert getattr(twice, figure).error == pytest.approx(getattr(once, figure).error)
        assert getattr(alone, figure).error < 0.9 * getattr(once, figure).error
    few = by_visit(rated(**doubled), 3)["a"]
    assert few.difference == alone.difference, "four visits are too few to see how visits scatter"


def test_clusters_of_one_are_single_ratings() -> None:
    many = rated(a="1 2 3 1 2 3 4", b="2 2 2 2 2 3 5", c="1 1 2 2 1 1 3")
    assert by_visit(many, 1)["a"].difference == leniencies(many, 2)[0].difference


def test_adjusting_clears_somebody_who_was_only_compared_with_a_strict_peer() -> None:
    ratings = rated(
        strict="1 2 3 1 2 3 * * *",
        fair="2 3 4 2 3 4 1 2 3",
        other="* * * * * * 1 2 3",
    )
    plain, adjusted = leniencies(ratings, 3)[0], leniencies(ratings, 3)[1]
    assert (plain.rater, plain.difference.exact) == ("fair", Fraction(2, 3))
    assert plain.adjusted.value == pytest.approx(1 / 3)
    assert adjusted.rater == "other"
    assert adjusted.difference.exact == 0
    assert adjusted.adjusted.value == pytest.approx(1 / 3), "as lenient as fair, against whom alone it was compared"


def test_too_few_common_ratings_say_nothing_of_a_rater() -> None:
    found = {each.rater: each for each in leniencies(KRIPPENDORFF, least_common=10)}
    assert (found["a"].common, found["a"].difference.value, found["a"].difference.why) == (9, None, Why.TOO_FEW)
    assert found["b"].difference.value is not None


def test_raters_without_anything_in_common_are_not_compared() -> None:
    apart = {"a": {"x": Fraction(1)}, "b": {"y": Fraction(2)}}
    assert all(each.common == 0 and each.adjusted.why is Why.TOO_FEW for each in leniencies(apart, 1))
    two_groups = {
        **rated(a="1 2 3", b="2 2 4"),
        "c": {"p": Fraction(1), "q": Fraction(3)},
        "d": {"p": Fraction(3), "q": Fraction(3)},
    }
    effects = [each.adjusted.value or 0.0 for each in leniencies(two_groups, 2)]
    assert effects[0] + effects[1] == pytest.approx(0)
    assert effects[2] + effects[3] == pytest.approx(0)


@pytest.mark.parametrize("ratings", [{}, {"a": {"x": Fraction(1)}}])
def test_one_rater_agrees_with_nobody(ratings: Ratings) -> None:
    for coefficient in (counts_of, krippendorff_alpha, intraclass_correlations, leniencies):
        with pytest.raises(TooFewRaters, match="at least two raters"):
            coefficient(ratings)


@pytest.mark.parametrize("table", [[], [[]], [[1, 2], [3]], [[1, 2, 3], [4, 5, 6]], [[1, -1], [0, 1]]])
def test_what_is_no_table(table: list[list[int]]) -> None:
    with pytest.raises(NotATable):
        cohen_kappa(table)


def test_a_ratio_scale_has_no_negative_ratings() -> None:
    with pytest.raises(NegativeRatings):
        krippendorff_alpha(rated(a="1 -1 2", b="1 0 2"), Scale.RATIO)


def test_constant_ratings() -> None:
    same = rated(a="2 2 2", b="2 2 2")
    reasons = {name: each.why for name, each in everything(same).items() if each.value is None}
    assert {name for name in reasons if "cohen" in name} == {f"cohen {weighting}" for weighting in Weighting}
    assert set(reasons.values()) <= {Why.CONSTANT, Why.TOO_FEW}
    assert raw_agreement(counts_of(same)).exact == 1


def test_one_subject() -> None:
    one = rated(a="1", b="2")
    assert krippendorff_alpha(one).low is None
    assert all(each.why is Why.TOO_FEW for each in intraclass_correlations(one).values())
    assert cohen_kappa(table_of(one["a"], one["b"])).why is Why.TOO_FEW
