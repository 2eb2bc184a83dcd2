"""Units of measurement, exact: what they measure and how they convert.

The units are those of ``units.txt``, combined with ``*``, ``/``, whole exponents (``m^2``) and parentheses:
``kWh / t``, ``tCO2e / (person * year)``, ``%``. ``1`` is the unit of a plain number. Reading a unit is pint's
work, loaded with the first unit that is read; combining and comparing units needs nothing but fractions.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pint

LONGEST: Final = 60
"""Most characters of a unit."""

_SYMBOL = r"(?:%|1|[A-Za-z][A-Za-z0-9]*)"
_RAISED = r"(?:\s*\^\s*-?[1-9])?"
_PRODUCT = rf"{_SYMBOL}{_RAISED}(?:\s*[*/]\s*{_SYMBOL}{_RAISED})*"
_PART = rf"(?:{_SYMBOL}{_RAISED}|\(\s*{_PRODUCT}\s*\){_RAISED})"
_FORM = re.compile(rf"\s*{_PART}(?:\s*[*/]\s*{_PART})*\s*", re.ASCII)
_SPELLED: Final = {"%": "percent", "^": "**"}
_AMBIGUOUS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("ton", "tons"), "t (1000 kg), shortton (2000 lb)"),
    **dict.fromkeys(("gal", "gallon", "gallons"), "galUS (3.785411784 l), l"),
}
"""Names that mean different things in different countries → what to write instead."""


class UnitMistaken(Exception):
    """Something is wrong with a unit; ``code`` and ``details`` belong to the sentence ``mistake.<code>``."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(f"{code}: {details}")
        self.code = code
        self.details: Mapping[str, object] = details


class UnknownUnit(UnitMistaken):
    """A text is not a unit, or names one that is not in ``units.txt``."""


class OtherDimension(UnitMistaken):
    """Two units measure different things, so neither converts into the other."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What one of something is: so many of a product of base units. Equal where both are equal."""

    dimension: tuple[tuple[str, int], ...]
    """Base units with their exponents, by name; empty for numbers, shares and percentages."""

    size: Fraction
    """How many of the base units' product one of it is."""

    symbols: tuple[tuple[str, int], ...] = field(compare=False)
    """The symbols it was made of, with exponents, in reading order."""

    @property
    def text(self) -> str:
        """The unit as a definition writes it; reading it gives an equal unit."""
        above = " * ".join(_raised(symbol, power) for symbol, power in self.symbols if power > 0)
        below = [_raised(symbol, -power) for symbol, power in self.symbols if power < 0]
        if not below:
            return above or "1"
        return f"{above or '1'} / {below[0] if len(below) == 1 else '(' + ' * '.join(below) + ')'}"

    def __str__(self) -> str:
        return self.text


def _raised(symbol: str, power: int) -> str:
    return symbol if power == 1 else f"{symbol}^{power}"


PLAIN: Final = Unit((), Fraction(1), ())
"""The unit of a plain number, written ``1``."""


@cache
def _registry() -> pint.UnitRegistry[Fraction]:
    import pint  # noqa: PLC0415 - costly to load, and most definitions need no unit

    return pint.UnitRegistry(Path(__file__).with_name("units.txt"), non_int_type=Fraction, cache_folder=None)


@cache
def symbols() -> tuple[str, ...]:
    """Every symbol that ``units.txt`` defines, by name, and ``%``."""
    registry = _registry()
    return ("%", *(name for name in dir(registry) if name != "percent" and registry.parse_unit_name(name)))


@lru_cache(maxsize=1024)
def unit(text: str) -> Unit:
    """The unit that a text names.

    Raises:
        UnknownUnit: it names none; says the nearest symbol where one is near.
    """
    if text.strip() == "1":
        return PLAIN
    if len(text) > LONGEST or not _FORM.fullmatch(text):
        raise UnknownUnit("unit-form", found=text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")
    for symbol in re.findall(r"[A-Za-z][A-Za-z0-9]*", text):
        _check_known(symbol)
    from pint.util import to_units_container  # noqa: PLC0415

    named = _registry().parse_units(re.sub(r"[%^]", lambda sign: _SPELLED[sign.group()], text.strip()))
    size, base = _registry().get_root_units(named)
    if not isinstance(size, int | Fraction):  # pint would fall back to a binary float where a definition holds one
        raise TypeError(f"{text}: {size!r} is not exact")
    shown = {"%" if name == "percent" else name: times for name, times in _whole(to_units_container(named)).items()}
    dimension = _whole(to_units_container(base))
    return Unit(tuple(sorted(dimension.items())), Fraction(size), tuple(shown.items()))


def _whole(container: Mapping[str, object]) -> dict[str, int]:
    """Symbols with their exponents, which are whole numbers as :data:`_FORM` knows no others."""
    return {name: int(str(times)) for name, times in container.items()}


def _check_known(symbol: str) -> None:
    """Refuse what pint would understand beyond ``units.txt``, such as plurals."""
    if symbol in symbols():
        return
    if (known := _AMBIGUOUS.get(symbol.lower())) is not None:
        raise UnknownUnit("unit-ambiguous", found=symbol, known=known)
    near = [known for known in symbols() if known.lower() == symbol.lower()]
    near = near or difflib.get_close_matches(symbol, symbols(), n=1, cutoff=0.6)
    if near:
        raise UnknownUnit("unit-unknown-near", found=symbol, near=near[0])
    raise UnknownUnit("unit-unknown", found=symbol, known=", ".join(symbols()))


def product(left: Unit, right: Unit) -> Unit:
    """The unit of a product."""
    return Unit(_joined(left.dimension, right.dimension), left.size * right.size, _shown(left.symbols, right.symbols))


def quotient(left: Unit, right: Unit) -> Unit:
    """The unit of a quotient."""
    return product(left, power(right, -1))


def power(base: Unit, exponent: int) -> Unit:
    """The unit of a power with a whole exponent."""
    raised = tuple((name, times * exponent) for name, times in base.dimension if exponent)
    return Unit(
        raised, base.size**exponent, tuple((name, times * exponent) for name, times in base.symbols if exponent)
    )


def root(base: Unit, degree: int) -> Unit | None:
    """The unit whose ``degree``-th power is ``base``; None where no unit of ``units.txt`` is."""
    shown = base.symbols
    if any(times % degree for _, times in shown):  # m2 is m * m only below its surface
        shown = base.dimension if base.size == 1 else (("", 1),)
    above, below = _whole_root(base.size.numerator, degree), _whole_root(base.size.denominator, degree)
    if above is None or below is None or any(times % degree for _, times in (*shown, *base.dimension)):
        return None
    dimension = tuple((name, times // degree) for name, times in base.dimension)
    return Unit(dimension, Fraction(above, below), tuple((name, times // degree) for name, times in shown))


def same(left: Unit, right: Unit) -> bool:
    """Whether both are exactly the same, however they are written: ``W * h`` is ``Wh``, but not ``kWh``."""
    return left == right


def factor(source: Unit, target: Unit) -> Fraction:
    """How many of ``target`` one of ``source`` is.

    Raises:
        OtherDimension: they measure different things.
    """
    if source.dimension != target.dimension:
        raise OtherDimension("unit-other-dimension", source=source.text, target=target.text)
    return source.size / target.size


def _joined(left: tuple[tuple[str, int], ...], right: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(_shown(left, right)))


def _shown(left: tuple[tuple[str, int], ...], right: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    total = dict(left)
    for name, times in right:
        total[name] = total.get(name, 0) + times
    return tuple((name, times) for name, times in total.items() if times)


def _whole_root(value: int, degree: int) -> int | None:
    """The whole number whose ``degree``-th power is ``value`` (above 0), if there is one."""
    low, high = 1, 1 << (value.bit_length() // degree + 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle**degree < value else (low, middle)
    return low if low**degree == value else None
