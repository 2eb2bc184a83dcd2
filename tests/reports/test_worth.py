"""Levels that are worth something else than their number, on paper."""

from __future__ import annotations

import pytest

from reports import charts
from reports.outline import outline
from reports.render import page
from tests.reports.papers import scored
from tests.reports.shapes import every_word, every_word_answers, told


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_level_is_named_and_so_is_its_worth(language: str) -> None:
    answers = every_word_answers()
    printed = page(told(every_word(), answers), every_word(), language)
    assert "Analysed" in printed  # the name of level 2, which is worth 2 of 4
    content = outline(every_word(), scored(every_word(), answers), language)
    (waste,) = [item for item in content.items if item.id == "waste-water"]
    assert (waste.is_level, waste.level_counts, waste.worth, waste.highest) == (True, False, "2", "4")
    assert waste.next == "A target with measures is in force."
    assert "<svg" in charts.steps(waste, language)


def test_a_fact_that_counts_is_told_once_where_it_counts() -> None:
    content = outline(every_word(), scored(every_word(), every_word_answers()), "en")
    facts = [item.id for section in content.sections for item in section.items]
    assert "research" not in facts
    assert "base-year" in facts
    assert [item.id for item in content.items].count("research") == 1
