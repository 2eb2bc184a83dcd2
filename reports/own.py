"""How an assessment compares with what the factory said of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.model import Definition
from reports.outline import Item, Outline, outline
from reports.report import Report
from reports.scales import measured
from scoring import Answer, LevelAnswer, NotApplicableAnswer, Scorecard, score


@dataclass(frozen=True, slots=True)
class SelfAssessment:
    """The factory's own answers, and how often they are those of the assessment."""

    scorecard: Scorecard
    content: Outline
    items: Mapping[str, Item]
    """Question id → what the factory answered; only where it answered."""

    higher: int
    same: int
    lower: int
    """Levels that the assessment puts higher than the factory, alike, lower."""

    alike: int
    different: int
    """The same of all other answers."""

    @property
    def value(self) -> str | None:
        """Headline index by the factory's own answers; None when it did not answer everything."""
        return self.scorecard.headline.value

    @property
    def printed(self) -> Mapping[str, str]:
        """Dimension id → its value by the factory's own answers."""
        return {each.id: each.brief for each in self.content.dimensions if each.brief is not None}

    def differs(self, item: Item) -> str | None:
        """The factory's own answer, where the assessment came to another."""
        own = self.items.get(item.id)
        return own.answer if own is not None and own.answer != item.answer else None


def self_assessment(report: Report, definition: Definition, language: str) -> SelfAssessment | None:
    """Compare; None where the factory answered nothing. What does not apply to it need not have been answered."""
    given = {answer.question: answer.self_answer for answer in report.answers if answer.self_answer is not None}
    if not given:
        return None
    pairs = [(each.answer, given[each.question]) for each in report.answers if each.answer and each.question in given]
    levels = [(a.level, b.level) for a, b in pairs if isinstance(a, LevelAnswer) and isinstance(b, LevelAnswer)]
    others = [a == b for a, b in pairs if not (isinstance(a, LevelAnswer) and isinstance(b, LevelAnswer))]
    answers: dict[str, Answer] = dict(given)
    for each in report.answers:
        if isinstance(each.answer, NotApplicableAnswer):
            answers.setdefault(each.question, each.answer)
    card = score(measured(definition).plan, answers)
    content = outline(definition, card, language)
    items = {item.id: item for item in (*content.items, *(i for each in content.sections for i in each.items))}
    return SelfAssessment(
        scorecard=card,
        content=content,
        items={name: item for name, item in items.items() if name in given},
        higher=sum(level > own for level, own in levels),
        same=sum(level == own for level, own in levels),
        lower=sum(level < own for level, own in levels),
        alike=sum(others),
        different=len(others) - sum(others),
    )
