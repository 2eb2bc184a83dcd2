"""Next steps for this factory: from the answer there is to the next better one, and what that alone would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from questionnaires import wording
from questionnaires.model import Definition, LevelQuestion, Texts
from reports import answered, numbers
from reports.comparison import signed
from reports.lists import asked_by
from reports.outline import Dimension, Item
from reports.report import Report
from reports.scales import measured
from scoring import Answer, LevelAnswer, NodeScore, NumberAnswer, Plan, compile_plan, score
from scoring.moves import Move, moves


@dataclass(frozen=True, slots=True)
class NextStep:
    """One step."""

    dimension: Dimension
    item: Item
    today: str
    """Today's answer in words: "Level 1 of 5 · Scattered sheets"."""

    meaning: str
    """What that means, as the questionnaire describes it; empty where it does not."""

    then: str
    """The next better answer in words."""

    action: str
    """What to do, as the questionnaire describes it; empty where it does not."""

    value: str | None
    """The headline, were this the only change; None where it states none."""

    change: str | None
    """The same as a signed difference from today; None where it stays as printed."""

    band: str | None
    """Name of the headline's band, were this the only change; None where it stays."""


def next_steps(
    report: Report, definition: Definition, language: str, among: Iterable[Dimension], most: int
) -> tuple[NextStep, ...]:
    """For each of the first dimensions that leave room, its weakest question and the next better answer to it.

    A dimension without a question that can be raised (a fact, a number that nobody can lift by a step) has no step.
    """
    answers = {each.question: each.answer for each in report.answers if each.answer is not None}
    asked, cohort = asked_by(definition, report), report.scorecard.cohort
    plan = measured(asked).plan if cohort is None else compile_plan(definition, cohort).unrolled(answers)
    told = _Telling(plan, asked.words(language), answers, report.scorecard.headline, language)
    found = (told.of(dimension) for dimension in among)
    return tuple(islice((step for step in found if step is not None), most))


@dataclass(frozen=True, slots=True)
class _Telling:
    plan: Plan
    words: Texts
    answers: Mapping[str, Answer]
    today: NodeScore
    language: str

    def of(self, dimension: Dimension) -> NextStep | None:
        """The step of one dimension: of its questions, the one with the most room that can be raised."""
        room = [item for item in dimension.items if item.share is not None and item.share < 1]
        for item in sorted(room, key=lambda item: item.share or Fraction(0)):
            asked = self.plan.questions[self.plan.positions[item.id]]
            offered = moves(self.plan, asked, self.answers[item.id]) if item.id in self.answers else ()
            if offered:
                return self._told(dimension, item, offered[0])
        return None

    def _told(self, dimension: Dimension, item: Item, move: Move) -> NextStep:
        then = score(self.plan, {**self.answers, item.id: move.answer}).headline
        return NextStep(
            dimension=dimension,
            item=item,
            today=self._words(item, self.answers[item.id]),
            meaning=_described(item, self.answers[item.id]),
            then=self._words(item, move.answer),
            action=item.next if isinstance(item.question, LevelQuestion) else _described(item, move.answer),
            value=then.value,
            change=signed(then.value, self.today.value) if then.value != self.today.value else None,
            band=self.words.bands[then.band].title if then.band and then.band != self.today.band else None,
        )

    def _words(self, item: Item, answer: Answer) -> str:
        if isinstance(answer, LevelAnswer):
            highest = item.score.highest
            level = wording.say("reports", "chart.level", self.language, level=answer.level, highest=highest)
            return f"{level} · {item.text.levels[str(answer.level)].name}"
        number = numbers.plain(answer.number) if isinstance(answer, NumberAnswer) else None
        return answered.words(item.question, item.text, answer.text, number, self.language) or "–"


def _described(item: Item, answer: Answer) -> str:
    if isinstance(answer, LevelAnswer):
        return item.text.levels[str(answer.level)].description
    told = answered.picked(item.question, item.text, answer.text)
    return told[0].description if len(told) == 1 else ""
