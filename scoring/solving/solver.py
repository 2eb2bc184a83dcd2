"""The solver, set so that the same model gives the same answer: one thread, a fixed seed, no clock."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ortools.sat.python import cp_model

EFFORT: Final = 60.0
"""Most work on one question put to the solver, in its own deterministic units (about seconds of a slow machine)."""

MOST_REFUTED: Final = 500
"""Proposals of the solver that the engine may refute before a search is given up."""


class Answered(StrEnum):
    """What the solver says of a model."""

    BEST = "best"
    """There is a solution, and no better one."""

    FOUND = "found"
    """There is a solution, and perhaps a better one: the effort was used up."""

    NONE = "none"
    """There is no solution."""

    OPEN = "open"
    """The effort was used up before anything was shown."""


def solve(model: cp_model.CpModel, effort: float = EFFORT) -> tuple[Answered, cp_model.CpSolver]:
    """Solve a model to the end, or until the effort is used up."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2  # whole plans are mostly linear: the bounds come from there
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    if status == cp_model.OPTIMAL:
        return Answered.BEST, solver
    if status == cp_model.FEASIBLE:
        return Answered.FOUND, solver
    if status == cp_model.INFEASIBLE:
        return Answered.NONE, solver
    if status == cp_model.MODEL_INVALID:
        raise ValueError(model.validate())
    return Answered.OPEN, solver
