"""A tape as it is written down: arithmetic, comparisons and roundings, each with what is known of its result."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf, nextafter

from scoring.columns.tape.arithmetic import Arithmetic
from scoring.columns.tape.operations import COMPARISONS, EASY, Code, Operation
from scoring.columns.tape.reals import (
    COARSE,
    FINE,
    MOST_UNITS,
    UNIT,
    Real,
    Uncovered,
    bounds_of,
    common_of,
    firm,
    is_apart,
)


class Writing(Arithmetic):
    """Arithmetic and decisions as operations, each with what is known of its result."""

    def stairs(
        self, a: Real, below: Fraction, steps: Sequence[tuple[Fraction, Fraction]], *, strictly: bool
    ) -> Real | None:
        """The last of ascending steps that was reached (``strictly``: gone beyond); None: by single comparisons."""
        firm(a)
        if a.of is not None and a.of[1] > 0:
            a, multiple = a.of
            steps = [(limit / multiple, value) for limit, value in steps]
        limits = [limit for limit, _ in steps]
        values = [below, *(value for _, value in steps)]
        if sorted(limits) != limits or any(value.denominator != 1 for value in values):
            return None
        numbers = [float(below)]
        for (limit, value), before in zip(steps, values, strict=False):
            against = float(limit)
            bound = 2 * (2 * a.relative * abs(against) + a.absolute + UNIT * abs(against)) + 1e-300
            if a.error == 0 and Fraction(against) == limit:
                bound = 0.0
            elif a.denominator is None or not is_apart(bound, a.denominator * limit.denominator):
                return None
            least = nextafter(against + bound, inf) if strictly else against - bound
            numbers += [least, float(value - before)]
        known = Real(0, float(min(values)), float(max(values)), 0.0, 0.0, 1)
        return self.real(Code.STAIRS, (a.at,), numbers, known)

    def against(self, operator: str, a: Real, limit: Fraction) -> int:
        """Whether a comparison with a plain number holds (1) or not (0)."""
        if a.of is not None and a.of[1] > 0:
            a, limit = a.bare[0], limit / a.bare[1]
        against = float(limit)
        bound = 2 * (2 * a.relative * abs(against) + a.absolute + UNIT * abs(against)) + 1e-300
        if a.error == 0 and Fraction(against) == limit:
            bound = 0.0
        within = self._within(bounds_of((a, 2.0)))
        sure = not within and (
            bound == 0 or (a.denominator is not None and is_apart(bound, a.denominator * limit.denominator))
        )
        flag = COMPARISONS.index(operator)
        return self.put(
            lambda into: Operation(
                Code.AGAINST,
                into,
                (a.at, *within),
                (against, bound),
                flag,
                sure,
                denominator=float(limit.denominator),
            )
        )

    def compared(self, operator: str, a: Real, b: Real) -> int:
        """Whether a comparison of two numbers holds (1) or not (0)."""
        if b.constant is not None:
            return self.against(operator, a, b.constant)
        if a.constant is not None:
            turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
            return self.against(turned, b, a.constant)
        alike = self._alike(a, b)
        if alike is not None:
            return self.compared(operator, *alike[:2])
        # bounds of the numbers in the registers, which differ from the true ones by less than twice over
        numbers = (4 * a.relative, 4 * b.relative, 2 * (a.absolute + b.absolute) + 1e-300)
        if a.error == b.error == 0:
            numbers = (0.0, 0.0, 0.0)
        worst = 4 * (a.error + b.error) + 1e-300
        common = common_of(a, b)
        within = self._within(bounds_of((a, 2.0), (b, 2.0)))
        sure = not within and (not any(numbers) or (common is not None and is_apart(worst, common)))
        flag = COMPARISONS.index(operator)
        return self.put(lambda into: Operation(Code.COMPARE, into, (a.at, b.at, *within), numbers, flag, sure))

    def rounded(self, a: Real, scale: int, mode: int) -> Real:
        """The number in units of its last place, as a whole number."""
        most = min((a.size + a.error) * scale + 2, MOST_UNITS)
        relative = 4 * a.relative + 8 * UNIT
        absolute = 2 * a.absolute * scale + 8 * UNIT
        source, factor = a.bare
        if factor < 0:
            source, factor = a, Fraction(1)
        if a.error == 0 and a.denominator == 1:
            relative = absolute = 0.0
        worst = relative * most + absolute
        within = self._within(bounds_of((source, 2 * float(factor) * scale)))
        sure = not within and (worst == 0 or (a.denominator is not None and is_apart(worst * 2, a.denominator * 2)))
        if worst <= FINE:
            relative, absolute = 0.0, worst
        if absolute > COARSE:
            raise Uncovered
        if mode == 0 and relative == 0 and a.low >= 0 and most < MOST_UNITS and not within:
            mode = EASY
        at = self.put(
            lambda into: Operation(
                Code.ROUND,
                into,
                (source.at, *within),
                (float(factor * scale), absolute, relative, most),
                mode,
                sure,
                denominator=float(factor.denominator),
            )
        )
        low, high = max(a.low * scale - 2, -most), min(a.high * scale + 2, most)
        return Real(at, low, high, 0.0, 0.0, 1)

    def _within(self, bounds: Sequence[tuple[int, float]]) -> tuple[int, ...]:
        """A register of all that a number may be off by besides; none: nothing."""
        if not bounds:
            return ()
        sources, times = zip(*bounds, strict=True)
        numbers = (*times, 1.0)
        return (self.put(lambda into: Operation(Code.SUM, into, sources, numbers, denominator=1.0)),)

    def part(self, a: Real, b: Real, c: Real) -> Real:
        """(``a`` − ``b``) ÷ ``c``, held from 0 to 1; ``c`` is nowhere 0 and only off in proportion."""
        firm(a, b, c)
        if c.absolute:
            raise Uncovered
        told = (4 * a.relative, 4 * b.relative, 2 * (a.absolute + b.absolute) + 1e-300, 4 * (c.relative + 4 * UNIT))
        sources = (a.at, b.at, c.at)
        doubt = self.put(lambda into: Operation(Code.DOUBT, into, sources, (*told, 1.0), denominator=1.0))
        return self.real(Code.PART, sources, told, Real(0, 0.0, 1.0, bounds=((doubt, 1.0),)))
