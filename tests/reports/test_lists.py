"""What a paper says of a list: the items by name in the reader's order, and their questions below them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from questionnaires import load_folder
from questionnaires.wording import say
from reports import answered
from reports.lists import answers_of, asked_by
from reports.render import page
from reports.report import AnswerDetail, AssessedFactory, Party, Report, Standing
from scoring import compile_plan, score
from scoring.sheet import SheetAnswer
from tests.itti import lines


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_item_stands_on_the_paper(tmp_path: Path, language: str) -> None:
    definition = load_folder(lines.write(tmp_path / "lines"))
    answers = {name: SheetAnswer.model_validate(given).answer() for name, given in lines.ANSWERS.items()}
    given = {name: answer for name, answer in answers.items() if answer is not None}
    report = Report(
        standing=Standing.DRAFT,
        scorecard=score(compile_plan(definition), given),
        factory=AssessedFactory(name="Gulf Foods"),
        answers=tuple(AnswerDetail(question=name, answer=answer) for name, answer in given.items()),
        programme=Party(name="Programme"),
        assessed_on=date(2026, 11, 22),
    )
    assert answers_of(report) == given
    asked = asked_by(definition, report)
    assert asked is asked_by(definition, report), "written out once"
    told = page(report, definition, language)
    assert told.count("Extrusion 1") > 3
    listed = asked.question("lines")
    assert listed is not None
    words = asked.words(language).questions["lines"]
    said = answered.words(listed, words, given["lines"].text, None, language)
    assert said is not None
    assert [name for name in ("Extrusion 1", "خط الحليب") if f"\u2068{name}\u2069" in said] == [
        "Extrusion 1",
        "خط الحليب",
    ]
    assert said.startswith("\u200f") is (language == "ar")
    assert answered.words(listed, words, "", None, "en") == say("reports", "answer.none", "en")
