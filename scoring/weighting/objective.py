"""Weights from data: how much the units differ in each criterion, and how little criteria repeat each other.

Rows are units (factories), columns criteria. Sources stand with each method. Such weights describe the data at hand
and change with them; they do not say what matters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from questionnaires.errors import Fault

Table = NDArray[np.float64]
Directions = NDArray[np.bool_]


class UnfitData(Fault):
    """A column holds values that the method is not defined for (zero or negative ones), or the table is none."""

    code = "unfit-data"
    room = "scoring"


class NoDifference(Fault):
    """The units do not differ in a way from which the method could make weights."""

    code = "no-difference"
    room = "scoring"


class Method(StrEnum):
    """How weights are made from data."""

    ENTROPY = "entropy"
    VARIATION = "variation"
    ANGLE = "angle"
    CRITIC = "critic"
    MEREC = "merec"
    CILOS = "cilos"
    IDOCRIW = "idocriw"


def objective_weights(
    rows: Sequence[Sequence[Fraction]], method: Method, more_is_better: Sequence[bool] | None = None
) -> tuple[float, ...]:
    """The weights of the columns; they add up to one.

    ``more_is_better`` says so of each column; only angle, MEREC, CILOS and IDOCRIW look at it. A column in which
    nobody differs gets no weight.

    Raises:
        UnfitData: fewer than two rows or no column, rows of unequal length, or values the method cannot take.
        NoDifference: no weights follow from these data.
    """
    widths = {len(row) for row in rows}
    if len(rows) < 2 or len(widths) != 1 or 0 in widths or (more_is_better and {len(more_is_better)} != widths):
        raise UnfitData(column=0)
    table = np.array([[float(value) for value in row] for row in rows])
    directions = np.array(more_is_better or [True] * table.shape[1])
    if method is not Method.CRITIC:
        strict = method in {Method.MEREC, Method.CILOS, Method.IDOCRIW}
        unfit = (table <= 0 if strict else (table < 0) | (table.sum(axis=0) <= 0)) | ((table <= 0) & ~directions)
        if unfit.any():
            raise UnfitData(column=1 + int(np.argmax(unfit.any(axis=0))))
    weights = METHODS[method](table, directions)
    whole = float(weights.sum())
    if not np.isfinite(whole) or whole <= _NOTHING:
        raise NoDifference
    return tuple(float(weight) for weight in weights / whole)


_NOTHING: Final = 1e-12


def _shares(table: Table) -> Table:
    return np.asarray(table / table.sum(axis=0))


def _aligned(table: Table, directions: Directions) -> Table:
    """All columns so that more is better: where less is, its reciprocal."""
    return np.where(directions, table, 1 / np.where(directions, 1.0, table))


def _constant(table: Table) -> Directions:
    return np.asarray(table.max(axis=0) == table.min(axis=0))


def _entropy(table: Table, _directions: Directions) -> Table:
    """Shannon's entropy: the more unequal a column's shares, the more it weighs. doi 10.1016/S0377-2217(03)00146-2."""
    shares = _shares(table)
    logarithms = np.log(np.where(shares > 0, shares, 1.0))
    entropy = -(shares * logarithms).sum(axis=0) / np.log(len(table))
    return np.where(_constant(table), 0.0, np.maximum(0.0, 1 - entropy))


def _variation(table: Table, _directions: Directions) -> Table:
    """Standard deviation over mean. doi 10.1109/CCDC.2012.6244621."""
    return np.where(_constant(table), 0.0, table.std(axis=0, ddof=1) / table.mean(axis=0))


def _angle(table: Table, directions: Directions) -> Table:
    """The angle between a column and one in which all are equal. doi 10.1109/CCDC.2012.6244621."""
    shares = _shares(_aligned(table, directions))
    cosine = shares.sum(axis=0) / (np.sqrt((shares**2).sum(axis=0)) * np.sqrt(len(table)))
    return np.where(_constant(table), 0.0, np.arccos(np.minimum(1.0, cosine)))


def _critic(table: Table, _directions: Directions) -> Table:
    """Contrast and conflict: standard deviation times the sum of (1 − correlation). doi 10.1007/s12597-019-00371-6.

    Columns in which nobody differs correlate with nothing and are left out of the sums.
    """
    differs = ~_constant(table)
    weights = np.zeros(table.shape[1])
    if differs.any():
        kept = table[:, differs]
        scaled = (kept - kept.min(axis=0)) / (kept.max(axis=0) - kept.min(axis=0))
        centred = scaled - scaled.mean(axis=0)
        lengths = np.sqrt((centred**2).sum(axis=0))
        correlations = (centred.T @ centred) / np.outer(lengths, lengths)
        conflict = (1 - correlations).sum(axis=0) if kept.shape[1] > 1 else np.ones(1)
        weights[differs] = scaled.std(axis=0) * np.maximum(0.0, conflict)
    return weights


def _merec(table: Table, directions: Directions) -> Table:
    """How much the units' performance changes when a criterion is removed. doi 10.3390/sym13040525."""
    scaled = np.where(directions, table.min(axis=0) / table, table / table.max(axis=0))
    parts = np.abs(np.log(scaled)) / table.shape[1]
    whole = np.log(1 + parts.sum(axis=1, keepdims=True))
    without = np.log(1 + parts.sum(axis=1, keepdims=True) - parts)
    return np.asarray(np.abs(without - whole).sum(axis=0))


def _cilos(table: Table, directions: Directions) -> Table:
    """Criterion impact loss: what a criterion loses where another one is at its best. doi 10.1007/978-3-030-15009-9.

    The weights solve a homogeneous system of equations: they are its null space, which must be one line.
    """
    shares = _shares(_aligned(table, directions))
    best = shares[np.argmax(shares, axis=0), :]
    peaks = np.diag(best)
    losses = (peaks - best) / peaks
    np.fill_diagonal(losses, 0.0)
    system = losses - np.diag(losses.sum(axis=0))
    _, sizes, vectors = np.linalg.svd(system)
    if len(sizes) > 1 and sizes[-2] < _NOTHING:
        raise NoDifference
    return np.asarray(np.abs(vectors[-1]))


def _idocriw(table: Table, directions: Directions) -> Table:
    """Entropy and impact loss together: their product. Zavadskas and Podvezko (2016)."""
    entropy, loss = _entropy(table, directions), _cilos(table, directions)
    return np.asarray(entropy * loss)


METHODS: Final[Mapping[Method, Callable[[Table, Directions], Table]]] = {
    Method.ENTROPY: _entropy,
    Method.VARIATION: _variation,
    Method.ANGLE: _angle,
    Method.CRITIC: _critic,
    Method.MEREC: _merec,
    Method.CILOS: _cilos,
    Method.IDOCRIW: _idocriw,
}
