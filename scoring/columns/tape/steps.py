"""Operations of a tape written down one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import inf

from scoring.columns.tape.operations import FOLLOWS, Code, Operation, tabled
from scoring.columns.tape.reals import (
    LARGEST,
    LONGEST,
    LOOSEST,
    UNIT,
    Real,
    Uncovered,
)


class Steps:
    """Operations written down one after another, each once."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._next = 0
        self._constants: dict[Fraction, Real] = {}
        self._written: dict[object, int] = {}
        self._fixed: dict[int, int] = {}

    def put(self, operation: Callable[[int], Operation]) -> int:
        """Write an operation down, unless it was before; the register that it writes."""
        found = operation(self._next + 1)
        table = None if found.table is None else found.table.tobytes()
        told = (found.code, found.sources, found.numbers, found.flag, found.sure, table, found.denominator)
        if told not in self._written:
            self._next += 1
            self._written[told] = self._next
            self.operations.append(found)
        return self._written[told]

    def small(
        self, code: Code, *sources: int, numbers: Sequence[float] = (), table: Sequence[int] | None = None
    ) -> int:
        """An operation on statuses and truths; what comes of fixed ones is known beforehand."""
        known = self._folded(code, sources, numbers)
        if known is not None:
            return known
        found = None if table is None else tabled(table, "B")
        register = self.put(lambda into: Operation(code, into, sources, tuple(numbers), table=found))
        if code is Code.FIXED:
            self._fixed[register] = int(numbers[0])
        return register

    def placed(self, column: int) -> int:
        """The bytes of a column as places in tables."""
        return self.put(lambda into: Operation(Code.CODE, into, (column,)))

    def fixed(self, value: int) -> int:
        """The same status or truth for all."""
        return self.small(Code.FIXED, numbers=(float(value),))

    def always(self) -> int:
        """A register of ones."""
        return self.fixed(1)

    def known(self, register: int) -> int | None:
        """The status or truth that a register holds for all; None: that depends on the answers."""
        return self._fixed.get(register)

    def _folded(self, code: Code, sources: Sequence[int], numbers: Sequence[float]) -> int | None:
        values = [self._fixed.get(source) for source in sources]
        match code, values:
            case Code.NOT, [int(value)]:
                return self.fixed(1 - value)
            case Code.IS, [int(value)]:
                return self.fixed(int(value == numbers[0]))
            case Code.BOTH | Code.EITHER, [int(value), _] | [_, int(value)]:
                other = sources[0] if values[0] is None else sources[1]
                return self.fixed(value) if value == (code is Code.EITHER) else other
            case Code.JOIN, [0, _]:
                return sources[1]
            case Code.JOIN, [_, 0]:
                return sources[0]
            case Code.CHOOSE_SMALL, [int(value), _, _]:
                return sources[1] if value else sources[2]
            case Code.CHOOSE_SMALL, _ if sources[1] == sources[2]:
                return sources[1]
        return None

    def effect(self, code: Code, *sources: int, flag: int = 0, numbers: Sequence[float] = ()) -> None:
        """An operation that writes no register."""
        self.operations.append(Operation(code, 0, sources, tuple(numbers), flag=flag))

    def real(
        self,
        code: Code,
        sources: Sequence[int],
        numbers: Sequence[float],
        known: Real,
        part: int = 1,
    ) -> Real:
        """Write an operation on numbers down; ``known`` is what is known of its result.

        ``part``: by which the denominator is multiplied where it follows from those of the sources.
        """
        if known.relative > LOOSEST or not known.absolute <= 1e30 or not known.size < inf or known.size > LARGEST:
            raise Uncovered
        denominator = known.denominator
        if denominator is not None and denominator > LONGEST:
            denominator = None
        told = FOLLOWS if denominator is None else float(denominator)
        at = self.put(
            lambda into: Operation(code, into, tuple(sources), (*numbers, float(part)), table=None, denominator=told)
        )
        nearest = known.nearest if denominator is None else max(known.nearest, 1 / denominator)
        return Real(
            at,
            known.low,
            known.high,
            known.relative,
            known.absolute,
            denominator,
            nearest=nearest,
            bounds=known.bounds,
        )

    def constant(self, value: Fraction) -> Real:
        """The same number for all."""
        if value not in self._constants:
            number = float(value)
            known = Real(0, number, number, 0.0 if Fraction(number) == value else UNIT, 0.0, value.denominator)
            made = self.real(Code.CONSTANT, (), (number,), known)
            self._constants[value] = Real(
                made.at, made.low, made.high, made.relative, 0.0, value.denominator, constant=value
            )
        return self._constants[value]
