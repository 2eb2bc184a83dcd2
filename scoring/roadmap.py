"""The roadmap: of all plans of measures within the budgets, the one that gains most at the horizon.

Greatest is the exact value of the node (least, where less is better) after everything that is finished by the end of
the last period. Among plans that gain the same: the least sum over the measures of the period in which each is finished
(so nothing is done for nothing, and what is done is done early), then the least cost, the least effort, and the order
of the file. Every value is computed by the exact engine; that no plan gains more is shown by the solver as for levers
(see :mod:`scoring.levers`).

What is left out is told with the reason, and each reason is shown too: see :class:`scoring.proposals.Reason`.
"""

from __future__ import annotations

from scoring.answers import Answers
from scoring.checking import check_answers
from scoring.exact import score
from scoring.levers import check_solver
from scoring.measures import Programme
from scoring.plan import Plan
from scoring.proposals import Roadmap
from scoring.targets import NoValueYet, node_of


def roadmap(
    plan: Plan,
    answers: Answers,
    programme: Programme,
    *,
    node: str | None = None,
    most_rows: int | None = None,
) -> Roadmap:
    """The plan that gains most for ``node`` (the index).

    ``most_rows`` limits how much of the model is listed row by row; it changes how fast the plan is found, never the
    plan.

    Raises:
        AnswersRefused: some answers cannot be scored.
        UnknownNode, NoValueYet: nothing can be asked for.
        SolverMissing: OR-tools is not installed.
    """
    plan = plan.unrolled(answers)
    check_answers(plan, answers)
    planned = node_of(plan, node or plan.index)
    if score(plan, answers).node(planned.id).value is None:
        raise NoValueYet(node=planned.id)
    check_solver()
    from scoring.solving.planning import Planning  # noqa: PLC0415 – OR-tools is heavy, and not everybody has it

    return Planning(plan, answers, programme, planned.id, most_rows).roadmap()
