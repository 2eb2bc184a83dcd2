"""``itti questionnaires workbook`` and its three companions, as people run them."""

from __future__ import annotations

import json
from pathlib import Path

from openpyxl import load_workbook

from questionnaires import digest, load, load_folder
from questionnaires.loading import EXAMPLE as EXAMPLE_OF_EVERY_WORD
from questionnaires.loading import PUBLISHED
from questionnaires.model import GridQuestion
from tests.itti.commands.conftest import Run

EXAMPLE = PUBLISHED / "itti" / "1.0.0" / "examples" / "dates-packing.yaml"
NAME = "itti@1.0.0"


def put(file: Path, identifier: str, value: str | int | None) -> None:
    """Type an answer into a workbook."""
    book = load_workbook(file)
    sheet = book.worksheets[1]
    row = next(row for row in range(5, sheet.max_row + 1) if sheet.cell(row, 1).value == identifier)
    sheet.cell(row, 6).value = value
    book.save(file)


def test_answers_go_into_a_workbook_and_come_back(itti: Run, tmp_path: Path) -> None:
    itti("questionnaires", "workbook", NAME, "--language", "ar", "--answers", EXAMPLE, "--output", "a.xlsx")
    said = itti("questionnaires", "read-workbook", "a.xlsx", "--current", EXAMPLE, "--output", "b.yaml")
    assert "0 changes." in said.out
    assert "2.15" in itti("score", "b.yaml").out
    assert f"digest: {digest(load('itti', '1.0.0'))}" in (tmp_path / "b.yaml").read_text()


def test_changes_are_shown_and_nothing_is_written_unasked(itti: Run, tmp_path: Path) -> None:
    itti("questionnaires", "workbook", NAME, "--language", "en", "--answers", EXAMPLE, "--output", "a.xlsx")
    put(tmp_path / "a.xlsx", "maintenance", "٤")
    put(tmp_path / "a.xlsx", "quality", None)
    before = sorted(tmp_path.iterdir())
    said = itti("questionnaires", "read-workbook", "a.xlsx", "--current", EXAMPLE).out
    assert "[maintenance]: 2 → 4 (level)" in said
    assert "[quality]: 3 → open" in said
    assert "2 changes." in said
    assert sorted(tmp_path.iterdir()) == before


def test_the_same_for_programs(itti: Run, tmp_path: Path) -> None:
    itti("questionnaires", "workbook", NAME, "--language", "en", "--output", "a.xlsx")
    put(tmp_path / "a.xlsx", "maintenance", 4)
    found = json.loads(itti("questionnaires", "read-workbook", "a.xlsx", "--json").out)
    assert found["answers"] == {"maintenance": {"level": 4}}
    assert [change["kind"] for change in found["changes"]] == ["added"]
    put(tmp_path / "a.xlsx", "maintenance", 9)
    found = json.loads(itti("questionnaires", "read-workbook", "a.xlsx", "--json", code=2).out)
    assert [mistake["code"] for mistake in found["mistakes"]] == ["workbook-not-a-level"]


def test_programs_hear_of_contradictions(itti: Run, tmp_path: Path) -> None:
    example = EXAMPLE_OF_EVERY_WORD / "examples" / "a-dairy.yaml"
    itti("questionnaires", "workbook", EXAMPLE_OF_EVERY_WORD, "--answers", example, "--output", "a.xlsx")
    reading = ("questionnaires", "read-workbook", "a.xlsx", "--definition", EXAMPLE_OF_EVERY_WORD)
    assert json.loads(itti(*reading, "--json").out)["contradictions"] == []
    put(tmp_path / "a.xlsx", "permit-until", "2023-02-28")
    assert json.loads(itti(*reading, "--json").out)["contradictions"] == [
        {
            "id": "permit-backwards",
            "questions": ["permit-issued", "permit-until"],
            "sentence": "The operating permit ends before it was issued.",
        }
    ]
    grid = next(
        question for question in load_folder(EXAMPLE_OF_EVERY_WORD).questions if isinstance(question, GridQuestion)
    )
    for row in grid.rows[1:]:
        put(tmp_path / "a.xlsx", f"{grid.id}/{row.id}", None)
    assert json.loads(itti(*reading, "--json").out)["contradictions"] == []  # cannot be scored yet


def test_wrong_cells_are_named_and_nothing_is_written(itti: Run, tmp_path: Path) -> None:
    itti("questionnaires", "workbook", NAME, "--language", "en", "--output", "a.xlsx")
    put(tmp_path / "a.xlsx", "maintenance", "=1+1")
    said = itti("questionnaires", "read-workbook", "a.xlsx", "--output", "b.yaml", code=2)
    assert "a.xlsx: /Answers/F15/maintenance: a formula stands here" in said.err
    assert not (tmp_path / "b.yaml").exists()
    said = itti("questionnaires", "read-workbook", "a.xlsx", code=2, ITTI_LANGUAGE="ar")
    assert "هنا معادلة" in said.err


def test_nothing_is_replaced_unasked(itti: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("days of work")
    said = itti("questionnaires", "workbook", NAME, "--output", "a.xlsx", code=2)
    assert "--replace" in said.err
    assert (tmp_path / "a.xlsx").read_text() == "days of work"
    itti("questionnaires", "workbook", NAME, "--output", "a.xlsx", "--replace")
    (tmp_path / "b.yaml").write_text("days of work")
    itti("questionnaires", "read-workbook", "a.xlsx", "--output", "b.yaml", code=2)
    assert (tmp_path / "b.yaml").read_text() == "days of work"


def test_what_is_no_workbook_of_ours_is_refused(itti: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 torn")
    assert "not an .xlsx workbook" in itti("questionnaires", "read-workbook", "a.xlsx", code=2).err
    assert "cannot be read" in itti("questionnaires", "read-workbook", "none.xlsx", code=2).err
    assert "no texts in" in itti("questionnaires", "workbook", NAME, "--language", "fr", "--output", "c", code=2).err


def test_answers_to_another_version_point_to_the_migration(itti: Run, tmp_path: Path) -> None:
    folder = tmp_path / "next"
    itti("questionnaires", "author-workbook", NAME, "--output", "d.xlsx")
    itti("questionnaires", "from-workbook", "d.xlsx", "--into", folder)
    text = (folder / "definition.yaml").read_text().replace("version: 1.0.0", "version: 1.0.1")
    (folder / "definition.yaml").write_text(text)
    itti("questionnaires", "workbook", folder, "--output", "a.xlsx")
    said = itti("questionnaires", "read-workbook", "a.xlsx", "--current", EXAMPLE, code=2)
    assert "itti questionnaires migrate" in said.err


def test_a_definition_goes_into_a_workbook_and_comes_back_the_same(itti: Run, tmp_path: Path) -> None:
    itti("questionnaires", "author-workbook", NAME, "--output", "d.xlsx")
    said = itti("questionnaires", "from-workbook", "d.xlsx", "--into", "folder")
    assert digest(load("itti", "1.0.0")) in said.out
    itti("questionnaires", "validate", tmp_path / "folder")
    itti("questionnaires", "from-workbook", "d.xlsx", "--into", "folder", code=2)
    book = load_workbook(tmp_path / "d.xlsx")
    book["questions"]["B2"].value = "levl"
    book.save(tmp_path / "d.xlsx")
    itti("questionnaires", "from-workbook", "d.xlsx", "--into", "other", code=2)
    assert not (tmp_path / "other").exists()
