"""Formulas checked against a definition: what may be named, which kinds and units go together."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Literal

import pytest

import questionnaires.formula
from questionnaires.formula.kinds import ANY, Scope, check
from questionnaires.formula.parsing import parse
from questionnaires.formula.problems import FormulaMistaken
from questionnaires.formula.tree import Binary, Call, Day, Name, Number
from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    ComputedQuestion,
    Constant,
    DateQuestion,
    GridQuestion,
    LevelQuestion,
    NumberQuestion,
    Origin,
    Rounding,
    RoundingMode,
    Structure,
    Table,
    YesNoQuestion,
)
from questionnaires.nodes import Node
from questionnaires.units import PLAIN, unit
from questionnaires.wording import catalogue

OPTIONS = [{"id": "low", "value": 0}, {"id": "high", "value": 2}]
CURVE = {"form": "steps", "below": 0, "steps": [{"from": 1, "value": 1}]}
STRUCTURE = Structure(
    family="trial",
    version="1.0.0",
    origin=Origin.OWN,
    languages=("en",),
    rounding=Rounding(places=1, mode=RoundingMode.HALF_UP),
    index="index",
    categories=("index",),
    questions=(
        LevelQuestion.model_validate({"id": "automation", "kind": "level", "highest": 5}),
        ChoiceQuestion.model_validate(
            {"id": "sector", "kind": "choice", "options": [{"id": "cement"}, {"id": "lime"}]}
        ),
        ChoiceQuestion.model_validate({"id": "effort", "kind": "choice", "options": OPTIONS}),
        ChoicesQuestion.model_validate({"id": "uses", "kind": "choices", "options": OPTIONS}),
        GridQuestion.model_validate({"id": "plants", "kind": "grid", "rows": [{"id": "one"}], "options": OPTIONS}),
        YesNoQuestion.model_validate({"id": "solar", "kind": "yes_no"}),
        NumberQuestion.model_validate({"id": "energy", "kind": "number", "unit": "MWh", "curve": CURVE}),
        NumberQuestion.model_validate({"id": "heat", "kind": "number", "unit": "kWh"}),
        NumberQuestion.model_validate({"id": "output", "kind": "number", "unit": "t"}),
        NumberQuestion.model_validate({"id": "area", "kind": "number", "unit": "m2"}),
        NumberQuestion.model_validate({"id": "share", "kind": "number", "unit": "%"}),
        NumberQuestion.model_validate({"id": "staff", "kind": "number"}),
        DateQuestion.model_validate({"id": "issued", "kind": "date"}),
        DateQuestion.model_validate({"id": "until", "kind": "date"}),
        NumberQuestion.model_validate({"id": "odd", "kind": "number", "unit": "furlong"}),
        ComputedQuestion.model_validate({"id": "intensity", "kind": "computed", "formula": "1", "unit": "MWh / t"}),
    ),
    nodes=(Node.model_validate({"id": "index", "aggregation": "mean", "children": [{"of": "automation"}]}),),
    constants=(Constant.model_validate({"id": "grid-factor", "value": "0.4", "unit": "tCO2e / MWh"}),),
    tables=(Table.model_validate({"id": "lead", "by": "sector", "values": {"cement": 1}, "unit": "MWh / t"}),),
)
SCOPE = Scope.of(STRUCTURE)
Wanted = Literal["truth", "number"]


def problems(text: str, wanted: Wanted, unit: str | None = None, allowed: set[str] | None = None) -> list[str]:
    with pytest.raises(FormulaMistaken) as caught:
        check(text, SCOPE, wanted, unit, allowed)
    return [problem.code.removeprefix("formula-") for problem in caught.value.problems]


def details(text: str, wanted: Wanted = "number", unit: str | None = None) -> dict[str, object]:
    with pytest.raises(FormulaMistaken) as caught:
        check(text, SCOPE, wanted, unit)
    return dict(caught.value.details)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("energy / output", "MWh / t"),
        ("energy + energy * 2 - 0", "MWh"),
        ("max(0, energy)", "MWh"),
        ("if(solar, energy, 0)", "MWh"),
        ("energy * grid-factor", "tCO2e"),
        ("energy * grid-factor / output", "tCO2e / t"),
        ("intensity - lead", "MWh / t"),
        ("convert(energy, 'kWh') + heat", "kWh"),
        ("root(area, 2)", "m"),
        ("output ^ 2 / output", "t"),
        ("power(output, 2) / output", "t"),
        ("2 ^ staff", "1"),
        ("power(staff, 0.5)", "1"),
        ("score(energy) + automation + solar", "1"),
        ("score(output)", "t"),
        ("score(index) * effort + uses + plants", "1"),
        ("score(plants, 'one') * staff", "1"),
        ("share * output", "% * t"),
        ("convert(share, '1') * output", "t"),
        ("count(solar, energy > 0, sector = 'lime')", "1"),
        ("ln(energy / energy) + round(staff, 2)", "1"),
        ("round(energy, 0)", "MWh"),
        ("abs(-energy)", "MWh"),
        ("mean(energy, convert(heat, 'MWh'))", "MWh"),
        ("0", "1"),
        ("issued", "day"),
        ("until - issued", "day"),
        ("convert(until - issued, 'h')", "h"),
        ("years(issued, until)", "1"),
        ("years(issued, date('2028-01-01'))", "1"),
        ("date('1970-01-01')", "day"),
        ("max(issued, until, date('2028-01-01'))", "day"),
        ("median(energy, energy / 2, 0)", "MWh"),
        ("highest(2, energy, 0, energy)", "MWh"),
        ("lowest(1, heat)", "kWh"),
        ("highest(ceil(staff / 3), energy, energy)", "MWh"),
        ("lowest(max(automation - 1, round(staff, 0)) * 2, energy)", "MWh"),
        ("highest(if(solar, count(solar), -automation), staff)", "1"),
        ("product(staff, energy / energy, convert(heat / energy, '1'), 0)", "1"),
        ("rank(energy, convert(heat, 'MWh'), 0)", "1"),
        ("highest(rank(staff, automation), staff, 1)", "1"),
        ("highest(score(automation), staff, 1)", "1"),
        ("if(picked(plants, 'one', 'high'), 1, 0)", "1"),
        ("rows(plants, 'low', 'high')", "1"),
        ("highest(rows(plants, 'low'), staff)", "1"),
    ],
)
def test_units_of_calculations(text: str, found: str) -> None:
    assert check(text, SCOPE, "number", ANY).unit == unit(found)
    assert check(text, SCOPE, "number", found).unit == unit(found)


@pytest.mark.parametrize(
    "text",
    [
        "solar",
        "not solar and energy > 0",
        "sector = 'cement' or 'lime' != sector",
        "sector in ('cement', 'lime')",
        "effort > 1 and effort = 'high'",
        "has(uses, 'low') and applies(index) and answered(energy)",
        "lead > lead / 2",
        "solar = 1",
        "if(solar, energy, 0) >= energy",
        "until > issued and until - issued > 0",
        "years(issued, until) < 5",
        "picked(plants, 'one', 'low') or plants > 1",
        "median(staff, automation) > 1",
    ],
)
def test_conditions(text: str) -> None:
    checked = check(text, SCOPE, "truth")
    assert (checked.expression, checked.unit) == (parse(text), None)


def test_dates_become_day_numbers() -> None:
    lowered = check("until >= date('2000-03-01')", SCOPE, "truth").expression
    assert lowered == Binary(">=", Name("until", 0), Day(Fraction(11017), 0), 0)
    before = check("issued - date('1969-12-31')", SCOPE, "number", "day").expression
    assert before == Binary("-", Name("issued", 0), Day(Fraction(-1), 0), 0)


def test_conversions_become_exact_factors() -> None:
    lowered = check("convert(energy, 'kWh') + convert(heat, 'kWh')", SCOPE, "number", "kWh").expression
    assert lowered == Binary("+", Binary("*", Name("energy", 0), Number(Fraction(1000), 0), 0), Name("heat", 0), 0)
    inside = check("count(convert(heat, 'MWh') > energy)", SCOPE, "number").expression
    assert isinstance(inside, Call)
    assert inside.arguments[0] == Binary(
        ">", Binary("*", Name("heat", 0), Number(Fraction(1, 1000), 0), 0), Name("energy", 0), 0
    )


@pytest.mark.parametrize(
    ("text", "wanted", "codes"),
    [
        ("enrgy", "number", ["unknown-name-near"]),
        ("zzz + zzz", "number", ["unknown-name"]),
        ("energy-output", "number", ["minus-without-blanks"]),
        ("staff-1", "number", ["minus-without-blanks"]),
        ("energy", "truth", ["number-as-truth"]),
        ("sector", "truth", ["option-as-truth"]),
        ("staff + 1", "truth", ["not-a-truth"]),
        ("energy > 0", "number", ["truth-as-number"]),
        ("not solar", "number", ["truth-as-number"]),
        ("1 + (staff > 1)", "number", ["truth-as-number"]),
        ("sector + 1", "number", ["no-value"]),
        ("score(sector)", "number", ["no-value"]),
        ("'lime'", "number", ["text-misplaced"]),
        ("sector = 'steel'", "truth", ["unknown-option"]),
        ("sector in ('steel', 'lime', 'x')", "truth", ["unknown-option", "unknown-option"]),
        ("sector = lime", "truth", ["option-without-quotes"]),
        ("sector < 'lime'", "truth", ["options-not-ordered"]),
        ("staff = 'lime'", "truth", ["not-a-choice"]),
        ("staff + 1 = 'lime'", "truth", ["compares-text"]),
        ("uses = 'low'", "truth", ["use-has"]),
        ("has(effort, 'low')", "truth", ["has-of-other"]),
        ("has(uses, 'middle')", "truth", ["unknown-option"]),
        ("has(uses, low)", "truth", ["option-expected"]),
        ("applies(lead)", "truth", ["needs-question"]),
        ("answered(1)", "truth", ["needs-question"]),
        ("foo(staff)", "number", ["unknown-function"]),
        ("foo(staff)", "truth", ["unknown-function"]),
        ("abs(staff, 1)", "number", ["argument-count"]),
        ("min()", "number", ["argument-count"]),
        ("round(staff)", "number", ["argument-count"]),
        ("round(staff, automation)", "number", ["literal-expected"]),
        ("root(staff, 1)", "number", ["literal-expected"]),
        ("root(output, 2)", "number", ["root-unit"]),
        ("ln(energy)", "number", ["needs-plain"]),
        ("exp(energy)", "number", ["needs-plain"]),
        ("2 ^ (energy / 2)", "number", ["needs-plain"]),
        ("power(energy, staff)", "number", ["needs-plain"]),
        ("staff / 0", "number", ["division-by-zero"]),
        ("0 ^ -1", "number", ["division-by-zero"]),
        ("((staff ^ 12) ^ 12) ^ 2", "number", ["degree"]),
        ("energy + heat > 0", "truth", ["units-convertible"]),
        ("energy > output", "truth", ["units-differ"]),
        ("energy > 1", "truth", ["units-differ"]),
        ("min(energy, heat) > 0", "truth", ["units-convertible"]),
        ("if(solar, energy, 1) > 0", "truth", ["units-differ"]),
        ("convert(staff, 't')", "number", ["unit-other-dimension"]),
        ("convert(staff, 'KWH')", "number", ["unit-unknown-near"]),
        ("convert(staff, sector)", "number", ["unit-expected"]),
        ("1 < 2", "truth", ["constant"]),
        ("date('2028-01-01') > date('2027-01-01')", "truth", ["constant"]),
        ("issued", "truth", ["number-as-truth"]),
        ("issued > 2028", "truth", ["units-differ"]),
        ("issued + staff > 0", "truth", ["units-differ"]),
        ("issued > '2028-01-01'", "truth", ["date-without-function"]),
        ("'2028-01-01' = issued", "truth", ["date-without-function"]),
        ("date(2028)", "number", ["result-unit", "date-expected"]),
        ("date('2028-02-30') > issued", "truth", ["date-expected"]),
        ("date('01/02/2028') > issued", "truth", ["date-expected"]),
        ("date(issued) > issued", "truth", ["date-expected"]),
        ("score(issued)", "number", ["score-of-date"]),
        ("years(issued, staff)", "number", ["years-of-other"]),
        ("years(energy, until)", "number", ["years-of-other"]),
        ("years(issued)", "number", ["argument-count"]),
        ("median(energy, staff) > 0", "truth", ["units-differ"]),
        ("highest(staff, staff)", "number", ["not-whole"]),
        ("highest(ceil(energy), staff)", "number", ["needs-plain"]),
        ("highest(zzz, staff)", "number", ["unknown-name"]),
        ("lowest(round(staff, 1), staff)", "number", ["not-whole"]),
        ("lowest(if(solar, 1, staff) + 1, staff)", "number", ["not-whole"]),
        ("lowest(count(solar) / 2, staff)", "number", ["not-whole"]),
        ("lowest(intensity, staff)", "number", ["needs-plain"]),
        ("product(staff, energy)", "number", ["product-of-unit"]),
        ("product(convert(staff, '%'), heat)", "number", ["product-of-unit", "product-of-unit"]),
        ("product()", "number", ["argument-count"]),
        ("normal(energy)", "number", ["needs-plain"]),
        ("rank(energy, staff)", "number", ["units-differ"]),
        ("rank(energy)", "number", ["rank-alone"]),
        ("rank(solar > 0, staff)", "number", ["truth-as-number"]),
        ("highest(3, staff, automation)", "number", ["so-many"]),
        ("lowest(0, staff)", "number", ["so-many"]),
        ("lowest(2)", "number", ["argument-count"]),
        ("picked(plants, 'two', 'low')", "truth", ["unknown-row"]),
        ("rows(plants, 'middle')", "number", ["unknown-option"]),
        ("rows(plants, low)", "number", ["option-expected"]),
        ("rows(plants, 'low', 'low')", "number", ["rows-twice"]),
        ("rows(uses, 'low')", "number", ["rows-of-other"]),
        ("rows(lead, 'low')", "number", ["needs-question"]),
        ("rows(plants)", "number", ["argument-count"]),
        ("picked(plants, 'one', 'middle')", "truth", ["unknown-option"]),
        ("picked(plants, one, 'low')", "truth", ["option-expected"]),
        ("score(plants, 'two')", "number", ["unknown-row"]),
        ("score(plants, one)", "number", ["option-expected"]),
        ("score(uses, 'one')", "number", ["row-of-other"]),
        ("score(plants, 'one', 'low')", "number", ["argument-count"]),
        ("picked(uses, 'one', 'low')", "truth", ["picked-of-other"]),
        ("picked(lead, 'one', 'low')", "truth", ["needs-question"]),
        ("picked(plants, 'one', 'low')", "number", ["truth-as-number"]),
        ("plants = low", "truth", ["unknown-name"]),
        ("grid-factor > grid-factor / 2", "truth", ["constant"]),
        ("zzz + abs() + 'x' + sector", "number", ["unknown-name", "argument-count", "text-misplaced", "no-value"]),
        ("odd + energy", "number", ["result-unit"]),
    ],
)  # fmt: skip
def test_what_does_not_fit(text: str, wanted: Wanted, codes: list[str]) -> None:
    assert problems(text, wanted) == codes


@pytest.mark.parametrize(
    ("text", "declared", "code"),
    [
        ("energy", "kWh", "result-convertible"),
        ("energy", None, "result-unit"),
        ("share", None, "result-convertible"),
        ("staff", "t", "result-unit"),
        ("energy * grid-factor", "t", "result-unit"),
        ("share / 100 * output", "t", "result-convertible"),
    ],
)
def test_the_result_has_exactly_the_declared_unit(text: str, declared: str | None, code: str) -> None:
    assert problems(text, "number", declared) == [code]


def test_a_unit_that_cannot_be_read_is_told_where_it_is_stated_only() -> None:
    assert check("energy", SCOPE, "number", "furlong").unit == unit("MWh")
    assert check("odd + 1", SCOPE, "number").unit == PLAIN


def test_only_what_is_allowed_may_be_named() -> None:
    check("automation * grid-factor", SCOPE, "number", ANY, {"automation"})
    check("lead", SCOPE, "number", ANY, set())
    assert problems("automation + staff", "number", None, {"automation"}) == ["not-allowed"]
    assert problems("applies(energy) and automation > 1", "truth", None, {"automation"}) == ["not-allowed"]


def test_remedies_are_named() -> None:
    assert details("energy-output")["apart"] == "energy - output"
    assert details("staff-1-energy")["apart"] == "staff - 1 - energy"
    assert details("enrgy")["near"] == "energy"
    assert details("energy + heat", unit="MWh") == {"position": 8, "left": "MWh", "right": "kWh"}
    assert details("sector = 'cemnt'", "truth")["known"] == "'cement'"
    assert details("round(staff)")["usage"] == "round(x, 2)"
    assert details("energy", unit="kWh") == {"position": 1, "found": "MWh", "declared": "kWh"}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_problem_has_a_sentence(language: str) -> None:
    sources = [
        *Path(questionnaires.formula.__file__).parent.glob("*.py"),
        Path(questionnaires.formula.__file__).parents[1] / "units.py",
    ]
    codes = {
        code for source in sources for code in re.findall(r'"((?:formula|unit)-[a-z-]+)"', source.read_text("utf-8"))
    }
    assert len(codes) > 45
    assert {f"mistake.{code}" for code in codes} <= set(catalogue("questionnaires", language))
