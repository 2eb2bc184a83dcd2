"""A tape as machine code of this processor (LLVM), where that compiler is installed: the same as with NumPy alone."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final

import llvmlite.binding as llvm
import numpy as np
from numpy.typing import NDArray

from scoring.columns.ledger import Small
from scoring.columns.tape.assembly import ARGUMENTS, WIDTH
from scoring.columns.tape.lines import script
from scoring.columns.tape.operations import Tape
from scoring.columns.tape.script import Look, Picks
from scoring.columns.tape.turns import Held, Played, Results

_COMPILING: Final = Lock()
"""One at a time talks to the compiler."""

_LITTLE: Final = 1
"""How hard the compiler tries: the loop is straight, and written as it should be played."""


class Machine:
    """A tape that can be played."""

    def __init__(self, tape: Tape, looks: Sequence[Look], scaled: Sequence[bool], picks: Sequence[Picks]) -> None:
        """Compile the loop of a tape: see :func:`scoring.columns.tape.lines.script`."""
        self.narrow = [name in tape.narrow for name in tape.nodes]
        loop = script(tape, looks, scaled, picks, self.narrow)
        self._tables = loop.reals, loop.places
        self._engine = _compiled(loop.text)
        kinds = [ctypes.c_int64] * 2 + [ctypes.c_void_p] * len(ARGUMENTS)
        self._play = ctypes.CFUNCTYPE(ctypes.c_int32, *kinds)(self._engine.get_function_address("play"))

    def play(self, held: Held, results: Results, count: int) -> Played:
        """Score ``count`` assessments into ``results``."""
        if count < WIDTH:
            return self._few(held, results, count)
        own = Results(results.state, [np.empty(0)] * len(results.units), results.band)
        for node, units in enumerate(results.units):
            kind = np.int16 if self.narrow[node] else np.int32
            own.units[node] = units if units.dtype == kind else np.empty(count, kind)
        marks = np.zeros((2, count), np.uint8)
        said = self._whole(held, own, marks, count)
        for into, units in zip(results.units, own.units, strict=True):
            if into is not units:
                np.copyto(into, units)
        near, left = marks.view(np.bool_)
        return Played(left, near, fits=not said & 1)

    def _whole(self, held: Held, results: Results, marks: Small, count: int) -> int:
        """Play from the first assessment on; the last few are played together with some before them."""
        codes = [np.ascontiguousarray(each) for each in held.codes]
        digits = [np.ascontiguousarray(each, np.int64) for each in held.digits]
        lows = np.array([*(least for least, _ in held.limits), 0], np.int64)
        spans = np.array([*(most - least for least, most in held.limits), 0], np.int64)
        of: tuple[Sequence[NDArray[Any]], ...] = codes, digits, results.state, results.units, results.band, [*marks]
        columns = [_addresses(each) for each in of]
        firsts, strides = (np.array([*each, 1.0]) for each in zip(*held.strides, (0, 1), strict=True))
        rest = [np.array([*held.scales, 0.0]), lows, spans, firsts, strides, 1 / strides, *self._tables]
        told = _addresses([*columns, *rest]).tolist()[:-1]
        even = count - count % WIDTH
        said = self._play(0, even, *told)
        if even < count:
            said |= self._play(count - WIDTH, count, *told)
        return int(said)

    def _few(self, held: Held, results: Results, count: int) -> Played:
        """Fewer than are played at once: the last is played several times."""
        places = np.minimum(np.arange(WIDTH), count - 1)
        rooms = [[np.zeros(WIDTH, each.dtype) for each in of] for of in (results.state, results.units, results.band)]
        found = self.play(held.taken(places), Results(*rooms), WIDTH)
        for of, room in zip((results.state, results.units, results.band), rooms, strict=True):
            for into, each in zip(of, room, strict=True):
                if into.flags.writeable:
                    into[:] = each[:count]
        return Played(found.left[:count], found.near[:count], found.fits)


def _addresses(columns: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    return np.array([*map(_address, columns), 0], np.int64)


def _address(column: NDArray[Any]) -> int:
    """Where a column without gaps begins; of those that may be written to it is told in a third of the time."""
    if column.flags.writeable:
        return ctypes.addressof(ctypes.c_char.from_buffer(column.data))
    return int(column.__array_interface__["data"][0])


def _compiled(text: str) -> Any:
    """Machine code for this processor."""
    with _COMPILING:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        target = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=_features(), opt=2
        )
        module = llvm.parse_assembly(text)
        module.triple, module.data_layout = target.triple, str(target.target_data)
        module.verify()
        builder = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(speed_level=_LITTLE))
        builder.getModulePassManager().run(module, builder)
        engine = llvm.create_mcjit_compiler(module, target)
        engine.finalize_object()
        return engine


def _features() -> str:
    """What this processor can do besides what every one of its kind can; nothing where that cannot be asked."""
    try:
        return str(llvm.get_host_cpu_features().flatten())
    except RuntimeError:
        return ""
