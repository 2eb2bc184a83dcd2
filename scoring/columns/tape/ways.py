"""What each operation of a tape does with NumPy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from scoring.columns.ledger import INAPPLICABLE, INSUFFICIENT, SCORED
from scoring.columns.tape.operations import Code, Operation
from scoring.columns.tape.turns import Reals, Turn, together
from scoring.columns.tape.ways_of_numbers import NUMBERS, SLACK, Way

_RELATIONS: Final[Sequence[np.ufunc]] = (np.less, np.less_equal, np.equal, np.not_equal, np.greater_equal, np.greater)


def _against(turn: Turn, do: Operation) -> None:
    a, *further = do.sources
    limit, absolute = do.numbers
    bound: Reals | float = absolute
    for source in further:
        bound = bound + turn.floats[source]
    value = turn.floats[a]
    _held_against(turn, do, value, limit, bound, (a,), do.denominator)


def _compare(turn: Turn, do: Operation) -> None:
    a, b, *besides = do.sources
    one, other = turn.floats[a], turn.floats[b]
    of_one, of_other, further = do.numbers
    bound: Reals | float = further
    if of_one or of_other:
        bound = np.abs(one) * of_one + np.abs(other) * of_other + further
    for source in besides:
        bound = bound + turn.floats[source]
    _held_against(turn, do, one, other, bound, (a, b), 1.0)


def _held_against(
    turn: Turn,
    do: Operation,
    value: Reals,
    limit: Reals | float,
    bound: Reals | float,
    sources: Sequence[int],
    part: float,
) -> None:
    found = turn.smalls[do.into].view(np.bool_)
    if isinstance(bound, float) and bound == 0.0:
        _RELATIONS[do.flag](value, limit, out=found)
        return
    match do.flag:
        case 0:
            np.less(value, np.subtract(limit, bound), out=found)
        case 1:
            np.less_equal(value, np.add(limit, bound), out=found)
        case 4:
            np.greater_equal(value, np.subtract(limit, bound), out=found)
        case 5:
            np.greater(value, np.add(limit, bound), out=found)
        case _:
            same = np.abs(np.subtract(value, limit)) <= bound
            np.copyto(found, same if do.flag == 2 else ~same)
    if do.sure:
        return
    near = ~(np.abs(np.subtract(value, limit)) > bound)
    if turn.careful:
        whole: Reals | float = part
        for source in sources:
            whole = together(whole, turn.parts[source])
        near = near & ~(4 * np.asarray(bound) * whole * SLACK < 1)
    turn.near |= near


def _look_up_small(turn: Turn, do: Operation) -> None:
    np.take(do.table, turn.keys[do.sources[0]], out=turn.smalls[do.into], mode="clip")  # type: ignore[call-overload]


def _both(turn: Turn, do: Operation) -> None:
    a, b = do.sources
    np.bitwise_and(turn.smalls[a], turn.smalls[b], out=turn.smalls[do.into])


def _either(turn: Turn, do: Operation) -> None:
    a, b = do.sources
    np.bitwise_or(turn.smalls[a], turn.smalls[b], out=turn.smalls[do.into])


def _not(turn: Turn, do: Operation) -> None:
    np.bitwise_xor(turn.smalls[do.sources[0]], 1, out=turn.smalls[do.into])


def _is(turn: Turn, do: Operation) -> None:
    np.equal(turn.smalls[do.sources[0]], np.uint8(do.numbers[0]), out=turn.smalls[do.into].view(np.bool_))


def _join(turn: Turn, do: Operation) -> None:
    a, b = (turn.smalls[each] for each in do.sources)
    most = np.maximum(a, b)
    nothing = ((a == 1) | (b == 1)) & (most < 3)
    np.copyto(turn.smalls[do.into], np.where(nothing, np.uint8(1), most))


def _choose_small(turn: Turn, do: Operation) -> None:
    condition, a, b = (turn.smalls[each] for each in do.sources)
    np.copyto(turn.smalls[do.into], np.where(condition.view(np.bool_), a, b))


def _fixed(turn: Turn, do: Operation) -> None:
    turn.smalls[do.into].fill(int(do.numbers[0]))


def _bands(turn: Turn, do: Operation) -> None:
    value = turn.floats[do.sources[0]]
    found = np.zeros(len(value), np.uint8)
    for limit in do.numbers:
        found += value >= limit
    np.copyto(turn.smalls[do.into], found)


def _lower(turn: Turn, do: Operation) -> None:
    fires, place = (turn.smalls[each] for each in do.sources)
    assert do.table is not None  # noqa: S101 – held by the recorder
    np.copyto(turn.smalls[do.into], np.where(fires.view(np.bool_), do.table.take(place, mode="clip"), place))


def _key(turn: Turn, do: Operation) -> None:
    first, *others = do.sources
    found = turn.keys[first].copy()
    for source, size in zip(others, do.numbers[1:], strict=True):
        found *= int(size)
        found += turn.keys[source]
    np.copyto(turn.keys[do.into], found)


def _code(turn: Turn, do: Operation) -> None:
    np.copyto(turn.keys[do.into], turn.inputs.codes[do.sources[0]][turn.here])


def _look_up_key(turn: Turn, do: Operation) -> None:
    assert do.table is not None  # noqa: S101 – held by the recorder
    np.copyto(turn.keys[do.into], do.table.take(turn.keys[do.sources[0]], mode="clip"))


def _leave(turn: Turn, do: Operation) -> None:
    turn.left |= turn.smalls[do.sources[0]].view(np.bool_)


_STATES: Final = (INAPPLICABLE, INSUFFICIENT, SCORED)
"""State of a node by its status: does not apply, without a value, cannot be told here."""


def _state(turn: Turn, do: Operation) -> None:
    states = np.array([int(sum(do.numbers)), *_STATES], np.uint8)
    turn.results.state[do.flag][turn.here] = states.take(turn.smalls[do.sources[0]], mode="clip")


def _units(turn: Turn, do: Operation) -> None:
    into = turn.results.units[do.flag][turn.here]
    np.copyto(into, turn.floats[do.sources[0]], casting="unsafe")
    if len(do.sources) > 1:
        into[turn.smalls[do.sources[1]] != 0] = 0


def _placed(turn: Turn, do: Operation) -> None:
    into = turn.results.band[do.flag][turn.here]
    np.copyto(into, turn.smalls[do.sources[0]], casting="unsafe")
    if len(do.sources) > 1:
        into[turn.smalls[do.sources[1]] != 0] = -1


WAYS: Final[Mapping[Code, Way]] = {
    **NUMBERS,
    Code.LOOK_UP_SMALL: _look_up_small,
    Code.AGAINST: _against,
    Code.COMPARE: _compare,
    Code.BOTH: _both,
    Code.EITHER: _either,
    Code.NOT: _not,
    Code.IS: _is,
    Code.JOIN: _join,
    Code.CHOOSE_SMALL: _choose_small,
    Code.FIXED: _fixed,
    Code.BANDS: _bands,
    Code.LOWER: _lower,
    Code.KEY: _key,
    Code.CODE: _code,
    Code.LOOK_UP_KEY: _look_up_key,
    Code.LEAVE: _leave,
    Code.STATE: _state,
    Code.UNITS: _units,
    Code.PLACED: _placed,
}
"""By the operation."""
