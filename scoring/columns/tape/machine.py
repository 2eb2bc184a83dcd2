"""Plays a tape with compiled loops (numba), where that is installed: the same operations as with NumPy alone.

One function is compiled for all tapes, once for a machine: what differs from questionnaire to questionnaire is data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from scoring.columns.ledger import Whole
from scoring.columns.tape import loops
from scoring.columns.tape.loops import Keys, Reals, Small, compiled
from scoring.columns.tape.operations import EASY, Code, Operation, Tape, kind_of, reads
from scoring.columns.tape.turns import Inputs, Played, Results

BLOCK: Final = 1 << 12
"""Assessments at once: their registers stay in the processor's cache."""


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _address(_context: Any, address: Any) -> Any:
    """A whole number as a pointer."""

    def code(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.inttoptr(given[0], cgutils.voidptr_t)

    return types.voidptr(address), code


_pointer: Any = _address
_array: Any = numba.carray  # type: ignore[attr-defined, unused-ignore]


@compiled
def run(
    steps: NDArray[np.int32],
    sources: Keys,
    numbers: Reals,
    tables: Reals,
    small_tables: Small,
    key_tables: Keys,
    code_columns: NDArray[np.int64],
    digit_columns: NDArray[np.int64],
    scales: Reals,
    ends: NDArray[np.int64],
    state_columns: NDArray[np.int64],
    unit_columns: NDArray[np.int64],
    unit_widths: NDArray[np.int64],
    band_columns: NDArray[np.int64],
    left: Small,
    near: Small,
    floats: Reals,
    smalls: Small,
    keys: Keys,
) -> None:  # pragma: no cover – compiled
    """Play a tape on all assessments; columns are told by the addresses of their first elements."""
    count, block = left.shape[0], floats.shape[1]
    for start in range(0, count, block):
        size = min(block, count - start)
        room, spare_key = floats[floats.shape[0] - 1], keys[keys.shape[0] - 1]
        marked, close = left[start : start + size], near[start : start + size]
        room[:size] = 1.0
        for place in range(steps.shape[0]):
            code, into, flag, sure = steps[place, 0], steps[place, 1], steps[place, 2], steps[place, 3] != 0
            own = sources[steps[place, 4] : steps[place, 4] + steps[place, 5]]
            told = numbers[steps[place, 6] : steps[place, 6] + steps[place, 7]]
            at, length = steps[place, 8], steps[place, 9]
            if code == 0:
                address = digit_columns[own[0]] + 8 * start
                digits = _array(_pointer(address), (size,), np.int64)
                loops.load(digits, scales[own[0]], ends[own[0]], floats[into], size)
            elif code == 1:
                loops.look_up(tables[at : at + length], keys[own[0]], floats[into], size)
            elif code == 2:
                floats[into, :size] = told[0]
            elif code == 3:
                loops.add(floats[own[0]], floats[own[1]], floats[into], size)
            elif code == 4:
                loops.subtract(floats[own[0]], floats[own[1]], floats[into], size)
            elif code == 5:
                loops.multiply(floats[own[0]], floats[own[1]], floats[into], size)
            elif code == 6:
                loops.divide(floats[own[0]], floats[own[1]], floats[into], size)
            elif code in (7, 8):
                loops.lesser_or_greater(floats[own[0]], floats[own[1]], code == 7, floats[into], size)
            elif code == 9:
                loops.line(floats[own[0]], told[0], told[1], floats[into], size)
            elif code == 10:
                loops.clamp(floats[own[0]], told[0], told[1], floats[into], size)
            elif code == 11:
                loops.choose(smalls[own[0]], floats[own[1]], floats[own[2]], floats[into], size)
            elif code == 12:
                loops.add_up(floats, own, told, floats[into], size)
            elif code == 13:
                loops.sum_of(floats, smalls, own, told, floats[into], size)
            elif code == 14:
                loops.count(smalls, own, told, floats[into], size)
            elif code == 15:
                scale, absolute, relative, most = told[0], told[1], told[2], told[3]
                value, out = floats[own[0]], floats[into]
                if flag == 0:
                    loops.round_up_half(
                        floats[own[0]], scale, absolute, relative, most, sure, floats[into], close, size
                    )
                elif flag == 4:
                    loops.round_easily(value, scale, absolute, sure, out, room, size)
                else:
                    loops.round_any(
                        floats[own[0]], scale, absolute, relative, most, sure, flag, floats[into], close, size
                    )
            elif code == 16:
                loops.look_up_small(small_tables[at : at + length], keys[own[0]], smalls[into], size)
            elif code == 17:
                loops.against(floats[own[0]], told[0], told[1], flag, sure, smalls[into], room, size)
            elif code == 18:
                loops.compare(
                    floats[own[0]], floats[own[1]], told[0], told[1], told[2], flag, sure, smalls[into], close, size
                )
            elif code == 35:
                loops.ramp(floats[own[0]], told, floats[into], size)
            elif code == 36:
                column = _array(_pointer(code_columns[own[0]] + start), (size,), np.uint8)
                loops.level(column, told[0], told[1], floats[into], size)
            elif code == 37:
                loops.stairs(floats[own[0]], told, floats[into], size)
            elif code == 41:
                address = unit_columns[flag] + unit_widths[flag] * start
                if unit_widths[flag] == 2:
                    short = _array(_pointer(address), (size,), np.int16)
                    loops.round_to_units(floats[own[0]], told[0], told[1], sure, short, room, size)
                else:
                    longer = _array(_pointer(address), (size,), np.int32)
                    loops.round_to_units(floats[own[0]], told[0], told[1], sure, longer, room, size)
            elif code == 24:
                loops.choose_small(smalls[own[0]], smalls[own[1]], smalls[own[2]], smalls[into], size)
            elif code == 25:
                smalls[into, :size] = np.uint8(told[0])
            elif code == 26:
                loops.bands(floats[own[0]], told, smalls[into], size)
            elif code == 27:
                loops.lower(smalls[own[0]], smalls[own[1]], small_tables[at : at + length], smalls[into], size)
            elif code == 28:
                loops.key(keys, own, told, keys[into], spare_key, size)
            elif code == 29:
                loops.copy_code(_array(_pointer(code_columns[own[0]] + start), (size,), np.uint8), keys[into], size)
            elif code == 30:
                loops.look_up_key(key_tables[at : at + length], keys[own[0]], keys[into], size)
            elif code == 31:
                loops.mark(smalls[own[0]], marked, size)
            elif code == 32:
                loops.put_state(smalls[own[0]], _array(_pointer(state_columns[flag] + start), (size,), np.uint8), size)
            elif code == 33:
                address = unit_columns[flag] + unit_widths[flag] * start
                if unit_widths[flag] == 2:
                    short = _array(_pointer(address), (size,), np.int16)
                    if own.shape[0] == 1:
                        loops.put_units(floats[own[0]], short, size)
                    else:
                        loops.put_units_of(floats[own[0]], smalls[own[1]], short, size)
                else:
                    longer = _array(_pointer(address), (size,), np.int32)
                    if own.shape[0] == 1:
                        loops.put_units(floats[own[0]], longer, size)
                    else:
                        loops.put_units_of(floats[own[0]], smalls[own[1]], longer, size)
            elif code == 34:
                band = _array(_pointer(band_columns[flag] + 2 * start), (size,), np.int16)
                if own.shape[0] == 1:
                    loops.put_bands(smalls[own[0]], band, size)
                else:
                    loops.put_bands_of(smalls[own[0]], smalls[own[1]], band, size)
            else:
                other = smalls[own[1]] if own.shape[0] > 1 else smalls[own[0]]
                wanted = np.uint8(told[0]) if told.shape[0] else np.uint8(0)
                loops.small(code, smalls[own[0]], other, wanted, smalls[into], size)
        loops.note_near(room, close, size)


class Machine:
    """A tape as data for the compiled function."""

    def __init__(self, tape: Tape) -> None:
        steps: list[tuple[int, ...]] = []
        sources: list[int] = []
        numbers: list[float] = []
        tables: dict[str, list[NDArray[Any]]] = {"F": [], "B": [], "K": []}
        sizes = {"F": 0, "B": 0, "K": 0}
        for number, each in _fused(tape):
            at = length = 0
            if each.table is not None:
                kind = {"d": "F", "B": "B", "i": "K"}[each.table.dtype.char]
                at, length = sizes[kind], len(each.table)
                sizes[kind] += length
                tables[kind].append(each.table)
            told = _told(each)
            steps.append(
                (
                    *(number, each.into, each.flag, each.sure, len(sources), len(each.sources)),
                    *(len(numbers), len(told), at, length),
                )
            )
            sources += each.sources
            numbers += told
        self.tape = tape
        self.steps = np.array(steps, np.int32)
        self.sources = np.array(sources, np.uint32)
        self.numbers = np.array([*numbers, 0.0], np.float64)
        self.tables = np.concatenate([*tables["F"], np.zeros(1)])
        self.small_tables = np.concatenate([*tables["B"], np.zeros(1, np.uint8)])
        self.key_tables = np.concatenate([*(each.view(np.uint32) for each in tables["K"]), np.zeros(1, np.uint32)])
        self.floats = np.empty((tape.floats + 1, BLOCK))
        self.smalls = np.empty((tape.smalls + 1, BLOCK), np.uint8)
        self.keys = np.empty((tape.keys + 1, BLOCK), np.uint32)

    @staticmethod
    def extremes(digits: Whole) -> list[int]:
        """The least and the greatest of some whole numbers."""
        least, most = loops.extremes(np.ascontiguousarray(digits, np.int64))
        return [int(least), int(most)]

    def play(self, inputs: Inputs, results: Results, count: int) -> Played:
        """Score ``count`` assessments into ``results``."""
        codes = [np.ascontiguousarray(each) for each in inputs.codes]
        digits = [np.ascontiguousarray(each, np.int64) for each in inputs.digits]
        left, near = np.zeros(count, np.uint8), np.zeros(count, np.uint8)
        ends = np.zeros((len(digits) + 1, 2), np.int64)
        ends[: len(digits)] = [[each[0]] * 2 for each in digits if count] or 0
        run(
            self.steps,
            self.sources,
            self.numbers,
            self.tables,
            self.small_tables,
            self.key_tables,
            _addresses(codes),
            _addresses(digits),
            np.array([*inputs.scales, 0.0]),
            ends,
            _addresses(results.state),
            _addresses(results.units),
            np.array([*(each.itemsize for each in results.units), 0], np.int64),
            _addresses(results.band),
            left,
            near,
            self.floats,
            self.smalls,
            self.keys,
        )
        return Played(left.view(np.bool_), near.view(np.bool_), ends[: len(digits)])


_ROUND_TO_UNITS: Final = 41


def _fused(tape: Tape) -> list[tuple[int, Operation]]:
    """The steps, with the number of the loop for each; rounding to results that nobody else reads is one step."""
    found: list[tuple[int, Operation]] = []
    steps = tape.operations
    place = 0
    while place < len(steps):
        one, other = steps[place], steps[min(place + 1, len(steps) - 1)]
        easy = one.code is Code.ROUND and one.flag == EASY
        if easy and other.code is Code.UNITS and other.sources == (one.into,) and _unread(steps, place + 2, one.into):
            found.append((_ROUND_TO_UNITS, replace(one, flag=other.flag)))
            place += 2
        else:
            found.append((int(one.code), one))
            place += 1
    return found


def _unread(steps: Sequence[Operation], start: int, register: int) -> bool:
    """Whether nobody reads a register of numbers again before it is written anew."""
    for step in steps[start:]:
        if ("F", register) in reads(step):
            return False
        if kind_of(step.code) == "F" and step.into == register:
            return True
    return True


def _told(operation: Operation) -> tuple[float, ...]:
    """The numbers of an operation without the part that only looking again takes."""
    weighed = (Code.SUM, Code.SUM_OF, Code.COUNT)
    return operation.numbers[:-1] if operation.code in weighed else operation.numbers


def _addresses(columns: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    return np.array([*(each.ctypes.data for each in columns), 0], np.int64)
