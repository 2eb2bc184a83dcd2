"""Every operation of a tape as lines of a compiled loop, with the same roundings as :mod:`scoring.columns.tape.ways`.

Two assessments are never told apart by a branch, no two operations are contracted to one, and a place in a table is
within it whatever the answers are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

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
    Loop,
    real,
    whole,
)
from scoring.columns.tape.lines_of_numbers import NUMBERS, sized
from scoring.columns.tape.operations import Code, Operation, Tape
from scoring.columns.tape.script import ANY, Line, Look, Picks, Script, table_of
from scoring.packing import fields

_FEW: Final = 8
"""Columns of digits up to which the processor fetches them from memory in time without being told."""

_RELATIONS: Final = ("olt", "ole", "oeq", "une", "oge", "ogt")


def script(
    tape: Tape, looks: Sequence[Look], scaled: Sequence[bool], picks: Sequence[Picks], narrow: Sequence[bool]
) -> Loop:
    """A tape as a loop.

    Args:
        tape: the operations.
        looks: the columns of bytes: those of the tape, then others that are only looked at.
        scaled: of the columns of digits, those of the tape, then others that are only looked at, whether their
            questions say how far apart numbers are.
        picks: what several options picked at once may be.
        narrow: for each node whether its column of results takes 16 bits a value; else 32.
    """
    own = Script(looks, narrow)
    own.lines.fetches_ahead = len(scaled) > _FEW
    _look_at(own)
    for number, is_scaled in enumerate(scaled):
        _look_at_number(own, number, scaled=is_scaled)
    for each in picks:
        _look_at_picks(own, each)
    for do in tape.operations:
        _LINES[do.code](own, do)
    return own.lines.loop()


def _look_at(own: Script) -> None:
    """Whether all bytes are answers."""
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


def _look_at_number(own: Script, number: int, *, scaled: bool) -> None:
    """Whether all are answers, and not too long; whole numbers of steps are told exactly, as they have room."""
    lines = own.lines
    digits = lines.read("digits", number, WHOLE, 8)
    above = lines.over("sub", WHOLE, digits, lines.broadcast("lows", "i64", number))
    beyond = lines.put(f"icmp ugt {WHOLE} {above}, {lines.broadcast('spans', 'i64', number)}")
    lines.bad = lines.either(lines.bad, beyond)
    if scaled:
        first, apart, part = (lines.broadcast(of, "double", number) for of in ("firsts", "strides", "parts"))
        rest = lines.over("fsub", REAL, lines.turned("sitofp", WHOLE, digits, REAL), first)
        steps = lines.over("fadd", REAL, lines.over("fmul", REAL, rest, part), real(0.5))
        whole_steps = lines.over("fmul", REAL, lines.call("floor", steps), apart)
        lines.bad = lines.either(lines.bad, own.compared("une", whole_steps, rest))


def _look_at_picks(own: Script, picks: Picks) -> None:
    """Whether as many options are picked as may be, and those that stand alone by themselves."""
    lines, bits = own.lines, NONE
    answered = lines.read("codes", picks.answered, BYTE, 1)
    wrong = lines.put(f"icmp ne {BYTE} {answered}, {whole(BYTE, fields.FIRST)}")
    for column in picks.bits:
        byte = lines.turned("zext", BYTE, lines.read("codes", column, BYTE, 1), PLACE)
        before = lines.over("shl", PLACE, bits, whole(PLACE, 8))
        bits = byte if bits == NONE else lines.over("or", PLACE, before, byte)
    count = lines.counted_bits(bits)
    for relation, limit in (("ult", picks.least), ("ugt", picks.most)):
        wrong = lines.either(wrong, lines.put(f"icmp {relation} {PLACE} {count}, {whole(PLACE, limit)}"))
    strange = lines.over("and", PLACE, bits, whole(PLACE, -1 << picks.options))
    wrong = lines.either(wrong, lines.put(f"icmp ne {PLACE} {strange}, {NONE}"))
    if picks.alone:
        alone = lines.put(f"icmp ne {PLACE} {lines.over('and', PLACE, bits, whole(PLACE, picks.alone))}, {NONE}")
        together = lines.put(f"icmp ugt {PLACE} {count}, {whole(PLACE, 1)}")
        wrong = lines.either(wrong, lines.over("and", TRUTH, alone, together))
    lines.bad = lines.either(lines.bad, wrong)


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
            bound = lines.over("fadd", REAL, bound, sized(own, value, part))
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
    table = table_of(do)
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
    lowered = own.lines.turned("trunc", PLACE, own.lines.place_table(table_of(do), wide), BYTE)
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
    own.places[do.into] = own.lines.place_table(table_of(do), own.places[do.sources[0]])


def _leave(own: Script, do: Operation) -> None:
    own.lines.left = own.lines.either(own.lines.left, own.truth(do.sources[0]))


def _state(own: Script, do: Operation) -> None:
    status = own.small(do.sources[0])
    there = own.lines.select(BYTE, _equals(own, status, 0), whole(BYTE, int(sum(do.numbers))), NONE)
    insufficient = own.lines.select(BYTE, _equals(own, status, 2), whole(BYTE, INSUFFICIENT), there)
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


_LINES: Final[Mapping[Code, Line]] = {
    **NUMBERS,
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
