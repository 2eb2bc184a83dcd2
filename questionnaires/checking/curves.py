"""Scoring curves: they run the way they say, and every part of them can be reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product

from questionnaires.checking.contents import Contents
from questionnaires.mistakes import Mistake
from questionnaires.model import (
    Amount,
    Better,
    ChoicesQuestion,
    ComputedQuestion,
    LinearCurve,
    LogCurve,
    NumberQuestion,
    StepsCurve,
)
from questionnaires.places import Path


def check_curves(contents: Contents) -> Iterator[Mistake]:
    """Curves against their direction, logarithms without a value, steps and points out of order or out of reach."""
    for number, question in enumerate(contents.structure.questions):
        if not isinstance(question, NumberQuestion | ComputedQuestion) or question.curve is None:
            continue
        path: Path = ("questions", number, "curve")
        least, most = (question.least, question.most) if isinstance(question, NumberQuestion) else (None, None)
        match question.curve:
            case LinearCurve() as curve:
                yield from _direction(contents, curve, path)
            case LogCurve() as curve:
                yield from _direction(contents, curve, path)
                yield from _logarithm(contents, curve, path, question)
            case StepsCurve() as curve:
                yield from _steps(contents, curve, path, least, most)
            case curve:
                corners = [point.at for point in curve.points]
                yield from _rising(contents, corners, (*path, "points"), "at", "points-fall")


def _direction(contents: Contents, curve: LinearCurve | LogCurve, path: Path) -> Iterator[Mistake]:
    for base, lead in _pairs(contents, curve.base, curve.lead):
        if lead < base if curve.better is Better.MORE else lead > base:
            yield contents.mistake("curve-direction", path, base=base, lead=lead, better=curve.better.value)
            return


def _pairs(contents: Contents, base: Amount, lead: Amount) -> Iterator[tuple[Fraction, Fraction]]:
    """Base and lead values that meet: of two tables by the same choice, those of the same option."""
    tables = [contents.tables.get(amount) if isinstance(amount, str) else None for amount in (base, lead)]
    if tables[0] is not None and tables[1] is not None and tables[0].by == tables[1].by:
        of_base, of_lead = tables[0], tables[1]
        for answers in sorted({*of_base.rows, *of_lead.rows}):
            pair = of_base.rows.get(answers, of_base.otherwise), of_lead.rows.get(answers, of_lead.otherwise)
            if pair[0] is not None and pair[1] is not None:
                yield pair[0], pair[1]
        return
    yield from product(plain_numbers(contents, base), plain_numbers(contents, lead))


def _logarithm(
    contents: Contents, curve: LogCurve, path: Path, question: NumberQuestion | ComputedQuestion
) -> Iterator[Mistake]:
    for key, amount in (("base", curve.base), ("lead", curve.lead)):
        for value in plain_numbers(contents, amount):
            if value <= 0:
                yield contents.mistake("log-not-positive", (*path, key), found=value)
                break
    if isinstance(question, NumberQuestion) and not curve.capped and (question.least is None or question.least <= 0):
        yield contents.mistake("log-needs-least", path, question=question.id)


def plain_numbers(contents: Contents, amount: Amount) -> tuple[Fraction, ...]:
    """The numbers an amount can be, where it is a number or names one constant or table; else none are known."""
    if not isinstance(amount, str):
        return (amount,)
    if amount in contents.constants:
        return (contents.constants[amount].value,)
    if amount in contents.tables:
        table = contents.tables[amount]
        if any(isinstance(contents.questions.get(by), ChoicesQuestion) for by in table.by):
            return ()  # a sum over what is picked
        return (*table.rows.values(), *(() if table.otherwise is None else (table.otherwise,)))
    return ()


def _rising(contents: Contents, values: Sequence[Fraction], path: Path, key: str, code: str) -> Iterator[Mistake]:
    for place, (before, value) in enumerate(pairwise(values), 1):
        if value <= before:
            yield contents.mistake(code, (*path, place, key), found=value, before=before)


def _steps(
    contents: Contents, curve: StepsCurve, path: Path, least: Fraction | None, most: Fraction | None
) -> Iterator[Mistake]:
    starts = [(step.lowest, curve.excludes(step)) for step in curve.steps]
    for place, (before, after) in enumerate(pairwise(starts), 1):
        if after <= before:
            told = {"found": after[0], "before": before[0]}
            yield contents.mistake("steps-fall", (*path, "steps", place, "from"), **told)
    for place, (start, excluded) in enumerate(starts):
        here = (*path, "steps", place, "from")
        if most is not None and (start >= most if excluded else start > most):
            yield contents.mistake("step-unreachable", here, found=start, least=least, most=most)
        elif least is not None and place + 1 < len(starts):
            end, beyond = starts[place + 1]
            if end < least if beyond else end <= least:
                yield contents.mistake("step-unreachable", here, found=start, least=least, most=most)
