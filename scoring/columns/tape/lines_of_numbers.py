"""Operations on numbers as lines of a compiled loop, with the roundings of :mod:`scoring.columns.tape.ways`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.columns.tape import powers
from scoring.columns.tape.assembly import (
    BYTE,
    NONE,
    PLACE,
    REAL,
    TRUTH,
    WHOLE,
    real,
    whole,
)
from scoring.columns.tape.operations import EASY, Code, Operation
from scoring.columns.tape.script import Line, Script, table_of


def _load(own: Script, do: Operation) -> None:
    (source,) = do.sources
    digits = own.lines.turned("sitofp", WHOLE, own.lines.read("digits", source, WHOLE, 8), REAL)
    own.reals[do.into] = own.lines.over("fmul", REAL, digits, own.lines.broadcast("scales", "double", source))


def _look_up(own: Script, do: Operation) -> None:
    table, key = table_of(do), own.places[do.sources[0]]
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
    own.reals[do.into] = held(own, own.reals[do.sources[0]], *do.numbers[:2])


def held(own: Script, value: str, least: float, most: float) -> str:
    """A number within limits."""
    if least > -np.inf:
        value = own.lines.select(REAL, own.compared("ogt", value, real(least)), value, real(least))
    if most < np.inf:
        value = own.lines.select(REAL, own.compared("olt", value, real(most)), value, real(most))
    return value


def _ramp(own: Script, do: Operation) -> None:
    least, most, _, slope, start = do.numbers[:5]
    own.reals[do.into] = _straight(own, held(own, own.reals[do.sources[0]], least, most), slope, start)


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
    error = lines.over("fadd", REAL, sized(own, a, of_a), sized(own, b, of_b))
    error = lines.over("fdiv", REAL, lines.over("fadd", REAL, error, real(further)), lines.call("fabs", c))
    error = lines.over("fadd", REAL, error, sized(own, found, of_all))
    apart = lines.call("fabs", lines.over("fsub", REAL, found, real(0.5)))
    return found, error, own.compared("ogt", apart, lines.over("fadd", REAL, error, real(0.5)))


def sized(own: Script, value: str, times: float) -> str:
    """The magnitude of a number, so many times."""
    return own.lines.over("fmul", REAL, own.lines.call("fabs", value), real(times))


def _part(own: Script, do: Operation) -> None:
    own.reals[do.into] = held(own, _quotient(own, do)[0], 0.0, 1.0)


def _doubt(own: Script, do: Operation) -> None:
    _, error, beyond = _quotient(own, do)
    own.reals[do.into] = own.lines.select(REAL, beyond, NONE, error)


def _logarithm(own: Script, do: Operation) -> None:
    lines = own.lines
    bits = lines.turned("bitcast", REAL, own.reals[do.sources[0]], WHOLE)
    apart = lines.over("sub", WHOLE, bits, whole(WHOLE, powers.ROOT_OF_HALF))
    exponent = lines.over("ashr", WHOLE, apart, whole(WHOLE, powers.DIGITS))
    part = lines.over("sub", WHOLE, bits, lines.over("shl", WHOLE, exponent, whole(WHOLE, powers.DIGITS)))
    real_part = lines.turned("bitcast", WHOLE, part, REAL)
    below, above = (lines.over(how, REAL, real_part, real(1.0)) for how in ("fsub", "fadd"))
    share = lines.over("fdiv", REAL, below, above)
    found = lines.over("fmul", REAL, _row(own, powers.OF_SQUARES, lines.over("fmul", REAL, share, share)), share)
    twos = lines.over("fmul", REAL, lines.turned("sitofp", WHOLE, exponent, REAL), real(powers.LN_2))
    own.reals[do.into] = lines.over("fadd", REAL, found, twos)


def _exponential(own: Script, do: Operation) -> None:
    lines = own.lines
    value = held(own, own.reals[do.sources[0]], -powers.STEEPEST, powers.STEEPEST)
    turned = _straight(own, value, powers.OVER_LN_2, 0.5)
    times = lines.call("floor", turned)
    for part in (powers.LN_2_HIGH, powers.LN_2_LOW):
        value = lines.over("fsub", REAL, value, lines.over("fmul", REAL, times, real(part)))
    bits = lines.over("add", WHOLE, lines.turned("fptosi", REAL, times, WHOLE), whole(WHOLE, powers.ZERO_EXPONENT))
    scale = lines.turned("bitcast", WHOLE, lines.over("shl", WHOLE, bits, whole(WHOLE, powers.DIGITS)), REAL)
    own.reals[do.into] = lines.over("fmul", REAL, _row(own, powers.OF_POWERS, value), scale)


def _row(own: Script, factors: Sequence[float], value: str) -> str:
    found = real(factors[0])
    for factor in factors[1:]:
        found = own.lines.over("fadd", REAL, own.lines.over("fmul", REAL, found, value), real(factor))
    return found


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
    size = held(own, size, -np.inf, most)
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


NUMBERS: Final[Mapping[Code, Line]] = {
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
    Code.LOGARITHM: _logarithm,
    Code.EXPONENTIAL: _exponential,
}
"""By the operation."""
