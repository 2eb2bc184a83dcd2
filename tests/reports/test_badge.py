"""The badge of a certificate: well-formed, said in words, and within its frame."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import pytest
from PIL import ImageFont

import reports
from reports.badge import WIDTH, Entry, State, badge
from reports.errors import LanguageUnknown

STATES: tuple[State, ...] = get_args(State)
SVG = "{http://www.w3.org/2000/svg}"
PARTS = {"svg", "title", "a", "rect", "g", "circle", "path", "text", "tspan"}
FONTS = Path(reports.__file__).parent / "fonts"


def drawn(state: State, language: str, number: str = "TI-2026-00001") -> ET.Element:
    entry = Entry(number, state, date(2028, 9, 30), "https://verify.example/verify/TI-2026-00001?a=1&b=<2>")
    return ET.fromstring(badge(entry, language))  # noqa: S314 - our own


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("state", STATES)
def test_it_says_all_it_shows_and_leads_to_the_register(state: State, language: str) -> None:
    root = drawn(state, language)
    assert root.get("role") == "img"
    title = root.find(f"{SVG}title")
    assert title is not None
    assert root.get("aria-labelledby") == title.get("id")
    shown = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert title.text == ": ".join(shown)
    link = root.find(f"{SVG}a")
    assert link is not None
    assert link.get("href") == "https://verify.example/verify/TI-2026-00001?a=1&b=<2>"


def test_states_differ_in_words_sign_and_colour_and_nothing_runs_or_loads() -> None:
    roots = [drawn(state, "en") for state in STATES]
    assert len({root.findtext(f"{SVG}title") for root in roots}) == len(STATES)
    assert len({path.get("d") for root in roots for path in root.iter(f"{SVG}path")}) == len(STATES)
    for root in roots:
        assert {part.tag.removeprefix(SVG) for part in root.iter()} <= PARTS
        assert not [name for part in root.iter() for name in part.attrib if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("number", ["TI-2026-00001", "PROGRAMM-2026-123456"])
def test_words_stay_within_the_frame(language: str, number: str) -> None:
    name = "NotoNaskhArabic" if language == "ar" else "NotoSans"
    for state in STATES:
        for text in drawn(state, language, number).iter(f"{SVG}text"):
            weight = "Bold" if text.get("font-weight") == "700" else "Regular"
            font = ImageFont.truetype(FONTS / f"{name}-{weight}.ttf", float(text.get("font-size") or 0))
            assert font.getlength("".join(text.itertext())) <= WIDTH - 64 - 10


def test_other_languages_are_refused() -> None:
    with pytest.raises(LanguageUnknown):
        drawn("valid", "fr")
