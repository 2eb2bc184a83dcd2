"""Means that are no sums, roots and logarithms as operations of a tape: geometric, harmonic, the value in the middle.

A factor is off by a part of itself. Where it may be so near to 0 that the part depends on the answers, it has a column
of its own (:meth:`Means.factor`), and so has the bound of what comes of it. Let every factor lie between (1 - r) and
(1 + r) times what the register holds, with r at most 1. Then so does every weighted geometric or harmonic mean of
them, as both only grow with each factor and take a common multiple over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import exp, inf, log
from typing import Final

from scoring.columns.tape.operations import COMPARISONS, FOLLOWS, Code, Operation
from scoring.columns.tape.powers import OF_EXPONENTIAL, OF_LOGARITHM
from scoring.columns.tape.reals import FINE, UNIT, Real, Uncovered, firm
from scoring.columns.tape.writing import Writing

_LEAST: Final = 1e-30
"""What is nearer to 0 is not told from it."""

_SLACK: Final = 1 + 1e-6
_STEEP: Final = 80
"""The greatest exponent of e that is written down."""

Part = tuple[Real, Fraction, int | None]
"""A number, its (whole) weight, and the register (B) of whether it counts; None: it always does."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A number as a factor, never 0 or below."""

    number: Real
    off: float
    """The part of itself by which it may be off, whatever the answers are."""

    doubt: int | None
    """Register (F) of the part by which it may be off besides, 1 at most; None: by nothing."""

    zero: int | None
    """Register (B) of where the number is 0 or below, and 1 stands for it; None: nowhere, as far as can be told."""


class Means(Writing):
    """Roots, logarithms and means, each with what is known of its result."""

    def factor(self, a: Real) -> Factor:
        """A number as a factor; what is not told from 0 is as great as its bound, and off by all of itself."""
        least = a.low if a.low > 0 else a.nearest
        if not a.bounds and least > _LEAST:
            off = 2 * (a.relative + 2 * a.absolute / least)
            if off < FINE:
                if a.low > 0:
                    return Factor(a, off, None, None)
                zero = self._is_no_factor(a)
                kept = self.chosen(zero, self.constant(Fraction(1)), replace(a, of=None))
                low, high = min(least, 1.0), max(a.high, 1.0)
                return Factor(replace(kept, low=low, high=high, nearest=low), off, None, zero)
        bound = self._bound(a)
        number = self._hidden(Code.GREATEST, (a.at, bound), (0.0, 1.0), FOLLOWS)
        doubt = self._hidden(Code.DIVIDE, (bound, number))
        known = Real(number, _LEAST, max(a.high, _LEAST) * 2 + a.absolute * 4)
        if a.zero is not None:
            known = replace(self.chosen(a.zero, self.constant(Fraction(1)), known), high=known.high + 1)
            doubt = self._where(self.small(Code.NOT, a.zero), doubt)
        return Factor(known, 0.0, doubt, a.zero)

    def _is_no_factor(self, a: Real) -> int:
        bound = 0.0 if not a.absolute else a.nearest / 2
        return self.put(
            lambda into: Operation(Code.AGAINST, into, (a.at,), (0.0, bound), COMPARISONS.index("<="), sure=True)
        )

    def _bound(self, a: Real) -> int:
        """Register of by how much a number that is not below 0 may be off."""
        sources = [self.constant(Fraction(1)).at, *([a.at] if a.relative else []), *(each for each, _ in a.bounds)]
        times = [2 * a.absolute + 2 * _LEAST, *([2 * a.relative] if a.relative else []), *(2 * n for _, n in a.bounds)]
        return self._hidden(Code.SUM, sources, (*times, 1.0))

    def _hidden(
        self, code: Code, sources: Sequence[int], numbers: Sequence[float] = (1.0,), denominator: float = inf
    ) -> int:
        """An operation on bounds, which are multiples of nothing."""
        return self.put(lambda into: Operation(code, into, tuple(sources), tuple(numbers), denominator=denominator))

    # roots and logarithms ---------------------------------------------------------------------------------------------

    def _logarithm(self, a: Real) -> Real:
        """The natural logarithm of what a register above 0 holds."""
        low, high = log(a.low), log(a.high)
        known = Real(0, low - 1e-9 * abs(low) - 1e-9, high + 1e-9 * abs(high) + 1e-9, OF_LOGARITHM)
        return self.real(Code.LOGARITHM, (a.at,), (), known)

    def exponential(self, a: Real) -> Real:
        """The number e to the power of this one."""
        firm(a)
        if a.size > _STEEP:  # beyond, assessments are left to other columns
            for operator, limit in (("<", -_STEEP), (">", _STEEP)):
                self.effect(Code.LEAVE, self.against(operator, a, Fraction(limit)))
            a = replace(self.clamped(a, Fraction(-_STEEP), Fraction(_STEEP)), status=a.status)
        if a.error > FINE:
            raise Uncovered
        known = Real(0, exp(a.low) * (1 - 1e-9), exp(a.high) * (1 + 1e-9), OF_EXPONENTIAL + 2 * a.error)
        return self.real(Code.EXPONENTIAL, (a.at,), (), known)

    def logarithm(self, a: Real) -> tuple[Real, int | None]:
        """The natural logarithm, and a register (B) of where there is none (None: it is everywhere)."""
        own = self.factor(a)
        zero = own.zero
        if own.doubt is not None:
            zero = self.against("<=", a, Fraction(0))
        found = self._logarithm(own.number)
        found = replace(found, absolute=2 * own.off)
        if own.doubt is not None:  # -ln(1 - r) is at most r ÷ (1 - r)
            rest = self._hidden(Code.LINE, (own.doubt,), (-1.0, 1.0, 1.0))
            found = replace(found, bounds=((self._hidden(Code.DIVIDE, (own.doubt, rest)), _SLACK),))
        return found, zero

    def root(self, a: Real, degree: int) -> Real:
        """The root of a number that is not below 0."""
        return self.geometric([(a, Fraction(1), None)], degree)

    # means ------------------------------------------------------------------------------------------------------------

    def geometric(self, parts: Sequence[Part], degree: int = 1) -> Real:
        """The weighted geometric mean of what counts (``degree``: the root of it) of numbers that are not below 0."""
        factors = [self.factor(value) for value, _, _ in parts]
        logs = [self._logarithm(each.number) for each in factors]
        present = [own for _, _, own in parts]
        if all(own is None for own in present):
            total = sum((weight for _, weight, _ in parts), Fraction(0)) * degree
            mean = self.summed([(each, part[1] / total, None) for each, part in zip(logs, parts, strict=True)])
        else:
            whole = self.summed([(each, weight, own) for each, (_, weight, own) in zip(logs, parts, strict=True)])
            mean, _ = self.over(whole, self._weight(parts))
            mean = replace(mean, low=min(each.low for each in logs), high=max(each.high for each in logs))
        return self._of_factors(self.exponential(mean), factors, present)

    def harmonic(self, parts: Sequence[Part]) -> Real:
        """The weighted harmonic mean of what counts of numbers that are not below 0."""
        factors = [self.factor(value) for value, _, _ in parts]
        present = [own for _, _, own in parts]
        total = self.summed(
            [(self._over_one(each.number), weight, own) for each, (_, weight, own) in zip(factors, parts, strict=True)]
        )
        if all(own is None for own in present):
            weight = self.constant(sum((each for _, each, _ in parts), Fraction(0)))
        else:
            weight = self._weight(parts)
            nobody = self.against("=", weight, Fraction(0))
            total = self.chosen(nobody, self.constant(Fraction(1)), total)
        # a sum of numbers above 0 is off by no more in proportion than they are, and each addition once
        off = (len(parts) + 8) * UNIT
        high = max(each.number.high for each in factors)
        known = Real(0, 0.0, high * (1 + 1e-9), off)
        found = self.real(Code.DIVIDE, (weight.at, total.at), (), known, 0)
        return self._of_factors(found, factors, present)

    def _over_one(self, a: Real) -> Real:
        known = Real(0, 1 / a.high * (1 - 1e-9), 1 / a.low * (1 + 1e-9), 2 * UNIT)
        return self.real(Code.DIVIDE, (self.constant(Fraction(1)).at, a.at), (), known, a.denominator or 0)

    def _weight(self, parts: Sequence[Part]) -> Real:
        always = self.always()
        return self.counted([(always if own is None else own, weight) for _, weight, own in parts])

    def _of_factors(self, found: Real, factors: Sequence[Factor], present: Sequence[int | None]) -> Real:
        """A mean of factors with the bound that comes of theirs; 0 where one of them that counts is."""
        off = max(each.off for each in factors)
        surely = all(each.zero is None and each.doubt is None for each in factors)
        low = max(found.low, 0.0) * (1 - 4 * off - 1e-9) if surely else 0.0
        known = replace(found, low=low, relative=found.relative + _SLACK * off)
        zero: int | None = None
        doubt: int | None = None
        for each, own in zip(factors, present, strict=True):
            if each.zero is not None:
                counts = each.zero if own is None else self.small(Code.BOTH, own, each.zero)
                zero = counts if zero is None else self.small(Code.EITHER, zero, counts)
            if each.doubt is not None:
                doubt = self._greater(doubt, self._where(own, each.doubt))
        bound: int | None = None
        if doubt is not None:
            bound = self._hidden(Code.MULTIPLY, (found.at, doubt))
            bound = bound if zero is None else self._where(self.small(Code.NOT, zero), bound)
        if zero is not None:
            known = self.chosen(zero, self.constant(Fraction(0)), known)
        return known if bound is None else replace(known, bounds=((bound, _SLACK),))

    def _greater(self, one: int | None, other: int) -> int:
        return other if one is None else self._hidden(Code.GREATEST, (one, other), (inf, 1.0))

    def _where(self, own: int | None, doubt: int) -> int:
        """A bound where its number counts, else 0."""
        none = self.constant(Fraction(0)).at
        return doubt if own is None else self._hidden(Code.CHOOSE, (own, doubt, none))

    # the ends -------------------------------------------------------------------------------------------------------

    def end_of(self, least: bool, values: Sequence[Real]) -> Real:  # noqa: FBT001 – which end
        """The least or the greatest."""
        found = values[0]
        for each in values[1:]:
            found = self.ended(Code.LEAST if least else Code.GREATEST, found, each)
        return replace(found, status=None, constant=None)

    def end_of_some(self, least: bool, values: Sequence[Real], present: Sequence[int]) -> Real:  # noqa: FBT001
        """The least or the greatest of what counts: what does not is put beyond all that does."""
        edge = max(value.high for value in values) + 2 if least else min(value.low for value in values) - 2
        beyond = self.constant(Fraction(round(edge)))
        return self.end_of(least, [self.chosen(own, value, beyond) for own, value in zip(present, values, strict=True)])

    # the middle -------------------------------------------------------------------------------------------------------

    def median(self, values: Sequence[Real], present: Sequence[int] | None) -> Real:
        """The value in the middle by order, or half way between the two there, of those that count."""
        bounds: dict[int, float] = {}
        for register, times in (each for value in values for each in value.bounds):
            bounds[register] = max(times, bounds.get(register, 0.0))
        if present is None:
            found = self._middle(self.rising(values), len(values))
        else:
            beyond = self.constant(Fraction(int(max(value.high for value in values)) + 2))
            kept = [self.chosen(own, value, beyond) for own, value in zip(present, values, strict=True)]
            rising, count = self.rising(kept), self.counted([(own, Fraction(1)) for own in present])
            found = self._middle(rising, 1)
            for many in range(2, len(values) + 1):
                so_many = self.against("=", count, Fraction(many))
                found = self.chosen(so_many, self._middle(rising, many), found)
        # what is put in order is off by no more than the worst of it was before
        return replace(found, status=None, constant=None, bounds=tuple(bounds.items()))

    def _middle(self, rising: Sequence[Real], count: int) -> Real:
        low, high = rising[(count - 1) // 2], rising[count // 2]
        return low if low is high else self.line(self.plus(low, high), Fraction(1, 2), Fraction(0))

    def rising(self, values: Sequence[Real]) -> list[Real]:
        """The same in order: a row of comparisons that does not depend on the answers (Batcher's merge exchange)."""
        found = list(values)
        for one, other in exchanges(len(found)):
            a, b = found[one], found[other]
            found[one], found[other] = self.ended(Code.LEAST, a, b), self.ended(Code.GREATEST, a, b)
        return found


def exchanges(count: int) -> Iterator[tuple[int, int]]:
    """Pairs of places: if of each in turn the lesser is put first, ``count`` numbers are in order (Knuth, 5.2.2 M)."""
    step = top = 1 << max(count - 1, 0).bit_length() >> 1
    while step:
        apart, first, rest = step, 0, top
        while True:
            yield from ((place, place + apart) for place in range(count - apart) if place & step == first)
            if rest == step:
                break
            apart, rest, first = rest - step, rest >> 1, step
        step >>= 1
