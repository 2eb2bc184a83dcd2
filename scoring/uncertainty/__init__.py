"""How much an index owes to its weights: other weights, effective weights, one child left out.

Weights are a choice. These figures say how far another choice as good would have moved values and ranks; they do not
say how sure the answers are. Values before rules and rounding are exact in the nominal score and binary floats in
draws; nothing of it reaches a certificate. Imported on its own: ``import scoring`` loads no NumPy.
"""

from scoring.uncertainty.influence import (
    CannotLeaveOut,
    Influence,
    Shift,
    effective_weights,
    influences,
    leave_one_out,
)
from scoring.uncertainty.noise import Noise, Shape
from scoring.uncertainty.plans import left_out, reweighted
from scoring.uncertainty.spread import Spread, Uncertainty, uncertainty

__all__ = [
    "CannotLeaveOut",
    "Influence",
    "Noise",
    "Shape",
    "Shift",
    "Spread",
    "Uncertainty",
    "effective_weights",
    "influences",
    "leave_one_out",
    "left_out",
    "reweighted",
    "uncertainty",
]
