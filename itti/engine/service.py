"""Scoring without storing: answers are checked as in an assessment, then the engine does the rest."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Final

from itti.assessments import library, naming, refusals
from itti.assessments.errors import AnswerInvalid, NoSuchItem, NoSuchQuestion
from itti.assessments.library import Questionnaire
from itti.assessments.schemas import AnswerGiven
from itti.engine.errors import ROOM, AnswersContradictory, AnswersInvalid, EngineBusy, OtherDigest
from itti.engine.schemas import ExplanationView, LineView, SheetInput, StepView
from itti.errors import FieldMistake
from itti.library.service import latest_version, published_definition
from questionnaires.formula.items import plain as plain_id
from questionnaires.model import Item
from reports.calculation import Line, calculation, disregarded, tree
from reports.directions import plain
from reports.summary import NOTHING_AHEAD, Ahead, summary
from scoring import Answer, contradictions, deciding, score
from scoring.scorecard import Scorecard
from scoring.sheet import SheetAnswer
from scoring.tracing import trace

SECONDS: Final = 5.0
"""How long a request waits for its turn."""

_TURNS: Final = BoundedSemaphore(max(1, (os.cpu_count() or 2) - 1))


@dataclass(frozen=True)
class Sheet:
    """Answers that can be scored, with the questionnaire as it is asked where these are the answers."""

    asked: Questionnaire
    answers: Mapping[str, Answer]


@contextmanager
def turn() -> Iterator[None]:
    """A place at the engine, so that whoever only wants to score leaves the workflow its processors.

    Raises:
        EngineBusy: none became free in time.
    """
    if not _TURNS.acquire(timeout=SECONDS):
        raise EngineBusy
    try:
        yield
    finally:
        _TURNS.release()


def sheet_of(given: SheetInput) -> Sheet:
    """The answers as the engine takes them.

    Raises:
        QuestionnaireUnknown: no such questionnaire is published here.
        OtherDigest: another questionnaire than the one stated is published under that version.
        AnswersInvalid: some answers cannot be scored; all of them at once.
    """
    version = given.version or latest_version(given.family)
    published_definition(given.family, version)
    published = library.questionnaire(given.family, version)
    if given.digest not in {None, published.digest}:
        raise OtherDigest(questionnaire=published.name, published=published.digest)
    asked, mistakes = _asked(published, given.answers)
    if not mistakes:
        mistakes = _mistakes(asked, given.answers)
    if mistakes:
        fault = AnswersInvalid()
        fault.mistakes = tuple(mistakes)
        raise fault
    found = {
        name: SheetAnswer.model_validate({**(each.stored or {}), "reason": each.reason}).answer()
        for name, each in given.answers.items()
    }
    return Sheet(asked, {name: answer for name, answer in found.items() if answer is not None})


def _asked(published: Questionnaire, given: Mapping[str, AnswerGiven]) -> tuple[Questionnaire, list[FieldMistake]]:
    """The questionnaire for the items that the answers name, and what is wrong with lists among them.

    An item's answers are only asked for where its list can be read: lists first, and then those that their items have.
    """
    lists = {name: each for name, each in given.items() if plain_id(name) in published.lists}
    read: dict[str, AnswerGiven] = {}

    def items(name: str) -> tuple[Item, ...] | None:
        return _items(read.get(name))

    asked = published
    for depth in sorted({0, *(name.count(".") for name in lists)}) if published.lists else ():
        level = {name: each for name, each in lists.items() if name.count(".") == depth}
        if mistakes := _mistakes(asked, level):
            return asked, mistakes
        read |= level
        asked = published.with_items(naming.named(published.definition, items))
    return asked, []


def _items(given: AnswerGiven | None) -> tuple[Item, ...] | None:
    if given is None or given.stored is None:
        return None
    return tuple(Item(id=each.id, name=each.name) for each in given.items or ())


def _mistakes(asked: Questionnaire, given: Mapping[str, AnswerGiven]) -> list[FieldMistake]:
    """What is wrong with the answers, each mistake at its place in the request."""
    found: list[FieldMistake] = []
    for name, each in given.items():
        place = f"/answers/{name}"
        try:
            asked.question(name)
            refusals.check(asked, name, each)
        except NoSuchQuestion as fault:
            found.append(FieldMistake(place, "unknown-question", fault.details, ROOM))
        except NoSuchItem as fault:
            found.append(FieldMistake(place, "unknown-item", fault.details, ROOM))
        except AnswerInvalid as fault:
            found += [FieldMistake(place + one.pointer, one.key, one.details, one.room) for one in fault.mistakes]
    return found


def _check(sheet: Sheet, language: str) -> None:
    """Refuse answers that cannot all be true."""
    words = sheet.asked.definition.words(language).contradictions
    mistakes = [
        FieldMistake(f"/answers/{question}", "contradiction", {"why": words[each.id]}, ROOM)
        for each in contradictions(sheet.asked.plan, sheet.answers)
        for question in each.questions
    ]
    if mistakes:
        fault = AnswersContradictory()
        fault.mistakes = tuple(mistakes)
        raise fault


def scorecard_of(sheet: Sheet, language: str) -> Scorecard:
    """The scorecard with the reason for every number.

    Raises:
        AnswersContradictory: the answers cannot all be true, as the questionnaire says in ``language``.
    """
    _check(sheet, language)
    return score(sheet.asked.plan, sheet.answers)


def explanation_of(sheet: Sheet, language: str) -> ExplanationView:
    """The same in words.

    Raises:
        AnswersContradictory: the answers cannot all be true.
    """
    _check(sheet, language)
    definition, plan = sheet.asked.definition, sheet.asked.plan
    told = trace(plan, sheet.answers)
    ahead = NOTHING_AHEAD if told.card.complete else Ahead(deciding(plan, sheet.answers))
    steps = [
        StepView(
            node=block.id,
            depth=depth,
            heading=plain(block.heading, language),
            lines=[] if again else [_line(line, language) for line in block.lines],
            explained_above=again,
        )
        for depth, block, again in tree(definition, calculation(definition, told, language))
    ]
    return ExplanationView(
        summary=[plain(line, language) for line in summary(definition, told.card, language, ahead)],
        steps=steps,
        disregarded=[_line(line, language) for line in disregarded(definition, told, language)],
    )


def _line(line: Line, language: str) -> LineView:
    return LineView(text=plain(line.text, language), below=[_line(each, language) for each in line.below])
