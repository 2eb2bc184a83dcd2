"""Dates on paper: written out in the reader's language, wherever the answer or a formula on it is shown."""

from __future__ import annotations

import pytest

from questionnaires.model import DateQuestion
from reports.answered import words
from reports.render import render
from tests.reports.shapes import every_word, every_word_answers, told
from tests.reports.test_render import poppler

WRITTEN = {"en": "29 February 2024", "ar": "29 فبراير 2024"}


@pytest.mark.parametrize("language", WRITTEN)
def test_a_date_is_written_out(language: str) -> None:
    definition = every_word()
    question, text = definition.question("permit-issued"), definition.texts["en"].questions["permit-issued"]
    assert isinstance(question, DateQuestion)
    assert words(question, text, "2024-02-29", None, language) == WRITTEN[language]
    assert words(question, text, None, None, language) is None


def test_a_date_stands_on_paper_where_it_was_asked() -> None:
    definition, answers = every_word(), every_word_answers()
    paper = poppler(render(told(definition, answers), definition, "en"))
    assert "29 February 2024" in paper
    assert "28 February 2029" in paper
    assert paper.count("2024-02-29") == 1, "only in the working of the number computed from it"
