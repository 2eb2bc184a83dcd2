"""Whether the lowest and the highest value still possible are reached by answers, and by which.

The ends that a scorecard states are never crossed, whatever is answered; but where one open question counts twice, in
two formulas or in a condition beside its own worth, they may lie further out than any answers lead, because each place
is looked at by itself. Here answers are looked for that lead as far as they can: the open questions are answered one
after the other, each so that what is still possible keeps its end, or loses as little of it as can be; where that leads
nowhere, other answers are tried. What is found is scored by the engine, so a value that is *found* is one that these
very answers give.

Tried are all answers that a question can have where they are no more than 64; else those of
:mod:`scoring.deciding`, "does not apply", and for numbers without a limit powers of ten. Where every answer of every
open question was among those tried and the search came to its end, the value found is the true end. Else open numbers
are taken apart into ranges (:mod:`scoring.closing`): that proves it too, or tells a nearer end that no answers cross.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from scoring.answers import Answer, Answers
from scoring.checking import check_answers
from scoring.closing import Closing
from scoring.crossing import Crossings
from scoring.exact import score
from scoring.narrowing import rests_on
from scoring.offering import offered
from scoring.plan import Plan, PlannedNode, PlannedQuestion
from scoring.rounding import stated
from scoring.scorecard import NodeScore
from scoring.targets import node_of
from scoring.trying import Possible

EFFORT: Final = 2_000
"""Answers that are tried for each end before a search is given up, and ranges that are looked at after that."""


@dataclass(frozen=True, slots=True)
class End:
    """One end of what a node may still become."""

    stated: str | None
    """As the scorecard states it: no answers lead beyond it. None: no limit is known, or there is no value at all."""

    found: str | None
    """The value furthest towards this end that answers were found for; None: none of those tried give a value."""

    answers: Answers
    """Answers to the open questions that give it."""

    limit: str | None
    """No answers lead beyond this: the value stated, or a nearer one that was come upon. None: no limit is known, or
    there is no value at all."""

    proven: bool
    """True: no answers lead further than ``found``."""

    @property
    def reached(self) -> bool:
        """Whether answers were found that give the very value stated."""
        return self.found is not None and self.found == self.stated


@dataclass(frozen=True, slots=True)
class Reaching:
    """Both ends of what a node may still become."""

    node: str
    lowest: End
    highest: End


def reaching(plan: Plan, answers: Answers, node: str | None = None, effort: int = EFFORT) -> Reaching:
    """How far answers to what is still open can really lead a node (else the headline).

    Raises:
        AnswersRefused: some answers cannot be scored.
        UnknownNode: there is no such node.
        ProfileStatesNothing: the node is a profile.
    """
    plan = plan.unrolled(answers)
    check_answers(plan, answers)
    wanted = node_of(plan, node or plan.index)
    now = score(plan, answers).node(wanted.id)
    possible, crossings = Possible.of(plan, answers), Crossings(plan)
    return Reaching(
        wanted.id,
        _Search(wanted, now.lowest, -1, effort, crossings).end(possible),
        _Search(wanted, now.highest, 1, effort, crossings).end(possible),
    )


@dataclass(slots=True)
class _Search:
    """Depth first, what promises most first; what cannot lead further than what was found is left out."""

    node: PlannedNode
    stated: str | None
    direction: int
    """1 towards the highest, -1 towards the lowest."""

    effort: int
    crossings: Crossings
    best: Fraction | None = None
    """In the direction: the greater, the further."""

    found: str | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    every: bool = True
    """Whether all answers that there are were among those tried, or could be left out for certain."""

    def end(self, possible: Possible) -> End:
        """The end, searched for from what is possible now."""
        below = rests_on(possible.plan)[self.node.id]
        questions = [
            each
            for each in possible.plan.questions
            if each.answerable and each.id in below and each.id not in possible.answers
        ]
        effort, furthest = self.effort, possible
        proven = self._from(possible, questions) or self.every
        if not proven and self.best is not None:
            closing = Closing(
                self._end_of, self._may_lead_further, self._arrived, self.crossings, self.direction > 0, effort
            )
            beyond = closing.beyond(possible, questions)
            proven, furthest = beyond is None, beyond or possible
        own = {name: answer for name, answer in self.answers.items() if name not in possible.answers}
        return End(self.stated, self.found, own, self.found if proven else self._limit(furthest), proven=proven)

    def _limit(self, furthest: Possible) -> str | None:
        end = self._end_of(furthest)
        return None if end is None else stated(end * self.direction, self.node.rounding)

    def _from(self, possible: Possible, questions: list[PlannedQuestion]) -> bool:
        """Answer the questions; True as soon as the stated end is reached."""
        rest = [each for each in questions if possible.facts[each.id].applies is not False]
        if not rest:
            return self._arrived(possible)
        question = rest[0]
        offers, all_of_them = offered(possible, question, self.crossings, falling=self.direction > 0)
        self.every = self.every and all_of_them
        for then in self._ways(possible, question, offers):
            if self.effort <= 0:
                self.every = False
                return False
            if self._may_lead_further(then) and self._from(then, rest[1:]):
                return True
        return False

    def _ways(self, possible: Possible, question: PlannedQuestion, offers: tuple[Answer, ...]) -> Iterator[Possible]:
        """What each answer leaves possible: first those that lose nothing, as they come, then the best of the rest."""
        here, others = self._end_of(possible), []
        for answer in offers:
            self.effort -= 1
            then = possible.after(question, answer)
            if self._end_of(then) == here:
                yield then
            else:
                others.append((self._end_of(then), then))
        nowhere = [then for end, then in others if end is None]
        yield from (then for _, then in sorted(((e, t) for e, t in others if e is not None), key=_by_end, reverse=True))
        yield from nowhere

    def _end_of(self, possible: Possible) -> Fraction | None:
        """How far this may still lead; None where no limit is known or there is no value."""
        span = possible.facts[self.node.id].number
        end = None if span is None else (span.high if self.direction > 0 else span.low)
        return None if end is None else end * self.direction

    def _may_lead_further(self, possible: Possible) -> bool:
        if self.best is None:
            return True
        fact = possible.facts[self.node.id]
        if fact.number is None:  # without a value for good, or only as things stand
            return not fact.known and not fact.undefined
        end = self._end_of(possible)
        return end is None or Fraction(stated(end * self.direction, self.node.rounding)) * self.direction > self.best

    def _arrived(self, possible: Possible) -> bool:
        self.effort -= 1
        then: NodeScore = score(possible.plan, possible.answers).node(self.node.id)
        if then.value is None:
            return False
        value = Fraction(then.value) * self.direction
        if self.best is None or value > self.best:
            self.best, self.found, self.answers = value, then.value, possible.answers
        return self.found == self.stated


def _by_end(pair: tuple[Fraction, Possible]) -> Fraction:
    return pair[0]
