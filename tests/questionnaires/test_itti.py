"""The published ITTI-style questionnaire says what it has to say, in both languages."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from questionnaires import load
from questionnaires.loading import examples, read_file
from questionnaires.model import Definition, LevelQuestion, Origin
from scoring import compile_plan, score
from scoring.sheet import read_sheet


@pytest.fixture(scope="module")
def definition() -> Definition:
    return load("itti", "1.0.0")


def test_twenty_dimensions_four_of_them_sustainability(definition: Definition) -> None:
    assert len(definition.questions) == 20
    assert len(definition.category_questions("sustainability")) == 4
    levels = [question for question in definition.questions if isinstance(question, LevelQuestion)]
    assert [(question.lowest, question.highest) for question in levels] == [(0, 5)] * 20
    digital = definition.node("digital")
    assert digital is not None
    below = [question for child in digital.children for question in definition.category_questions(child.of)]
    assert len(below) == 16


def test_every_dimension_stands_in_exactly_one_category(definition: Definition) -> None:
    shown = [question.id for name in definition.categories for question in definition.category_questions(name)]
    assert shown == [question.id for question in definition.questions]


def test_weights_add_up_to_a_hundred(definition: Definition) -> None:
    digital, sustainability = (definition.node(name) for name in ("digital", "overall"))
    assert digital is not None
    assert sustainability is not None
    assert sum(Fraction(child.weight) for child in digital.children) == 80
    assert sum(Fraction(child.weight) for child in sustainability.children) == 100


@pytest.mark.parametrize("language", ["en", "ar"])
def test_levels_are_described_in_their_own_words(definition: Definition, language: str) -> None:
    texts = definition.words(language)
    names = [level.name for question in texts.questions.values() for level in question.levels.values()]
    descriptions = [level.description for question in texts.questions.values() for level in question.levels.values()]
    assert len(set(descriptions)) == len(descriptions) == 120
    assert len(set(names)) == len(names)
    assert min(len(text.split()) for text in descriptions) >= 18
    for question in texts.questions.values():
        assert len(question.guiding) >= 3
        assert len(question.evidence) >= 3


def test_arabic_is_arabic(definition: Definition) -> None:
    for question in definition.words("ar").questions.values():
        for level in question.levels.values():
            assert len(re.findall(r"[\u0600-\u06FF]", level.description)) > len(
                re.findall("[A-Za-z]", level.description)
            )


def test_labelled_as_our_own_and_without_claim_of_approval(definition: Definition) -> None:
    assert definition.origin is Origin.OWN
    assert "ITTI-style" in definition.words("en").title
    assert "own" in definition.words("en").origin
    assert "approval" in definition.words("en").origin
    assert "وزارة" in definition.words("ar").origin


def test_examples_give_the_scores_they_expect(definition: Definition) -> None:
    paths = examples("itti", "1.0.0")
    assert len(paths) >= 3
    for path in paths:
        sheet = read_sheet(read_file(path))
        scorecard = score(compile_plan(definition), sheet.given())
        assert scorecard.complete
        assert sheet.expected == {node.id: node.value for node in scorecard.nodes}
