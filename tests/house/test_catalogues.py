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
ARABIC = "\u0621-\u064a\u064b-\u0652"
GLOSSARY = {
    "questionnaires?": "استبيان",
    "questions?": "سؤال|أسئلة",
    "assessors?": "مقيّم",
    "reviewers?": "مراجع",
    "assessment bod(y|ies)": "جهة التقييم|جهة تقييم|جهات التقييم",
    "programme office": "مكتب البرنامج",
    "factor(y|ies)": "مصنع|مصانع",
    "scorecards?": "بطاقة|بطاقات",
    "certificates?": "شهاد",
    "seal(s|ed)?": "ختم|خُتم|مختوم",
    "evidence": "دليل|أدلة|أدلت",
    "dimensions?": "بُعد|أبعاد",
    "index": "مؤشر",
    "bands?": "شريحة|شرائح",
    "weights?": "وزن|أوزان",
    "gates?": "بواب",
    "caps?": "سقف",
    "veto(es)?": "متطلب إلزامي",
    "downgrades?": "خفض",
    "formulas?": "معادل",
    "digests?": "بصم",
    "footprints?": "بصم",
    "workbooks?": "مصنّف",
    "papers?": "وثيق|وثائق",
    "nodes?": "عقد",
    "contributions?": "إسهام",
    "cells?": "خلي|خلايا",
    "items? of": "بند|بنود",
}
"""One word for one thing (docs/translation-check-interface.md): English word → what the Arabic has for it."""
OTHERWISE = {
    ("reports", "sector.wood-paper"),  # the material
    ("itti.certificates", "register.altered"),  # "the number", where English repeats the certificate
    ("itti.commands", "workbook.read"),  # "answers", where English counts the questions that have one
}
"""Sentences that say a word of the glossary by a pronoun, or mean a name by it."""
UNWANTED = {
    "\u064b\u0627": "the tanwin after its alif, as the questionnaires write it (اً)",
    f"\u0640(?=[{ARABIC}])": "no tatweel within a word",
    "[\u0651]\u0650|\u0650\u0651": "no kasra beside a shadda (المقيّم)",
    "ستعمل|ستعمال": "use = استخدم",
    "كلفة(?<!تكلفة)": "cost = التكلفة",
    "٪": "per cent = %",
    f"[{ARABIC}»] ?[,;?](?=\\s|$)": "Arabic punctuation (، ؛ ؟)",
    f'"[{{{ARABIC}]|[}}{ARABIC}]"': "«» around words and values",
    f"(?<=[{ARABIC}؛،] )--[a-z]": "a left-to-right mark (U+200E) before an option",
    f"(?<=[{ARABIC}] )\\d{{4}}-\\d\\d": "a left-to-right mark (U+200E) before a day",
    f"(?<=[{ARABIC}] )\\{{path\\}}": "a left-to-right mark (U+200E) before a path, which may begin with a slash",
}
"""What no Arabic sentence has, as a pattern → what stands there instead."""


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


@pytest.mark.parametrize("room", ROOMS)
def test_every_plural_form_names_what_the_english_names(room: str) -> None:
    """Only the number may be left to the words (two = the dual), and with nothing there is nothing more to name."""
    english, arabic = (catalogue(room, language) for language in LANGUAGES)
    for key, forms in arabic.items():
        wanted = placeholders(english[key]) | {"count"}
        for place, form in enumerate(forms if isinstance(forms, tuple) else ()):
            given = placeholders(form) | {"count"}
            assert given <= wanted if place == 0 else given == wanted, f"{key}: {form}"


@pytest.mark.parametrize("room", ROOMS)
def test_arabic_says_one_thing_by_one_word(room: str) -> None:
    arabic = catalogue(room, "ar")
    for key, text in catalogue(room, "en").items():
        words = Formatter().parse(text if isinstance(text, str) else text[-1])
        english = re.sub(r"itti( [a-z-]+)+|\w+-\w+-check", "", " ".join(plain for plain, *_ in words))
        told = arabic[key]
        translated = told if isinstance(told, str) else "\n".join(told)
        for term, stem in GLOSSARY.items():
            if re.search(rf"(?<![-\w]){term}(?![-\w=:.])", english, re.IGNORECASE) and (room, key) not in OTHERWISE:
                assert re.search(stem, translated), f"{key}: “{term}” is {stem} in Arabic: {translated}"


@pytest.mark.parametrize("room", ROOMS)
def test_arabic_is_set_by_arabic_rules(room: str) -> None:
    for key, text in catalogue(room, "ar").items():
        for form in (text,) if isinstance(text, str) else text:
            for pattern, instead in UNWANTED.items():
                assert not re.search(pattern, form), f"{key}: {instead}: {form}"


@pytest.mark.parametrize("room", ROOMS)
def test_an_arrow_to_the_left_stands_among_arabic_words(room: str) -> None:
    """A line without an Arabic letter runs from left to right, and the arrow points back to where it came from."""
    for key, text in catalogue(room, "ar").items():
        for form in (text,) if isinstance(text, str) else text:
            if "←" in form:
                assert re.search(f"[{ARABIC}]", re.sub(r"\{\w+\}", "", form)), f"{key}: {form}"


def test_plural_forms_follow_the_number() -> None:
    assert (
        say("scoring", "fault.answers-refused", "ar", count=2) == catalogue("scoring", "ar")["fault.answers-refused"][2]
    )
    assert say("scoring", "fault.answers-refused", "en", count=1).startswith("1 answer ")


def test_an_unknown_key_or_language_is_a_mistake_of_ours() -> None:
    with pytest.raises(MissingText):
        say("scoring", "fault.no-such-key")
    assert say("scoring", "fault.answers-refused", "fr", count=3).startswith("3 answers ")
