"""Every published coefficient comes out to its last printed digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest

from scoring.agreement import (
    Estimate,
    IntraclassForm,
    Ratings,
    Scale,
    Weighting,
    cohen_kappa,
    counts_of,
    cronbach_alpha,
    fleiss_kappa,
    intraclass_correlations,
    krippendorff_alpha,
    randolph_kappa,
    raw_agreement,
)
from scoring.agreement.estimates import f_quantile
from tests.scoring.agreement.published import (
    CODERS,
    FLEISS,
    ITEMS,
    JUDGES,
    KRIPPENDORFF,
    PSYCHIATRISTS,
    WINES,
)


def printed(value: float | None, places: int) -> str:
    """As a table prints it."""
    assert value is not None
    return f"{value:.{places}f}"


def span(estimate: Estimate, places: int) -> tuple[str, str]:
    return printed(estimate.low, places), printed(estimate.high, places)


SAS = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]


@pytest.mark.parametrize(
    ("weighting", "kappa", "error", "interval", "by_chance", "z", "p"),
    [
        (Weighting.PLAIN, "0.4842", "0.1380", ("0.2137", "0.7547"), "0.1484", "3.2626", "0.0011"),
        # The standard error under chance of the weighted one is not printed: 0.4701 / 3.2971.
        (Weighting.LINEAR, "0.4701", "0.1457", ("0.1845", "0.7558"), "0.1426", "3.2971", "0.0010"),
    ],
)
def test_cohen_with_errors(  # noqa: PLR0917 - one printed row
    weighting: Weighting, kappa: str, error: str, interval: tuple[str, str], by_chance: str, z: str, p: str
) -> None:
    found = cohen_kappa(SAS, weighting)
    assert (printed(found.value, 4), printed(found.error, 4), span(found, 4)) == (kappa, error, interval)
    assert (printed(found.error_by_chance, 4), printed(found.z, 4), printed(found.p, 4)) == (by_chance, z, p)


def test_cohen_quadratic() -> None:
    assert printed(cohen_kappa(SAS, Weighting.QUADRATIC).value, 6) == "0.450161"


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        ([[20, 5], [10, 15]], "0.400000"),
        ([[45, 15], [25, 15]], "0.130435"),
        ([[25, 35], [5, 35]], "0.259259"),
        ([[13, 0, 0], [0, 20, 7], [0, 4, 56]], "0.796409"),
    ],
)
def test_cohen(table: Sequence[Sequence[int]], kappa: str) -> None:
    assert printed(cohen_kappa(table).value, 6) == kappa


@pytest.mark.parametrize(
    ("ratings", "scale", "alpha"),
    [
        (KRIPPENDORFF, Scale.NOMINAL, "0.743421"),
        (KRIPPENDORFF, Scale.ORDINAL, "0.815388"),
        (KRIPPENDORFF, Scale.INTERVAL, "0.849107"),
        (KRIPPENDORFF, Scale.RATIO, "0.797403"),
        (CODERS, Scale.NOMINAL, "0.691358"),
        (CODERS, Scale.ORDINAL, "0.806721"),
        (CODERS, Scale.INTERVAL, "0.810845"),
        (CODERS, Scale.RATIO, "0.808944"),
    ],
)
def test_krippendorff(ratings: Ratings, scale: Scale, alpha: str) -> None:
    assert printed(krippendorff_alpha(ratings, scale).value, 6) == alpha


def test_krippendorff_with_its_interval() -> None:
    found = krippendorff_alpha(KRIPPENDORFF, Scale.NOMINAL)
    assert printed(found.error, 5) == "0.14557"
    assert span(found, 3) == ("0.419", "1.000")


@pytest.mark.parametrize(
    ("coefficient", "value", "error", "low"),
    [
        (raw_agreement, "0.81818", "0.12561", "0.542"),
        (fleiss_kappa, "0.76117", "0.15302", "0.424"),
        (randolph_kappa, "0.77273", "0.14472", "0.454"),
    ],
)
def test_missing_ratings(coefficient: Callable[[list[list[int]]], Estimate], value: str, error: str, low: str) -> None:
    found = coefficient(counts_of(KRIPPENDORFF))
    assert (printed(found.value, 5), printed(found.error, 5), span(found, 3)) == (value, error, (low, "1.000"))


def test_fleiss() -> None:
    assert printed(fleiss_kappa(FLEISS).value, 5) == "0.20993"
    found = fleiss_kappa(PSYCHIATRISTS)
    assert (printed(found.value, 7), printed(found.error, 8)) == ("0.4139265", "0.08119291")
    assert span(found, 3) == ("0.240", "0.588")


def test_randolph() -> None:
    found = randolph_kappa(PSYCHIATRISTS)
    assert (printed(found.value, 7), printed(found.error, 8)) == ("0.4388889", "0.08312142")
    assert span(found, 3) == ("0.261", "0.617")


@pytest.mark.parametrize(
    ("counts", "fixed", "free"),
    [
        ([["7", "1"], ["3", "5"]], "0.161905", "0.214286"),
        ([["6", "1", "0"], ["0", "7", "0"]], "0.708333", "0.785714"),
        # The prevalence paradox: next to complete agreement, and a kappa below zero.
        ([["6.99", "0.01"], ["6.99", "0.01"]], "-0.166667", "0.993343"),
    ],
)
def test_fixed_and_free_margins(counts: list[list[str]], fixed: str, free: str) -> None:
    exact = [[Fraction(count) for count in row] for row in counts]
    assert printed(fleiss_kappa(exact).value, 6) == fixed
    assert printed(randolph_kappa(exact).value, 6) == free


def test_intraclass_of_judges() -> None:
    found = intraclass_correlations(JUDGES)
    assert [(form.value, printed(each.value, 2), *span(each, 2)) for form, each in found.items()] == [
        ("ICC(1,1)", "0.17", "-0.13", "0.72"),
        ("ICC(A,1)", "0.29", "0.02", "0.76"),
        ("ICC(C,1)", "0.71", "0.34", "0.95"),
        ("ICC(1,k)", "0.44", "-0.88", "0.91"),
        ("ICC(A,k)", "0.62", "0.07", "0.93"),
        ("ICC(C,k)", "0.91", "0.68", "0.99"),
    ]
    assert [(printed(each.f, 1), each.above, each.below) for each in found.values()] == [
        ("1.8", 5, 18),
        ("11.0", 5, 15),
        ("11.0", 5, 15),
    ] * 2


def test_intraclass_of_wines() -> None:
    found = intraclass_correlations(WINES)
    values = ["0.728", "0.728", "0.729", "0.914", "0.914", "0.915"]
    assert [printed(each.value, 3) for each in found.values()] == values
    assert [printed(each.f, 3) for each in found.values()] == ["11.680", "11.787", "11.787"] * 2
    # One interval is printed for the single and one for the mean ratings: that of the one-way form.
    assert span(found[IntraclassForm.ONE_WAY], 2) == ("0.43", "0.93")
    assert span(found[IntraclassForm.ONE_WAY_MEAN], 2) == ("0.75", "0.98")


def test_cronbach() -> None:
    found = cronbach_alpha(ITEMS)
    assert (printed(found.value, 6), span(found, 3)) == ("0.732661", ("0.435", "0.909"))
    imputed = [
        [_median(column) if row[item] is None else row[item] for item, column in enumerate(_columns())] for row in ITEMS
    ]
    assert printed(cronbach_alpha(imputed).value, 6) == "0.738019"


def _columns() -> list[list[Fraction]]:
    return [[mark for mark in column if mark is not None] for column in zip(*ITEMS, strict=True)]


def _median(column: list[Fraction]) -> Fraction:
    ordered = sorted(column)
    half, odd = divmod(len(ordered), 2)
    return ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2


def test_cronbach_of_complete_rows() -> None:
    """The published interval, 0.581 to 0.933, counts all 12 people; only 9 answered everything, and ours says so."""
    found = cronbach_alpha(ITEMS, pairwise=False)
    assert (printed(found.value, 6), found.counted) == ("0.801695", 9)
    assert span(found, 3) == ("0.533", "0.947")
    published = [printed(1 - (1 - 0.801695) * f_quantile(tail, 11, 110), 3) for tail in (0.975, 0.025)]
    assert published == ["0.581", "0.933"]
