"""The language of the LLVM compiler: lines that give values, each a few assessments wide, in one loop over columns."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

WIDTH: Final = 8
"""Assessments at once: as many numbers as the widest registers of today's processors hold."""

REAL, WHOLE, PLACE, SHORT, BYTE, TRUTH = (f"<{WIDTH} x {kind}>" for kind in ("double", "i64", "i32", "i16", "i8", "i1"))
NONE: Final = "zeroinitializer"
ALL: Final = "splat (i1 true)"

_AHEAD: Final = 1 << 10
"""Bytes by which columns of digits are fetched from memory before they are read."""

_COLUMNS: Final = ("codes", "digits", "states", "units", "bands", "marks")


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop, and the tables that it reads."""

    text: str
    reals: NDArray[np.float64]
    places: NDArray[np.int32]


@dataclass(slots=True)
class Small:
    """Small whole numbers, as bytes, as truths, or as both."""

    as_bytes: str | None = None
    as_truths: str | None = None


class Assembly:
    """The lines of one loop.

    The loop takes columns by the addresses of their first elements, and says by three bits whether something was no
    answer that it was written for, whether some assessments lie near a limit, and whether some are left.
    """

    def __init__(self) -> None:
        self.fetches_ahead = False
        """Whether columns of digits are asked for before they are read: of many, processors do not do so unasked."""

        self.bad = NONE
        self.near = NONE
        self.left = NONE
        self._head: list[str] = []
        self._lines: list[str] = []
        self._declared: set[str] = set()
        self._reals: list[NDArray[Any]] = []
        self._places: list[NDArray[Any]] = []
        self._known: dict[tuple[str, ...], str] = {}

    def put(self, line: str) -> str:
        """A line that gives a value; the same line gives the same value."""
        if (line,) not in self._known:
            self._known[line,] = f"%v{len(self._known)}"
            self._lines.append(f"{self._known[line,]} = {line}")
        return self._known[line,]

    def over(self, operation: str, kind: str, a: str, b: str) -> str:
        """Two values of one kind made one."""
        return self.put(f"{operation} {kind} {a}, {b}")

    def either(self, a: str, b: str) -> str:
        """Truths of which one is enough."""
        return b if a == NONE else self.over("or", TRUTH, a, b)

    def select(self, kind: str, holds: str, a: str, b: str) -> str:
        """One value where it holds, else the other."""
        return a if a == b else self.put(f"select {TRUTH} {holds}, {kind} {a}, {kind} {b}")

    def turned(self, how: str, kind: str, value: str, into: str) -> str:
        """A value as another kind."""
        return self.put(f"{how} {kind} {value} to {into}")

    def call(self, name: str, *values: str) -> str:
        """An operation on numbers that is part of the language."""
        full = f"@llvm.{name}.v{WIDTH}f64"
        self._declared.add(f"declare {REAL} {full}({', '.join([REAL] * len(values))})")
        return self.put(f"call {REAL} {full}({', '.join(f'{REAL} {value}' for value in values)})")

    def counted_bits(self, value: str) -> str:
        """How many bits of whole numbers are set."""
        self._declared.add(f"declare {PLACE} @llvm.ctpop.v{WIDTH}i32({PLACE})")
        return self.put(f"call {PLACE} @llvm.ctpop.v{WIDTH}i32({PLACE} {value})")

    def truths(self, small: Small) -> str:
        """Numbers of 0 and 1 as truths."""
        if small.as_truths is None:
            small.as_truths = self.put(f"icmp ne {BYTE} {small.as_bytes}, {NONE}")
        return small.as_truths

    def bytes_of(self, small: Small) -> str:
        """Small numbers as bytes."""
        if small.as_bytes is None:
            small.as_bytes = self.turned("zext", TRUTH, str(small.as_truths), BYTE)
        return small.as_bytes

    # columns ----------------------------------------------------------------------------------------------------------

    def read(self, of: str, number: int, kind: str, width: int) -> str:
        """This turn's part of a column of answers."""
        name = (of, str(number))
        if name not in self._known:
            self._known[name] = f"%{of}.{number}.here"
            at = self._here(self._column(of, number), width)
            self._lines.append(f"{self._known[name]} = load {kind}, ptr {at}, align {width}")
            if self.fetches_ahead and of == "digits":
                ahead = self.put(f"getelementptr i8, ptr {at}, i64 {_AHEAD}")
                self._declared.add("declare void @llvm.prefetch.p0(ptr, i32, i32, i32)")
                self._lines.append(f"call void @llvm.prefetch.p0(ptr {ahead}, i32 0, i32 3, i32 1)")
        return self._known[name]

    def write(self, of: str, number: int, kind: str, value: str, width: int) -> None:
        """This turn's part of a column of results."""
        self._lines.append(f"store {kind} {value}, ptr {self._here(self._column(of, number), width)}, align {width}")

    def broadcast(self, of: str, kind: str, number: int) -> str:
        """A number that holds for a whole column."""
        one, vector = self._at_the_head(f"{of}.{number}", kind, of, number), f"<{WIDTH} x {kind}>"
        if (one, "all") not in self._known:
            self._known[one, "all"] = f"{one}.all"
            self._head += [
                f"{one}.one = insertelement {vector} poison, {kind} {one}, i32 0",
                f"{one}.all = shufflevector {vector} {one}.one, {vector} poison, {PLACE} zeroinitializer",
            ]
        return f"{one}.all"

    def _column(self, of: str, number: int) -> str:
        return self._at_the_head(f"{of}.{number}", "ptr", of, number)

    def _here(self, column: str, width: int) -> str:
        row = "%row" if width == 1 else self.put(f"shl i64 %row, {width.bit_length() - 1}")
        return self.put(f"getelementptr i8, ptr {column}, i64 {row}")

    def _at_the_head(self, name: str, kind: str, of: str, number: int) -> str:
        if (name, "head") not in self._known:
            self._known[name, "head"] = f"%{name}"
            self._head += [
                f"%{name}.at = getelementptr {kind}, ptr %{of}, i64 {number}",
                f"%{name} = load {kind}, ptr %{name}.at",
            ]
        return f"%{name}"

    # tables -----------------------------------------------------------------------------------------------------------

    def real_table(self, table: NDArray[Any], key: str) -> str:
        """A number of a table at each place."""
        return self._gathered("reals", self._kept(self._reals, table, np.float64), key)

    def place_table(self, table: NDArray[Any], key: str) -> str:
        """A whole number of a table at each place; of small tables from one number that holds all of it."""
        bits = int(table.max()).bit_length() or 1
        for size, kind in ((32, PLACE), (64, WHOLE)):
            if bits * len(table) <= size:
                packed = sum(int(value) << (bits * place) for place, value in enumerate(table.tolist()))
                at = key if size == 32 else self.turned("zext", PLACE, key, WHOLE)
                at = at if bits == 1 else self.over("mul", kind, at, whole(kind, bits))
                found = self.over("lshr", kind, whole(kind, packed), at)
                found = self.over("and", kind, found, whole(kind, (1 << bits) - 1))
                return found if size == 32 else self.turned("trunc", WHOLE, found, PLACE)
        return self._gathered("places", self._kept(self._places, table, np.int32), key)

    @staticmethod
    def _kept(tables: list[NDArray[Any]], table: NDArray[Any], kind: type) -> int:
        start = 0
        for each in tables:
            if np.array_equal(each, table):
                return start
            start += len(each)
        tables.append(np.asarray(table, kind))
        return start

    def _gathered(self, of: str, start: int, key: str) -> str:
        kind, one = (REAL, "double") if of == "reals" else (PLACE, "i32")
        base = self.put(f"getelementptr {one}, ptr %{of}, i64 {start}")
        found = "poison"
        for place in range(WIDTH):
            at = self.put(f"extractelement {PLACE} {key}, i32 {place}")
            far = self.turned("zext", "i32", at, "i64")
            value = self.put(f"load {one}, ptr {self.put(f'getelementptr {one}, ptr {base}, i64 {far}')}")
            found = self.put(f"insertelement {kind} {found}, {one} {value}, i32 {place}")
        return found

    # the whole --------------------------------------------------------------------------------------------------------

    def loop(self) -> Loop:
        """All that was written down."""
        for number, marks in enumerate((self.near, self.left)):
            if marks != NONE:
                self.write("marks", number, BYTE, self.bytes_of(Small(as_truths=marks)), 1)
        said = {
            name: self.either(f"%{name}.before", value)
            for name, value in (("bad", self.bad), ("near", self.near), ("left", self.left))
        }
        carried = "\n  ".join(
            f"%{name}.before = phi {TRUTH} [zeroinitializer, %entry], [{value}, %turn]" for name, value in said.items()
        )
        reduced = f"@llvm.vector.reduce.or.v{WIDTH}i1({TRUTH}"
        text = f"""
declare i1 {reduced})
{_lines(sorted(self._declared))}
define i32 @play(i64 %start, i64 %stop, {", ".join(f"ptr %{name}" for name in ARGUMENTS)}) {{
entry:
  {_lines(self._head)}
  br label %turn
turn:
  %row = phi i64 [%start, %entry], [%next, %turn]
  {carried}
  {_lines(self._lines)}
  %next = add i64 %row, {WIDTH}
  %more = icmp slt i64 %next, %stop
  br i1 %more, label %turn, label %done
done:
  %any.bad = call i1 {reduced} {said["bad"]})
  %any.near = call i1 {reduced} {said["near"]})
  %any.left = call i1 {reduced} {said["left"]})
  %one = zext i1 %any.bad to i32
  %two = select i1 %any.near, i32 2, i32 0
  %four = select i1 %any.left, i32 4, i32 0
  %three = or i32 %one, %two
  %seven = or i32 %three, %four
  ret i32 %seven
}}
"""
        reals = np.concatenate([*self._reals, np.zeros(1)])
        places = np.concatenate([*self._places, np.zeros(1, np.int32)])
        return Loop(text, reals, places)


ARGUMENTS: Final = (*_COLUMNS, "scales", "lows", "spans", "firsts", "strides", "parts", "reals", "places")
"""What the loop takes besides where to start and to stop: tables of addresses, then of numbers."""


def _lines(lines: Sequence[str]) -> str:
    return "\n  ".join(lines)


def real(value: float) -> str:
    """The same number for all."""
    return f"splat (double 0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X})"


def whole(kind: str, value: int) -> str:
    """The same whole number for all: its bits, whatever their sign."""
    one = kind.removesuffix(">").split()[-1]
    bits = int(one[1:])
    return f"splat ({one} {(value + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)})"
