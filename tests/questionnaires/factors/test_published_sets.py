"""Every factor set that ships: frozen, in both languages, honest about certainty, and right to the printed digit."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from shutil import copytree

import pytest

from questionnaires.factors import FactorBook, PotentialBook, library
from questionnaires.factors.gases import GASES
from questionnaires.factors.kinds import Certainty, Methane, Purpose
from questionnaires.factors.loading import (
    FACTORS,
    FactorSetChanged,
    UnknownFactorSet,
    check_frozen,
    frozen,
    load,
    load_book,
    published_sets,
)

NAMES = [name for name, _ in published_sets()]
ARABIC = re.compile(r"[\u0600-\u06FF]")


def factor_sets() -> list[FactorBook]:
    return [book for name in NAMES if isinstance(book := load(name), FactorBook)]


def test_the_lock_names_exactly_what_is_published() -> None:
    assert sorted(frozen()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_is_what_was_published_and_called_so(name: str) -> None:
    book = load(name)
    assert book.name == name
    check_frozen(book)


@pytest.mark.parametrize("name", NAMES)
def test_it_speaks_english_and_arabic(name: str) -> None:
    book = load(name)
    assert set(book.texts) == {"en", "ar"}
    english, arabic = book.words("en"), book.words("ar")
    assert book.words("fr") == english
    for part in ("sources", "activities", "regions"):
        for key, text in getattr(arabic, part).items():
            assert ARABIC.search(text), key
            assert not ARABIC.search(getattr(english, part)[key]), key
    for text in (arabic.title, arabic.licence, *(table.title for table in arabic.tables.values())):
        assert ARABIC.search(text)


def test_a_changed_digit_is_noticed(tmp_path: Path) -> None:
    folder = Path(copytree(FACTORS / "desnz" / "2025-v1", tmp_path / "2025-v1"))
    file = folder / "factors.yaml"
    file.write_text(file.read_text().replace("value: 1401", "value: 1402"))
    with pytest.raises(FactorSetChanged) as caught:
        check_frozen(load_book(folder))
    assert "desnz@2025-v1" in caught.value.sentence("ar")


def test_an_unknown_set_names_those_that_are_here() -> None:
    with pytest.raises(UnknownFactorSet) as caught:
        load("desnz@2023")
    assert "desnz@2025-v1" in caught.value.sentence()


def test_what_was_recalled_says_so() -> None:
    certainty = {row.reference: row.certainty for row in library().rows()}
    assert certainty["desnz@2025-v1/electricity"] is Certainty.CERTAIN
    assert certainty["mee-grid@2023/jiangsu"] is Certainty.CERTAIN
    assert certainty["mee-grid@2022/jiangsu"] is Certainty.REPORTED
    assert certainty["mee-footprint@2023/national"] is Certainty.CERTAIN
    assert certainty["mee-footprint@2023/coal"] is Certainty.REPORTED
    assert certainty["epa-hub@2025/natural-gas-mmbtu"] is Certainty.REPORTED
    assert certainty["ipcc-guidelines@2006/natural-gas-residential"] is Certainty.REPORTED
    assert certainty["ipcc-guidelines@2006/natural-gas-industry"] is Certainty.INFERRED
    assert certainty["ipcc-guidelines@2006/lignite-residential"] is Certainty.INFERRED


def test_carbon_dioxide_of_the_grid_is_not_for_products() -> None:
    for row in library().rows():
        if row.set_name.startswith("mee-grid@"):
            assert (row.purposes, row.co2_only) == ((Purpose.ORGANISATION,), True)
        if row.set_name.startswith("mee-footprint@"):
            assert (row.purposes, row.co2_only) == ((Purpose.PRODUCT,), False)


@pytest.mark.parametrize(
    ("reference", "total"),
    [
        ("desnz@2025-v1/natural-gas-kwh-gross", "0.18296"),
        ("desnz@2025-v1/natural-gas-kwh-net", "0.2027"),
        ("desnz@2025-v1/coal-industrial-kwh-net", "0.33944"),
        ("desnz@2025-v1/wtt-diesel-blend-l", "0.61101"),
        ("desnz@2025-v1/electrical-it-primary", "24865.47556"),
        ("desnz@2025-v1/air-long-haul-without-rf", "0.5313"),
        ("desnz@2025-v1/r404a", "3943"),
        ("desnz@2024-v1.1/electricity", "0.20705"),
        ("mee-footprint@2024/national", "0.5777"),
        ("dewa@2023/electricity", "404.1"),
        ("epa-hub@2025/waste-hdpe-combusted", "2800"),
    ],
)
def test_totals_stand_as_published(reference: str, total: str) -> None:
    row = library().row(reference)
    assert row is not None
    assert row.total == Fraction(total)


def test_a_blank_cell_is_no_factor() -> None:
    assert library().row("desnz@2025-v1/tyres-primary") is not None
    assert library().row("desnz@2025-v1/tyres-recycled") is None
    assert library().row("mee-footprint@2023/transmission-with-losses") is None


def test_weighted_parts_add_up_to_their_totals() -> None:
    rows = [row for row in library().rows() if row.total is not None and row.parts]
    assert len(rows) > 45
    for row in rows:
        assert abs(sum((part.amount for part in row.parts), Fraction(0)) - (row.total or 0)) <= Fraction("0.00001"), (
            row.reference
        )


def test_heat_contents_times_factors_give_the_printed_mass() -> None:
    """Bituminous coal: 24.93 mmBtu × 93.28 kg = 2325.47, printed 2325."""
    book = load("epa-hub@2025")
    assert isinstance(book, FactorBook)
    times = book.conversions["bituminous-coal-heat"].times
    carbon = next(part for part in book.rows["bituminous-coal-mmbtu"].parts if part.gas == "co2")
    assert times is not None
    assert times * carbon.amount == Fraction("2325.4704")


def test_every_potential_is_of_a_known_gas_and_methane_counts_as_reports_do() -> None:
    books = library().potentials
    assert set(books) == {"ar4", "ar5", "ar6"}
    assert {gas for book in books.values() for gas in book.rows} <= set(GASES)
    assert (books["ar5"].methane, books["ar6"].methane) == (Methane.TOGETHER, Methane.BY_ORIGIN)
    assert [choice.value for choice in books["ar6"].choices("sf6")] == [25200, 24300]
    assert books["ar5"].choices("co2") == books["ar5"].choices("no-such-gas") == ()
    assert isinstance(load("ipcc@ar6"), PotentialBook)


def test_alternatives_are_near() -> None:
    shelf = library()
    assert shelf.near("desnz@2025-v1/natural-gas")[0].startswith("desnz@2025-v1/natural-gas")
    assert shelf.near("desnz@2024-v1.1/fuel-oil-l")[0] == "desnz@2025-v1/fuel-oil-l"
    row = shelf.row("desnz@2025-v1/natural-gas-kwh-gross")
    assert row is not None
    assert "desnz@2025-v1/natural-gas-kwh-net" in shelf.like(row)
    assert all((found := shelf.row(each)) and found.unit.text == "kWh" for each in shelf.like(row, row.unit)[:1])
