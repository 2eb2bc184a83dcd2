"""Questions and nodes with what came out of them before."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

from questionnaires.model import LevelQuestion
from scoring import memory
from scoring.aggregate import FIRST
from scoring.answers import Answers, LevelAnswer
from scoring.checking import check_answers
from scoring.plan import Plan, PlannedNode, PlannedQuestion
from scoring.scorecard import NodeScore, QuestionScore, State
from scoring.single.known import Facts, Known, Picked, Stated, picking
from scoring.single.weighing import WeighedNode
from scoring.thorough import Scoring

_Key = TypeVar("_Key")
_Each = TypeVar("_Each")


class Run:
    """One assessment on its way through a plan: what is known so far, in the plan's order."""

    __slots__ = ("_checked", "_places", "_scoring", "absent", "answers", "known", "neither", "nodes", "open", "plan")

    def __init__(self, plan: Plan, places: Mapping[str, int], answers: Answers) -> None:
        self.plan = plan
        self.answers = answers
        self.known: list[Known] = []
        self.nodes: list[NodeScore] = []
        self.open = self.absent = self.neither = 0
        """Bit sets of the questions that are missing, do not apply, or have no value."""

        self._places = places
        self._checked = False
        self._scoring: Scoring | None = None

    @property
    def thorough(self) -> Scoring:
        """The thorough engine, which knows all that is known so far."""
        if self._scoring is None:
            known, places = self.known, self._places

            def recalled(name: str) -> Facts:  # of the list and not of the run, which would then wait for the collector
                return known[places[name]].facts

            self._scoring = Scoring(self.plan, self.answers, FIRST, recalled)
        return self._scoring

    def check(self) -> None:
        """Look at all answers, once.

        Raises:
            AnswersRefused: some cannot be scored.
        """
        if not self._checked:
            check_answers(self.plan, self.answers)
            self._checked = True

    def note(self, bit: int, state: State) -> None:
        """Note the state of a question that has no value."""
        match state:
            case State.OPEN:
                self.open |= bit
            case State.NOT_APPLICABLE:
                self.absent |= bit
            case State.INSUFFICIENT:
                self.neither |= bit


class RememberedQuestion:
    """A question with what came out for each of its answers."""

    __slots__ = ("_bit", "_pick", "_planned", "id", "is_plain", "levels", "outcomes", "told")

    def __init__(self, plan: Plan, planned: PlannedQuestion, places: Mapping[str, int]) -> None:
        self._planned = planned
        self._bit = 1 << plan.positions[planned.id]
        rests_on = plan.rests_on[planned.id]
        self._pick = picking([places[name] for name in rests_on])
        self.id: Final = planned.id
        asked = planned.asked
        self.levels: Final = range(asked.lowest, asked.highest + 1) if isinstance(asked, LevelQuestion) else None
        self.is_plain = not rests_on
        """Whether nothing but its answer tells what comes out."""

        self.outcomes: dict[Hashable, Known] = {}
        """By level, or else by the answer's kind and text (None: missing), and what the question rests on."""

        self.told: dict[Known, QuestionScore] = {}

    def take(self, run: Run) -> None:
        """Add what comes out to what is known.

        Raises:
            AnswersRefused: some answers cannot be scored.
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        answer = run.answers.get(self.id)
        if type(answer) is LevelAnswer:
            key: Hashable = answer.level
        else:
            key = None if answer is None else (type(answer), answer.text)
        if not self.is_plain:
            key = key, self._pick(run.known)
        known = self.outcomes.get(key)
        if known is None:
            known = self.outcomes[key] = self._learnt(run)
        run.known.append(known)
        if known.exact is None:
            run.note(self._bit, known.state)

    take_value = take

    def _learnt(self, run: Run) -> Known:
        run.check()
        scoring = run.thorough
        told = scoring.question(self._planned)
        known = Known(told.state, (scoring.values[self.id], scoring.now[self.id], scoring.possible[self.id]))
        self.told[known] = told
        run.plan.memory.kept += 1
        return known


class RememberedNode:
    """A node with what came out where the same was known before."""

    __slots__ = (
        *("_counts_follow", "_is_small", "_lately", "_mask", "_outcomes", "_pick", "_planned", "_told"),
        "weighed",
    )

    is_plain = False

    def __init__(self, plan: Plan, planned: PlannedNode, places: Mapping[str, int]) -> None:
        self._planned = planned
        self._pick = picking([places[name] for name in plan.rests_on[planned.id]])
        self.weighed = WeighedNode(plan, planned, places) if WeighedNode.fits(planned) else None
        self._mask = sum(1 << place for place in planned.questions)
        self._is_small = len(planned.questions) <= memory.FEW_QUESTIONS
        below = [plan.positions.get(child.id) for child in planned.children]
        self._counts_follow = all(place is not None and plan.questions[place].answerable for place in below)
        """Whether what it rests on tells how many questions below it are missing or do not apply."""

        self._outcomes: dict[Picked, Known] = {}
        self._told: dict[Hashable, tuple[Known, NodeScore]] = {}
        self._lately: dict[Hashable, tuple[Known, NodeScore]] = {}
        """The same where it hardly ever comes again in another assessment, but does in the same one."""

    def take(self, run: Run) -> None:
        """Add what comes out to what is known, and its part to the scorecard.

        Raises:
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        key: Hashable = self._pick(run.known)
        if not self._counts_follow and (run.open or run.absent or run.neither):
            key = key, self._counts(run)
        found = self._told.get(key) or self._lately.get(key)
        if found is None:
            found = self._told_anew(run)
            if self._is_small and found[0].settled:
                run.plan.memory.kept += 1
                self._told[key] = found
            else:
                _remember_lately(self._lately, key, found, settled=found[0].settled)
        run.known.append(found[0])
        run.nodes.append(found[1])

    def take_value(self, run: Run) -> None:
        """Add what comes out to what is known, and leave the scorecard alone.

        Raises:
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        weighed = None if self.weighed is None else self.weighed.weighed(run.known)
        if weighed is not None:
            run.known.append(weighed.outcome)
            return
        below = self._pick(run.known)
        known = self._outcomes.get(below)
        if known is None:
            unfinished = None if self.weighed is None else self.weighed.unfinished(run.known)
            known = self._told_anew(run)[0] if unfinished is None else unfinished.outcome
            if self._is_small and known.settled:
                run.plan.memory.kept += 1
                self._outcomes[below] = known
            else:
                _remember_lately(self._outcomes, below, known, settled=known.settled)
        run.known.append(known)

    def _told_anew(self, run: Run) -> tuple[Known, NodeScore]:
        if self.weighed is not None:
            if (weighed := self.weighed.weighed(run.known)) is not None:
                return weighed.outcome, self.weighed.told(weighed, self._counts(run))
            if (unfinished := self.weighed.unfinished(run.known)) is not None:
                return unfinished.outcome, unfinished.told(self._counts(run))
        name, scoring = self._planned.id, run.thorough
        told = scoring.node(self._planned)
        facts = scoring.values[name], scoring.now[name], scoring.possible[name]
        return Known(told.state, facts, Stated(told.value, told.band)), told

    def _counts(self, run: Run) -> tuple[int, int, int]:
        """How many of the questions below are answered, do not apply, and are missing."""
        questions = len(self._planned.questions)
        if not (run.open or run.absent or run.neither):
            return questions, 0, 0
        absent, missing = (run.absent & self._mask).bit_count(), (run.open & self._mask).bit_count()
        return questions - absent - missing - (run.neither & self._mask).bit_count(), absent, missing


def _remember_lately(known: dict[_Key, _Each], key: _Key, each: _Each, *, settled: bool) -> None:
    """Remember it with the latest others; fewer of them while answers are missing."""
    if len(known) >= (memory.MOST_LARGE if settled else memory.MOST_OPEN_LARGE):
        known.clear()
    known[key] = each
