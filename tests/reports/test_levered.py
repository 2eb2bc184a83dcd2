"""The smallest sets of changes on paper: in words of the questionnaire, in both languages, and honest about proof."""

import io
from functools import cache

import pikepdf
import pytest

from reports.render import page, render
from reports.report import Form
from scoring import compile_plan
from scoring.levers import levers
from scoring.proposals import Levers
from tests.reports.beside import whole
from tests.reports.papers import LEVELS, answers, itti, report


@cache
def found() -> Levers:
    return levers(compile_plan(itti()), answers(itti(), LEVELS), most_sets=3)


def told(language: str, **changes: object) -> str:
    given = report().model_copy(update={"levers": found().model_copy(update=changes)})
    return page(given, itti(), language)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            ["The shortest way to “Joined up”", "Way 1", "Way 3", "fewer do not suffice", "2.25 to 3.00"],
        ),
        ("ar", ["أقصر طريق إلى «", "الطريق 1", "ثبت أن ما دونها لا يكفي", "من 2.25 إلى 3.00"]),
    ],
)
def test_the_paper_says_what_to_raise(language: str, said: list[str]) -> None:
    text = told(language)
    assert [each for each in said if each not in text] == []
    words = itti().words(language)
    for change in found().sets[0].changes:
        question = words.questions[change.question]
        assert f"{change.before} ({question.levels[change.before].name})" in text
        assert f"{change.after} ({question.levels[change.after].name})" in text


def test_what_is_not_proven_says_so() -> None:
    assert "They are not proven to be the fewest" in told("en", proven=False)
    assert "لم يثبت أنها الأقل" in told("ar", proven=False)


def test_of_long_sets_one_stands_for_all() -> None:
    text = told("en", questions=5)
    assert "Way 1" not in text
    assert "There are further ways of the same length." in text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_short_paper_says_it_in_a_few_lines(language: str) -> None:
    given = whole().model_copy(update={"levers": found()})
    text = page(given, itti(), language, form=Form.SHORT)
    words = itti().words(language)
    for change in found().sets[0].changes:
        assert f"{change.after} ({words.questions[change.question].levels[change.after].name})" in text
    assert text.count('class="shortest"') == 1
    with pikepdf.open(io.BytesIO(render(given, itti(), language, form=Form.SHORT))) as document:
        assert len(document.pages) == 2
    many = found().sets[0].model_copy(update={"changes": found().sets[0].changes * 9})
    text = page(
        given.model_copy(update={"levers": found().model_copy(update={"sets": (many,)})}),
        itti(),
        language,
        form=Form.SHORT,
    )
    assert {"en": "the whole report names them", "ar": "مذكورة في التقرير الكامل"}[language] in text


@pytest.mark.parametrize("changes", [{"sets": ()}, {"node": "digital"}])
def test_nothing_is_said_where_nothing_was_found(changes: dict[str, object]) -> None:
    assert "shortest way" not in told("en", **changes)
