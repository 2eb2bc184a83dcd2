"""What a population came out as, node by node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.columns.ledger import NO_BAND, STATES, Small, Units
from scoring.scorecard import State


@dataclass(slots=True)
class NodeColumn:
    """One node over a population."""

    state: Small
    """0 scored, 1 open, 2 insufficient, 3 does not apply, 4 states a profile."""

    units: Units
    """Stated value in units of its last place: 3 with two places stands for ``0.03``. 0 where there is none."""

    places: int
    band: NDArray[np.signedinteger[Any]]
    """Place of the band among the node's, lowest first; -1: none."""

    bands: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.state)

    def widen(self, wide: np.dtype[Any]) -> None:
        """Make room for whole numbers of this width."""
        if (common := np.result_type(self.units.dtype, wide)) != self.units.dtype:
            self.units = self.units.astype(common)

    def state_of(self, place: int) -> State:
        """How far the value is known for one assessment."""
        return STATES[self.state[place]]

    def value(self, place: int) -> str | None:
        """The stated value of one assessment as on its scorecard; None: it has none."""
        if self.state[place]:
            return None
        return f"{Decimal(int(self.units[place])).scaleb(-self.places):f}"

    def band_of(self, place: int) -> str | None:
        """The band of one assessment."""
        return None if self.band[place] == NO_BAND else self.bands[self.band[place]]


@dataclass(frozen=True, slots=True)
class Scores:
    """What a population came out as: one column for each node asked for."""

    nodes: Mapping[str, NodeColumn]
    singly: int
    """How many assessments had to be scored by themselves."""
