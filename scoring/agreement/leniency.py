"""How lenient a rater is against peers: plainly, and adjusted for who the peers were and what they rated together.

Both figures rest on subjects (one question of one factory) that at least one other rated too, so a factory that is
better than others makes nobody look lenient. What a rater gives during one visit hangs together: with enough visits the
intervals let ratings of the same visit vary together (clusters; Liang and Zeger 1986), with fewer they take all ratings
for independent, and are then somewhat too narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.agreement.estimates import LEVEL, Estimate, Why, root, student, without
from scoring.agreement.ratings import Ratings, units_of

LEAST_COMMON: Final = 10
"""Ratings in common with others below which nothing is said of a rater: the project's own choice."""


LEAST_VISITS: Final = 5
"""Visits in common from which on intervals count visits rather than ratings: with fewer, their scatter is unknown."""

Visit = Callable[[str], str]
"""Subject → the visit (factory) that it was rated in."""


@dataclass(frozen=True, slots=True)
class Leniency:
    """One rater against the others, in levels; positive: gives higher ones."""

    rater: str
    common: int
    """Subjects that this rater and somebody else rated."""

    difference: Estimate
    """Mean of own rating minus the mean of the others' ratings of the same subject."""

    adjusted: Estimate
    """Effect of the rater in the additive model rating = subject + rater: fair also where peers are themselves lenient
    or strict. Effects add up to zero over all raters who can be compared, through others if need be."""


def leniencies(
    ratings: Ratings, least_common: int = LEAST_COMMON, level: float = LEVEL, visit: Visit | None = None
) -> tuple[Leniency, ...]:
    """Every rater's leniency, in alphabetical order; ``visit`` tells which subjects were rated together.

    Raises:
        TooFewRaters: there are fewer than two.
    """
    shared = {subject for subject, given in units_of(ratings).items() if len(given) > 1}
    kept = {rater: {s: v for s, v in sorted(ratings[rater].items()) if s in shared} for rater in sorted(ratings)}
    adjusted = _adjusted(kept, level, visit)
    found: list[Leniency] = []
    for rater, own in kept.items():
        if len(own) < max(least_common, 2):
            nothing = without(Why.TOO_FEW, len(own))
            found.append(Leniency(rater, len(own), nothing, nothing))
        else:
            found.append(Leniency(rater, len(own), _difference(rater, kept, level, visit), adjusted[rater]))
    return tuple(found)


def _difference(rater: str, ratings: Ratings, level: float, visit: Visit | None) -> Estimate:
    """Mean, standard error and Student's interval of the differences subject by subject."""
    differences: dict[str, Fraction] = {}
    for subject, own in ratings[rater].items():
        others = [given[subject] for name, given in ratings.items() if name != rater and subject in given]
        differences[subject] = own - sum(others, Fraction(0)) / len(others)
    count = len(differences)
    mean = sum(differences.values(), Fraction(0)) / count
    sums: dict[str, Fraction] = {}
    for subject, difference in differences.items():
        place = subject if visit is None else visit(subject)
        sums[place] = sums.get(place, Fraction(0)) + difference - mean
    if len(sums) < LEAST_VISITS:
        sums = {subject: difference - mean for subject, difference in differences.items()}
    clusters = len(sums)
    squares = sum((each**2 for each in sums.values()), Fraction(0))
    error = root(squares * clusters / (clusters - 1)) / count
    if not error:
        return Estimate(value=float(mean), exact=mean, error=0.0, counted=count, why=Why.EXACT_FIT)
    reach = student(level, clusters - 1) * error
    return Estimate(
        value=float(mean),
        exact=mean,
        error=error,
        low=float(mean) - reach,
        high=float(mean) + reach,
        counted=count,
    )


def _adjusted(ratings: Ratings, level: float, visit: Visit | None) -> dict[str, Estimate]:
    """Least squares for raters who are connected by common subjects, one group of them after the other."""
    found: dict[str, Estimate] = {}
    for raters in _connected(ratings):
        found |= _effects(raters, ratings, level, visit)
    return found


def _connected(ratings: Ratings) -> list[list[str]]:
    """Groups of raters that a chain of common subjects connects; between groups nothing can be compared."""
    left = dict(ratings)
    groups: list[list[str]] = []
    while left:
        first = next(iter(left))
        group, subjects = [first], set(left.pop(first))
        while more := [rater for rater, given in left.items() if subjects & given.keys()]:
            for rater in more:
                group.append(rater)
                subjects |= left.pop(rater).keys()
        groups.append(sorted(group))
    return groups


def _effects(raters: Sequence[str], ratings: Ratings, level: float, visit: Visit | None) -> dict[str, Estimate]:
    """Raters' effects of rating = subject + rater, subjects eliminated: their normal equations are a Laplacian."""
    units: dict[str, dict[int, float]] = {}
    for place, rater in enumerate(raters):
        for subject, value in ratings[rater].items():
            units.setdefault(subject, {})[place] = float(value)
    size, count = len(raters), sum(len(given) for given in units.values())
    if size < 2:
        return {rater: without(Why.TOO_FEW, len(ratings[rater])) for rater in raters}
    laplacian, right = np.zeros((size, size)), np.zeros(size)
    for given in units.values():
        places = list(given)
        mean = sum(given.values()) / len(given)
        laplacian[np.ix_(places, places)] -= 1 / len(given)
        for place in places:
            laplacian[place, place] += 1
            right[place] += given[place] - mean
    inverse = np.linalg.inv(laplacian + 1 / size) - 1 / size
    effects = inverse @ right
    scores = _scores(units, effects.tolist(), visit)
    if visit is not None and len(scores) >= LEAST_VISITS:
        degrees = len(scores) - 1
        spread = inverse @ (scores.T @ scores) @ inverse * len(scores) / degrees
    else:
        degrees = count - len(units) - size + 1
        spread = inverse * float((_scores(units, effects.tolist(), None) ** 2).sum()) / max(degrees, 1)
    estimates: dict[str, Estimate] = {}
    for place, rater in enumerate(raters):
        effect, error = float(effects[place]), sqrt(max(0.0, float(spread[place, place])))
        common = len(ratings[rater])
        if degrees < 1 or error < _NOTHING:
            estimates[rater] = Estimate(value=effect, counted=common, why=Why.EXACT_FIT)
            continue
        reach = student(level, degrees) * error
        estimates[rater] = Estimate(value=effect, error=error, low=effect - reach, high=effect + reach, counted=common)
    return estimates


_NOTHING: Final = 1e-12


def _scores(
    units: Mapping[str, Mapping[int, float]], effects: Sequence[float], visit: Visit | None
) -> NDArray[np.float64]:
    """What subject and rater do not explain: a row for each visit (or subject), summed up for each rater."""
    rows: dict[str, NDArray[np.float64]] = {}
    for subject, given in units.items():
        freed = {place: value - effects[place] for place, value in given.items()}
        mean = sum(freed.values()) / len(freed)
        row = rows.setdefault(subject if visit is None else visit(subject), np.zeros(len(effects)))
        for place, value in freed.items():
            row[place] += value - mean
    return np.array(list(rows.values()))
