"""Other weights that could have been chosen as well: drawn at random, with a seed, around the declared ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scoring.plan import PlannedNode

Draws = NDArray[np.int64]
"""A row for each draw, a column for each child: weights in millionths of the node's declared total."""

MILLIONTHS: Final = 1_000_000


class Shape(StrEnum):
    """How weights scatter."""

    SHARE = "share"
    """Each weight times 1 ± ``spread``, evenly, then back to the declared total (COINr's noisy weights)."""

    DIRICHLET = "dirichlet"
    """Shares from a Dirichlet distribution whose means are the declared shares; ``spread`` is its concentration: about
    100 scatters a share of a quarter by ± 0.04, 10 by ± 0.13 (one standard deviation)."""


@dataclass(frozen=True, slots=True)
class Noise:
    """How weights are drawn. The same noise and the same NumPy give the same draws."""

    shape: Shape = Shape.SHARE
    spread: float = 0.25
    draws: int = 1000
    seed: int = 1

    def of(self, nodes: Sequence[PlannedNode]) -> dict[str, Draws]:
        """Node id → its drawn weights. Nodes are drawn in alphabetical order, so their order does not matter."""
        generator = np.random.Generator(np.random.PCG64(self.seed))
        return {node.id: self._weights(node, generator) for node in sorted(nodes, key=lambda node: node.id)}

    def _weights(self, node: PlannedNode, generator: np.random.Generator) -> Draws:
        shares = np.array([float(child.weight / node.total_weight) for child in node.children])
        size = (self.draws, len(shares))
        if self.shape is Shape.SHARE:
            drawn = shares * (1 + self.spread * (2 * generator.random(size) - 1))
        else:
            drawn = generator.standard_gamma(shares * self.spread, size)
        drawn = np.maximum(drawn, 1 / MILLIONTHS**2)
        exact = np.rint(drawn / drawn.sum(axis=1, keepdims=True) * MILLIONTHS).astype(np.int64)
        return np.asarray(np.maximum(exact, 1), dtype=np.int64)


def weight(node: PlannedNode, millionths: int) -> Fraction:
    """A drawn weight as the exact number the engine takes."""
    return node.total_weight * Fraction(millionths, MILLIONTHS)
