"""Every catalogue says the same in English and Arabic: the same keys, the same placeholders, all plural forms."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from questionnaires.wording import LANGUAGES, MissingText, catalogue, say

ROOT = Path(__file__).parents[2]
ROOMS = sorted(
    ".".join(path.parents[1].relative_to(ROOT).parts)
    for room in ("questionnaires", "scoring", "reports", "itti")
    for path in (ROOT / room).rglob("locale/en.po")
)
PLURALS = {"en": 2, "ar": 6}


def placeholders(text: str | tuple[str, ...]) -> set[str]:
    forms = (text,) if isinstance(text, str) else text
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


def test_there_are_catalogues() -> None:
    assert {"questionnaires", "scoring", "reports", "itti.commands"} <= set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_say_the_same(room: str) -> None:
    english, arabic = (catalogue(room, language) for language in LANGUAGES)
    assert set(english) == set(arabic)
    for key, text in english.items():
        assert placeholders(text) == placeholders(arabic[key]), key
        assert isinstance(text, str) == isinstance(arabic[key], str), key


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_plural_forms_are_there(room: str, language: str) -> None:
    for key, text in catalogue(room, language).items():
        if isinstance(text, tuple):
            assert len(text) == PLURALS[language], key
            assert all(text), key


@pytest.mark.parametrize("room", ROOMS)
def test_arabic_is_written_in_arabic(room: str) -> None:
    for key, text in catalogue(room, "ar").items():
        words = re.sub(r"\{\w+\}", "", text if isinstance(text, str) else text[-1])
        if re.search(r"[A-Za-z]{5}", words):
            assert re.search(r"[\u0600-\u06FF]", words), f"{key}: {words}"


def test_plural_forms_follow_the_number() -> None:
    assert (
        say("scoring", "fault.answers-refused", "ar", count=2) == catalogue("scoring", "ar")["fault.answers-refused"][2]
    )
    assert say("scoring", "fault.answers-refused", "en", count=1).startswith("1 answer ")


def test_an_unknown_key_or_language_is_a_mistake_of_ours() -> None:
    with pytest.raises(MissingText):
        say("scoring", "fault.no-such-key")
    assert say("scoring", "fault.answers-refused", "fr", count=3).startswith("3 answers ")
