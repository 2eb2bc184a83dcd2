"""Measured numbers as columns: digits as whole numbers, with the same decimal places for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from questionnaires.model import DateQuestion, NumberQuestion
from scoring.columns.ledger import Flags, Small, Whole
from scoring.packing.fields import (
    ELSEWHERE,
    FIRST,
    INAPPLICABLE,
    MISSING,
    MOST_DIGITS,
    MOST_PLACES,
    DateField,
    NumberField,
    Unreadable,
)

_APART: Final = 1 << 40
"""Steps up to which a compiled loop looks whether digits lie on them."""

_POWERS: Final = np.array([10**places for places in range(MOST_PLACES + 1)], np.int64)


@dataclass(frozen=True, slots=True)
class Decimals:
    """The numbers that answer one question: ``digits`` ÷ 10^``places``."""

    digits: Whole
    places: int
    given: Small | None = None
    """0 nothing answered, 1 does not apply, 2 a number; None: there is a number for all."""

    def part(self, start: int, stop: int) -> Decimals:
        """The numbers from ``start`` to before ``stop``."""
        given = None if self.given is None else self.given[start:stop]
        return Decimals(self.digits[start:stop], self.places, given)

    def taken(self, which: NDArray[Any]) -> Decimals:
        """The numbers at these places."""
        return Decimals(self.digits[which], self.places, None if self.given is None else self.given[which])

    def packed(self) -> Small:
        """The compact form (:mod:`scoring.packing.fields`), one row an assessment."""
        digits = self.digits.astype(np.int64)
        places = np.full(len(digits), self.places, np.uint8)
        for _ in range(self.places):
            shorter = (places > 0) & (digits % 10 == 0)
            if not shorter.any():
                break
            digits[shorter] //= 10
            places[shorter] -= 1
        codes = np.empty((len(digits), 9), np.uint8)
        codes[:, 0] = places + FIRST
        if self.given is not None:
            absent = self.given < FIRST
            codes[absent, 0] = self.given[absent]
            digits[absent] = 0
        codes[:, 1:] = digits.astype(">i8").view(np.uint8).reshape(-1, 8)
        return codes


@dataclass(frozen=True, slots=True)
class Measured:
    """The numbers of one block as a tape takes them."""

    digits: Whole
    places: int
    given: Small | None
    beyond: Flags | None
    """Those that are too long for a tape, or stand elsewhere."""


def checked(field: NumberField, numbers: Decimals) -> Measured:
    """Numbers as they are in memory; neither size nor scale is looked at yet (:func:`within`, :func:`on_the_scale`).

    Raises:
        Unreadable: some are no answer to the question.
    """
    digits, given = numbers.digits, numbers.given
    if given is not None:
        if int(given.max(initial=0)) > FIRST or (not field.deniable and bool((given == INAPPLICABLE).any())):
            raise Unreadable
        if int(given.min(initial=FIRST)) == FIRST:
            given = None
    if not 0 <= numbers.places <= MOST_PLACES:
        raise Unreadable
    if given is not None:
        digits = _filled(field, digits, given, numbers.places)
    return Measured(digits, numbers.places, given, None)


def within(field: NumberField, numbers: Measured, ends: tuple[int, int], largest: int) -> Flags | None:
    """Which numbers are too long for a tape (None: none is), of which these are the least and the greatest digits.

    Raises:
        Unreadable: some are no answer to the question.
    """
    low, high = ends
    least, most = limits(field, numbers.places)
    if max(high, -low) > MOST_DIGITS or (least is not None and low < least) or (most is not None and high > most):
        raise Unreadable
    return np.abs(numbers.digits) > largest if max(high, -low) > largest else None


def limits(field: NumberField, places: int) -> tuple[int | None, int | None]:
    """Least and greatest digits that are an answer."""
    asked = field.question.asked
    if not isinstance(asked, NumberQuestion):
        return None, None
    scale = 10**places
    least = None if asked.least is None else -(-asked.least * scale // 1)
    return least, None if asked.most is None else asked.most * scale // 1


def on_the_scale(field: NumberField, digits: Whole, places: int, given: Small | None = None) -> bool:
    """Whether all numbers that are there have no more decimal places than the question takes, and lie on its steps."""
    rows = _rows(field, places)
    digits = digits if given is None or not rows else digits[given == FIRST]
    return all(_in_row(digits, start, step) for start, step in rows)


def stride(field: NumberField, places: int) -> tuple[int, int] | None:
    """One of the digits that :func:`on_the_scale` takes, and how far apart they are; None: it is not told so simply."""
    rows = _rows(field, places)
    if not rows:
        return 0, 1
    found = _whole_ones(*rows[0])
    return found if len(rows) == 1 and found is not None and found[1] <= _APART else None


def _rows(field: NumberField, places: int) -> list[tuple[Fraction, Fraction]]:
    """Where the rows of digits start that a number has to be in, and their steps."""
    asked = field.question.asked
    if not isinstance(asked, NumberQuestion):
        return []
    scale = 10**places
    rows = [] if asked.places is None or asked.places >= places else [(Fraction(0), Fraction(scale, 10**asked.places))]
    if asked.step is not None:
        rows.append(((asked.least or Fraction(0)) * scale, asked.step * scale))
    return rows


def _whole_ones(start: Fraction, step: Fraction) -> tuple[int, int] | None:
    """Of ``start`` and whole steps from there, one that is a whole number, and how far apart those are; None: none."""
    apart = step.numerator
    if step.denominator % start.denominator:
        return None
    first = int(start * step.denominator)
    steps = -first * pow(apart, -1, step.denominator) % step.denominator
    return int(start + steps * step) % apart, apart


def _in_row(digits: Whole, start: Fraction, step: Fraction) -> bool:
    """Whether all are ``start`` and whole steps."""
    found = _whole_ones(start, step)
    if found is None:
        return not digits.size
    one, apart = found
    if apart > MOST_DIGITS:  # so far apart that no more than two can be meant
        few = [each for each in (one, one - apart) if abs(each) <= MOST_DIGITS]
        return bool(np.isin(digits, np.array(few, np.int64)).all())
    rest = digits - one if one else digits
    return bool((np.floor_divide(rest, apart) * apart == rest).all())  # several times sooner than a remainder


def possible(field: NumberField, places: int, largest: int) -> tuple[int, int]:
    """Least and greatest digits that are an answer and not too long for a tape; if there are none, some that are."""
    least, most = limits(field, places)
    low = -largest if least is None else max(least, -largest)
    high = largest if most is None else min(most, largest)
    return (low, high) if low <= high else (MOST_DIGITS + 1, MOST_DIGITS + 1)


def _filled(field: NumberField, digits: Whole, given: Small, places: int) -> Whole:
    """With a number that is possible wherever there is none."""
    least, most = limits(field, places)
    some = least if least is not None else most if most is not None else 0
    return np.where(given == FIRST, digits, some)


def unpacked(field: NumberField, codes: Small, largest: int) -> Measured:
    """Numbers from their compact form; whether they lie on their scale is not looked at yet (:func:`on_the_scale`).

    Raises:
        Unreadable: some bytes are no answer to the question.
    """
    first = np.ascontiguousarray(codes[:, 0])
    digits = np.ascontiguousarray(codes[:, 1:]).view(">i8").reshape(-1).astype(np.int64)
    given, beyond = None, None
    places = int(first.max(initial=FIRST)) - FIRST
    if int(first.min(initial=FIRST)) < FIRST or places > MOST_PLACES:
        said = first >= FIRST
        elsewhere = first == ELSEWHERE
        if bool((digits[~said | elsewhere] != 0).any()) or (not field.deniable and bool((first == INAPPLICABLE).any())):
            raise Unreadable
        given = np.where(elsewhere, np.uint8(MISSING), np.minimum(first, np.uint8(FIRST)))
        beyond = elsewhere if bool(elsewhere.any()) else None
        first = np.where(said & ~elsewhere, first, np.uint8(FIRST))
        places = int(first.max(initial=FIRST)) - FIRST
        if places > MOST_PLACES:
            raise Unreadable
    size = max(int(digits.max(initial=0)), -int(digits.min(initial=0)))
    if size > MOST_DIGITS:
        raise Unreadable
    if places:
        if bool(((digits - digits // 10 * 10 == 0) & (first > FIRST)).any()):
            raise Unreadable
        short = (places + FIRST) - first
        if size * 10**places > largest:
            room = np.array([largest // 10**each for each in range(places + 1)], np.int64)
            long = np.abs(digits) > room.take(short)
            beyond = long if beyond is None else beyond | long
            digits = np.where(long, 0, digits)
            _within_limits(field, codes, long)
            given = np.where(long, np.uint8(MISSING), np.uint8(FIRST) if given is None else given)
        digits = digits * _POWERS.take(short)
    elif size > largest:
        long = np.abs(digits) > largest
        beyond = long if beyond is None else beyond | long
    if given is not None:
        digits = _filled(field, digits, given, places)
    return Measured(digits, places, given, beyond)


def dated(field: DateField, codes: Small) -> Measured:
    """Days of the calendar, by their numbers, from their compact form.

    Raises:
        Unreadable: some bytes are no answer to the question.
    """
    first = np.ascontiguousarray(codes[:, 0])
    days = codes[:, 1].astype(np.int64)
    for byte in (2, 3):
        days <<= 8
        days |= codes[:, byte]
    given, beyond, asked = None, None, field.question.asked
    least, most = 1, date.max.toordinal()
    if isinstance(asked, DateQuestion):
        least = least if asked.earliest is None else asked.earliest.toordinal()
        most = most if asked.latest is None else asked.latest.toordinal()
    if int(first.min(initial=FIRST)) < FIRST or int(first.max(initial=FIRST)) > FIRST:
        elsewhere, absent = first == ELSEWHERE, first < FIRST
        denied = bool((first == INAPPLICABLE).any()) and not field.deniable
        if denied or bool(days[absent].any()) or bool((~absent & ~elsewhere & (first > FIRST)).any()):
            raise Unreadable
        given = np.where(elsewhere, np.uint8(MISSING), first)
        beyond = elsewhere if bool(elsewhere.any()) else None
        days = np.where(first == FIRST, days, least)
    if int(days.min(initial=least)) < least or int(days.max(initial=least)) > most:
        raise Unreadable
    return Measured(days, 0, given, beyond)


def _within_limits(field: NumberField, codes: Small, which: Flags) -> None:
    for code in codes[which]:
        field.answer(code.tobytes())
