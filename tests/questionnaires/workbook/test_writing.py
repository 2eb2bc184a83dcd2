"""The workbook an assessor gets: complete, readable, in the language asked for, and the same every time."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from questionnaires import digest, load, load_folder
from questionnaires.checking import check_structure, check_texts
from questionnaires.loading import EXAMPLE
from questionnaires.model import Structure
from questionnaires.places import Document
from questionnaires.workbook import read, stated, write
from questionnaires.workbook.lines import lines
from tests.questionnaires.workbook.desk import COLUMNS, FIRST_ROW, Desk
from tests.questionnaires.workbook.everything import everything


def test_the_definition_of_these_tests_is_sound() -> None:
    definition, document = everything(), Document("everything")
    structure = Structure(**{name: getattr(definition, name) for name in Structure.model_fields})
    found = list(check_structure(structure, document))
    for language, words in definition.texts.items():
        found += check_texts(structure, words, language, document)
    assert [mistake.located() for mistake in found] == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_same_definition_gives_the_same_bytes(language: str) -> None:
    assert write(everything(), language) == write(everything(), language)


def test_every_answerable_question_has_its_rows_and_computed_ones_have_none() -> None:
    sheet = Desk.of(everything()).answers
    ids = [sheet.cell(row, 1).value for row in range(FIRST_ROW, sheet.max_row + 1)]
    simple = ["maturity", "sector", "audited", "output", "power", "cars", "share", "growth", "opened", "permit"]
    several = ["measures", "measures/solar", "measures/heat-recovery", "measures/none"]
    grid = ["losses", "losses/steam", "losses/air"]
    assert sorted(map(str, ids)) == sorted([*simple, *several, *grid])


def test_lists_offer_what_may_be_answered() -> None:
    book = load_workbook(BytesIO(write(everything(), "ar")))
    desk = Desk(write(everything(), "ar"))
    answers = book.worksheets[1]
    offered: dict[str, list[str]] = {}
    for rule in answers.data_validations.dataValidation:
        if rule.type != "list":
            continue
        area = book.defined_names[str(rule.formula1)].attr_text.replace("lists!", "").replace("$", "")
        for cell in rule.cells.ranges:
            offered[cell.coord] = [str(one[0].value) for one in book["lists"][area]]
    assert offered[f"F{desk.row('maturity')}"] == ["1 – كلام عن 1", "2 – كلام عن 2", "3 – كلام عن 3"]
    assert offered[f"F{desk.row('sector')}"] == ["الإسمنت", "كلام عن dates", "أخرى [other-a]", "أخرى [other-b]"]
    assert offered[f"F{desk.row('audited')}"] == ["نعم", "لا"]
    assert offered[f"F{desk.row('losses/air')}"] == ["كلام عن often", "نادراً", "كلام عن never", "كلام عن not-there"]
    assert offered[f"H{desk.row('maturity')}"] == ["نعم"]
    assert f"H{desk.row('sector')}" not in offered


def test_only_what_is_asked_is_open() -> None:
    sheet = Desk.of(everything())
    assert not sheet.answers.cell(sheet.row("maturity"), COLUMNS["answer"]).protection.locked
    assert sheet.answers.cell(sheet.row("maturity"), COLUMNS["id"]).protection.locked
    assert sheet.answers.cell(sheet.row("losses"), COLUMNS["answer"]).protection.locked
    assert not sheet.answers.cell(sheet.row("losses/air"), COLUMNS["answer"]).protection.locked
    assert sheet.answers.protection.sheet


@pytest.mark.parametrize("language", ["en", "ar"])
def test_arabic_runs_from_right_to_left(language: str) -> None:
    right_to_left = language == "ar"
    desk = Desk.of(load("itti", "1.0.0"), language)
    for sheet in (desk.cover, desk.answers):
        assert bool(sheet.sheet_view.rightToLeft) is right_to_left
    assert desk.answers.title == ("الإجابات" if right_to_left else "Answers")


def test_it_prints_on_a4_and_keeps_the_headings_in_sight() -> None:
    sheet = Desk.of(load("itti", "1.0.0")).answers
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.freeze_panes == "E5"
    assert sheet.print_title_rows == "$4:$4"


def test_a_text_is_never_taken_for_a_formula() -> None:
    definition = everything()
    texts = definition.texts["en"]
    question = texts.questions["power"].model_copy(update={"title": "=1+1", "prompt": "@now +cmd"})
    words = texts.model_copy(update={"questions": dict(texts.questions) | {"power": question}})
    changed = definition.model_copy(update={"texts": dict(definition.texts) | {"en": words}})
    sheet = Desk.of(changed).answers
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert "f" not in kinds


def test_a_hidden_sheet_says_what_it_belongs_to() -> None:
    definition = load("itti", "1.0.0")
    content = write(definition, "ar")
    named = stated(content)
    assert (named.family, named.version, named.language) == ("itti", "1.0.0", "ar")
    assert named.digest == digest(definition)
    states = [sheet.sheet_state for sheet in load_workbook(BytesIO(content)).worksheets]
    assert states == ["visible", "visible", "veryHidden", "veryHidden"]


def test_an_empty_workbook_answers_nothing() -> None:
    filled = read(write(everything(), "en"), everything())
    assert (dict(filled.answers), dict(filled.cover), filled.mistakes) == ({}, {}, ())


def test_a_fact_that_counts_stands_in_its_section() -> None:
    group = {line.question.id: line.group for line in lines(load_folder(EXAMPLE))}
    assert group["research"] == "facts"
    assert group["scrap"] == "operation"
