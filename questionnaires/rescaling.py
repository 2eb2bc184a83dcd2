"""The rules of migrations: tables, straight lines and merges of answers. Whatever has no place says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import Final

from questionnaires.given import Given, number_of, written
from questionnaires.migration import Linear, Merged, MergeRule, Part
from questionnaires.model import Question
from questionnaires.words import Rounding, RoundingMode

LONGEST_REASON: Final = 4000
"""Most characters of a reason in a sheet of answers."""

Result = tuple[Given, str | None]
"""The new answer and None, or the old one and the stable code of why it has no place."""


def rescaled(part: Part, target: Question, answer: Given) -> Result:
    """The answer that the rule of ``part`` makes for ``target``."""
    if part.linear is not None:
        return _linear(part.linear, target, answer)
    if answer.form == "grid":
        return _grid(part, answer)
    if part.table is None:
        return answer, None
    if answer.form == "choices":
        return _choices(part.table, answer)
    found = part.table.get(answer_key(answer.value))
    return (answer, "no-place") if found is None else _formed(target, found, answer)


def answer_key(value: object) -> str:
    """An answer as tables name it: a level, an option, ``yes`` or ``no``."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def form_of(target: Question, value: object) -> tuple[str, object] | None:
    """Form and value of the answer that a table's ``value`` is to this question; None: it cannot be one."""
    found: tuple[str, object] | None = None
    if target.kind == "level" and str(value).isdecimal():
        found = ("level", int(str(value)))
    elif target.kind == "choice":
        found = ("choice", str(value))
    elif target.kind == "yes_no" and value in {"yes", "no"}:
        found = ("yes", value == "yes")
    elif target.kind == "number" and number_of(value) is not None:
        found = ("number", str(value))
    return found


def _formed(target: Question, value: object, answer: Given) -> Result:
    formed = form_of(target, value)
    return (answer, "other-kind") if formed is None else (replace(answer, form=formed[0], value=formed[1]), None)


def _choices(table: Mapping[str, int | str | None], answer: Given) -> Result:
    picked = answer.value if isinstance(answer.value, tuple) else ()
    found = [table.get(str(option)) for option in picked]
    if None in found:
        return answer, "no-place"
    return replace(answer, value=tuple(dict.fromkeys(str(option) for option in found))), None


def _grid(part: Part, answer: Given) -> Result:
    cells = answer.value if isinstance(answer.value, Mapping) else {}
    rows = part.rows if part.rows is not None else {str(row): str(row) for row in cells}
    found: dict[str, str] = {}
    for row, option in cells.items():
        new_row = rows.get(str(row))
        new_option = option if part.table is None else part.table.get(str(option))
        if new_row is not None and new_option is None:
            return answer, "no-place"
        if new_row is not None:
            found[new_row] = str(new_option)
    return replace(answer, value=found), None


def _linear(line: Linear, target: Question, answer: Given) -> Result:
    number = number_of(answer.value)
    if number is None:
        return answer, "other-kind"
    return _measured(number * line.factor + line.plus, line.rounding, target, answer)


def _measured(number: Fraction, rounding: Rounding | None, target: Question, answer: Given) -> Result:
    """A calculated number as an answer: never clamped, and rounded only as declared."""
    exact = number if rounding is None else rounded(number, rounding)
    if target.kind == "level":
        whole = exact.denominator == 1
        return (replace(answer, form="level", value=int(exact)), None) if whole else (answer, "between-levels")
    text = written(exact)
    return (answer, "no-decimal") if text is None else (replace(answer, form="number", value=text), None)


def merged(step: Merged, target: Question, answers: Sequence[Given], joined: Given) -> Result:
    """The answer that the rule of a merge makes; ``joined`` brings reasons and evidence of all."""
    truths = [answer.value for answer in answers if isinstance(answer.value, bool)]
    if len(truths) == len(answers):
        value = all(truths) if step.rule is MergeRule.MINIMUM else any(truths)
        return replace(joined, form="yes", value=value), None
    if all(answer.form == "date" for answer in answers):
        days = [str(answer.value) for answer in answers]  # written so that letters sort as days do
        return replace(joined, value=min(days) if step.rule is MergeRule.MINIMUM else max(days)), None
    numbers = [number for answer in answers if (number := number_of(answer.value)) is not None]
    if len(numbers) < len(answers):
        return joined, "other-kind"
    match step.rule:
        case MergeRule.MINIMUM:
            number = min(numbers)
        case MergeRule.MAXIMUM:
            number = max(numbers)
        case _:
            number = sum(numbers, Fraction(0)) / len(numbers)
    return _measured(number, step.rounding, target, joined)


def rounded(number: Fraction, rounding: Rounding) -> Fraction:
    """The number with so many decimal places."""
    scaled = number * 10**rounding.places
    match rounding.mode:
        case RoundingMode.HALF_EVEN:
            whole = round(scaled)
        case RoundingMode.DOWN:
            whole = floor(scaled) if scaled >= 0 else ceil(scaled)
        case RoundingMode.UP:
            whole = ceil(scaled) if scaled >= 0 else floor(scaled)
        case _:
            whole = floor(abs(scaled) + Fraction(1, 2)) * (1 if scaled >= 0 else -1)
    return Fraction(whole, 10**rounding.places)
