"""Arithmetic written down as operations of a tape, each with what is known of its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import inf, isinf, lcm
from typing import Final

from scoring.columns.tape.operations import COMPARISONS, Code, Operation, tabled
from scoring.columns.tape.reals import (
    EXACT,
    FINE,
    LONGEST,
    UNIT,
    Real,
    Uncovered,
    bounds_of,
    common_of,
    firm,
    same_sign,
    unit_of,
)
from scoring.columns.tape.steps import Steps

_FINEST: Final = 1 << 20
"""Parts of one into which numbers of a table are divided, and multiples up to which they are taken as whole numbers."""


class Arithmetic(Steps):
    """Arithmetic as operations, each with what is known of its result."""

    def looked_up(self, key: int, values: Sequence[Fraction]) -> Real:
        """The number of a table; what are multiples of one unit are whole numbers there."""
        unit = unit_of(values)
        if unit != 1 and unit.denominator < _FINEST and all(abs(value / unit) < _FINEST for value in values):
            return self.line(self.looked_up(key, [value / unit for value in values]), unit, Fraction(0))
        numbers = [float(value) for value in values]
        exact = all(Fraction(number) == value for number, value in zip(numbers, values, strict=True))
        common = lcm(*(value.denominator for value in values))
        told = common <= LONGEST
        table, part = tabled(numbers, "F"), float(common) if told else inf
        at = self.put(lambda into: Operation(Code.LOOK_UP, into, (key,), table=table, denominator=part))
        nearest = min((abs(number) for number in numbers if number), default=1.0) * 0.5
        known = Real(at, min(numbers), max(numbers), 0.0 if exact else UNIT, 0.0, nearest=nearest)
        return replace(known, denominator=common, nearest=1 / common) if told else known

    def level(self, column: int, values: Sequence[tuple[int, Fraction]]) -> Real | None:
        """What the bytes of a code column stand for, where that is a straight line; None: it is none."""
        unit = unit_of([value for _, value in values])
        if unit != 1 and unit.denominator < _FINEST:
            found = self.level(column, [(place, value / unit) for place, value in values])
            return None if found is None else self.line(found, unit, Fraction(0))
        (first, one), *others = values
        slope = (others[-1][1] - one) / (others[-1][0] - first) if others else Fraction(0)
        start = one - slope * first
        if any(slope * place + start != value for place, value in others):
            return None
        numbers = [value for _, value in values]
        common = lcm(slope.denominator, start.denominator)
        low, high = float(min(numbers)), float(max(numbers))
        exact = all(Fraction(float(each)) == each for each in (slope, start)) and common == 1
        size = 255 * abs(float(slope)) + abs(float(start))
        known = Real(0, low, high, 0.0, 0.0 if exact else 3 * UNIT * size, common)
        return self.real(Code.LEVEL, (column,), (float(slope), float(start)), known)

    def plus(self, a: Real, b: Real) -> Real:
        """The sum."""
        if b.constant is not None:
            return self.line(a, Fraction(1), b.constant)
        if a.constant is not None:
            return self.line(b, Fraction(1), a.constant)
        return self._added(Code.ADD, a, b)

    def minus(self, a: Real, b: Real) -> Real:
        """The difference."""
        if b.constant is not None:
            return self.line(a, Fraction(1), -b.constant)
        if a.constant is not None:
            return self.line(b, Fraction(-1), a.constant)
        return self._added(Code.SUBTRACT, a, b)

    def _alike(self, a: Real, b: Real) -> tuple[Real, Real, Fraction] | None:
        """Two numbers that are whole multiples of others in one unit: those in that unit; None: they are plain."""
        (a, own), (b, other) = a.bare, b.bare
        unit = unit_of((own, other))
        if unit == 1 and own == other:
            return None
        one, two = (
            replace(self.line(each, part / unit, Fraction(0)), of=None) for each, part in ((a, own), (b, other))
        )
        return one, two, unit

    def _added(self, code: Code, a: Real, b: Real) -> Real:
        """The sum or the difference; of multiples of one unit it is a multiple of that."""
        alike = self._alike(a, b)
        if alike is not None:
            return self.line(self._added(code, *alike[:2]), alike[2], Fraction(0))
        other = Real(0, -b.high, -b.low) if code is Code.SUBTRACT else b
        low, high, same = a.low + other.low, a.high + other.high, same_sign(a, other)
        size = max(abs(low), abs(high))
        common = common_of(a, b)
        if a.error == b.error == 0 and a.denominator == b.denominator == 1 and size < EXACT:
            relative = absolute = 0.0
        elif same:
            relative, absolute = max(a.relative, b.relative) + UNIT, a.absolute + b.absolute
        else:
            relative, absolute = 0.0, a.error + b.error + UNIT * size
        known = Real(0, low, high, relative, absolute, common, bounds=bounds_of((a, 1.0), (b, 1.0)))
        return self.real(code, (a.at, b.at), (), known)

    def times(self, a: Real, b: Real) -> Real:
        """The product."""
        if b.constant is not None:
            return self.line(a, b.constant, Fraction(0))
        if a.constant is not None:
            return self.line(b, a.constant, Fraction(0))
        firm(a, b)
        (a, own), (b, other) = a.bare, b.bare
        if own * other != 1:
            return self.line(self.times(a, b), own * other, Fraction(0))
        ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        absolute = a.absolute * b.size + b.absolute * a.size if a.absolute or b.absolute else 0.0
        common = None if a.denominator is None or b.denominator is None else a.denominator * b.denominator
        relative, nearest = a.relative + b.relative + 2 * UNIT, a.nearest * b.nearest * 0.5
        known = Real(0, min(ends), max(ends), relative, 2 * absolute, common, nearest=nearest)
        return self.real(Code.MULTIPLY, (a.at, b.at), (), known)

    def over(self, a: Real, b: Real, denominator: int | None = None) -> tuple[Real, int | None]:
        """The quotient (where there is one), and a register that says where it is one by zero (None: nowhere).

        ``denominator``: of the quotient, where more is known of it than that it depends on the answers.
        """
        if b.constant is not None:
            if not b.constant:
                raise Uncovered
            return self.line(a, 1 / b.constant, Fraction(0)), None
        (a, own), (b, other) = a.bare, b.bare
        if own != other:
            told = None if denominator is None else denominator * own.numerator * other.denominator
            found, zero = self.over(a, b, None if told is None else told * own.denominator * other.numerator)
            return self.line(found, own / other, Fraction(0)), zero
        firm(b)
        if not b.size:
            raise Uncovered
        zero = None
        if b.low > 0:
            least = b.low
        elif b.high < 0:
            least = -b.high
        elif b.nearest and (not b.absolute or b.error * 8 < b.nearest):
            least = b.nearest
            zero = self._is_zero(b)
            b = replace(
                self.chosen(zero, self.constant(Fraction(1)), b), low=b.low, high=b.high, denominator=b.denominator
            )
        else:
            raise Uncovered
        least *= 0.5 if b.absolute else 1.0
        most = a.size / least
        low = 0.0 if (a.is_positive and b.is_positive) else -most
        high = most
        if a.is_positive and b.low > 0:
            low = a.low / b.high * (1 - 1e-12)
        relative = a.relative + b.relative + b.absolute / least * 2 + 2 * UNIT
        known = Real(0, low, high, relative, 2 * a.absolute / least, denominator)
        part = 1
        if a.denominator is not None and b.denominator is not None:
            part = lcm(a.denominator, b.denominator)
        known = replace(known, nearest=a.nearest / b.size * 0.5, bounds=bounds_of((a, 1 / least)))
        # n/d ÷ m/e, with d and e brought to one: n' ÷ m', so that the denominator is at most |b| × that one
        return self.real(Code.DIVIDE, (a.at, b.at), (), known, part if a.denominator and b.denominator else 0), zero

    def _is_zero(self, a: Real) -> int:
        """Whether it is 0: what is only off in proportion is 0 where it is, and what is not 0 keeps its distance."""
        bound = 0.0 if not a.absolute else a.nearest / 2
        return self.put(
            lambda into: Operation(Code.AGAINST, into, (a.at,), (0.0, bound), COMPARISONS.index("="), sure=True)
        )

    def line(self, a: Real, slope: Fraction, start: Fraction) -> Real:
        """``slope`` × the number + ``start``."""
        if slope == 1 and not start:
            return a
        if a.of is not None:
            a, slope = a.bare[0], slope * a.bare[1]
        of = None if start or not slope else (a, slope)
        factor, offset = float(slope), float(start)
        ends = sorted((factor * a.low, factor * a.high))
        low, high = ends[0] + offset, ends[1] + offset
        size = max(abs(low), abs(high))
        part = lcm(slope.denominator, start.denominator)
        common = None if a.denominator is None else lcm(a.denominator * slope.denominator, start.denominator)
        scaled = Real(0, ends[0], ends[1])
        if a.error == 0 and common == 1 and slope.denominator == start.denominator == 1 and size < EXACT:
            relative = absolute = 0.0
        elif not start or same_sign(scaled, Real(0, offset, offset)):
            relative, absolute = a.relative + 3 * UNIT, abs(factor) * a.absolute * (1 + 4 * UNIT)
        else:
            relative = 0.0
            absolute = abs(factor) * a.error + 3 * UNIT * (scaled.size + abs(offset) + size)
        nearest = abs(factor) * a.nearest * 0.5 if not start else 0.0
        bounds = bounds_of((a, factor))
        known = Real(0, low, high, relative, absolute, common, nearest=nearest, bounds=bounds)
        zero = None if start or not slope else a.zero
        return replace(self.real(Code.LINE, (a.at,), (factor, offset), known, part), of=of, zero=zero)

    def clamped(self, a: Real, least: Fraction | None, most: Fraction | None) -> Real:
        """Within limits."""
        lower, upper = (-inf if least is None else float(least)), (inf if most is None else float(most))
        if a.low >= lower and a.high <= upper and not a.error and not a.bounds:
            return a
        known = replace(self.known_clamped(a, least, most), bounds=a.bounds)
        part = lcm(*(each.denominator for each in (least, most) if each is not None))
        tolerance = inf if a.bounds else 2 * (known.error if known.size < inf else inf)
        return self.real(Code.CLAMP, (a.at,), (lower, upper, tolerance), known, part)

    @staticmethod
    def known_clamped(a: Real, least: Fraction | None, most: Fraction | None) -> Real:
        """What is known of a number held within limits."""
        lower, upper = (-inf if least is None else float(least)), (inf if most is None else float(most))
        ends = [each for each in (least, most) if each is not None]
        part = lcm(*(each.denominator for each in ends))
        common = None if a.denominator is None else lcm(a.denominator, part)
        low, high = min(max(a.low, lower), upper), min(max(a.high, lower), upper)
        inexact = 0.0 if all(Fraction(float(each)) == each for each in ends) else UNIT
        if isinf(size := max(abs(low), abs(high))):
            return Real(0, low, high, a.relative + inexact, a.absolute, common)
        return Real(0, low, high, 0.0, (a.relative + inexact) * size + a.absolute, common)

    def ramp(self, a: Real, ends: tuple[Fraction, Fraction], slope: Fraction, start: Fraction) -> Real:
        """``slope`` × the number, held between two ends, + ``start``."""
        firm(a)
        least, most = ends
        if a.of is not None and a.of[1] > 0:
            a, multiple = a.of
            least, most, slope = least / multiple, most / multiple, slope * multiple
        held = self.known_clamped(a, least, most)
        factor, offset = float(slope), float(start)
        values = [least * slope + start, most * slope + start]
        size = max(abs(factor) * held.size, abs(offset), *(abs(float(each)) for each in values))
        part = lcm(least.denominator, most.denominator) * slope.denominator * start.denominator
        common = None if held.denominator is None else held.denominator * slope.denominator * start.denominator
        known = Real(
            0,
            min(map(float, values)) * (1 - UNIT) - 1e-300,
            max(map(float, values)) * (1 + UNIT) + 1e-300,
            0.0,
            abs(factor) * held.error + 8 * UNIT * size,
            common,
        )
        known = replace(known, low=0.0) if min(values) == 0 else known
        if start == 0 and least == 0 and not a.absolute:  # the line goes through 0: it is off in proportion alone
            known = replace(
                known, relative=a.relative + 4 * UNIT, absolute=0.0, nearest=min(abs(factor) * a.nearest, size) * 0.5
            )
        fixed = lcm(*(each.denominator for each in values))
        numbers = (float(least), float(most), 2 * held.error + 1e-300, factor, offset, float(fixed))
        return self.real(Code.RAMP, (a.at,), numbers, known, part)

    def ended(self, code: Code, a: Real, b: Real) -> Real:
        """The lesser or the greater of two."""
        pick = min if code is Code.LEAST else max
        bounds = bounds_of((a, 1.0), (b, 1.0))
        tolerance = inf if bounds else 2 * (a.error + b.error)
        known = Real(
            0,
            pick(a.low, b.low),
            pick(a.high, b.high),
            max(a.relative, b.relative),
            max(a.absolute, b.absolute),
            common_of(a, b),
            nearest=min(a.nearest, b.nearest),
            bounds=bounds,
        )
        return self.real(code, (a.at, b.at), (tolerance,), known)

    def chosen(self, condition: int, yes: Real, no: Real) -> Real:
        """One where the condition holds, else the other."""
        if yes.of is not None and no.of is not None and yes.of[1] == no.of[1]:
            return self.line(self.chosen(condition, yes.of[0], no.of[0]), yes.of[1], Fraction(0))
        known = Real(
            0,
            min(yes.low, no.low),
            max(yes.high, no.high),
            max(yes.relative, no.relative),
            max(yes.absolute, no.absolute),
            common_of(yes, no),
            nearest=min(yes.nearest, no.nearest),
            bounds=bounds_of((yes, 1.0), (no, 1.0)),
        )
        return self.real(Code.CHOOSE, (condition, yes.at, no.at), (), known)

    def summed(self, parts: Sequence[tuple[Real, Fraction, int | None]]) -> Real:
        """The sum of weight × number over the parts, each where its register (B) is 1 or there is none."""
        parts = [(each.bare[0], weight * each.bare[1], present) for each, weight, present in parts]
        unit = unit_of([weight for _, weight, _ in parts])
        bounds = bounds_of(*((each, float(weight)) for each, weight, _ in parts))
        if unit != 1 and not bounds and all(each.error == 0 and each.denominator == 1 for each, _, _ in parts):
            parts = [(each, weight / unit, present) for each, weight, present in parts]
            return self.line(self.summed(parts), unit, Fraction(0))
        sources: list[int] = []
        some_absent = any(present is not None for _, _, present in parts)
        for each, _, present in parts:
            sources.append(each.at)
            if some_absent:
                sources.append(self.always() if present is None else present)
        low = high = absolute = size = 0.0
        exact = all(each.error == 0 and each.denominator == 1 and w.denominator == 1 for each, w, _ in parts)
        denominator: int | None = 1
        part = 1
        for each, weight, present in parts:
            own = float(weight)
            ends = sorted((own * each.low, own * each.high))
            if present is not None:
                ends = [min(ends[0], 0.0), max(ends[1], 0.0)]
            low, high = low + ends[0], high + ends[1]
            size += abs(own) * each.size
            absolute += abs(own) * each.error
            part = lcm(part, weight.denominator)
            if denominator is not None:
                known = None if each.denominator is None else each.denominator * weight.denominator
                denominator = None if known is None else lcm(denominator, known)
        relative = 0.0
        if exact and size < EXACT:
            absolute = 0.0
        else:
            absolute += UNIT * size * (len(parts) + 2)
        if absolute > FINE and all(each.low >= 0 and weight >= 0 for each, weight, _ in parts):
            relative = max(each.relative for each, _, _ in parts) + UNIT * (len(parts) + 2)
            absolute = sum(abs(float(weight)) * each.absolute for each, weight, _ in parts) * (1 + 4 * UNIT)
        # what comes of the answers is found from all that the sources have, so only the weights' part is told
        code = Code.SUM_OF if some_absent else Code.SUM
        known_of = Real(0, low, high, relative, absolute, denominator, bounds=bounds)
        return self.real(code, sources, [float(weight) for _, weight, _ in parts], known_of, part)

    def counted(self, present: Sequence[tuple[int, Fraction]]) -> Real:
        """The sum of the (whole) weights of what is there."""
        total = float(sum((weight for _, weight in present), Fraction(0)))
        if total >= EXACT or any(weight.denominator != 1 for _, weight in present):
            raise Uncovered
        numbers = [float(weight) for _, weight in present]
        return self.real(Code.COUNT, [each for each, _ in present], numbers, Real(0, 0.0, total, 0.0, 0.0, 1))
