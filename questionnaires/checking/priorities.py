"""Prioritisations: what they compare has a value, and each factor says what its kind needs and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from questionnaires.checking.contents import Contents
from questionnaires.checking.nodes import is_profile
from questionnaires.mistakes import Mistake
from questionnaires.model import (
    ChoiceQuestion,
    DateQuestion,
    FactorKind,
    LinearCurve,
    LogCurve,
    Operator,
    PointsCurve,
    Prioritisation,
    PriorityFactor,
    StepsCurve,
)
from questionnaires.places import Path


def check_priorities(contents: Contents) -> Iterator[Mistake]:
    """Mistakes of all prioritisations and their factors."""
    structure = contents.structure
    factors = {factor.id: factor for factor in structure.priority_factors}
    for place, factor in enumerate(structure.priority_factors):
        yield from _factor(contents, factor, ("priority_factors", place))
    for number, prioritisation in enumerate(structure.priorities):
        path: Path = ("priorities", number)
        yield from _compared(contents, prioritisation, path)
        yield from _used(contents, prioritisation, factors, path)


def _compared(contents: Contents, prioritisation: Prioritisation, path: Path) -> Iterator[Mistake]:
    for place, identifier in enumerate(prioritisation.of):
        here = (*path, "of", place)
        if identifier not in contents.questions and identifier not in contents.nodes:
            yield contents.mistake("unknown-id", here, id=identifier)
        elif identifier in prioritisation.of[:place]:
            yield contents.mistake("compared-twice", here, id=identifier)
        elif is_profile(contents, identifier):
            yield contents.mistake("profile-without-value", here, id=identifier)
        elif _without_value(contents, identifier):
            yield contents.mistake("nothing-to-compare", here, id=identifier)


def _without_value(contents: Contents, identifier: str) -> bool:
    question = contents.questions.get(identifier)
    if isinstance(question, ChoiceQuestion):
        return all(option.value is None for option in question.options)
    return isinstance(question, DateQuestion)


def _used(
    contents: Contents, prioritisation: Prioritisation, factors: Mapping[str, PriorityFactor], path: Path
) -> Iterator[Mistake]:
    """The factors that one prioritisation uses, and those that decide its ties."""
    multiplies = prioritisation.operator is Operator.PRODUCT
    seen: set[str] = set()
    for place, used in enumerate(prioritisation.factors):
        here = (*path, "factors", place)
        if used.of not in factors:
            yield contents.mistake("unknown-factor", (*here, "of"), id=used.of, known=", ".join(factors) or "–")
            continue
        if used.of in seen:
            yield contents.mistake("factor-twice", (*here, "of"), id=used.of)
        seen.add(used.of)
        if multiplies and used.weight != 1:
            yield contents.mistake("factor-weight-unused", (*here, "weight"), id=used.of)
        least = _least(factors[used.of])
        if multiplies and least is not None and least < 0:
            yield contents.mistake("points-negative", (*here, "of"), id=used.of)
    for place, identifier in enumerate(prioritisation.ties):
        if identifier not in seen:
            known = ", ".join(used.of for used in prioritisation.factors)
            yield contents.mistake("unknown-factor", (*path, "ties", place), id=identifier, known=known)


def _factor(contents: Contents, factor: PriorityFactor, path: Path) -> Iterator[Mistake]:
    used = {each.of for prioritisation in contents.structure.priorities for each in prioritisation.factors}
    if factor.id not in used:
        yield contents.mistake("factor-idle", path, id=factor.id)
    if factor.target is not None and factor.kind is not FactorKind.GAP:
        yield contents.mistake("target-unused", (*path, "target"), id=factor.id)
    curve = factor.scale
    ends = [curve.base, curve.lead] if isinstance(curve, LinearCurve | LogCurve) else []
    if isinstance(curve, LogCurve) or any(isinstance(end, str) for end in ends):
        yield contents.mistake("scale-not-plain", (*path, "scale"), id=factor.id)


def _least(factor: PriorityFactor) -> Fraction | None:
    """The least points that a scale with an end gives."""
    match factor.scale:
        case LinearCurve(at_base=at_base, at_lead=at_lead):
            return min(at_base, at_lead)
        case StepsCurve(below=below, steps=steps):
            return min(below, *(step.value for step in steps))
        case PointsCurve(points=points):
            return min(point.value for point in points)
    return None
