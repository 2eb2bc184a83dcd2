"""Workbooks survive a spreadsheet program that others wrote."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from questionnaires import digest, load_folder
from questionnaires.workbook import Filled, changes, definition_to_workbook, read, stated, workbook_to_yaml, write
from tests.itti import lines
from tests.questionnaires.workbook.everything import everything
from tests.questionnaires.workbook.libreoffice import resaved
from tests.questionnaires.workbook.test_authoring import made
from tests.questionnaires.workbook.test_reading import ANSWERS, COVER


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_filled_workbook_survives_libreoffice(language: str, tmp_path: Path) -> None:
    content = resaved(write(everything(), language, Filled(ANSWERS, COVER)), tmp_path)
    filled = read(content, everything())
    assert filled.mistakes == ()
    assert changes(ANSWERS, filled.answers) == []
    assert dict(filled.cover) == COVER
    assert stated(content).digest == digest(everything())
    book = load_workbook(BytesIO(content))
    assert bool(book.worksheets[1].sheet_view.rightToLeft) is (language == "ar")
    assert book.worksheets[1].data_validations.count > 5
    assert book["itti"].sheet_state != "visible"


def test_a_workbook_with_lists_survives_libreoffice(tmp_path: Path) -> None:
    definition = load_folder(lines.write(tmp_path / "lines"))
    filled = read(resaved(write(definition, "ar", Filled(lines.ANSWERS)), tmp_path), definition)
    assert filled.mistakes == ()
    assert changes(lines.ANSWERS, filled.answers) == []


def test_an_authors_workbook_survives_libreoffice(tmp_path: Path) -> None:
    content = resaved(definition_to_workbook(everything()), tmp_path)
    assert digest(made(workbook_to_yaml(content), tmp_path)) == digest(everything())
