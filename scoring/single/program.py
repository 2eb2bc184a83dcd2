"""A plan made ready to score one assessment after another."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from scoring import memory
from scoring.aggregate import FIRST
from scoring.answers import Answer, Answers, LevelAnswer
from scoring.checking import check_answers
from scoring.plan import Plan, PlannedNode, PlannedQuestion
from scoring.scorecard import NodeScore, Scorecard, State
from scoring.single.known import Facts, Known, picking
from scoring.single.weighing import WeighedNode
from scoring.telling import card_of
from scoring.thorough import Scoring


class Run:
    """One assessment on its way through a plan: the outcomes so far, in the plan's order."""

    __slots__ = ("_scoring", "absent", "answers", "checked", "known", "neither", "nodes", "open", "plan", "program")

    def __init__(self, program: Program, answers: Answers) -> None:
        self.program = program
        self.plan = program.plan
        self.answers = answers
        self.known: list[Known] = []
        self.nodes: list[NodeScore] = []
        self.checked = False
        self.open = self.absent = self.neither = 0
        """Bit sets of the questions that are missing, do not apply, or have no value."""

        self._scoring: Scoring | None = None

    @property
    def thorough(self) -> Scoring:
        """The thorough engine, which knows all that is known so far."""
        if self._scoring is None:
            self._scoring = Scoring(self.plan, self.answers, FIRST, self._recalled)
        return self._scoring

    def _recalled(self, name: str) -> Facts:
        return self.known[self.program.places[name]].facts

    def check(self) -> None:
        """Look at all answers, once.

        Raises:
            AnswersRefused: some cannot be scored.
        """
        if not self.checked:
            check_answers(self.plan, self.answers)
            self.checked = True

    def note(self, bit: int, known: Known) -> None:
        """Note a question that is not scored."""
        match known.told.state:
            case State.OPEN:
                self.open |= bit
            case State.NOT_APPLICABLE:
                self.absent |= bit
            case State.INSUFFICIENT:
                self.neither |= bit


class _Question:
    """A question with what came out for each of its answers."""

    __slots__ = ("bit", "id", "outcomes", "pick", "planned")

    def __init__(self, plan: Plan, planned: PlannedQuestion, places: Mapping[str, int]) -> None:
        self.planned = planned
        self.id = planned.id
        self.bit = 1 << plan.positions[planned.id]
        rests_on = plan.rests_on[planned.id]
        self.pick = picking([places[name] for name in rests_on]) if rests_on else None
        self.outcomes: dict[Hashable, Known] = {}

    def take(self, run: Run) -> None:
        """Add what it came out as to what is known."""
        answer = run.answers.get(self.id)
        key: Hashable = answer.level if type(answer) is LevelAnswer else _key(answer)
        if self.pick is not None:
            key = key, self.pick(run.known)
        known = self.outcomes.get(key)
        if known is None:
            known = self.learn(run, key)
        run.known.append(known)
        if known.exact is None:
            run.note(self.bit, known)

    def learn(self, run: Run, key: Hashable) -> Known:
        """What it comes out as, for the first time."""
        run.check()
        scoring = run.thorough
        told = scoring.question(self.planned)
        known = Known(told, (scoring.values[self.id], scoring.now[self.id], scoring.possible[self.id]))
        self.outcomes[key] = known
        run.plan.memory.kept += 1
        return known


def _key(answer: Answer | None) -> Hashable:
    return None if answer is None else (type(answer), answer.text)


class _Node:
    """A node with what came out where the same was known before."""

    def __init__(self, plan: Plan, planned: PlannedNode, places: Mapping[str, int]) -> None:
        self.planned = planned
        self.pick = picking([places[name] for name in plan.rests_on[planned.id]])
        self.weighed = WeighedNode(plan, planned, places) if WeighedNode.fits(planned) else None
        self.mask = sum(1 << place for place in planned.questions)
        self.is_small = len(planned.questions) <= memory.FEW_QUESTIONS
        answered = {question.id for question in plan.questions if question.answerable}
        self.counts_follow = all(child.id in answered for child in planned.children)
        """Whether the outcomes that it rests on tell how many questions below are missing or do not apply."""

        self.outcomes: dict[Hashable, tuple[Known, NodeScore]] = {}

    def take(self, run: Run) -> None:
        """Add what it came out as to what is known, and its part to the scorecard."""
        key: Hashable = self.pick(run.known)
        if not self.counts_follow and (run.open or run.absent or run.neither):
            key = key, self._counts(run)
        found = self.outcomes.get(key)
        if found is None:
            found = self._weighed(run) or self._thorough(run)
            self._keep(run, key, found)
        run.known.append(found[0])
        run.nodes.append(found[1])

    def _keep(self, run: Run, key: Hashable, found: tuple[Known, NodeScore]) -> None:
        if self.is_small:
            run.plan.memory.kept += 1
        elif len(self.outcomes) >= memory.MOST_LARGE:
            self.outcomes = {}
        self.outcomes[key] = found

    def _counts(self, run: Run) -> tuple[int, int, int]:
        """How many of the questions below are answered, do not apply, and are missing."""
        absent, missing = (run.absent & self.mask).bit_count(), (run.open & self.mask).bit_count()
        neither = (run.neither & self.mask).bit_count()
        return len(self.planned.questions) - absent - missing - neither, absent, missing

    def _weighed(self, run: Run) -> tuple[Known, NodeScore] | None:
        weighed = None if self.weighed is None else self.weighed.weighed(run.known)
        if weighed is None:
            return None
        known, score, parts, weighing = weighed
        answered, absent, missing = self._counts(run)
        told = score.changed(
            answered=answered,
            not_applicable=absent,
            missing=missing,
            counted_share=weighing.counted_share,
            shares=tuple([share for _, share in parts]),
        )
        return known, told

    def _thorough(self, run: Run) -> tuple[Known, NodeScore]:
        name, scoring = self.planned.id, run.thorough
        told = scoring.node(self.planned)
        return Known(told, (scoring.values[name], scoring.now[name], scoring.possible[name])), told


class Program:
    """A plan made ready, with all that was worked out so far."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.places = {item.id: place for place, item in enumerate(plan.order)}
        self._items: list[_Question | _Node] = [
            _Node(plan, item, self.places) if isinstance(item, PlannedNode) else _Question(plan, item, self.places)
            for item in plan.order
        ]
        self._answerable = {question.id for question in plan.questions if question.answerable}
        self._questions = picking([self.places[question.id] for question in plan.questions])
        self._card = card_of(plan)

    def run(self, answers: Answers) -> Run:
        """Work out all questions and nodes.

        Raises:
            AnswersRefused: some answers cannot be scored.
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        run = Run(self, answers)
        if not answers.keys() <= self._answerable:
            run.check()
        for item in self._items:
            item.take(run)
        return run

    def scorecard(self, run: Run) -> Scorecard:
        """The scorecard of a finished run."""
        return self._card.changed(
            complete=not run.open,
            questions=tuple([known.told for known in self._questions(run.known)]),
            nodes=tuple(run.nodes),
        )


def program_of(plan: Plan) -> Program:
    """The plan made ready: with all that was worked out before, unless that became too much."""
    kept = plan.memory
    program = kept.program
    if not isinstance(program, Program) or kept.kept > memory.MOST_KEPT:
        program = kept.program = Program(plan)
        kept.kept = 0
    return program
