"""Intraclass correlations in all six forms, and Cronbach's alpha.

Shrout and Fleiss, Psychological Bulletin 86 (1979); intervals of the two-way forms by McGraw and Wong (1996). Only
subjects that every rater rated count. Sums of squares are exact, so that "no scatter at all" is told from "little".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from scoring.agreement.estimates import LEVEL, Estimate, Why, f_quantile, f_tail, without
from scoring.agreement.ratings import Ratings, complete

_NEXT_TO_NOTHING: Final = 1e-9


class IntraclassForm(StrEnum):
    """Which question is asked; named as McGraw and Wong do, with Shrout and Fleiss' names beside."""

    ONE_WAY = "ICC(1,1)"
    """Each subject has raters of its own."""

    AGREEMENT = "ICC(A,1)"
    """One rater of many, all rating the same subjects; a lenient rater counts as disagreement. ICC(2,1)."""

    CONSISTENCY = "ICC(C,1)"
    """One of just these raters; who is always one level higher still agrees. ICC(3,1)."""

    ONE_WAY_MEAN = "ICC(1,k)"
    AGREEMENT_MEAN = "ICC(A,k)"
    CONSISTENCY_MEAN = "ICC(C,k)"
    """The same for the mean of all k raters. ICC(1,k), ICC(2,k), ICC(3,k)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntraclassCorrelation(Estimate):
    """One of the six, with its test against zero."""

    form: IntraclassForm
    f: float | None = None
    above: int = 0
    below: int = 0
    """Fisher's F with its two degrees of freedom; None where there is nothing to divide by."""

    p: float | None = None
    """Probability of so large an F if subjects did not differ."""


@dataclass(frozen=True, slots=True)
class _Squares:
    """Mean squares of a complete table of ``subjects`` × ``raters``."""

    subjects: int
    raters: int
    between: Fraction
    """Between subjects."""

    within: Fraction
    """Within subjects."""

    judges: Fraction
    """Between raters."""

    rest: Fraction
    """What neither subjects nor raters explain."""


def intraclass_correlations(ratings: Ratings, level: float = LEVEL) -> dict[IntraclassForm, IntraclassCorrelation]:
    """All six forms, over the subjects that every rater rated.

    Raises:
        TooFewRaters: there are fewer than two.
    """
    rows = complete(ratings)
    if len(rows) < 2:
        return {
            form: IntraclassCorrelation(form=form, value=None, counted=len(rows), why=Why.TOO_FEW)
            for form in IntraclassForm
        }
    squares = _squares(rows)
    n, k = squares.subjects, squares.raters
    within, rest = squares.within, squares.rest
    one_way, two_way = (within, n * (k - 1)), (rest, (n - 1) * (k - 1))
    pooled = squares.between + (k - 1) * rest + Fraction(k, n) * (squares.judges - rest)
    ratios = {
        IntraclassForm.ONE_WAY: (squares.between - within, squares.between + (k - 1) * within, one_way),
        IntraclassForm.AGREEMENT: (squares.between - rest, pooled, two_way),
        IntraclassForm.CONSISTENCY: (squares.between - rest, squares.between + (k - 1) * rest, two_way),
        IntraclassForm.ONE_WAY_MEAN: (squares.between - within, squares.between, one_way),
        IntraclassForm.AGREEMENT_MEAN: (
            squares.between - rest,
            squares.between + (squares.judges - rest) / n,
            two_way,
        ),
        IntraclassForm.CONSISTENCY_MEAN: (squares.between - rest, squares.between, two_way),
    }
    return {form: _correlation(form, *parts, squares, level) for form, parts in ratios.items()}


def _squares(rows: Sequence[Sequence[Fraction]]) -> _Squares:
    n, k = len(rows), len(rows[0])
    grand = sum((value for row in rows for value in row), Fraction(0)) / (n * k)
    total = sum(((value - grand) ** 2 for row in rows for value in row), Fraction(0))
    subjects = k * sum(((sum(row, Fraction(0)) / k - grand) ** 2 for row in rows), Fraction(0))
    judges = n * sum(((sum(column, Fraction(0)) / n - grand) ** 2 for column in zip(*rows, strict=True)), Fraction(0))
    return _Squares(
        subjects=n,
        raters=k,
        between=subjects / (n - 1),
        within=(total - subjects) / (n * (k - 1)),
        judges=judges / (k - 1),
        rest=(total - subjects - judges) / ((n - 1) * (k - 1)),
    )


def _correlation(  # noqa: PLR0913, PLR0917 - the parts of one row of the table of forms
    form: IntraclassForm,
    over: Fraction,
    under: Fraction,
    test: tuple[Fraction, int],
    squares: _Squares,
    level: float,
) -> IntraclassCorrelation:
    error, below = test
    n = squares.subjects
    if under <= 0:
        why = Why.CONSTANT if not (squares.between or squares.within) else Why.UNDEFINED
        return IntraclassCorrelation(form=form, value=None, counted=n, why=why, above=n - 1, below=below)
    exact = over / under
    if not error or not squares.between:
        return IntraclassCorrelation(
            form=form, value=float(exact), exact=exact, counted=n, why=Why.EXACT_FIT, above=n - 1, below=below
        )
    f = float(squares.between / error)
    low, high = _interval(form, f, below, squares, level)
    return IntraclassCorrelation(
        form=form,
        value=float(exact),
        exact=exact,
        low=low,
        high=high,
        counted=n,
        f=f,
        above=n - 1,
        below=below,
        p=f_tail(f, n - 1, below),
    )


def _interval(
    form: IntraclassForm, f: float, below: int, squares: _Squares, level: float
) -> tuple[float | None, float | None]:
    n, k = squares.subjects, squares.raters
    tail = (1 + level) / 2
    if form in {IntraclassForm.AGREEMENT, IntraclassForm.AGREEMENT_MEAN}:
        low, high = _agreement_interval(squares, tail)
        if form is IntraclassForm.AGREEMENT:
            return low, high
        return _of_mean(low, k), _of_mean(high, k)
    least, most = f / f_quantile(tail, n - 1, below), f * f_quantile(tail, below, n - 1)
    if form in {IntraclassForm.ONE_WAY, IntraclassForm.CONSISTENCY}:
        return (least - 1) / (least + k - 1), (most - 1) / (most + k - 1)
    return 1 - 1 / least, 1 - 1 / most


def _of_mean(single: float, raters: int) -> float | None:
    """From one rating to the mean of all (Spearman and Brown); None where that has no limit."""
    under = 1 + single * (raters - 1)
    return single * raters / under if under > _NEXT_TO_NOTHING else None


def _agreement_interval(squares: _Squares, tail: float) -> tuple[float, float]:
    """Satterthwaite's degrees of freedom, since two mean squares stand in the denominator."""
    n, k = squares.subjects, squares.raters
    between, judges, rest = float(squares.between), float(squares.judges), float(squares.rest)
    single = (between - rest) / (between + (k - 1) * rest + k / n * (judges - rest))
    ratio = judges / rest
    share = n * (1 + (k - 1) * single) - k * single
    degrees = (k - 1) * (n - 1) * (k * single * ratio + share) ** 2
    degrees /= (n - 1) * (k * single * ratio) ** 2 + share**2
    upper, lower = f_quantile(tail, n - 1, degrees), f_quantile(tail, degrees, n - 1)
    noise = k * judges + (k * n - k - n) * rest
    return n * (between - upper * rest) / (upper * noise + n * between), n * (lower * between - rest) / (
        noise + n * lower * between
    )


def cronbach_alpha(
    rows: Sequence[Sequence[Fraction | None]], level: float = LEVEL, *, pairwise: bool = True
) -> Estimate:
    """Cronbach's alpha of a table: a row for each person (factory), a column for each item (question).

    None is a missing answer. ``pairwise``: variances and covariances from whoever answered both items; otherwise only
    complete rows count. Interval by Feldt (1965), with the number of rows that count.
    """
    kept = [row for row in rows if pairwise or None not in row]
    items = len(kept[0]) if kept else 0
    if items < 2 or len(kept) < 2:
        return without(Why.TOO_FEW, len(kept))
    covariances = [[_covariance(kept, a, b) for b in range(items)] for a in range(items)]
    known = [[each for each in row if each is not None] for row in covariances]
    if any(len(row) < items for row in known):
        return without(Why.TOO_FEW, len(kept))
    whole = sum((each for row in known for each in row), Fraction(0))
    if whole <= 0:
        return without(Why.CONSTANT if not whole else Why.UNDEFINED, len(kept))
    own = sum((known[item][item] for item in range(items)), Fraction(0))
    alpha = Fraction(items, items - 1) * (1 - own / whole)
    if alpha > 1:  # covariances of different people need not fit together
        return without(Why.UNDEFINED, len(kept))
    above, below = len(kept) - 1, (len(kept) - 1) * (items - 1)
    tail = (1 + level) / 2
    return Estimate(
        value=float(alpha),
        exact=alpha,
        low=1 - float(1 - alpha) * f_quantile(tail, above, below),
        high=1 - float(1 - alpha) * f_quantile(1 - tail, above, below),
        counted=len(kept),
    )


def _covariance(rows: Sequence[Sequence[Fraction | None]], a: int, b: int) -> Fraction | None:
    """Sample covariance of two columns over the rows that have both; None with fewer than two of them."""
    pairs = [(x, y) for row in rows if (x := row[a]) is not None and (y := row[b]) is not None]
    if len(pairs) < 2:
        return None
    count = len(pairs)
    mean_a = sum((x for x, _ in pairs), Fraction(0)) / count
    mean_b = sum((y for _, y in pairs), Fraction(0)) / count
    return sum(((x - mean_a) * (y - mean_b) for x, y in pairs), Fraction(0)) / (count - 1)
