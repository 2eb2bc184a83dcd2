"""Every operation of a tape as lines of a compiled loop, with the same roundings as :mod:`scoring.columns.tape.ways`.

Two assessments are never told apart by a branch, no two operations are contracted to one, and a place in a table is
within it whatever the answers are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.columns.ledger import INAPPLICABLE, INSUFFICIENT, NO_BAND
from scoring.columns.tape.assembly import (
    ALL,
    BYTE,
    NONE,
    PLACE,
    REAL,
    SHORT,
    TRUTH,
    WHOLE,
    Assembly,
    Loop,
    Small,
    real,
    whole,
)
from scoring.columns.tape.operations import EASY, Code, Operation, Tape
from scoring.packing import fields

_RELATIONS: Final = ("olt", "ole", "oeq", "une", "oge", "ogt")


ANY: Final = 1 << 8
"""A byte can have any value, or is looked at elsewhere."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the bytes of a column may be."""

    question: str
    states: int
    """How many values a byte can have."""

    complete: bool
    """Whether the tape was written for answers alone."""

    deniable: bool


@dataclass(slots=True)
class Script:
    """A tape that is being written as a loop: the loop, and what each register holds."""

    looks: Sequence[Look]
    narrow: Sequence[bool]
    """For each node, whether its column of results takes 16 bits a value; else 32."""

    lines: Assembly = field(default_factory=Assembly)
    reals: dict[int, str] = field(default_factory=dict)
    smalls: dict[int, Small] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)

    def truth(self, register: int) -> str:
        """A register of 0 and 1, as truths."""
        return self.lines.truths(self.smalls[register])

    def small(self, register: int) -> str:
        """A register of small numbers, as bytes."""
        return self.lines.bytes_of(self.smalls[register])

    def holds(self, into: int, truths: str) -> None:
        """Keep truths."""
        self.smalls[into] = Small(as_truths=truths)

    def keeps(self, into: int, numbers: str) -> None:
        """Keep bytes."""
        self.smalls[into] = Small(as_bytes=numbers)

    def code(self, column: int) -> str:
        """The bytes of a column of answers, none beyond what they can be."""
        found, states = self.lines.read("codes", column, BYTE, 1), self.looks[column].states
        if states >= ANY:
            return found
        most = whole(BYTE, states - 1)
        return self.lines.select(BYTE, self.lines.put(f"icmp ult {BYTE} {found}, {most}"), found, most)

    def compared(self, relation: str, a: str, b: str) -> str:
        """Truths of a comparison of numbers."""
        return self.lines.put(f"fcmp {relation} {REAL} {a}, {b}")

    def is_near(self, where: str) -> None:
        """Mark assessments to be looked at again."""
        self.lines.near = self.lines.either(self.lines.near, where)


def script(tape: Tape, looks: Sequence[Look], numbers: int, narrow: Sequence[bool]) -> Loop:
    """A tape as a loop.

    Args:
        tape: the operations.
        looks: the columns of bytes: those of the tape, then others that are only looked at.
        numbers: how many columns of digits there are: those of the tape, then others that are only looked at.
        narrow: for each node whether its column of results takes 16 bits a value; else 32.
    """
    own = Script(looks, narrow)
    _look_at(own, numbers)
    for do in tape.operations:
        _LINES[do.code](own, do)
    return own.lines.loop()


def _look_at(own: Script, numbers: int) -> None:
    """Whether all are answers, and the numbers not too long."""
    lines = own.lines
    greatest: dict[tuple[bool, int], str] = {}
    for column, look in enumerate(own.looks):
        if look.states >= ANY:
            continue
        value = lines.read("codes", column, BYTE, 1)
        if look.complete:
            value = lines.over("sub", BYTE, value, whole(BYTE, fields.FIRST))
        elif not look.deniable:
            denied = lines.put(f"icmp eq {BYTE} {value}, {whole(BYTE, fields.INAPPLICABLE)}")
            lines.bad = lines.either(lines.bad, denied)
        group = look.complete, look.states
        before = greatest.get(group)
        if before is not None:
            value = lines.select(BYTE, lines.put(f"icmp ugt {BYTE} {value}, {before}"), value, before)
        greatest[group] = value
    for (complete, states), value in greatest.items():
        most = states - 1 - (fields.FIRST if complete else 0)
        lines.bad = lines.either(lines.bad, lines.put(f"icmp ugt {BYTE} {value}, {whole(BYTE, most)}"))
    for number in range(numbers):
        above = lines.over("sub", WHOLE, lines.read("digits", number, WHOLE, 8), lines.broadcast("lows", "i64", number))
        beyond = lines.put(f"icmp ugt {WHOLE} {above}, {lines.broadcast('spans', 'i64', number)}")
        lines.bad = lines.either(lines.bad, beyond)


def _load(own: Script, do: Operation) -> None:
    (source,) = do.sources
    digits = own.lines.turned("sitofp", WHOLE, own.lines.read("digits", source, WHOLE, 8), REAL)
    own.reals[do.into] = own.lines.over("fmul", REAL, digits, own.lines.broadcast("scales", "double", source))


def _look_up(own: Script, do: Operation) -> None:
    table, key = _table(do), own.places[do.sources[0]]
    if _is_small(table):
        found = own.lines.place_table(table.astype(np.int64), key)
        own.reals[do.into] = own.lines.turned("sitofp", PLACE, found, REAL)
    else:
        own.reals[do.into] = own.lines.real_table(table, key)


def _is_small(table: NDArray[Any]) -> bool:
    """Whether one number holds a whole table of whole numbers."""
    if table.min() < 0 or table.max() >= 1 << 16 or np.any(np.rint(table) != table):
        return False
    return len(table) * max(1, int(table.max()).bit_length()) <= 64


def _constant(own: Script, do: Operation) -> None:
    own.reals[do.into] = real(do.numbers[0])


def _operated(operation: str) -> Line:
    def line(own: Script, do: Operation) -> None:
        a, b = do.sources
        own.reals[do.into] = own.lines.over(operation, REAL, own.reals[a], own.reals[b])

    return line


def _ended(relation: str) -> Line:
    def line(own: Script, do: Operation) -> None:
        a, b = (own.reals[source] for source in do.sources)
        own.reals[do.into] = own.lines.select(REAL, own.compared(relation, a, b), a, b)

    return line


def _line(own: Script, do: Operation) -> None:
    own.reals[do.into] = _straight(own, own.reals[do.sources[0]], *do.numbers[:2])


def _straight(own: Script, value: str, slope: float, start: float) -> str:
    found = value if slope == 1.0 else own.lines.over("fmul", REAL, value, real(slope))
    return found if start == 0.0 else own.lines.over("fadd", REAL, found, real(start))


def _clamp(own: Script, do: Operation) -> None:
    own.reals[do.into] = _held(own, own.reals[do.sources[0]], *do.numbers[:2])


def _held(own: Script, value: str, least: float, most: float) -> str:
    if least > -np.inf:
        value = own.lines.select(REAL, own.compared("ogt", value, real(least)), value, real(least))
    if most < np.inf:
        value = own.lines.select(REAL, own.compared("olt", value, real(most)), value, real(most))
    return value


def _ramp(own: Script, do: Operation) -> None:
    least, most, _, slope, start = do.numbers[:5]
    own.reals[do.into] = _straight(own, _held(own, own.reals[do.sources[0]], least, most), slope, start)


def _level(own: Script, do: Operation) -> None:
    byte = own.lines.turned("zext", BYTE, own.code(do.sources[0]), PLACE)
    own.reals[do.into] = _straight(own, own.lines.turned("sitofp", PLACE, byte, REAL), *do.numbers[:2])


def _stairs(own: Script, do: Operation) -> None:
    value, found = own.reals[do.sources[0]], real(do.numbers[0])
    for limit, step in zip(do.numbers[1:-1:2], do.numbers[2:-1:2], strict=True):
        higher = own.lines.select(REAL, own.compared("oge", value, real(limit)), real(step), NONE)
        found = own.lines.over("fadd", REAL, found, higher)
    own.reals[do.into] = found


def _choose(own: Script, do: Operation) -> None:
    condition, a, b = do.sources
    own.reals[do.into] = own.lines.select(REAL, own.truth(condition), own.reals[a], own.reals[b])


def _sum(own: Script, do: Operation) -> None:
    found = None
    for source, weight in zip(do.sources, do.numbers[:-1], strict=True):
        part = _straight(own, own.reals[source], weight, 0.0)
        found = part if found is None else own.lines.over("fadd", REAL, found, part)
    own.reals[do.into] = found or NONE


def _sum_of(own: Script, do: Operation) -> None:
    found = None
    for source, present, weight in zip(do.sources[::2], do.sources[1::2], do.numbers[:-1], strict=True):
        part = own.lines.select(REAL, own.truth(present), _straight(own, own.reals[source], weight, 0.0), NONE)
        found = part if found is None else own.lines.over("fadd", REAL, found, part)
    own.reals[do.into] = found or NONE


def _count(own: Script, do: Operation) -> None:
    found = None
    for source, weight in zip(do.sources, do.numbers[:-1], strict=True):
        part = own.lines.select(REAL, own.truth(source), real(weight), NONE)
        found = part if found is None else own.lines.over("fadd", REAL, found, part)
    own.reals[do.into] = found or NONE


def _quotient(own: Script, do: Operation) -> tuple[str, str, str]:
    """(``a`` − ``b``) ÷ ``c``, by how much that may be off, and whether it is sure to be beyond 0 or 1."""
    lines, (a, b, c) = own.lines, (own.reals[source] for source in do.sources)
    of_a, of_b, further, of_all = do.numbers[:4]
    found = lines.over("fdiv", REAL, lines.over("fsub", REAL, a, b), c)
    error = lines.over("fadd", REAL, _sized(own, a, of_a), _sized(own, b, of_b))
    error = lines.over("fdiv", REAL, lines.over("fadd", REAL, error, real(further)), lines.call("fabs", c))
    error = lines.over("fadd", REAL, error, _sized(own, found, of_all))
    apart = lines.call("fabs", lines.over("fsub", REAL, found, real(0.5)))
    return found, error, own.compared("ogt", apart, lines.over("fadd", REAL, error, real(0.5)))


def _sized(own: Script, value: str, times: float) -> str:
    return own.lines.over("fmul", REAL, own.lines.call("fabs", value), real(times))


def _part(own: Script, do: Operation) -> None:
    own.reals[do.into] = _held(own, _quotient(own, do)[0], 0.0, 1.0)


def _doubt(own: Script, do: Operation) -> None:
    _, error, beyond = _quotient(own, do)
    own.reals[do.into] = own.lines.select(REAL, beyond, NONE, error)


def _round(own: Script, do: Operation) -> None:
    lines = own.lines
    scale, absolute, relative, most = do.numbers
    value = lines.over("fmul", REAL, own.reals[do.sources[0]], real(scale))
    if do.flag == EASY:
        shifted = lines.over("fadd", REAL, value, real(0.5 + absolute))
        found = own.reals[do.into] = lines.call("floor", shifted)
        if not do.sure:
            own.is_near(own.compared("ule", lines.over("fsub", REAL, shifted, found), real(2 * absolute)))
        return
    size, bound = lines.call("fabs", value), real(absolute)
    if relative:
        bound = lines.over("fadd", REAL, lines.over("fmul", REAL, size, real(relative)), real(absolute))
    for source in do.sources[1:]:
        bound = lines.over("fadd", REAL, bound, own.reals[source])
    if relative or do.sources[1:]:
        own.is_near(own.compared("ugt", bound, real(0.1)))
    own.is_near(own.compared("uge", size, real(most)))
    size = _held(own, size, -np.inf, most)
    if do.flag in {0, 1}:
        size = lines.over("fadd", REAL, size, real(0.5))
    double = lines.over("fadd", REAL, bound, bound)
    if do.flag == 3:
        size = lines.over("fsub", REAL, size, bound)
        found = lines.call("ceil", size)
        tie = own.compared("uge", lines.over("fsub", REAL, found, size), lines.over("fsub", REAL, real(1.0), double))
    else:
        size = lines.over("fadd", REAL, size, bound)
        found = lines.call("floor", size)
        tie = own.compared("ule", lines.over("fsub", REAL, size, found), double)
    if do.flag == 1:
        half = lines.over("fmul", REAL, found, real(0.5))
        odd = lines.over("and", TRUTH, tie, own.compared("one", half, lines.call("floor", half)))
        found = lines.select(REAL, odd, lines.over("fsub", REAL, found, real(1.0)), found)
    if not do.sure:
        own.is_near(tie)
    own.reals[do.into] = lines.call("copysign", found, value)


def _against(own: Script, do: Operation) -> None:
    lines, value, (limit, absolute) = own.lines, own.reals[do.sources[0]], do.numbers
    bound, flag = real(absolute), do.flag
    if do.sources[1:]:
        bound = lines.over("fadd", REAL, bound, own.reals[do.sources[1]])
    apart = lines.over("fsub", REAL, value, real(limit))
    if flag in {0, 4}:
        held = own.compared(_RELATIONS[flag], value, lines.over("fsub", REAL, real(limit), bound))
    elif flag in {1, 5}:
        held = own.compared(_RELATIONS[flag], value, lines.over("fadd", REAL, real(limit), bound))
    else:
        held = own.compared("ole" if flag == 2 else "ugt", lines.call("fabs", apart), bound)
    own.holds(do.into, held)
    if not do.sure:
        own.is_near(own.compared("ule", lines.call("fabs", apart), bound))


def _compare(own: Script, do: Operation) -> None:
    lines, (a, b, *besides) = own.lines, [own.reals[source] for source in do.sources]
    if not any(do.numbers) and not besides:
        own.holds(do.into, own.compared(_RELATIONS[do.flag], a, b))
        return
    bound = real(do.numbers[2])
    for value, part in ((a, do.numbers[0]), (b, do.numbers[1])):
        if part:
            bound = lines.over("fadd", REAL, bound, _sized(own, value, part))
    for each in besides:
        bound = lines.over("fadd", REAL, bound, each)
    apart = lines.over("fsub", REAL, a, b)
    same = own.compared("ule", lines.call("fabs", apart), bound)
    if do.flag in {2, 3}:
        held = same
    else:
        held = own.compared("olt" if do.flag < 2 else "ogt", apart, NONE)
        held = lines.over("or", TRUTH, held, same)
    if do.flag in {0, 3, 5}:
        other = lines.over("xor", TRUTH, same, ALL)
        held = other if do.flag == 3 else lines.over("and", TRUTH, held, other)
    own.holds(do.into, held)
    if not do.sure:
        own.is_near(same)


def _look_up_small(own: Script, do: Operation) -> None:
    _small_of(own, do, own.places[do.sources[0]])


def _small_of(own: Script, do: Operation, key: str) -> None:
    table = _table(do)
    found = own.lines.place_table(table, key)
    if int(table.max()) <= 1:
        own.holds(do.into, own.lines.put(f"icmp ne {PLACE} {found}, {NONE}"))
    else:
        own.keeps(do.into, own.lines.turned("trunc", PLACE, found, BYTE))


def _logical(operation: str) -> Line:
    def line(own: Script, do: Operation) -> None:
        a, b = do.sources
        own.holds(do.into, own.lines.over(operation, TRUTH, own.truth(a), own.truth(b)))

    return line


def _not(own: Script, do: Operation) -> None:
    own.holds(do.into, own.lines.over("xor", TRUTH, own.truth(do.sources[0]), ALL))


def _is(own: Script, do: Operation) -> None:
    own.holds(do.into, _equals(own, own.small(do.sources[0]), int(do.numbers[0])))


def _equals(own: Script, value: str, number: int) -> str:
    return own.lines.put(f"icmp eq {BYTE} {value}, {whole(BYTE, number)}")


def _join(own: Script, do: Operation) -> None:
    a, b = (own.small(source) for source in do.sources)
    lines = own.lines
    most = lines.select(BYTE, lines.put(f"icmp ugt {BYTE} {a}, {b}"), a, b)
    nothing = lines.over("or", TRUTH, _equals(own, a, 1), _equals(own, b, 1))
    told = lines.over("and", TRUTH, nothing, lines.put(f"icmp ult {BYTE} {most}, {whole(BYTE, 3)}"))
    own.keeps(do.into, lines.select(BYTE, told, whole(BYTE, 1), most))


def _choose_small(own: Script, do: Operation) -> None:
    condition, a, b = do.sources
    own.keeps(do.into, own.lines.select(BYTE, own.truth(condition), own.small(a), own.small(b)))


def _fixed(own: Script, do: Operation) -> None:
    own.keeps(do.into, whole(BYTE, int(do.numbers[0])))


def _bands(own: Script, do: Operation) -> None:
    value, found = own.reals[do.sources[0]], NONE
    for limit in do.numbers:
        reached = own.lines.turned("zext", TRUTH, own.compared("oge", value, real(limit)), BYTE)
        found = reached if found == NONE else own.lines.over("add", BYTE, found, reached)
    own.keeps(do.into, found)


def _lower(own: Script, do: Operation) -> None:
    fires, place = do.sources
    before = own.small(place)
    wide = own.lines.turned("zext", BYTE, before, PLACE)
    lowered = own.lines.turned("trunc", PLACE, own.lines.place_table(_table(do), wide), BYTE)
    own.keeps(do.into, own.lines.select(BYTE, own.truth(fires), lowered, before))


def _key(own: Script, do: Operation) -> None:
    first, *others = do.sources
    found = own.places[first]
    for source, size in zip(others, do.numbers[1:], strict=True):
        found = own.lines.over("mul", PLACE, found, whole(PLACE, int(size)))
        found = own.lines.over("add", PLACE, found, own.places[source])
    own.places[do.into] = found


def _code(own: Script, do: Operation) -> None:
    own.places[do.into] = own.lines.turned("zext", BYTE, own.code(do.sources[0]), PLACE)


def _look_up_key(own: Script, do: Operation) -> None:
    own.places[do.into] = own.lines.place_table(_table(do), own.places[do.sources[0]])


def _leave(own: Script, do: Operation) -> None:
    own.lines.left = own.lines.either(own.lines.left, own.truth(do.sources[0]))


def _state(own: Script, do: Operation) -> None:
    status = own.small(do.sources[0])
    insufficient = own.lines.select(BYTE, _equals(own, status, 2), whole(BYTE, INSUFFICIENT), NONE)
    found = own.lines.select(BYTE, _equals(own, status, 1), whole(BYTE, INAPPLICABLE), insufficient)
    own.lines.write("states", do.flag, BYTE, found, 1)


def _units(own: Script, do: Operation) -> None:
    lines, narrow = own.lines, own.narrow[do.flag]
    found = lines.turned("fptosi", REAL, own.reals[do.sources[0]], PLACE)
    if narrow:
        found = lines.turned("trunc", PLACE, found, SHORT)
    kind = SHORT if narrow else PLACE
    if len(do.sources) > 1:
        found = lines.select(kind, _equals(own, own.small(do.sources[1]), 0), found, NONE)
    lines.write("units", do.flag, kind, found, 2 if narrow else 4)


def _placed(own: Script, do: Operation) -> None:
    found = own.lines.turned("zext", BYTE, own.small(do.sources[0]), SHORT)
    if len(do.sources) > 1:
        there = _equals(own, own.small(do.sources[1]), 0)
        found = own.lines.select(SHORT, there, found, whole(SHORT, NO_BAND))
    own.lines.write("bands", do.flag, SHORT, found, 2)


def _table(do: Operation) -> NDArray[Any]:
    assert do.table is not None  # noqa: S101 – held by the recorder
    return do.table


Line = Callable[[Script, Operation], None]

_LINES: Final[Mapping[Code, Line]] = {
    Code.LOAD: _load,
    Code.LOOK_UP: _look_up,
    Code.CONSTANT: _constant,
    Code.ADD: _operated("fadd"),
    Code.SUBTRACT: _operated("fsub"),
    Code.MULTIPLY: _operated("fmul"),
    Code.DIVIDE: _operated("fdiv"),
    Code.LEAST: _ended("olt"),
    Code.GREATEST: _ended("ogt"),
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
    Code.LOOK_UP_SMALL: _look_up_small,
    Code.AGAINST: _against,
    Code.COMPARE: _compare,
    Code.BOTH: _logical("and"),
    Code.EITHER: _logical("or"),
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
