"""Questions, each on its own: options, limits, levels, evidence."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from questionnaires.checking.contents import Contents
from questionnaires.checking.question_scales import question_scale
from questionnaires.mistakes import Mistake
from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    ComputedQuestion,
    DateQuestion,
    GridQuestion,
    ItemsQuestion,
    LevelQuestion,
    NumberQuestion,
    Question,
    SeveralOption,
)
from questionnaires.places import Path


def check_questions(contents: Contents) -> Iterator[Mistake]:
    """Limits that cross, answers nobody can give, evidence nobody can owe."""
    for number, question in enumerate(contents.structure.questions):
        path: Path = ("questions", number)
        if isinstance(question, LevelQuestion) and question.lowest >= question.highest:
            yield contents.mistake("levels-empty", path, question=question.id)
        elif isinstance(question, LevelQuestion):
            yield from _worth(contents, question, path)
        if isinstance(question, ChoiceQuestion | ChoicesQuestion | GridQuestion):
            yield from _values(contents, question, path)
        if isinstance(question, ChoicesQuestion):
            yield from _picks(contents, question, path)
            yield from _limits(contents, question, path, "at_least", "at_most")
        if isinstance(question, NumberQuestion | ItemsQuestion):
            yield from _limits(contents, question, path, "least", "most")
        if isinstance(question, NumberQuestion):
            yield from _step(contents, question, path)
        if isinstance(question, DateQuestion):
            yield from _limits(contents, question, path, "earliest", "latest")
        yield from _evidence(contents, question, path)


def _limits(contents: Contents, question: Question, path: Path, lower: str, upper: str) -> Iterator[Mistake]:
    least, most = getattr(question, lower), getattr(question, upper)
    if least is not None and most is not None and least > most:
        yield contents.mistake("limits-cross", (*path, lower), lower=lower, least=least, upper=upper, most=most)


def _worth(contents: Contents, question: LevelQuestion, path: Path) -> Iterator[Mistake]:
    """One value for every level, which rise or fall all the way."""
    worth, place = question.worth, (*path, "worth")
    if worth and len(worth) != len(question.levels):
        yield contents.mistake("worth-count", place, found=len(worth), wanted=len(question.levels))
    elif list(worth) not in (sorted(worth), sorted(worth, reverse=True)):
        yield contents.mistake("worth-turns", place, question=question.id)


def _step(contents: Contents, question: NumberQuestion, path: Path) -> Iterator[Mistake]:
    """Steps that lead to the upper limit, and no finer than the decimal places accepted."""
    step, place = question.step, (*path, "step")
    if step is None:
        return
    if question.most is not None and not question.on_a_step(question.most):
        yield contents.mistake("step-past-most", place, step=step, least=question.least or 0, most=question.most)
    scale = 10**question.places if question.places is not None else None
    if scale is not None and any((number * scale).denominator != 1 for number in (step, question.least or Fraction(0))):
        yield contents.mistake("step-too-fine", place, step=step, places=question.places)


def _values(
    contents: Contents, question: ChoiceQuestion | ChoicesQuestion | GridQuestion, path: Path
) -> Iterator[Mistake]:
    """Either every option has a value, or none has and the question only classifies; what denies has none."""
    valued = any(option.value is not None for option in question.options)
    for place, option in enumerate(question.options):
        at = (*path, "options", place)
        if option.not_applicable and option.value is not None:
            yield contents.mistake("denial-with-value", (*at, "value"), option=option.id)
        elif option.not_applicable and isinstance(option, SeveralOption) and not option.alone:
            yield contents.mistake("denial-not-alone", at, option=option.id)
        elif valued and not option.not_applicable and option.value is None:
            yield contents.mistake("option-without-value", at, option=option.id)
    if all(option.not_applicable for option in question.options):
        yield contents.mistake("options-all-deny", (*path, "options"), question=question.id)


def _picks(contents: Contents, question: ChoicesQuestion, path: Path) -> Iterator[Mistake]:
    together = sum(not option.alone for option in question.options)
    most = max(together, 1)
    least = question.least_picked
    if question.most_picked is not None and question.most_picked > most:
        yield contents.mistake("too-many-picks", (*path, "most_picked"), found=question.most_picked, most=most)
    if least > most:
        yield contents.mistake("too-many-picks", (*path, "least_picked"), found=least, most=most)
    yield from _limits(contents, question, path, "least_picked", "most_picked")
    for place, option in enumerate(question.options):
        if option.alone and least > 1:
            yield contents.mistake("option-unreachable", (*path, "options", place), option=option.id, least=least)


def _evidence(contents: Contents, question: Question, path: Path) -> Iterator[Mistake]:
    if question.evidence_from is None:
        return
    place = (*path, "evidence_from")
    if isinstance(question, ComputedQuestion):
        yield contents.mistake("evidence-of-computed", place, question=question.id)
    elif question.evidence_from == "answered":
        return
    elif not has_value(question):
        yield contents.mistake("evidence-without-value", place, question=question.id)
    elif (highest := _highest(question)) is not None and question.evidence_from > highest:
        yield contents.mistake("evidence-unreachable", place, found=question.evidence_from, highest=highest)


def _highest(question: Question) -> Fraction | None:
    """The greatest value, or level, from which evidence can be demanded."""
    return Fraction(question.highest) if isinstance(question, LevelQuestion) else question_scale(question).highest


def has_value(question: Question) -> bool:
    """Whether answers have a value: all but dates, lists, and choices whose options state none."""
    if isinstance(question, DateQuestion | ItemsQuestion):
        return False
    if isinstance(question, ChoiceQuestion | ChoicesQuestion | GridQuestion):
        return all(option.value is not None for option in question.options if not option.not_applicable)
    return True
