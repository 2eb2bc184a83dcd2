"""Whole numbers in forms: whatever the pages print themselves may be typed."""

from __future__ import annotations

import pytest

from itti.web.forms import decimal_number, whole_number
from itti.web.languages import number_words
from questionnaires.wording import LANGUAGES
from tests.itti.conftest import World

WRITTEN = (
    "1600",
    "1,600",
    "1٬600",
    "1 600",
    "1\u00a0600",
    "1\u2009600",
    "1\u202f600",
    "١٦٠٠",
    "١٬٦٠٠",
    "١،٦٠٠",
    " 1,600 ",
)
NONE = ("", "1,2", "1,60", "1,6000", ",600", "1,600,", "16,00", "1,600 000", "1.600", "-1", "1e3", "many", "1" * 40)


def form(licence: str, employees: str) -> dict[str, str]:
    return {"name": "Falaj Dairy", "licence": licence, "sector": "food", "region": "Al Ain", "employees": employees}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_page_prints_may_be_typed(world: World, language: str) -> None:
    office = world.browser(world.create_user())
    office.get(f"/language/{language}")
    for place, written in enumerate(WRITTEN):
        answer = office.post("/factories/new", data=form(f"IL-{place}", written))
        assert answer.status_code == 303, f"{written!r}: {answer.text}"
        assert number_words(1600, language) in office.get(answer.headers["location"]).text


def test_what_is_no_whole_number_is_refused_and_shown_again(world: World) -> None:
    office = world.browser(world.create_user())
    for written in NONE[1:]:
        answer = office.post("/factories/new", data=form("IL-1", written))
        assert answer.status_code == 422, written
        assert 'id="employees-wrong"' in answer.text
        assert f'value="{written}"' in answer.text


@pytest.mark.parametrize("number", [0, 7, 999, 1000, 1_234_567, 10**17])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_comes_back(number: int, language: str) -> None:
    assert whole_number(number_words(number, language)) == number


@pytest.mark.parametrize("text", NONE)
def test_none(text: str) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200.5", "1200.5"),
        ("1,200.50", "1200.5"),
        ("١٬٢٠٠٫٥", "1200.5"),
        ("١٢٠٠٫٥", "1200.5"),
        ("\u200e-3", "-3"),
        ("\u22120.25", "-0.25"),
        (" 7 ", "7"),
        ("0.10", "0.1"),
        ("2025", "2025"),
    ],
)
def test_decimals_are_read_in_any_digits(text: str, number: str) -> None:
    assert decimal_number(text) == number


@pytest.mark.parametrize("text", ["", "1,5", "1.", ".5", "1.2.3", "1e3", "many", "٫٥", "--1", "1." + "0" * 19])
def test_no_decimal(text: str) -> None:
    assert decimal_number(text) is None
