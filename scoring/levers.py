"""Levers: the smallest sets of raised answers that lift a node to its next band, stage or value.

Smallest means: the fewest questions changed, and among these the fewest steps in all (what a step is: see
:mod:`scoring.moves`). Every set is scored by the exact engine before it is given; that none is smaller is shown by
the solver on a model that allows everything that the engine allows (see :mod:`scoring.solving`). Where the effort
allowed is used up before that is shown, the result says so: ``proven`` is false.

The solver is OR-tools (CP-SAT); it is imported when levers are asked for, never by ``import scoring``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import rfc8785

from questionnaires.errors import Fault
from scoring.answers import Answer, Answers
from scoring.checking import check_answers
from scoring.exact import score
from scoring.moves import Move, moves
from scoring.plan import Plan
from scoring.scorecard import NodeScore, Record
from scoring.targets import Target, next_target, node_of, reached

if TYPE_CHECKING:
    from scoring.solving.amounts import Units
    from scoring.solving.translation import Translation

FORMAT: Final = "itti-levers/1"
MOST_SETS: Final = 5
MOST_REFUTED: Final = 500
"""Proposals of the solver that the engine may refute before the search is given up."""


class SolverMissing(Fault):
    """OR-tools is not installed."""

    code = "solver-missing"
    room = "scoring"


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

    format: str = FORMAT
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
) -> Levers:
    """The smallest sets of raised answers that lift ``node`` (the index) to ``target`` (what comes next above).

    ``fixed`` names questions whose answers stay as they are; no answer is raised by more than ``most_steps``.
    ``most_rows`` limits how much of the model is listed row by row; it changes how fast the answer is found, never the
    answer.

    Raises:
        AnswersRefused: some answers cannot be scored.
        UnknownNode, NoValueYet, NothingAbove: nothing can be asked for.
        SolverMissing: OR-tools is not installed.
    """
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
    search = _Search(plan, answers, aim, offered_moves(plan, answers, fixed, most_steps), most_rows)
    return search.into(found, most_sets)


@dataclass(frozen=True, slots=True)
class _Size:
    questions: int
    steps: int


class _Search:
    """One search: propose, score, cut, until the least is shown."""

    def __init__(
        self, plan: Plan, answers: Answers, target: Target, offered: dict[str, tuple[Move, ...]], rows: int | None
    ) -> None:
        self.target = target
        self.offered = offered
        ways: dict[str, list[Answer]] = {name: [move.answer for move in each] for name, each in offered.items()}
        self.translation = _translation(plan, target.node, answers, ways, rows)
        self.offers = self.translation.offers
        self.model = self.translation.sums.model
        self.refuted = 0
        self.scores: dict[tuple[tuple[str, int], ...], NodeScore] = {}
        self.translation.require(target)
        strengthen(self.translation, {name: [0, *(move.steps for move in each)] for name, each in offered.items()})
        self.changed = sum(each.taken[place] for each in self.offers.of.values() for place in range(1, len(each.taken)))
        self.steps = sum(
            move.steps * self.offers.of[name].taken[place]
            for name in self.offers.of
            for place, move in enumerate(offered[name], 1)
        )

    def into(self, found: Levers, most_sets: int) -> Levers:
        """The result: the least number of questions, then of steps, then the sets one after the other."""
        for goal in (self.changed, self.steps):
            pick, proven = self._least([goal])
            if pick is None:
                return found.model_copy(update={"proven": proven, "complete": proven})
            if not proven:
                return self._with(found, [pick], complete=False, proven=False)
            size = self._size(pick)
            self.model.add(goal == (size.questions if goal is self.changed else size.steps))
        picks: list[dict[str, int]] = []
        while len(picks) <= most_sets:
            pick, proven = self._least(self._order())
            if pick is None:
                return self._with(found, picks, complete=proven, proven=True)
            picks.append(pick)
            self.offers.cut(pick)
        return self._with(found, picks[:most_sets], complete=False, proven=True)

    def _least(self, goals: Sequence[Units]) -> tuple[dict[str, int] | None, bool]:
        """The solution least in the first goal, then in the second …, that reaches the target by the engine."""
        from scoring.solving.solver import Answered, solve  # noqa: PLC0415 – only with the solver

        while True:
            model = self.model.clone()
            pick: dict[str, int] | None = None
            for goal in goals:
                model.minimize(goal)
                answered, solver = solve(model)
                if answered is not Answered.BEST:
                    return None, answered is Answered.NONE
                model.add(goal == solver.value(goal))
                pick = self.offers.picked(solver)
            if pick is None:
                raise TypeError("no goal")
            if reached(self.target, self.translation.node, self._score(pick)):
                return pick, True
            self.refuted += 1
            if self.refuted > MOST_REFUTED:
                return None, False
            self.translation.refute(pick, self.target)

    def _order(self) -> list[Units]:
        """Goals for the order of the questionnaire: changed before unchanged, few steps before many."""
        goals: list[Units] = []
        goal: Units = 0
        worth = 1
        for each in reversed(self.offers.of.values()):
            ways = len(each.answers)
            if worth * ways > _MOST_WORTH:
                goals.append(goal)
                goal, worth = 0, 1
            goal = goal + worth * each.place + worth * ways * each.taken[0]
            worth *= ways + 1
        return [goal, *reversed(goals)]

    def _size(self, pick: dict[str, int]) -> _Size:
        steps = [self.offered[name][place - 1].steps for name, place in pick.items() if place]
        return _Size(len(steps), sum(steps))

    def _score(self, pick: dict[str, int]) -> NodeScore:
        key = tuple(pick.items())
        if key not in self.scores:
            self.scores[key] = self.translation.ground.score(self.offers.answered(pick))
        return self.scores[key]

    def _with(self, found: Levers, picks: Sequence[dict[str, int]], *, complete: bool, proven: bool) -> Levers:
        size = self._size(picks[0])
        return found.model_copy(
            update={
                "questions": size.questions,
                "steps": size.steps,
                "sets": tuple(self._set(pick) for pick in picks),
                "complete": complete,
                "proven": proven,
            }
        )

    def _set(self, pick: dict[str, int]) -> LeverSet:
        then = self._score(pick)
        answers = self.translation.ground.answers
        changes = tuple(
            Change(
                question=name,
                before=answers[name].text,
                after=self.offered[name][place - 1].answer.text,
                steps=self.offered[name][place - 1].steps,
            )
            for name, place in pick.items()
            if place
        )
        return LeverSet(changes=changes, value=then.value or "", band=then.band, stage=then.stage)


_MOST_WORTH: Final = 10**6


def strengthen(translation: Translation, steps: Mapping[str, Sequence[int]]) -> None:
    """List what small nodes can be worth; see :mod:`scoring.solving.profiles`."""
    from scoring.solving.profiles import Profiles  # noqa: PLC0415 – only with the solver

    Profiles(translation, steps).add()


def _translation(
    plan: Plan, node: str, answers: Answers, offered: dict[str, list[Answer]], most_rows: int | None
) -> Translation:
    """The model of everything below a node.

    Raises:
        SolverMissing: OR-tools is not installed.
    """
    try:
        from scoring.solving.tables import MOST_ROWS  # noqa: PLC0415 – OR-tools is heavy, and not everybody has it
        from scoring.solving.translation import Translation  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "ortools":
            raise
        raise SolverMissing from missing
    return Translation(plan, node, answers, offered, MOST_ROWS if most_rows is None else most_rows)
