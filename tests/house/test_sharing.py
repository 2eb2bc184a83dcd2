"""Tests that share what is costly stay on one worker."""

from pathlib import Path

from tests.sharing import FIRST, TOGETHER, place_of, unit_of

ROOT = Path(__file__).parents[2]


def test_every_named_folder_has_tests() -> None:
    assert [folder for folder in {*TOGETHER, *FIRST} if not list((ROOT / folder).glob("test_*.py"))] == []


def test_tests_of_a_file_go_together() -> None:
    assert unit_of("tests/scoring/test_bands.py::test_a[x::y]") == unit_of("tests/scoring/test_bands.py::test_b")
    assert unit_of("tests/scoring/test_bands.py::test_a") != unit_of("tests/scoring/test_caps.py::test_a")


def test_tests_of_a_folder_that_shares_go_together() -> None:
    assert unit_of("tests/reports/test_seal.py::test_a") == unit_of("tests/reports/deep/test_archive.py::test_b")
    assert unit_of("tests/reports/test_seal.py::test_a") != unit_of("tests/reports_of_others/test_archive.py::test_b")


def test_what_takes_longest_starts_first() -> None:
    order = ["tests/browser/test_way.py::a", "tests/house/test_types.py::b", "tests/reports/test_seal.py::c"]
    last = "tests/itti/test_app.py::d"
    assert sorted([last, *reversed(order)], key=place_of) == [*order, last]
