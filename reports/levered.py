"""The smallest sets of changes to the next level, in words: what to raise, from which answer to which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from questionnaires.model import Definition
from reports.calculation_steps import answer_in_words
from reports.outline import Outline
from scoring import QuestionScore, State
from scoring.proposals import Levers, LeverSet

_SHORT: Final = 4
"""Sets of at most so many changes are shown side by side; of longer ones the first stands for all."""

_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Raised:
    """One answer of a set."""

    number: str
    title: str
    today: str
    then: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One set: all of it together reaches the target."""

    raised: tuple[Raised, ...]
    value: str
    band: str | None


@dataclass(frozen=True, slots=True)
class Levered:
    """What would lift the headline to what comes next above."""

    target: str
    """Name of the band or stage, or the value."""

    questions: int
    steps: int
    choices: tuple[Choice, ...]
    more: bool
    """True where there are further sets of the same size."""

    proven: bool
    """True: it is shown that no smaller set reaches the target."""


def levered(found: Levers | None, definition: Definition, content: Outline, language: str) -> Levered | None:
    """The sets in words; None where there are none to tell of, or they lift something else than the headline."""
    if found is None or not found.sets or found.questions is None or found.node != definition.index:
        return None
    words = definition.words(language)
    shown = found.sets[: _SHOWN if found.questions <= _SHORT else 1]
    numbers = {item.id: item.number for item in content.items}
    titled = words.bands.get(found.target) or words.rules.get(found.target)
    return Levered(
        target=titled.title if titled else found.target,
        questions=found.questions,
        steps=found.steps or 0,
        choices=tuple(_choice(each, definition, numbers, language) for each in shown),
        more=len(shown) < len(found.sets) or not found.complete,
        proven=found.proven,
    )


def _choice(each: LeverSet, definition: Definition, numbers: Mapping[str, str], language: str) -> Choice:
    words = definition.words(language)
    raised = tuple(
        Raised(
            number=numbers.get(change.question, ""),
            title=words.questions[change.question].title,
            today=answer_line(definition, change.question, change.before, language),
            then=answer_line(definition, change.question, change.after, language),
        )
        for change in each.changes
    )
    return Choice(raised, each.value, words.bands[each.band].title if each.band else None)


def answer_line(definition: Definition, question: str, text: str, language: str) -> str:
    """An answer in words, from the one line by which :mod:`scoring.levers` names it."""
    kind = next(each.kind for each in definition.questions if each.id == question)
    number = str(Fraction(text)) if kind == "number" else None
    score = QuestionScore(
        id=question,
        kind=kind,
        state=State.SCORED,
        level=None,
        lowest=None,
        highest=None,
        answer=text,
        number=number,
    )
    return answer_in_words(definition, score, language)
