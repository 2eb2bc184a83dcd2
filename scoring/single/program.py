"""A plan made ready to score one assessment after another."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter, getitem
from typing import Any, Final

from scoring import memory
from scoring.answers import Answers
from scoring.plan import Plan, PlannedNode
from scoring.scorecard import Scorecard
from scoring.single.items import RememberedNode, RememberedQuestion, Run
from scoring.single.known import Known, Stated, picking
from scoring.single.straight import StraightLine
from scoring.telling import card_of

_level: Final[Callable[[Any], int]] = attrgetter("level")
_stated: Final[Callable[[Known], Stated]] = attrgetter("stated")


class Program:
    """A plan made ready, with all that was worked out so far."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._places = {item.id: place for place, item in enumerate(plan.order)}
        items: list[RememberedQuestion | RememberedNode] = [
            RememberedNode(plan, item, self._places)
            if isinstance(item, PlannedNode)
            else RememberedQuestion(plan, item, self._places)
            for item in plan.order
        ]
        plain = next((place for place, item in enumerate(items) if not item.is_plain), len(items))
        self._first = [item for item in items[:plain] if isinstance(item, RememberedQuestion)]
        """Questions before everything else that rest on nothing but their answers."""

        self._then = items[plain:]
        self._of_level = [question.outcomes for question in self._first]
        self._answers: Callable[[Answers], tuple[Any, ...]] = picking([question.id for question in self._first])
        self._answerable = {question.id for question in plan.questions if question.answerable}
        questions = {item.id: item for item in items if isinstance(item, RememberedQuestion)}
        self._asked = [questions[question.id].told for question in plan.questions]
        self._questions = picking([self._places[question.id] for question in plan.questions])
        self._nodes = picking([self._places[node.id] for node in plan.nodes])
        self._line: StraightLine | None = None
        self._names = [node.id for node in plan.nodes]
        self._card = card_of(plan)

    def run(self, answers: Answers) -> Run:
        """Work out all questions and nodes, and what the scorecard tells of them.

        Raises:
            AnswersRefused: some answers cannot be scored.
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        run = self._begun(answers)
        for item in self._then:
            item.take(run)
        return run

    def values(self, answers: Answers) -> dict[str, Stated]:
        """What each node states.

        Raises:
            AnswersRefused: some answers cannot be scored.
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        if self._line is None:
            self._line = StraightLine(self._first, self._then, self._names, self._plan.memory)
        try:
            stated = self._line.stated(self._answers(answers))
        except KeyError:  # some are missing
            stated = None
        if stated is None or not self._are_known(answers):
            run = self._begun(answers)
            for item in self._then:
                item.take_value(run)
            if not (run.open or run.absent or run.neither):
                self._line.learn()
            stated = dict(zip(self._names, map(_stated, self._nodes(run.known)), strict=True))
        return stated

    def scorecard(self, run: Run) -> Scorecard:
        """The scorecard of a finished run."""
        return self._card.changed(
            complete=not run.open,
            questions=tuple(map(getitem, self._asked, self._questions(run.known))),
            nodes=tuple(run.nodes),
        )

    def _begun(self, answers: Answers) -> Run:
        """The run with the questions that come first."""
        run = Run(self._plan, self._places, answers)
        try:  # all of them levels that were met before
            run.known += list(map(getitem, self._of_level, map(_level, self._answers(answers))))
        except (KeyError, AttributeError):
            for question in self._first:
                question.take(run)
            known = answers.keys() <= self._answerable
        else:
            known = self._are_known(answers)
        if not known:
            run.check()
        return run

    def _are_known(self, answers: Answers) -> bool:
        """Whether no other questions are answered than there are, where those that come first all are."""
        return len(answers) == len(self._first) or answers.keys() <= self._answerable


def program_of(plan: Plan) -> Program:
    """The plan made ready: with all that was worked out before, unless that became too much."""
    kept = plan.memory
    program = kept.program
    if not isinstance(program, Program) or kept.kept > memory.MOST_KEPT:
        program = kept.program = Program(plan)
        kept.kept = 0
    return program
