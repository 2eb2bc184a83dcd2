"""Answers of one assessment as one short vector of bytes, and back.

The vector is kept beside the rows that people edit and says the same as they do, without the reasons. It is the fixed
bytes of :mod:`scoring.packing.fields`, and after them the few numbers that do not fit: the question's place among the
fields (two bytes), the length (four bytes) and the number as text. It belongs to one version of one questionnaire.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from questionnaires.formula.items import key, place_in
from scoring.answers import Answer, Answers, NumberAnswer
from scoring.checking import check_answers
from scoring.errors import PackedUnreadable
from scoring.packing.fields import ELSEWHERE, Field, Unreadable, fields_of, slot, width_of
from scoring.plan import Plan
from scoring.unrolling import items_of

FORM: Final = 1
"""The first byte: which form the rest has."""


def pack(plan: Plan, answers: Answers) -> bytes:
    """The compact form of answers; equal answers give equal bytes, reasons apart.

    Raises:
        AnswersRefused: some answers are not what the questionnaire allows.
    """
    check_answers(plan.unrolled(answers), answers)
    answers = _in_slots(answers)
    fixed, after = [bytes([FORM])], []
    for place, field in enumerate(fields_of(plan)):
        answer = answers.get(field.question.id)
        code = field.written(answer)
        if code is None and isinstance(answer, NumberAnswer):
            code = bytes([ELSEWHERE]).ljust(field.width, b"\0")
            text = str(answer.number).encode()
            after.append(place.to_bytes(2) + len(text).to_bytes(4) + text)
        fixed.append(code or b"")
    return b"".join(fixed + after)


def unpack(plan: Plan, vector: bytes) -> dict[str, Answer]:
    """The answers that a vector states.

    Why something does not apply is not among them: the reason is "–". Nor are the ids and names of items: they are
    called by their places.

    Raises:
        PackedUnreadable: the bytes are not answers to this version of the questionnaire.
    """
    fields = fields_of(plan)
    width = width_of(fields)
    if len(vector) < width or vector[0] != FORM:
        raise PackedUnreadable(questionnaire=f"{plan.family}@{plan.version}", question="–")
    further = _further(plan, fields, vector[width:])
    found: dict[str, Answer] = {}
    for field in fields:
        code = vector[field.offset : field.offset + field.width]
        try:
            answer = further.pop(field.question.id) if code[0] == ELSEWHERE else field.answer(code)
        except (Unreadable, KeyError):
            raise PackedUnreadable(questionnaire=f"{plan.family}@{plan.version}", question=field.question.id) from None
        if answer is not None:
            found[field.question.id] = answer
    if further:
        raise PackedUnreadable(questionnaire=f"{plan.family}@{plan.version}", question=next(iter(further)))
    check_answers(plan.unrolled(found), found)
    return found


def _in_slots(answers: Answers) -> Answers:
    """The answers with every item of a list told by its place."""
    items = items_of(answers)
    if not items:
        return answers
    places = {
        (of, item.id): slot(place).id for of, named in items.items() for place, item in enumerate(named)
    }  # fmt: skip

    def slotted(question: str) -> str:
        place = place_in(question)
        return question if place is None else key(slotted(place[0]), places[place], question)

    return {slotted(question): answer for question, answer in answers.items()}


def _further(plan: Plan, fields: tuple[Field, ...], rest: bytes) -> dict[str, Answer]:
    """The numbers written out after the fixed bytes."""
    found: dict[str, Answer] = {}
    while rest:
        place, length = int.from_bytes(rest[:2]), int.from_bytes(rest[2:6])
        text, rest = rest[6 : 6 + length], rest[6 + length :]
        try:
            found[fields[place].question.id] = NumberAnswer(number=Fraction(text.decode("ascii")))
        except (ValueError, IndexError, ZeroDivisionError):
            raise PackedUnreadable(questionnaire=f"{plan.family}@{plan.version}", question="–") from None
    return found
