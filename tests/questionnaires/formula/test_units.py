"""Units: exact, and nothing turns into anything that it is not."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from itertools import combinations

import pytest

from questionnaires.units import (
    PLAIN,
    OtherDimension,
    UnknownUnit,
    factor,
    power,
    product,
    quotient,
    root,
    same,
    symbols,
    unit,
)


@pytest.mark.parametrize(
    ("source", "target", "times"),
    [
        ("t", "kg", 1000),
        ("Mt", "g", 10**12),
        ("kgce", "kJ", Fraction("29307.6")),
        ("Mtce", "MJ", 29_307_600_000),
        ("MWh", "GJ", Fraction("3.6")),
        ("MWh", "kWh", 1000),
        ("kWh", "kgce", Fraction(3600, 1) / Fraction("29307.6")),
        ("ha", "m2", 10_000),
        ("km2", "m^2", 10**6),
        ("l", "m3", Fraction(1, 1000)),
        ("galUS", "l", Fraction("3.785411784")),
        ("shortton", "kg", Fraction("907.18474")),
        ("shortton * mile", "t * km", Fraction("907.18474") * Fraction("1.609344") / 1000),
        ("mmBtu", "J", Fraction("1055055852.62")),
        ("day", "min", 1440),
        ("year", "month", 12),
        ("%", "1", Fraction(1, 100)),
        ("wanyuan", "yuan", 10_000),
        ("CNY", "yuan", 1),
        ("tCO2e / piece", "kgCO2e / piece", 1000),
        ("kWh / t", "MJ / kg", Fraction("0.0036")),
        ("GJ / (t * year)", "MJ / kg / month", Fraction(1, 12)),
    ],
)
def test_conversions_are_exact(source: str, target: str, times: Fraction | int) -> None:
    assert factor(unit(source), unit(target)) == times
    assert factor(unit(target), unit(source)) == Fraction(1) / times


def test_every_symbol_is_exact_and_reads_back() -> None:
    assert {"%", "kWh", "tCO2e", "tCO2", "AED", "job", "Mtce"} <= set(symbols())
    for symbol in symbols():
        found = unit(symbol)
        assert isinstance(found.size, Fraction), symbol
        assert unit(found.text) == found, symbol


def test_what_measures_different_things_never_converts() -> None:
    kinds = (
        "t",
        "scf",
        "m3",
        "tCO2",
        "tCO2e",
        "AED",
        "USD",
        "EUR",
        "yuan",
        "piece",
        "person",
        "job",
        "m",
        "s",
        "year",
        "1",
        "kWh",
    )
    for one, other in combinations(kinds, 2):
        with pytest.raises(OtherDimension) as caught:
            factor(unit(one), unit(other))
        assert caught.value.code == "unit-other-dimension"
        assert caught.value.details == {"source": one, "target": other}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("W * h", "Wh", True),
        ("m2", "m^2", True),
        ("kWh/t", "kWh / t", True),
        ("kWh", "MWh", False),
        ("% * t", "t", False),
        ("kWh / kWh", "1", True),
        ("kWh / MWh", "1", False),
        ("tCO2", "tCO2e", False),
    ],
)
def test_the_same_means_exactly_the_same(one: str, other: str, *, alike: bool) -> None:
    assert same(unit(one), unit(other)) is alike


def test_units_combine() -> None:
    assert quotient(unit("kWh"), unit("t")) == unit("kWh / t")
    assert product(unit("kWh / t"), unit("t")) == unit("kWh")
    assert power(unit("m"), 3) == unit("m3")
    assert power(unit("t"), 0) == PLAIN
    assert quotient(unit("t"), unit("t")) == PLAIN
    assert quotient(unit("kWh"), product(unit("t"), unit("year"))).text == "kWh / (t * year)"
    assert root(unit("m2"), 2) == unit("m")
    assert root(unit("ha"), 2) is None
    assert root(unit("kWh"), 2) is None
    assert root(PLAIN, 5) == PLAIN


@pytest.mark.parametrize(
    ("text", "code", "details"),
    [
        ("KWH", "unit-unknown-near", {"found": "KWH", "near": "kWh"}),
        ("tons", "unit-ambiguous", {"found": "tons", "known": "t (1000 kg), shortton (2000 lb)"}),
        ("Gallon", "unit-ambiguous", {"found": "Gallon"}),
        ("kgs", "unit-unknown-near", {"found": "kgs", "near": "kg"}),
        ("kWh / tonne3000", "unit-unknown", {"found": "tonne3000"}),
        ("Quantity", "unit-unknown", {"found": "Quantity"}),
        ("10 t", "unit-form", {"found": "10 t"}),
        ("t /", "unit-form", {"found": "t /"}),
        ("__import__('os')", "unit-form", {}),
        ("", "unit-form", {}),
        ("t" * 61, "unit-form", {}),
        ("t ^ 0", "unit-form", {}),
    ],
)
def test_what_is_no_unit(text: str, code: str, details: dict[str, str]) -> None:
    with pytest.raises(UnknownUnit) as caught:
        unit(text)
    assert caught.value.code == code
    assert details.items() <= caught.value.details.items()


def test_a_definition_without_units_does_not_load_them() -> None:
    script = (
        "import sys; from questionnaires.formula.kinds import Scope, check, Entry, Kind, Part;"
        "scope = Scope({'a': Entry(Part.QUESTION, Kind.NUMBER)});"
        "check('a * 2 > sum(a, 1)', scope, 'truth'); check('a / 2', scope, 'number');"
        "assert 'pint' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
