"""The search for the smallest sets of raised answers; see :mod:`scoring.levers`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scoring.answers import Answer, Answers
from scoring.moves import Move
from scoring.plan import Plan
from scoring.proposals import Change, Levers, LeverSet
from scoring.scorecard import NodeScore
from scoring.solving.amounts import Units
from scoring.solving.profiles import Profiles
from scoring.solving.solver import EFFORT, MOST_REFUTED, Answered, solve
from scoring.solving.tables import MOST_ROWS
from scoring.solving.translation import Translation
from scoring.targets import Target, reached

_MOST_WORTH: Final = 10**6
"""Most of one goal that puts sets in order: larger numbers make the solver slow."""


@dataclass(frozen=True, slots=True)
class _Size:
    questions: int
    steps: int


class Lifting:
    """One search: propose, score, cut, until the least is shown."""

    def __init__(  # noqa: PLR0913, PLR0917 - what levers are asked for with
        self,
        plan: Plan,
        answers: Answers,
        target: Target,
        offered: dict[str, tuple[Move, ...]],
        rows: int | None,
        effort: float | None,
    ) -> None:
        self.target = target
        self.effort = effort
        """What is left of the effort for all questions put to the solver; None: each has its own."""

        self.offered = offered
        ways: dict[str, list[Answer]] = {name: [move.answer for move in each] for name, each in offered.items()}
        self.translation = Translation(plan, target.node, answers, ways, MOST_ROWS if rows is None else rows)
        self.offers = self.translation.offers
        self.model = self.translation.sums.model
        self.refuted = 0
        self.scores: dict[tuple[tuple[str, int], ...], NodeScore] = {}
        self.translation.require(target)
        steps = {name: [0, *(move.steps for move in each)] for name, each in offered.items()}
        Profiles(self.translation, steps).add()
        self.changed = sum(each.taken[place] for each in self.offers.of.values() for place in range(1, len(each.taken)))
        self.steps = sum(
            move.steps * self.offers.of[name].taken[place]
            for name in self.offers.of
            for place, move in enumerate(offered[name], 1)
        )

    def into(self, found: Levers, most_sets: int) -> Levers:
        """The result: the least number of questions, then of steps, then the sets one after the other."""
        last: list[dict[str, int]] = []
        for goal in (self.changed, self.steps):
            pick, proven = self._least([goal])
            if pick is None and not last:
                return found.model_copy(update={"proven": proven, "complete": proven})
            last = [pick] if pick is not None else last
            if pick is None or not proven:
                return self._with(found, last, complete=False, proven=False)
            size = self._size(pick)
            self.model.add(goal == (size.questions if goal is self.changed else size.steps))
        picks: list[dict[str, int]] = []
        while len(picks) <= most_sets:
            pick, proven = self._least(self._order())
            if pick is None:
                return self._with(found, picks or last, complete=proven and bool(picks), proven=True)
            picks.append(pick)
            self.offers.cut(pick)
        return self._with(found, picks[:most_sets], complete=False, proven=True)

    def _least(self, goals: Sequence[Units]) -> tuple[dict[str, int] | None, bool]:
        """The solution least in the first goal, then in the second …, that reaches the target by the engine."""
        while True:
            model = self.model.clone()
            pick: dict[str, int] | None = None
            for goal in goals:
                if self.effort is not None and self.effort <= 0:
                    return None, False
                model.minimize(goal)
                answered, solver = solve(model, EFFORT if self.effort is None else min(self.effort, EFFORT))
                if self.effort is not None:
                    self.effort -= solver.response_proto.deterministic_time
                if answered is Answered.FOUND:
                    pick = self.offers.picked(solver)
                    return (pick if reached(self.target, self.translation.node, self._score(pick)) else None), False
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
