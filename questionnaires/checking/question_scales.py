"""The lowest and highest value that the answers to one question can have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    ComputedQuestion,
    Curve,
    DateQuestion,
    GridAggregation,
    GridQuestion,
    ItemsQuestion,
    LevelQuestion,
    LinearCurve,
    LogCurve,
    NumberQuestion,
    Option,
    Question,
    StepsCurve,
    YesNoQuestion,
    denied_by,
)


@dataclass(frozen=True, slots=True)
class Scale:
    """Two ends; None where no end is known."""

    lowest: Fraction | None
    highest: Fraction | None

    def reaching(self, lower: Iterable[Fraction | None], upper: Iterable[Fraction | None]) -> Scale:
        """This scale, extended downwards to ``lower`` and upwards to ``upper``; None: without a limit."""
        lows, highs = [self.lowest, *lower], [self.highest, *upper]
        known_lows, known_highs = ([end for end in ends if end is not None] for ends in (lows, highs))
        return Scale(
            min(known_lows) if len(known_lows) == len(lows) else None,
            max(known_highs) if len(known_highs) == len(highs) else None,
        )


UNKNOWN: Final = Scale(None, None)


def ends_of(values: Sequence[Fraction]) -> Scale:
    """From the least to the greatest of values."""
    return Scale(min(values), max(values)) if values else UNKNOWN


def question_scale(question: Question) -> Scale:
    """Lowest and highest value of a question's answers; unknown for a date, a list, a choice that only classifies."""
    match question:
        case LevelQuestion():
            return ends_of(question.worth or [Fraction(question.lowest), Fraction(question.highest)])
        case ChoiceQuestion():
            return ends_of(_values(question.options))
        case ChoicesQuestion():
            return _several(question)
        case GridQuestion():
            return _grid(question)
        case YesNoQuestion():
            return ends_of([question.yes, question.no])
        case DateQuestion() | ItemsQuestion():
            return UNKNOWN
        case NumberQuestion() | ComputedQuestion():
            bounds = Scale(question.least, question.most)
            return bounds if question.curve is None else curve_scale(question.curve, bounds)


def _values(options: Iterable[Option]) -> list[Fraction]:
    return [option.value for option in options if option.value is not None]


def _several(question: ChoicesQuestion) -> Scale:
    if not _values(question.options):
        return UNKNOWN
    together = sorted(_values(option for option in question.options if not option.alone))
    most = len(together) if question.most_picked is None else min(question.most_picked, len(together))
    counts = range(question.least_picked, most + 1)
    reached = [sum(together[:count], Fraction(0)) for count in counts]
    reached += [sum(together[len(together) - count :], Fraction(0)) for count in counts]
    if question.least_picked <= 1:
        reached += _values(option for option in question.options if option.alone)
    scale = ends_of(reached)
    return Scale(*(_held(end, question.at_least, question.at_most) for end in (scale.lowest, scale.highest)))


def _held(value: Fraction | None, least: Fraction | None, most: Fraction | None) -> Fraction | None:
    if value is not None and most is not None:
        value = min(value, most)
    return value if value is None or least is None else max(value, least)


def option_scale(question: GridQuestion) -> Scale:
    """Lowest and highest value of an option of a grid."""
    return ends_of(_values(question.options))


def rows_leave(question: GridQuestion) -> bool:
    """Whether the grid adds up its rows, of which some may turn out not to apply."""
    return question.aggregation is GridAggregation.SUM and bool(denied_by(question))


def _grid(question: GridQuestion) -> Scale:
    scale = option_scale(question)
    if scale.lowest is None or scale.highest is None or question.aggregation is not GridAggregation.SUM:
        return scale
    leaves = bool(denied_by(question))
    least = least_sum([(row.weight * scale.lowest, leaves) for row in question.rows])
    return Scale(least, -least_sum([(-row.weight * scale.highest, leaves) for row in question.rows]))


def least_sum(values: Sequence[tuple[Fraction, bool]]) -> Fraction:
    """Least sum of values of which some may be left out (True), but never all."""
    counted = [value for value, may_leave in values if not may_leave or value < 0]
    return sum(counted, Fraction(0)) if counted else min(value for value, _ in values)


def curve_scale(curve: Curve, bounds: Scale) -> Scale:
    """Lowest and highest value of a curve over numbers within ``bounds``."""
    match curve:
        case StepsCurve():
            reached = [step.value for step in curve.steps]
            if bounds.lowest is None or not _at_first_step(curve, bounds.lowest):
                reached.append(curve.below)
            return ends_of(reached)
        case LinearCurve() | LogCurve():
            ends = [curve.at_base, curve.at_lead]
            if curve.capped or curve.base == curve.lead:
                return ends_of(ends)
            return _open_line(curve, bounds) if isinstance(curve, LinearCurve) else UNKNOWN
        case _:
            return ends_of([point.value for point in curve.points])


def _at_first_step(curve: StepsCurve, number: Fraction) -> bool:
    first = curve.steps[0]
    return number > first.lowest if curve.excludes(first) else number >= first.lowest


def _open_line(curve: LinearCurve, bounds: Scale) -> Scale:
    """A line that goes on beyond base and lead: as far as the numbers go."""
    if isinstance(curve.base, str) or isinstance(curve.lead, str):
        return UNKNOWN
    slope = (curve.at_lead - curve.at_base) / (curve.lead - curve.base)
    start, base = curve.at_base, curve.base
    ends = [None if end is None else start + (end - base) * slope for end in (bounds.lowest, bounds.highest)]
    return Scale(*ends) if slope >= 0 else Scale(*reversed(ends))
