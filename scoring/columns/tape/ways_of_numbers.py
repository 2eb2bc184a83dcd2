"""What each operation on numbers of a tape does with NumPy alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from scoring.columns.tape import powers
from scoring.columns.tape.operations import EASY, FOLLOWS, Code, Operation
from scoring.columns.tape.turns import TOLD, Reals, Turn, together

SLACK: Final = 1 + 1e-9
"""More than all roundings of a denominator may take away."""

Way = Callable[[Turn, Operation], None]


def _load(turn: Turn, do: Operation) -> None:
    (source,) = do.sources
    turn.known_part(do)
    np.multiply(turn.inputs.digits[source][turn.here], turn.inputs.scales[source], out=turn.floats[do.into])


def _look_up(turn: Turn, do: Operation) -> None:
    turn.known_part(do)
    np.take(do.table, turn.keys[do.sources[0]], out=turn.floats[do.into], mode="clip")  # type: ignore[call-overload]


def _constant(turn: Turn, do: Operation) -> None:
    turn.known_part(do)
    turn.floats[do.into].fill(do.numbers[0])


def _operated(function: np.ufunc) -> Way:
    def way(turn: Turn, do: Operation) -> None:
        a, b = do.sources
        turn.known_part(do, a, b)
        function(turn.floats[a], turn.floats[b], out=turn.floats[do.into])

    return way


def _multiply(turn: Turn, do: Operation) -> None:
    a, b = do.sources
    if not turn.known_part(do):
        turn.part = turn.parts[a] * turn.parts[b]
    np.multiply(turn.floats[a], turn.floats[b], out=turn.floats[do.into])


def _divide(turn: Turn, do: Operation) -> None:
    a, b = do.sources
    if turn.careful:
        common = do.numbers[-1]
        over = np.abs(turn.floats[b]) * (common or turn.parts[b])
        over = np.where(over < TOLD, np.rint(over), over * SLACK)
        part = over if common else over * turn.parts[a]
        turn.part = np.maximum(np.where(turn.floats[a] == 0, 1.0, part), 1.0)
    np.divide(turn.floats[a], turn.floats[b], out=turn.floats[do.into])


def _ended(function: np.ufunc) -> Way:
    def way(turn: Turn, do: Operation) -> None:
        a, b = do.sources
        one, other = turn.floats[a], turn.floats[b]
        if not turn.known_part(do, a, b):
            first = (one < other) if function is np.minimum else (one > other)
            chosen = np.where(first, turn.parts[a], turn.parts[b])
            turn.part = np.where(np.abs(one - other) <= do.numbers[0], turn.part, chosen)
        function(one, other, out=turn.floats[do.into])

    return way


def _line(turn: Turn, do: Operation) -> None:
    (a,) = do.sources
    slope, start = do.numbers[:2]
    turn.known_part(do, a)
    found = turn.floats[do.into]
    np.multiply(turn.floats[a], slope, out=found)
    if start:
        np.add(found, start, out=found)


def _clamp(turn: Turn, do: Operation) -> None:
    (a,) = do.sources
    least, most, tolerance = do.numbers[:3]
    value = turn.floats[a]
    if not turn.known_part(do, a):
        beyond = (value < least - tolerance) | (value > most + tolerance)
        turn.part = np.where(beyond, do.numbers[-1], turn.part)
    np.clip(value, least, most, out=turn.floats[do.into])


def _ramp(turn: Turn, do: Operation) -> None:
    (a,) = do.sources
    least, most, tolerance, slope, start, fixed = do.numbers[:6]
    value, found = turn.floats[a], turn.floats[do.into]
    if not turn.known_part(do, a):
        beyond = (value < least - tolerance) | (value > most + tolerance)
        turn.part = np.where(beyond, fixed, turn.part)
    np.clip(value, least, most, out=found)
    found *= slope
    if start:
        found += start


def _level(turn: Turn, do: Operation) -> None:
    turn.known_part(do)
    slope, start = do.numbers[:2]
    found = turn.floats[do.into]
    np.multiply(turn.inputs.codes[do.sources[0]][turn.here], slope, out=found)
    found += start


def _stairs(turn: Turn, do: Operation) -> None:
    turn.known_part(do)
    value, found = turn.floats[do.sources[0]], turn.spare[0]
    found.fill(do.numbers[0])
    for limit, step in zip(do.numbers[1:-1:2], do.numbers[2:-1:2], strict=True):
        found += (value >= limit) * step
    np.copyto(turn.floats[do.into], found)


def _choose(turn: Turn, do: Operation) -> None:
    condition, a, b = do.sources
    holds = turn.smalls[condition].view(np.bool_)
    if not turn.known_part(do):
        turn.part = np.where(holds, turn.parts[a], turn.parts[b])
    found = turn.floats[do.into]
    np.copyto(found, np.where(holds, turn.floats[a], turn.floats[b]))


def _sum(turn: Turn, do: Operation) -> None:
    turn.known_part(do, *do.sources)
    total, spare = turn.spare[:2]
    weights = do.numbers
    _weighed(turn.floats[do.sources[0]], weights[0], total)
    for source, weight in zip(do.sources[1:], weights[1:-1], strict=True):
        if weight == 1.0:
            np.add(total, turn.floats[source], out=total)
        else:
            np.multiply(turn.floats[source], weight, out=spare)
            np.add(total, spare, out=total)
    np.copyto(turn.floats[do.into], total)


def _weighed(value: Reals, weight: float, out: Reals) -> None:
    if weight == 1.0:
        np.copyto(out, value)
    else:
        np.multiply(value, weight, out=out)


def _sum_of(turn: Turn, do: Operation) -> None:
    total, spare = turn.spare[:2]
    total.fill(0.0)
    part: Reals | float = 1.0
    for source, present, weight in zip(do.sources[::2], do.sources[1::2], do.numbers[:-1], strict=True):
        there = turn.smalls[present].view(np.bool_)
        if turn.careful and do.denominator == FOLLOWS:
            part = together(part, np.where(there, turn.parts[source], 1.0))
        np.multiply(turn.floats[source], weight, out=spare)
        np.add(total, spare, out=total, where=there)
    np.copyto(turn.floats[do.into], total)
    if turn.careful:
        turn.part = part * do.numbers[-1] if do.denominator == FOLLOWS else do.denominator


def _count(turn: Turn, do: Operation) -> None:
    turn.known_part(do)
    total, spare = turn.spare[:2]
    total.fill(0.0)
    for source, weight in zip(do.sources, do.numbers[:-1], strict=True):
        np.multiply(turn.smalls[source], weight, out=spare)
        np.add(total, spare, out=total)
    np.copyto(turn.floats[do.into], total)


def _quotient(turn: Turn, do: Operation) -> tuple[Reals, Reals]:
    """(``a`` − ``b``) ÷ ``c``, and by how much that may be off."""
    a, b, c = (turn.floats[source] for source in do.sources)
    of_a, of_b, further, of_all = do.numbers[:4]
    found = (a - b) / c
    error = (np.abs(a) * of_a + np.abs(b) * of_b + further) / np.abs(c) + np.abs(found) * of_all
    return found, error


def _part(turn: Turn, do: Operation) -> None:
    found, error = _quotient(turn, do)
    if turn.careful:
        part: Reals | float = 1.0
        for source in do.sources:
            part = together(part, turn.parts[source])
        over = np.abs(turn.floats[do.sources[2]]) * part
        over = np.maximum(np.where(over < TOLD, np.rint(over), over * SLACK), 1.0)
        turn.part = np.where(np.abs(found - 0.5) > error + 0.5, 1.0, over)
    np.clip(found, 0.0, 1.0, out=turn.floats[do.into])


def _doubt(turn: Turn, do: Operation) -> None:
    turn.known_part(do)
    found, error = _quotient(turn, do)
    error[np.abs(found - 0.5) > error + 0.5] = 0.0
    np.copyto(turn.floats[do.into], error)


def _irrational(function: Callable[[Reals], Reals]) -> Way:
    """What has no denominator."""

    def way(turn: Turn, do: Operation) -> None:
        turn.part = np.inf
        np.copyto(turn.floats[do.into], function(turn.floats[do.sources[0]]))

    return way


def _round(turn: Turn, do: Operation) -> None:
    a, *further = do.sources
    scale, absolute, relative, most = do.numbers
    if do.flag == EASY:
        _round_easily(turn, do)
        return
    value, size, within = turn.spare
    np.multiply(turn.floats[a], scale, out=value)
    np.abs(value, out=size)
    bound: Reals | float = absolute
    if relative:
        np.multiply(size, relative, out=within)
        np.add(within, absolute, out=within)
        bound = within
    for source in further:
        bound = bound + turn.floats[source]
    doubtful = ~(size < most)
    np.minimum(size, most, out=size)
    if do.flag in (0, 1):
        size += 0.5
    if do.flag == 3:
        size -= bound
        found = np.ceil(size)
        beyond = found - size
        tie = beyond >= 1 - 2 * bound
    else:
        size += bound
        found = np.floor(size)
        beyond = size - found
        tie = beyond <= 2 * bound
    if do.flag == 1:
        found -= tie & (np.mod(found, 2.0) == 1)
    if do.denominator:
        doubtful |= np.asarray(bound) > 0.1
        if not do.sure:
            unproven = tie
            if turn.careful:
                apart = 8 * np.asarray(bound) * turn.parts[a] * do.denominator * SLACK < 1
                unproven = tie & ~apart
            doubtful |= unproven
    turn.near |= doubtful
    np.copysign(found, value, out=turn.floats[do.into])
    turn.part = 1.0


def _round_easily(turn: Turn, do: Operation) -> None:
    (a,) = do.sources
    scale, bound = do.numbers[:2]
    value, found = turn.spare[0], turn.floats[do.into]
    np.multiply(turn.floats[a], scale, out=value)
    value += 0.5 + bound
    if do.sure:
        np.floor(value, out=found)
    else:
        whole = np.floor(value)
        value -= whole
        close = ~(value > 2 * bound)
        if turn.careful:
            close &= ~np.asarray(8 * bound * turn.parts[a] * do.denominator * SLACK < 1)
        turn.near |= close
        np.copyto(found, whole)
    turn.part = 1.0


NUMBERS: Final[Mapping[Code, Way]] = {
    Code.LOAD: _load,
    Code.LOOK_UP: _look_up,
    Code.CONSTANT: _constant,
    Code.ADD: _operated(np.add),
    Code.SUBTRACT: _operated(np.subtract),
    Code.MULTIPLY: _multiply,
    Code.DIVIDE: _divide,
    Code.LEAST: _ended(np.minimum),
    Code.GREATEST: _ended(np.maximum),
    Code.LINE: _line,
    Code.CLAMP: _clamp,
    Code.CHOOSE: _choose,
    Code.RAMP: _ramp,
    Code.LEVEL: _level,
    Code.PART: _part,
    Code.DOUBT: _doubt,
    Code.STAIRS: _stairs,
    Code.SUM: _sum,
    Code.SUM_OF: _sum_of,
    Code.COUNT: _count,
    Code.ROUND: _round,
    Code.LOGARITHM: _irrational(powers.logarithm),
    Code.EXPONENTIAL: _irrational(powers.exponential),
}
"""By the operation."""
