"""The data themselves: the bank of reasons covers the questionnaire, and everything is made up."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from string import Formatter

import pytest

from itti.commands import serve
from itti.commands import words as terminal_words
from itti.demonstration import accounts
from itti.demonstration.calendar import Clock, working_day
from itti.demonstration.data import Language, courses, exhibits, people, reasons, sites
from itti.demonstration.reasons import Pen
from itti.demonstration.stage import FAMILY, VERSION
from questionnaires import load
from scoring import compile_plan

LANGUAGES: tuple[Language, ...] = ("en", "ar")
DEFINITION = load(FAMILY, VERSION)
QUESTIONS = [question.id for question in DEFINITION.questions]
ARABIC = re.compile(r"[\u0600-\u06FF]")


def sentences(language: Language) -> Iterator[str]:
    bank = reasons(language)
    for ranges in bank.observations.values():
        for observations in ranges.values():
            yield from observations
    for own in bank.own.values():
        yield from own.values()
    yield from bank.not_applicable.values()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_dimension_has_at_least_five_observations(language: Language) -> None:
    bank = reasons(language)
    assert list(bank.observations) == QUESTIONS
    assert list(bank.own) == QUESTIONS
    for ranges in bank.observations.values():
        assert sum(len(observations) for observations in ranges.values()) >= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_something_can_be_written_for_every_level(language: Language) -> None:
    site = next(site for site in sites() if site.language == language)
    pen = Pen()
    for question in QUESTIONS:
        for level in range(6):
            assert pen.observation(site, question, level)
            pen.own(site, question, level)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_in_the_bank_twice(language: Language) -> None:
    found = list(sentences(language))
    assert len(found) == len(set(found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_in_their_language(language: Language) -> None:
    for sentence in sentences(language):
        assert bool(ARABIC.search(sentence)) is (language == "ar"), sentence
        assert sentence.endswith("."), sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_factory_has_the_words_that_sentences_ask_for(language: Language) -> None:
    asked = {name for sentence in sentences(language) for _, name, _, _ in Formatter().parse(sentence) if name}
    for site in sites():
        if site.language == language:
            assert set(site.words) == asked, site.id


def test_only_questions_that_may_be_excluded_have_a_reason_for_it() -> None:
    plan = compile_plan(DEFINITION)
    excludable = {question.id for question in plan.questions if question.may_not_apply}
    for language in LANGUAGES:
        assert set(reasons(language).not_applicable) == excludable


def test_all_addresses_lead_nowhere() -> None:
    assert all(account.email.endswith(".example") for account in accounts())
    assert len({account.email for account in accounts()}) == len(accounts())


def test_sectors_sizes_and_regions_differ() -> None:
    assert len(sites()) == 12
    assert len({site.sector for site in sites()}) >= 10
    assert len({site.region for site in sites()}) == 7
    assert min(site.employees for site in sites()) == 24
    assert max(site.employees for site in sites()) == 1600


def test_assessments_name_what_exists() -> None:
    known = {assessor.id for body in people().bodies for assessor in body.assessors}
    for course in courses():
        assert course.factory in {site.id for site in sites()}
        assert {course.assessor, course.reviewer} - {None} <= known
        assert course.assessor != course.reviewer
        assert set(course.evidence) <= set(exhibits())


def test_nothing_happens_on_a_weekend_and_order_is_kept() -> None:
    monday = date(2026, 3, 2)
    days = [working_day(monday, number) for number in range(-400, 400)]
    assert days == sorted(days)
    assert not {day.weekday() for day in days} & {5, 6}
    assert all(
        timedelta(0) <= monday + timedelta(days=number - 400) - day < timedelta(3) for number, day in enumerate(days)
    )


def test_the_time_of_a_course_only_goes_forward() -> None:
    clock = Clock(date(2026, 3, 2))
    friday, saturday, sunday = (clock.advance(days, 30) for days in (-3, -2, -1))
    assert friday < saturday < sunday
    assert friday.date() == saturday.date() == sunday.date() == date(2026, 2, 27)


@pytest.fixture(params=LANGUAGES)
def terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The language of the terminal."""
    monkeypatch.setenv("ITTI_LANGUAGE", request.param)
    terminal_words.language.cache_clear()
    yield request.param
    terminal_words.language.cache_clear()


def test_the_printed_list_tells_what_surprises(terminal: str, tmp_path: Path) -> None:
    """Whose pages speak another language than the terminal, and who is no longer accredited."""
    printed = serve._welcome(serve.demonstration_settings(tmp_path, "127.0.0.1", 8000))
    lines = {email: line for line in printed.splitlines() for email in re.findall(r"\S+@\S+", line)}
    assert len(lines) == len(accounts())
    others, lapsed = ("pages in Arabic", "lapsed") if terminal == "en" else ("الصفحات بالإنجليزية", "انتهى اعتماده")
    for account in accounts():
        assert (others in lines[account.email]) == (account.language != terminal), account.email
        assert (lapsed in lines[account.email]) == (account.email == "julian@sariya-review.example")
