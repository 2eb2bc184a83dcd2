"""Days and calendar years: the numbers formulas count with, and the one way in which a date is written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from questionnaires.days import iso_day, number_of, years
from questionnaires.model import Day, Definition

DAY: TypeAdapter[date] = TypeAdapter(Day)
DATES = st.dates(date(1890, 1, 1), date(2110, 1, 1))


def between(start: str, end: str) -> int:
    return years(number_of(date.fromisoformat(start)), number_of(date.fromisoformat(end)))


@pytest.mark.parametrize(
    ("start", "end", "complete"),
    [
        ("2021-03-14", "2026-03-13", 4),
        ("2021-03-14", "2026-03-14", 5),
        ("2026-03-14", "2021-03-14", -5),
        ("2026-03-14", "2021-03-15", -4),
        ("2024-02-29", "2025-02-28", 0),
        ("2024-02-29", "2025-03-01", 1),
        ("2024-02-29", "2028-02-28", 3),
        ("2024-02-29", "2028-02-29", 4),
        ("2023-02-28", "2024-02-28", 1),
        ("2023-03-01", "2024-02-29", 0),
        ("2096-02-29", "2100-02-28", 3),  # 2100 is no leap year
        ("2096-02-29", "2100-03-01", 4),
        ("1969-12-31", "1970-12-31", 1),
        ("0001-01-01", "9999-12-31", 9998),
    ],
)
def test_years(start: str, end: str, complete: int) -> None:
    assert between(start, end) == complete


@given(DATES, DATES, st.integers(0, 800))
def test_years_go_one_way(start: date, end: date, further: int) -> None:
    a, b = number_of(start), number_of(end)
    assert years(a, b) == -years(b, a)
    assert years(a, b) <= years(a, b + further)
    assert years(a, b) >= years(a + further, b)


@given(DATES, st.integers(0, 60))
def test_a_year_is_complete_on_the_day_of_the_same_name(start: date, count: int) -> None:
    try:
        anniversary = start.replace(year=start.year + count)
    except ValueError:
        anniversary = date(start.year + count, 3, 1)
    assert years(number_of(start), number_of(anniversary)) == count
    if count:
        assert years(number_of(start), number_of(anniversary) - 1) == count - 1


@given(DATES, DATES, st.integers(-5, 5))
def test_the_calendar_repeats_itself_beyond_the_years_of_python(start: date, end: date, cycles: int) -> None:
    shift = cycles * 146_097 * 30
    a, b = number_of(start), number_of(end)
    assert years(a + shift, b + shift) == years(a, b)


def test_day_numbers() -> None:
    assert [number_of(date(1970, 1, 1)), number_of(date(1969, 12, 31)), number_of(date(2000, 3, 1))] == [0, -1, 11017]


@given(DATES, st.integers(-1000, 1000))
def test_the_difference_of_day_numbers_is_the_number_of_days(day: date, further: int) -> None:
    assert number_of(day + timedelta(further)) - number_of(day) == further


@given(DATES)
def test_what_is_written_is_read(day: date) -> None:
    assert iso_day(day.isoformat()) == day
    assert DAY.validate_python(DAY.dump_python(day, mode="json")) == day


@pytest.mark.parametrize(
    "value",
    [
        20260131,
        0,
        True,
        1.5,
        "20260131",
        "2026-1-31",
        "31/01/2026",
        "2026-W05-6",
        "2026-02-29",
        "2026-13-01",
        "0000-01-01",
        "2026-01-31T00:00:00",
        " 2026-01-31",
        "٢٠٢٦-٠١-٣١",
        "",
        datetime(2026, 1, 31),  # noqa: DTZ001 - a moment without a place is refused too
        None,
        ["2026-01-31"],
    ],
)
def test_anything_else_is_no_date(value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        DAY.validate_python(value)
    assert [error["type"] for error in caught.value.errors()] == ["not-a-date"]


def test_a_definition_has_dates_in_its_schema() -> None:
    shape = Definition.model_json_schema()["$defs"]["DateQuestion"]["properties"]["earliest"]["anyOf"][0]
    assert (shape["type"], shape["format"]) == ("string", "date")
