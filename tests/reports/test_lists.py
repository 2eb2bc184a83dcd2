"""What a paper says of a list: the items by name in the reader's order, and their questions below them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from questionnaires import load_folder
from questionnaires.questions import Item, ItemName, ItemsQuestion
from questionnaires.wording import say
from reports import answered
from reports.lists import answers_of, asked_by
from reports.render import page
from reports.report import AnswerDetail, AssessedFactory, Party, Report, Standing
from scoring import ItemsAnswer, compile_plan, score
from scoring.sheet import SheetAnswer
from tests.itti import lines, products

LISTED = ItemsQuestion(id="lines", kind="items", most=9, asks=("upkeep",))
PARTS = st.sampled_from([", ", "aux: ", "b-2: ", ":", ",", '"', "\\", "\n", "\t", " ", "x", "خط", "\u2069"])
NAMES = st.one_of(st.lists(PARTS, min_size=1, max_size=9).map("".join), st.text(max_size=30))
STRIPPED = NAMES.map(str.strip).filter(bool).map(TypeAdapter(ItemName).validate_python)


@given(st.lists(STRIPPED, max_size=5))
@example(["Press, aux: north", '"A", b: "C', "a\nb: c", "Line 1", "Dairy, b-2: خط"])
def test_no_name_is_misread(names: list[str]) -> None:
    answer = ItemsAnswer(items=tuple(Item(id=f"line-{place}", name=name) for place, name in enumerate(names)))
    assert ItemsAnswer.of_text(answer.text) == answer
    assert "\n" not in answer.text
    assert answered.items(LISTED, answer.text) == tuple(f"\u2068{name}\u2069" for name in names)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Extrusion 1", "Extrusion 1"),
        ('Press 24" wide: old', 'Press 24" wide: old'),
        ("Press, aux: north", '"Press, aux: north"'),
        ('"Old" press', r'"\"Old\" press"'),
    ],
)
def test_only_a_name_that_could_be_misread_is_quoted(name: str, text: str) -> None:
    assert ItemsAnswer(items=(Item(id="a", name=name), Item(id="b", name="B"))).text == f"a: {text}, b: B"


@pytest.mark.parametrize("text", ["Pumps", "a: ", "A: Pumps", 'a: "Pumps', "a: Pumps, "])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever of it is wrong
        ItemsAnswer.of_text(text)


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


def test_inner_items_stand_on_the_paper_after_their_item(tmp_path: Path) -> None:
    definition = load_folder(products.write(tmp_path / "products"))
    answers = {name: SheetAnswer.model_validate(each).answer() for name, each in products.ANSWERS.items()}
    given = {name: answer for name, answer in answers.items() if answer is not None}
    report = Report(
        standing=Standing.DRAFT,
        scorecard=score(compile_plan(definition), given),
        factory=AssessedFactory(name="Gulf Foods"),
        answers=tuple(AnswerDetail(question=name, answer=answer) for name, answer in given.items()),
        programme=Party(name="Programme"),
        assessed_on=date(2026, 11, 22),
    )
    for language, process in (("en", "Process"), ("ar", "سير الخطوة")):
        assert f"\u2068Pump · غسل\u2069 – {process}" in page(report, definition, language)
