"""Weights from judgements (AHP) and from data (entropy, CRITIC and others), as fractions that add up to one.

Judgement and data are advice to whoever writes a definition: the weights are rounded to declared places, so that they
can be pasted in and everybody computes with the same exact numbers. Imported on its own (``import scoring.weighting``):
``import scoring`` loads no NumPy.
"""

from scoring.weighting.objective import METHODS, Method, NoDifference, UnfitData, objective_weights
from scoring.weighting.priorities import (
    Judgement,
    NotComparisons,
    Priorities,
    RandomIndex,
    TooManyCriteria,
    priorities,
    spread,
)
from scoring.weighting.rounding import rounded_to_one

__all__ = [
    "METHODS",
    "Judgement",
    "Method",
    "NoDifference",
    "NotComparisons",
    "Priorities",
    "RandomIndex",
    "TooManyCriteria",
    "UnfitData",
    "objective_weights",
    "priorities",
    "rounded_to_one",
    "spread",
]
