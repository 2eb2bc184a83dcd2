"""The analytic hierarchy process: weights from comparisons two by two, and how consistent those are.

Saaty, Decision making with the analytic hierarchy process (2008), doi 10.1504/IJSSCI.2008.017590. Weights are the
principal eigenvector of the matrix of comparisons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Final

import numpy as np

from questionnaires.errors import Fault


class NotComparisons(Fault):
    """A matrix of comparisons has another shape than its names, or numbers that are not positive or contradict."""

    code = "not-comparisons"
    room = "scoring"


class TooManyCriteria(Fault):
    """There is no published random index for so many criteria."""

    code = "too-many-criteria"
    room = "scoring"


class RandomIndex(StrEnum):
    """Whose mean consistency index of random matrices a consistency ratio is measured by."""

    SAATY = "saaty"
    """Saaty, Theory and Applications of the Analytic Network Process (2005), page 31: up to 15 criteria."""

    DONEGAN_DODD = "donegan-dodd"
    """Donegan and Dodd, A note on Saaty's random indexes (1991), doi 10.1016/0895-7177(91)90098-R: up to 20 here."""


_RANDOM: Final[Mapping[RandomIndex, Sequence[float]]] = {
    RandomIndex.SAATY: (0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59),
    RandomIndex.DONEGAN_DODD: (
        *(0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213),
        *(1.4497, 1.4643, 1.4822, 1.4969, 1.5078, 1.5153, 1.5262, 1.5313, 1.5371),
    ),
}
"""For 3 criteria and more; two comparisons cannot contradict each other."""

CONSISTENT: Final = 0.1
"""Consistency ratio from which Saaty advises to look at the comparisons again."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Comparisons of criteria with regard to one thing, and of what lies below each of them."""

    names: tuple[str, ...]
    matrix: tuple[tuple[Fraction, ...], ...]
    """Row against column: 3 says the row's criterion matters three times as much, 1/3 the opposite."""

    below: Mapping[str, Judgement] = field(default_factory=dict)
    """Criterion → the comparisons of its own criteria (or of the alternatives with regard to it)."""


@dataclass(frozen=True, slots=True)
class Priorities:
    """Weights of one matrix of comparisons."""

    weights: Mapping[str, float]
    """They add up to one."""

    eigenvalue: float
    """The principal one; equal to the number of criteria when all comparisons fit together."""

    consistency_ratio: float
    """0: all comparisons fit together; above 0.1 they had better be looked at again."""

    below: Mapping[str, Priorities]


def priorities(judgement: Judgement, index: RandomIndex = RandomIndex.SAATY) -> Priorities:
    """The weights of every matrix of a hierarchy.

    Raises:
        NotComparisons: a matrix is not square, not positive, or two of its numbers contradict each other.
        TooManyCriteria: there is no random index for so many.
    """
    _check(judgement)
    size = len(judgement.names)
    if size - 2 > len(_RANDOM[index]):
        raise TooManyCriteria(count=size, most=len(_RANDOM[index]) + 2)
    values, vectors = np.linalg.eig(np.array([[float(entry) for entry in row] for row in judgement.matrix]))
    principal = int(np.argmax(values.real))
    vector = np.abs(vectors[:, principal].real)
    weights = vector / vector.sum()
    eigenvalue = max(float(values[principal].real), float(size))
    ratio = (eigenvalue - size) / (size - 1) / _RANDOM[index][size - 3] if size > 2 else 0.0
    return Priorities(
        weights=dict(zip(judgement.names, weights.tolist(), strict=True)),
        eigenvalue=eigenvalue,
        consistency_ratio=ratio,
        below={name: priorities(inner, index) for name, inner in judgement.below.items()},
    )


def spread(found: Priorities, share: float = 1.0) -> dict[str, float]:
    """The weights at the ends of the hierarchy: each criterion's weight times those above it.

    What stands below several criteria (an alternative compared with regard to each) gets the sum.
    """
    ends: dict[str, float] = {}
    for name, weight in found.weights.items():
        inner = spread(found.below[name], share * weight) if name in found.below else {name: share * weight}
        for end, part in inner.items():
            ends[end] = ends.get(end, 0.0) + part
    return ends


def _check(judgement: Judgement) -> None:
    names, matrix = judgement.names, judgement.matrix
    size = len(names)
    if not size or len(set(names)) < size or len(matrix) != size or any(len(row) != size for row in matrix):
        raise NotComparisons(row=names[0] if names else "–", column=names[-1] if names else "–")
    for i, row in enumerate(matrix):
        for j, entry in enumerate(row):
            if entry <= 0 or entry * matrix[j][i] != 1:
                raise NotComparisons(row=names[i], column=names[j])
    if strangers := sorted(judgement.below.keys() - set(names)):
        raise NotComparisons(row=strangers[0], column=strangers[0])
