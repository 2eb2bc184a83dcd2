"""Which open questions decide most of what the index may still become.

Let *w* be the width of the index's remaining range: its highest less its lowest value still possible, before rounding.
For an open question and one of its answers let *w(a)* be the width once that answer is given and everything else stays
open. The answer then settles ``(w - w(a)) / w`` of the range, a share from 0 to 1. A question's figures are the least,
the greatest and the plain average of these shares over its *trial answers*:

- level, choice, yes/no: every level or option;
- several choices: none of them, each alone, and the picks worth least and most, as far as they are permitted;
- grid: each option in all rows;
- number: its limits, and the numbers at which its curve begins, bends and ends;
- date: its limits.

"Does not apply" is no trial answer, in words or by an option: it says that the question should not be there. A number
or date without limits and without a curve has no trial answers, and a range without an end has no width: there the
figures are missing, not zero. Everything is exact; where irrational numbers are among the values, to within 2^-128.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    GridQuestion,
    LevelQuestion,
    LinearCurve,
    LogCurve,
    NumberQuestion,
    PointsCurve,
    Rounding,
    RoundingMode,
    StepsCurve,
    YesNoQuestion,
)
from scoring.answers import (
    Answer,
    Answers,
    ChoiceAnswer,
    ChoicesAnswer,
    DateAnswer,
    GridAnswer,
    LevelAnswer,
    NumberAnswer,
    YesNoAnswer,
)
from scoring.checking import check_answer, check_answers
from scoring.facts import Fact, Reading
from scoring.formulas import number
from scoring.plan import Plan, PlannedQuestion
from scoring.rounding import stated
from scoring.trying import Possible


@dataclass(frozen=True, slots=True)
class Deciding:
    """How much of the range that is still open one question decides: shares from 0 to 1."""

    question: str
    least: Fraction
    """The share that is settled whichever of the trial answers it gets."""

    most: Fraction
    average: Fraction
    """Over its trial answers, each counted once."""

    def per_cent(self, places: int = 1) -> tuple[str, str, str]:
        """Least, most and average in per cent of the range, rounded (halves up) to so many decimals."""
        rounding = Rounding(places=places, mode=RoundingMode.HALF_UP)
        least, most, average = (stated(each * 100, rounding) for each in (self.least, self.most, self.average))
        return least, most, average


def deciding(plan: Plan, answers: Answers, node: str | None = None) -> tuple[Deciding, ...]:
    """The open questions by what they decide of a node (else the headline): the most on average first.

    Questions that decide nothing are left out; so are those without trial answers, see above.

    Raises:
        AnswersRefused: some answers cannot be scored.
    """
    plan = plan.unrolled(answers)
    check_answers(plan, answers)
    return _Trying(Possible.of(plan, answers), node or plan.index).ranked()


@dataclass(frozen=True, slots=True)
class _Trying:
    """All that is possible now, and how much of the target's width each open question decides."""

    possible: Possible
    target: str

    def ranked(self) -> tuple[Deciding, ...]:
        """The figures of every question that decides something."""
        whole = _width(self.possible.facts[self.target])
        if not whole:
            return ()
        questions = self.possible.plan.questions
        found = [each for question in questions if (each := self._figures(question, whole)) is not None]
        return tuple(sorted(found, key=lambda each: (-each.average, -each.most)))

    def _figures(self, question: PlannedQuestion, whole: Fraction) -> Deciding | None:
        now, name = self.possible, question.id
        if not question.answerable or name in now.answers or now.facts[name].applies is False:
            return None
        tried = trial_answers(now.plan, question, now.reading)
        widths = [_width(now.after(question, answer).facts[self.target]) for answer in tried]
        shares = [max(Fraction(0), (whole - width) / whole) for width in widths if width is not None]
        if not shares or not any(shares):
            return None
        return Deciding(name, min(shares), max(shares), sum(shares, Fraction(0)) / len(shares))


def _width(fact: Fact) -> Fraction | None:
    """The width of what is possible: 0 where there is no value at all, None where there is no end to it."""
    if fact.number is None:
        return Fraction(0)
    low, high = fact.number.low, fact.number.high
    return None if low is None or high is None else high - low


def trial_answers(plan: Plan, question: PlannedQuestion, reading: Reading) -> tuple[Answer, ...]:
    """The answers over which a question's figures are taken; each is one that may be given."""
    possible = (answer for answer in _trials(question, reading) if check_answer(plan, question.id, answer) is None)
    return tuple(answer for answer in possible if not _denies(question, answer))


def _denies(question: PlannedQuestion, answer: Answer) -> bool:
    """Whether an option among the answer's says that something does not apply."""
    match answer:
        case ChoiceAnswer(choice=choice):
            return choice in question.denials
        case ChoicesAnswer(choices=choices):
            return not question.denials.isdisjoint(choices)
        case GridAnswer(grid=grid):
            return not question.denials.isdisjoint(grid.values())
    return False


def _trials(question: PlannedQuestion, reading: Reading) -> Iterator[Answer]:
    match question.asked:
        case LevelQuestion() as levels:
            yield from (LevelAnswer(level=level) for level in levels.levels)
        case ChoiceQuestion(options=options):
            yield from (ChoiceAnswer(choice=option.id) for option in options)
        case YesNoQuestion():
            yield from (YesNoAnswer(yes=False), YesNoAnswer(yes=True))
        case ChoicesQuestion() as several:
            yield from (ChoicesAnswer(choices=picks) for picks in dict.fromkeys(_picks(several)))
        case GridQuestion(rows=rows, options=options):
            yield from (GridAnswer(grid={row.id: option.id for row in rows}) for option in options)
        case NumberQuestion():
            yield from (NumberAnswer(number=each) for each in dict.fromkeys(_numbers(question, reading)))
        case DateQuestion(earliest=earliest, latest=latest):
            yield from (DateAnswer(date=day) for day in (earliest, latest) if day is not None)


def _picks(asked_: ChoicesQuestion) -> Iterator[tuple[str, ...]]:
    """None, each alone, and the ones that are worth least and most together."""
    yield ()
    yield from ((option.id,) for option in asked_.options)
    together = [option for option in asked_.options if not option.alone]
    rising = [option.id for option in sorted(together, key=lambda option: option.value or Fraction(0))]
    most = min(asked_.most_picked or len(rising), len(rising))
    below = sum((option.value or 0) < 0 for option in together)
    above = sum((option.value or 0) > 0 for option in together)
    yield tuple(sorted(rising[: min(max(below, asked_.least_picked), most)]))
    yield tuple(sorted(rising[len(rising) - min(max(above, asked_.least_picked), most) :]))


def _numbers(question: PlannedQuestion, reading: Reading) -> Iterator[Fraction]:
    assert isinstance(question.asked, NumberQuestion)  # noqa: S101 – held by the caller
    limits = [end for end in (question.asked.least, question.asked.most) if end is not None]
    yield from limits
    planned = question.curve
    if planned is None:
        return
    match planned.curve:
        case LinearCurve() | LogCurve():
            for amount, formula in ((planned.curve.base, planned.base), (planned.curve.lead, planned.lead)):
                span = None if formula is None else number(formula, reading).span
                if isinstance(amount, Fraction):
                    yield amount
                elif span is not None and span.exact is not None:
                    yield span.exact
        case StepsCurve(steps=steps):
            yield from (step.lowest for step in steps)
        case PointsCurve(points=points):
            yield from (corner.at for corner in points)
