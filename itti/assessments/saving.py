"""Saving a page of answers that was posted without a script.

Each answer is saved by itself, so that one mistake holds up none of the others.
"""

from __future__ import annotations

from collections.abc import Mapping

from itti.assessments import answer_words, posting, service
from itti.assessments.asking import Refusal
from itti.assessments.errors import AnswerStale
from itti.assessments.posting import Typed
from itti.assessments.tables import Answer
from itti.assessments.wayfinding import Place
from questionnaires.errors import Fault
from questionnaires.model import ComputedQuestion
from questionnaires.wording import say


def save_all(place: Place, posted: Mapping[str, str]) -> dict[str, Refusal]:
    """Save what was posted for the questions of a leaf; returns what was not taken, by question.

    An answer that is as it was stored is left alone, so that it keeps its author.
    """
    visit = place.visit
    stored = service.open_answers(visit.session, visit.act, place.one, place.phase)
    refusals: dict[str, Refusal] = {}
    for name in place.leaf.questions:
        question = place.questionnaire.question(name)
        end = posting.ending(place.leaf, name)
        if isinstance(question, ComputedQuestion) or not posting.is_posted(posted, end):
            continue
        typed = posting.typed(posted, question, end)
        if typed.mistake is None and _same(typed, stored.get(name)):
            continue
        try:
            _save(place, name, typed)
        except Fault as fault:
            refusals[name] = _refusal(place, name, typed, fault)
    return refusals


def _save(place: Place, question: str, typed: Typed) -> None:
    if typed.mistake is not None:
        raise typed.mistake
    visit = place.visit
    with visit.session.begin_nested():
        service.save(
            visit.session, visit.act, place.one.id, question, place.phase, typed.given, expected=typed.version
        )  # fmt: skip


def _same(typed: Typed, answer: Answer | None) -> bool:
    if answer is None:
        return typed.given.stored is None and not typed.given.reason
    return (typed.given.stored, typed.given.reason) == (answer.given, answer.reason)


def _refusal(place: Place, question: str, typed: Typed, fault: Fault) -> Refusal:
    """What was typed with the reason why it was not taken; after a conflict also what is stored now."""
    visit, theirs = place.visit, None
    stored = service.open_answers(visit.session, visit.act, place.one, place.phase).get(question)
    if isinstance(fault, AnswerStale) and stored is not None:
        said = answer_words.stored_words(place.definition, visit.language, stored)
        theirs = " · ".join(filter(None, [said, stored.reason]))
    mistakes = getattr(fault, "mistakes", ())
    words = [say(each.room, f"field.{each.key}", visit.language, **each.details) for each in mistakes] or [
        fault.sentence(visit.language)
    ]
    sentence = " ".join(dict.fromkeys(words))
    return Refusal(getattr(fault, "status", 422), typed.given, sentence, theirs, typed.texts)
