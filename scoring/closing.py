"""Closing in on an end: the open numbers are taken apart into ranges, until none that is left can lead any further.

Where one open number stands in several formulas, what is possible is looked at in each of them by itself, and lies
further out than any answers lead. The narrower the range that the number may lie in, the less so. So ranges are halved,
and other questions answered in every way there is, always where most is still possible; a part that leads no further
than answers already found is left out. Where nothing is left, these answers are proven to lead as far as any. Where it
is not over after so many steps, what is left still tells an end that no answers cross.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count
from math import ceil, floor
from typing import Final

from questionnaires.model import NotApplicable, NumberQuestion
from scoring.answers import NotApplicableAnswer, NumberAnswer
from scoring.crossing import Crossings
from scoring.enclosure import Enclosure
from scoring.offering import offered, start_of, unit_of
from scoring.plan import PlannedQuestion
from scoring.trying import Possible

_NARROWEST: Final = Fraction(1, 10**9)
"""Ranges of numbers with any decimals are not halved further than this, in proportion to the number."""


@dataclass(slots=True)
class Closing:
    """A search that keeps what is still possible in parts, the one that leads furthest first."""

    end_of: Callable[[Possible], Fraction | None]
    """How far something may lead, the greater the further; None: no value, or no limit."""

    leads_further: Callable[[Possible], bool]
    """Whether it may lead further than what was found."""

    try_out: Callable[[Possible], object]
    """Score answers to everything, and keep them where they lead further."""

    crossings: Crossings
    falling: bool
    effort: int
    _parts: list[tuple[Fraction, int, Possible]] = field(default_factory=list)
    _number: Iterator[int] = field(default_factory=count)

    def beyond(self, possible: Possible, questions: Sequence[PlannedQuestion]) -> Possible | None:
        """Of all parts that may lead further than what is found by then, the one that does most so; None: none does."""
        if not self._keep(possible):
            return possible
        while self._parts:
            _, _, widest = heappop(self._parts)
            if not self.leads_further(widest):
                continue
            if self.effort <= 0 or not self._taken_apart(widest, questions):
                return widest
            self.effort -= 1
        return None

    def _keep(self, part: Possible) -> bool:
        """Keep a part that may lead further; False where it has no limit to go by."""
        if self.leads_further(part):
            end = self.end_of(part)
            if end is None:
                return False
            heappush(self._parts, (-end, next(self._number), part))
        return True

    def _taken_apart(self, part: Possible, questions: Sequence[PlannedQuestion]) -> bool:
        """Keep the parts of a part, by the question where that leaves least; False where it has no parts."""
        rest = [each for each in questions if each.id not in part.answers and part.facts[each.id].applies is not False]
        if not rest:
            self.try_out(part)
            return True
        ways = [found for each in rest if (found := self._ways(part, each))]
        self.effort -= sum(map(len, ways))
        if not ways:
            return False
        kept = [self._keep(each) for each in min(ways, key=self._furthest)]
        return all(kept)

    def _furthest(self, parts: Sequence[Possible]) -> tuple[int, list[Fraction]]:
        """How many parts have no limit, and how far the others lead, the furthest first."""
        ends = [self.end_of(each) for each in parts if self.leads_further(each)]
        known = [each for each in ends if each is not None]
        return len(ends) - len(known), sorted(known, reverse=True)

    def _ways(self, part: Possible, question: PlannedQuestion) -> list[Possible]:
        """What is possible in each part of what the question may become; nothing where it has no more parts."""
        if not isinstance(question.asked, NumberQuestion):
            answers, are_all = offered(part, question, self.crossings, falling=self.falling)
            return [part.after(question, each) for each in answers] if are_all else []
        asked, span = question.asked, part.spans.get(question.id)
        if span is None:
            denied = asked.not_applicable is NotApplicable.ALLOWED
            ways = [part.after(question, NotApplicableAnswer(reason="–"))] if denied else []
            return [part.within(question, _whole(asked)), *ways]
        return [self._within(part, question, each) for each in _halves(asked, span)]

    def _within(self, part: Possible, question: PlannedQuestion, span: Enclosure) -> Possible:
        if span.exact is None:
            return part.within(question, span)
        return part.after(question, NumberAnswer(number=span.exact))


def _whole(asked: NumberQuestion) -> Enclosure:
    """All numbers that the question takes: where only some are taken, from the first of them to the last."""
    unit, start = unit_of(asked), start_of(asked)
    if unit is None:
        return Enclosure(asked.least, asked.most)
    return Enclosure(
        None if asked.least is None else start + unit * ceil((asked.least - start) / unit),
        None if asked.most is None else start + unit * floor((asked.most - start) / unit),
    )


def _halves(asked: NumberQuestion, span: Enclosure) -> list[Enclosure]:
    """Two ranges that hold all numbers of a range that the question takes; nothing where it is not halved further."""
    middle, unit, start = _middle(span), unit_of(asked), start_of(asked)
    if middle is None:
        return []
    if unit is None:
        return [Enclosure(span.low, middle), Enclosure(middle, span.high)]
    below = start + unit * floor((middle - start) / unit)
    return [Enclosure(span.low, below), Enclosure(below + unit, span.high)]


def _middle(span: Enclosure) -> Fraction | None:
    """A number within a range, not its highest; None where it is narrow enough."""
    low, high = span.low, span.high
    if low is None and high is None:
        return Fraction(0)
    if high is None:
        return (low or Fraction(0)) + max(abs(low or Fraction(0)) * 4, Fraction(1))
    if low is None:
        return high - max(abs(high) * 4, Fraction(1))
    if high - low <= (abs(low) + abs(high)) * _NARROWEST:
        return None
    if low > 0 and high > 16 * low:
        return low * (1 << (high // low).bit_length() // 2)
    return (low + high) / 2
