"""The roadmap: of all plans of measures within the budgets, the one that gains most at the horizon.

Greatest is the exact value of the node (least, where less is better) after everything that is finished by the end of
the last period. Among plans that gain the same: the least sum over the measures of the period in which each is finished
(so nothing is done for nothing, and what is done is done early), then the least cost, the least effort, and the order
of the file. Every value is computed by the exact engine; that no plan gains more is shown by the solver as for levers
(see :mod:`scoring.levers`).

What is left out is told with the reason, and each reason is shown too: see :class:`Reason`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import rfc8785

from scoring.answers import Answers
from scoring.checking import check_answers
from scoring.exact import score
from scoring.levers import check_solver
from scoring.measures import Programme
from scoring.plan import Plan
from scoring.scorecard import Record
from scoring.targets import NoValueYet, node_of

FORMAT: Final = "itti-roadmap/1"


class Reason(StrEnum):
    """Why a measure is not in the plan."""

    EXCLUDED = "excluded"
    """It cannot be together with a measure of the plan (named in ``because``)."""

    DEPENDENCY = "dependency"
    """It needs a measure (named in ``because``) that is left out itself."""

    TIME = "time"
    """Beside the measures of the plan it cannot be finished by the horizon, whatever the budgets."""

    BUDGET = "budget"
    """Beside the measures of the plan it does not fit into the budgets."""

    NO_GAIN = "no-gain"
    """It would fit, and the node would gain nothing."""

    OPEN = "open"
    """The effort allowed was used up before the reason was shown."""


class Step(Record):
    """One measure of the plan."""

    measure: str
    starts: int
    finishes: int
    """Periods, counted from 1; it is finished at the end of ``finishes``."""

    value: str | None
    """What the node states once this measure and everything before it is finished."""

    exact: str | None
    gain: str | None
    """Exact value after it less that before it; None where one of them is none, or irrational."""


class PeriodEnd(Record):
    """One period of the plan."""

    period: str
    cost: str
    effort: str
    """What the measures under way spend in it."""

    value: str | None
    band: str | None
    """What the node states at its end."""


class LeftOut(Record):
    """A measure that is not in the plan, and why."""

    measure: str
    reason: Reason
    because: tuple[str, ...] = ()
    """Measures that the reason names."""


class Roadmap(Record):
    """The plan that gains most."""

    format: str = FORMAT
    family: str
    version: str
    digest: str
    node: str
    value: str
    band: str | None
    """Where the node stands today."""

    final_value: str
    final_band: str | None
    """Where it stands at the horizon."""

    gain: str | None
    """Exact value at the horizon less today's."""

    cost: str
    effort: str
    """Of the whole plan."""

    steps: tuple[Step, ...]
    """In the order in which they are finished; among equals in the order of the file."""

    periods: tuple[PeriodEnd, ...]
    left_out: tuple[LeftOut, ...]
    proven: bool
    """True: it is shown that no plan gains more, and none that gains the same comes before it."""

    def to_json(self) -> bytes:
        """Canonical JSON (RFC 8785)."""
        return rfc8785.dumps(self.model_dump(mode="json"))


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
