"""What holds for the style sheet and the templates without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from itti.web import rendering
from questionnaires.wording import catalogue

WEB = Path(rendering.__file__).parent
SHEET = (WEB / "static" / "site.css").read_text("utf-8")
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SCRIPTS = sorted((WEB / "static").glob("*.js"))

PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height"
    r"|min-width|max-width|min-height|max-height)\s*:"
)
"""Properties that name a side of the screen and not of the text."""


def test_the_sheet_turns_with_the_text() -> None:
    rules = re.sub(r"@media[^{]*\{", "", re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL))
    assert not PHYSICAL.findall(rules)
    assert "float" not in rules


def test_no_language_has_colours_of_its_own() -> None:
    """So whether they stand out from each other needs to be asked in one language only (faults.py)."""
    rules = re.findall(r"([^{}]*(?:lang\(|\[lang|\[dir|:dir\()[^{}]*)\{([^{}]*)\}", SHEET)
    assert len(rules) > 5
    marks = r"(?:[\w-]+-)?color|background(?:-image)?|opacity|fill|stroke|filter|text-decoration(?:-line)?"
    coloured = re.compile(rf"(?<![\w-])(?:{marks})\s*:")
    assert not [selector for selector, body in rules if coloured.search(body)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(WEB / "templates")))
def test_templates_hold_no_words_no_styles_no_scripts(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text("utf-8"), flags=re.DOTALL)
    assert "style=" not in text
    assert "|safe" not in text.replace(" ", "")
    assert not re.search(r"\son\w+=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    text = re.sub(r"\{% block page_class %\}.*?\{% endblock %\}", "", text)
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    words = re.findall(r"[A-Za-z؀-ۿ]{2,}", re.sub(r"<[^>]*>|[\w-]+=\"[^\"]*\"", " ", bare, flags=re.DOTALL))
    assert not words, words


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_sentence_a_template_asks_for_is_there(language: str) -> None:
    known = catalogue("itti.web", language)
    for template in TEMPLATES:
        asked = re.findall(r"\bta?\(['\"]([a-z0-9._-]+)['\"]\s*[,)]", template.read_text("utf-8"))
        assert not [key for key in asked if key not in known], template.name


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_hold_no_sentence_and_write_no_markup(script: Path) -> None:
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", script.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", code)
    assert not re.search(r"[\"'`][A-Z][a-z]+ [a-z]+", code)
