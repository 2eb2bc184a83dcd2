"""What could be done next, as it is told: levers (:mod:`scoring.levers`) and roadmaps (:mod:`scoring.roadmap`)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import rfc8785

from scoring.scorecard import Record

LEVERS_FORMAT: Final = "itti-levers/1"
ROADMAP_FORMAT: Final = "itti-roadmap/1"


class Change(Record):
    """One answer raised."""

    question: str
    before: str
    after: str
    """The answers, each as one line."""

    steps: int


class LeverSet(Record):
    """Answers that together reach the target, and what the node then states."""

    changes: tuple[Change, ...]
    """In the order of the questionnaire."""

    value: str
    band: str | None
    stage: str | None


class Levers(Record):
    """What would lift a node."""

    format: str = LEVERS_FORMAT
    family: str
    version: str
    digest: str
    node: str
    target: str
    """The value, or the id of the band or stage."""

    value: str | None
    band: str | None
    stage: str | None
    """Where the node stands now."""

    already: bool = False
    """The target is reached as it is; there is nothing to change."""

    questions: int | None = None
    steps: int | None = None
    """Number of questions changed and of steps, the same in every set; None where there is no set."""

    sets: tuple[LeverSet, ...] = ()
    """The smallest sets, in the order of the questionnaire: the set that changes the earliest question first."""

    complete: bool = True
    """True: these are all the smallest sets. False: the limit was reached, or completeness was not shown."""

    proven: bool = True
    """True: it is shown that no smaller set (or no set at all, where there is none here) reaches the target."""

    def to_json(self) -> bytes:
        """Canonical JSON (RFC 8785)."""
        return rfc8785.dumps(self.model_dump(mode="json"))


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

    format: str = ROADMAP_FORMAT
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
