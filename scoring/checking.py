"""Whether an answer is one that the question allows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Final

from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    GridQuestion,
    Item,
    ItemsQuestion,
    LevelQuestion,
    NotApplicable,
    NumberQuestion,
    SeveralOption,
)
from scoring.answers import (
    Answer,
    Answers,
    ChoiceAnswer,
    ChoicesAnswer,
    DateAnswer,
    GridAnswer,
    ItemsAnswer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
    YesNoAnswer,
    decimal_text,
)
from scoring.errors import (
    AnswerFault,
    AnswersRefused,
    ComputedNotAnswered,
    DateOutOfRange,
    ItemsCount,
    ItemTwice,
    LevelOutOfRange,
    MustApply,
    NumberOffStep,
    NumberOutOfRange,
    OptionExcludes,
    OptionsCount,
    RowsIncomplete,
    TooManyPlaces,
    UnknownOption,
    UnknownQuestion,
    UnknownRow,
    WrongKindOfAnswer,
)
from scoring.plan import Plan

_KINDS: dict[type, str] = {
    LevelAnswer: "level",
    ChoiceAnswer: "choice",
    ChoicesAnswer: "choices",
    GridAnswer: "grid",
    YesNoAnswer: "yes_no",
    NumberAnswer: "number",
    DateAnswer: "date",
    ItemsAnswer: "items",
}

_WRITTEN: Final[Mapping[str, str]] = {
    "level": "{level: 3}",
    "choice": "{choice: …}",
    "choices": "{choices: […, …]}",
    "grid": "{grid: {…: …}}",
    "yes_no": "{yes: true}",
    "number": "{number: 12.5}",
    "date": "{date: 2026-01-31}",
    "items": "{items: [{id: …, name: …}]}",
}
"""How an answer of a kind is written in a file."""


def _written(kind: str, answer: Answer) -> str:
    """How an answer of this kind is written: what was taken for a level as the number that it may have been."""
    if kind == "number" and isinstance(answer, LevelAnswer):
        return f"{{number: {answer.level}}}"
    return _WRITTEN[kind]


def check_answers(plan: Plan, answers: Answers) -> None:
    """Check all answers by the plan for the items that they name.

    Raises:
        AnswersRefused: some cannot be scored; all of them at once.
    """
    found = (check_answer(plan, question, answer) for question, answer in answers.items())
    if faults := [fault for fault in found if fault is not None]:
        raise AnswersRefused(faults)


def check_answer(plan: Plan, question: str, answer: Answer) -> AnswerFault | None:
    """What is wrong with this answer to this question, or None."""
    position = plan.positions.get(question)
    if position is None:
        fault = None if plan.unrolling is None else plan.unrolling.misplaced(question, plan.positions)
        return fault or UnknownQuestion(question=question, questionnaire=f"{plan.family}@{plan.version}")
    planned = plan.questions[position]
    if not planned.answerable:
        return ComputedNotAnswered(question=question)
    if isinstance(answer, NotApplicableAnswer):
        allowed = getattr(planned.asked, "not_applicable", None) is NotApplicable.ALLOWED
        return None if allowed else MustApply(question=question)
    if _KINDS[type(answer)] != planned.asked.kind:
        kind, found = planned.asked.kind, _KINDS[type(answer)]
        return WrongKindOfAnswer(question=question, kind=kind, found=found, written=_written(kind, answer))
    match planned.asked, answer:
        case LevelQuestion() as asked, LevelAnswer(level=level):
            if not asked.lowest <= level <= asked.highest:
                return LevelOutOfRange(question=question, level=level, lowest=asked.lowest, highest=asked.highest)
        case ChoiceQuestion() as asked, ChoiceAnswer(choice=choice):
            return _unknown(question, [choice], [option.id for option in asked.options])
        case ChoicesQuestion() as asked, ChoicesAnswer(choices=choices):
            return _several(question, asked, choices)
        case GridQuestion() as asked, GridAnswer(grid=grid):
            rows = [row.id for row in asked.rows]
            for row in grid:
                if row not in rows:
                    return UnknownRow(question=question, row=row, known=", ".join(rows))
            if missing := [row for row in rows if row not in grid]:
                return RowsIncomplete(question=question, rows=", ".join(missing))
            return _unknown(question, grid.values(), [option.id for option in asked.options])
        case NumberQuestion() as asked, NumberAnswer():
            return _number(question, asked, answer)
        case DateQuestion() as asked, DateAnswer():
            return _date(question, asked, answer)
        case ItemsQuestion() as asked, ItemsAnswer(items=items):
            return _items(question, asked, items)
    return None


def _unknown(question: str, picked: Collection[str], options: Collection[str]) -> AnswerFault | None:
    for option in picked:
        if option not in options:
            return UnknownOption(question=question, option=option, known=", ".join(options))
    return None


def _several(question: str, asked: ChoicesQuestion, choices: Collection[str]) -> AnswerFault | None:
    options: dict[str, SeveralOption] = {option.id: option for option in asked.options}
    if fault := _unknown(question, choices, list(options)):
        return fault
    for choice in choices:
        if options[choice].alone and len(choices) > 1:
            return OptionExcludes(question=question, option=choice)
    most = len(options) if asked.most_picked is None else asked.most_picked
    if not asked.least_picked <= len(set(choices)) <= most or len(set(choices)) < len(choices):
        return OptionsCount(question=question, least=asked.least_picked, most=most, found=len(choices))
    return None


def _number(question: str, asked: NumberQuestion, answer: NumberAnswer) -> AnswerFault | None:
    value = answer.number
    if (asked.least is not None and value < asked.least) or (asked.most is not None and value > asked.most):
        least, most = ("–" if end is None else decimal_text(end) for end in (asked.least, asked.most))
        return NumberOutOfRange(question=question, number=answer.text, least=least, most=most)
    if asked.places is not None and (value * 10**asked.places).denominator != 1:
        return TooManyPlaces(question=question, number=answer.text, places=asked.places)
    if asked.step is not None and not asked.on_a_step(value):
        step, start = decimal_text(asked.step), decimal_text(asked.least or Fraction(0))
        return NumberOffStep(question=question, number=answer.text, step=step, start=start)
    return None


def _date(question: str, asked: DateQuestion, answer: DateAnswer) -> AnswerFault | None:
    early = asked.earliest is not None and answer.date < asked.earliest
    late = asked.latest is not None and answer.date > asked.latest
    if not (early or late):
        return None
    earliest, latest = ("–" if end is None else end.isoformat() for end in (asked.earliest, asked.latest))
    return DateOutOfRange(question=question, date=answer.text, earliest=earliest, latest=latest)


def _items(question: str, asked: ItemsQuestion, items: Sequence[Item]) -> AnswerFault | None:
    if not asked.least <= len(items) <= asked.most:
        return ItemsCount(question=question, least=asked.least, most=asked.most, found=len(items))
    for same in ([item.id for item in items], [item.name for item in items]):
        if len(set(same)) < len(same):
            return ItemTwice(question=question, item=next(each for each in same if same.count(each) > 1))
    return None
