"""Levers: the smallest sets of raised answers that lift a node to its next band, stage or value.

Smallest means: the fewest questions changed, and among these the fewest steps in all (what a step is: see
:mod:`scoring.moves`). Every set is scored by the exact engine before it is given; that none is smaller is shown by
the solver on a model that allows everything that the engine allows (see :mod:`scoring.solving`). Where the effort
allowed is used up before that is shown, the result says so: ``proven`` is false.

The solver is OR-tools (CP-SAT); it is imported when levers are asked for, never by ``import scoring``.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Final

from questionnaires.errors import Fault
from scoring.answers import Answers
from scoring.checking import check_answers
from scoring.exact import score
from scoring.moves import Move, moves
from scoring.plan import Plan
from scoring.proposals import Levers
from scoring.targets import Target, next_target, node_of, reached

MOST_SETS: Final = 5


class SolverMissing(Fault):
    """OR-tools is not installed."""

    code = "solver-missing"
    room = "scoring"


def offered_moves(
    plan: Plan, answers: Answers, fixed: Sequence[str] = (), most_steps: int | None = None
) -> dict[str, tuple[Move, ...]]:
    """Question id → the moves from its answer of at most so many steps; nothing for ``fixed`` and unanswered ones."""
    return {
        question.id: tuple(
            move
            for move in moves(plan, question, answers[question.id])
            if most_steps is None or move.steps <= most_steps
        )
        for question in plan.questions
        if question.id in answers and question.id not in fixed
    }


def levers(  # noqa: PLR0913 – everything but plan and answers has a default
    plan: Plan,
    answers: Answers,
    *,
    node: str | None = None,
    target: Target | None = None,
    fixed: Sequence[str] = (),
    most_steps: int | None = None,
    most_sets: int = MOST_SETS,
    most_rows: int | None = None,
    effort: float | None = None,
) -> Levers:
    """The smallest sets of raised answers that lift ``node`` (the index) to ``target`` (what comes next above).

    ``fixed`` names questions whose answers stay as they are; no answer is raised by more than ``most_steps``.
    ``most_rows`` limits how much of the model is listed row by row; it changes how fast the answer is found, never the
    answer. ``effort`` is all the work that the solver may do, in its own units (about seconds of a slow machine, but
    the same everywhere): for a page that cannot wait. What is not shown by then, ``proven`` and ``complete`` say.

    Raises:
        AnswersRefused: some answers cannot be scored.
        UnknownNode, NoValueYet, NothingAbove: nothing can be asked for.
        SolverMissing: OR-tools is not installed.
    """
    plan = plan.unrolled(answers)
    check_answers(plan, answers)
    planned = node_of(plan, node or plan.index)
    now = score(plan, answers).node(planned.id)
    aim = target or next_target(planned, now)
    found = Levers(
        family=plan.family,
        version=plan.version,
        digest=plan.digest,
        node=planned.id,
        target=aim.text,
        value=now.value,
        band=now.band,
        stage=now.stage,
    )
    if reached(aim, planned, now):
        return found.model_copy(update={"already": True})
    check_solver()
    from scoring.solving.lifting import Lifting  # noqa: PLC0415 – OR-tools is heavy, and not everybody has it

    search = Lifting(plan, answers, aim, offered_moves(plan, answers, fixed, most_steps), most_rows, effort)
    return search.into(found, most_sets)


def check_solver() -> None:
    """Make sure that the solver is there.

    Raises:
        SolverMissing: OR-tools is not installed.
    """
    try:
        import_module("ortools.sat.python.cp_model")
    except ModuleNotFoundError as missing:
        raise SolverMissing from missing
