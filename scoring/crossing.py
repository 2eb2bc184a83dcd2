"""Numbers at which something turns: where one side of a comparison, or a curve's end, is what the other side is.

What is open is one number *x*. Each side is worked out by the engine for three numbers; where their difference, or *x*
times it, lies on a straight line, the *x* at which it is zero follows. So ``part / x >= 1/2`` turns at twice the part,
and a lead value that is asked for at what was measured. Nothing rests on these being all: they are numbers to try.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Final

from questionnaires.formula.tree import Binary, Expression, Name, Number, Text
from questionnaires.model import NumberQuestion, StepsCurve
from scoring.answers import NumberAnswer
from scoring.facts import Reading
from scoring.formulas import number
from scoring.narrowing import named_in, rests_on
from scoring.plan import Plan, PlannedQuestion
from scoring.trying import Possible

_PROBES: Final = tuple(tuple(Fraction(scale * each) for each in (1, 2, 3)) for scale in (1, 10**9, -(10**9)))
"""Three numbers each, equally far apart: near zero, and far to both sides."""

_COMPARISONS: Final = frozenset({"<", "<=", "=", "!=", ">=", ">"})

Pair = tuple[Expression, Expression]


class Crossings:
    """All comparisons of a plan, with the questions that each rests on."""

    def __init__(self, plan: Plan) -> None:
        below = rests_on(plan)
        self.pairs: list[tuple[Pair, frozenset[str]]] = []
        for pair in dict.fromkeys(_pairs(plan)):
            names = named_in(pair, plan)
            self.pairs.append((pair, frozenset().union(*(below[name] for name in names))))

    def of(self, possible: Possible, question: PlannedQuestion) -> Iterator[Fraction]:
        """Numbers for the question at which a comparison turns, as far as everything else about it is known."""
        pairs = [pair for pair, below in self.pairs if question.id in below]
        asked = question.asked
        if not pairs or not isinstance(asked, NumberQuestion):
            return
        for probe in _PROBES:
            if asked.least is not None and probe[0] < 0:
                continue
            readings = [possible.after(question, NumberAnswer(number=each)).reading for each in probe]
            for left, right in pairs:
                apart = [_apart(left, right, reading) for reading in readings]
                known = [each for each in apart if each is not None]
                if len(known) == len(apart):
                    yield from _roots(probe, known)


def _roots(at: tuple[Fraction, ...], apart: list[Fraction]) -> Iterator[Fraction]:
    for values in (apart, [x * each for x, each in zip(at, apart, strict=True)]):
        step = values[1] - values[0]
        if step and values[2] - values[1] == step:
            yield at[0] - values[0] * (at[1] - at[0]) / step
            return


def _apart(left: Expression, right: Expression, reading: Reading) -> Fraction | None:
    sides = number(left, reading), number(right, reading)
    ends = [each.span.exact for each in sides if each.span is not None and each.known]
    return None if len(ends) < len(sides) or ends[0] is None or ends[1] is None else ends[0] - ends[1]


def _pairs(part: object) -> Iterator[Pair]:
    """Both sides of every comparison in a part of a plan, and of every curve what it rates with its ends."""
    match part:
        case Binary(operator=operator, left=left, right=right) if operator in _COMPARISONS:
            if not isinstance(left, Text) and not isinstance(right, Text):
                yield left, right
        case PlannedQuestion(id=name, formula=formula, curve=curve) if curve is not None:
            rated: Expression = Name(name, 0) if formula is None else formula
            ends = [end for end in (curve.base, curve.lead) if end is not None]
            yield from ((rated, end) for end in ends)
            yield from ([(ends[0], ends[1])] if len(ends) > 1 else [])
            if isinstance(curve.curve, StepsCurve):
                yield from ((rated, Number(step.lowest, 0)) for step in curve.curve.steps)
    yield from (pair for each in _inside(part) for pair in _pairs(each))


def _inside(part: object) -> Iterator[object]:
    if isinstance(part, Mapping):
        yield from part.values()
    elif isinstance(part, (tuple, list)):
        yield from part
    elif is_dataclass(part) and not isinstance(part, (type, Plan)):
        yield from (getattr(part, each.name) for each in fields(part))
    elif isinstance(part, Plan):
        yield from part.order
