"""Days in their zones: when they end, also where clocks change, and how moments are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itti.calendar.choices import offered_zones, zone_choices
from itti.calendar.islamic import islamic_words
from itti.calendar.reckoning import Reckoning
from itti.calendar.zones import Calendar, day_in, end_of, zone_named, zone_names
from itti.mail.service import Recipient
from questionnaires.wording import LANGUAGES

UTC_ZONE: Final = ZoneInfo("UTC")
DUBAI: Final = ZoneInfo("Asia/Dubai")
BERLIN: Final = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("UTC", date(2026, 11, 22), "2026-11-23T00:00"),
        ("Asia/Dubai", date(2026, 11, 22), "2026-11-22T20:00"),
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-29T22:00"),  # 23 hours
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-25T23:00"),  # 25 hours
        ("Africa/Cairo", date(2026, 4, 23), "2026-04-23T22:00"),  # clocks leap from midnight to one
        ("America/Havana", date(2026, 10, 31), "2026-11-01T04:00"),  # the hour after midnight comes twice
        ("Asia/Kathmandu", date(2026, 11, 22), "2026-11-22T18:15"),
    ],
)
def test_a_day_ends_where_the_next_one_begins(zone: str, day: date, end: str) -> None:
    found = end_of(day, ZoneInfo(zone))
    assert found == datetime.fromisoformat(end).replace(tzinfo=UTC)
    assert day_in(ZoneInfo(zone), found - timedelta(microseconds=1)) == day
    assert day_in(ZoneInfo(zone), found) == day + timedelta(days=1)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(zone_names())), st.dates(date(2020, 1, 1), date(2037, 12, 31)))
def test_days_follow_each_other_without_a_gap(zone: str, day: date) -> None:
    there = ZoneInfo(zone)
    end = end_of(day, there)
    assert day_in(there, end - timedelta(microseconds=1)) == day
    assert day_in(there, end) == day + timedelta(days=1)


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "asia/dubai", "../../etc/passwd", "Asia/Dubai\n", "localtime", "UTC "]
)
def test_what_is_no_zone(name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it says the name
        zone_named(name)


def test_a_moment_stands_on_the_readers_clock_with_its_distance_to_utc() -> None:
    moment = datetime(2026, 11, 22, 21, 42, tzinfo=UTC)
    for zone, words in (
        (UTC_ZONE, "22 November 2026, 21:42\u00a0UTC"),
        (DUBAI, "23 November 2026, 01:42\u00a0UTC+4"),
        (ZoneInfo("Asia/Kathmandu"), "23 November 2026, 03:27\u00a0UTC+5:45"),
        (ZoneInfo("America/New_York"), "22 November 2026, 16:42\u00a0UTC−5"),
    ):
        assert Reckoning(zone).moment_words(moment, "en") == words
    assert Reckoning(DUBAI).moment_words(moment, "ar") == "23 نوفمبر 2026، 01:42\u00a0UTC+4"
    assert Reckoning(DUBAI).clock_words(moment, "en") == "23 Nov, 01:42"


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    told = [Reckoning(BERLIN).moment_words(first + timedelta(hours=hours), "en")[-11:] for hours in (0, 1)]
    assert told == ["02:30\u00a0UTC+2", "02:30\u00a0UTC+1"]


@pytest.mark.parametrize(
    ("day", "english", "arabic"),
    [
        (date(2026, 2, 18), "1 Ramadan 1447 AH", "1 رمضان 1447 هـ"),
        (date(2025, 6, 26), "1 Muharram 1447 AH", "1 محرم 1447 هـ"),
        (date(1924, 8, 1), "1 Muharram 1343 AH", "1 محرم 1343 هـ"),
        (date(2077, 11, 16), "30 Dhu al-Hijjah 1500 AH", "30 ذو الحجة 1500 هـ"),
    ],
)
def test_the_umm_al_qura_day_stands_beside(day: date, english: str, arabic: str) -> None:
    reckoning = Reckoning(calendar=Calendar.WITH_ISLAMIC)
    assert reckoning.day_words(day, "en").endswith(f"({english})")
    assert reckoning.day_words(day, "ar").endswith(f"({arabic})")
    assert "(" not in Reckoning().day_words(day, "en")


@pytest.mark.parametrize("day", [date.min, date(1924, 7, 31), date(2077, 11, 17), date.max])
@pytest.mark.parametrize("language", LANGUAGES)
def test_beyond_its_tables_the_gregorian_day_stands_alone(day: date, language: str) -> None:
    assert islamic_words(day, language) is None
    assert "(" not in Reckoning(calendar=Calendar.WITH_ISLAMIC).day_words(day, language)


def test_a_last_day_says_when_it_ends_and_on_which_clock() -> None:
    last = date(2026, 12, 5)
    programme = Reckoning(DUBAI, programme=DUBAI)
    assert programme.end_words(last, "en") == "The day ends at midnight, Gulf Standard Time."
    assert programme.end_words(last, "ar") == "ينتهي اليوم عند منتصف الليل، توقيت الخليج."
    elsewhere = Reckoning(BERLIN, programme=DUBAI).end_words(last, "en")
    assert elsewhere.endswith("On your clock: 5 December 2026, 21:00\u00a0UTC+1.")


def test_what_a_reader_chose_comes_before_what_the_programme_has() -> None:
    programme = Reckoning(DUBAI, Calendar.WITH_ISLAMIC, DUBAI)
    assert programme.chosen_by(None) == programme
    assert programme.chosen_by(Recipient("a@b.example")) == programme
    chosen = programme.chosen_by(Recipient("a@b.example", time_zone="Europe/Berlin", calendar=Calendar.GREGORIAN))
    assert chosen == Reckoning(BERLIN, Calendar.GREGORIAN, DUBAI)
    gone = programme.chosen_by(Recipient("a@b.example", time_zone="Asia/Nowhere"))
    assert gone.zone == DUBAI, "a zone that this machine does not know any more breaks no page"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_zones_offered_are_zones_with_names(language: str) -> None:
    offered = offered_zones(language)
    assert len({words for _, words in offered}) == len(offered) > 400
    assert {name for name, _ in offered} <= zone_names()
    assert offered[0] == ("UTC", "UTC")
    named = dict(offered)
    assert (
        named["Asia/Dubai"] == {"en": "United Arab Emirates – Dubai", "ar": "الإمارات العربية المتحدة – دبي"}[language]
    )
    assert zone_choices(language, "Asia/Dubai") == list(offered)
    assert zone_choices(language, "Etc/GMT-4")[-1] == ("Etc/GMT-4", "Etc/GMT-4"), "chosen at another door"
