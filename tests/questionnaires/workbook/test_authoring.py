"""A definition written as a workbook is the same definition; slips are named with their cell."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import pytest
from openpyxl import Workbook, load_workbook

from questionnaires import digest, load, load_folder, published
from questionnaires.loading import EXAMPLES
from questionnaires.model import Definition
from questionnaires.words import Word
from questionnaires.workbook import Authored, definition_to_workbook, workbook_to_yaml
from questionnaires.workbook.authoring import plans
from questionnaires.workbook.faults import NotAnAuthorsWorkbook
from questionnaires.workbook.shape import Keyed, Leaf, Listed, Part, Shape, shape_of
from tests.questionnaires.workbook.everything import everything


def made(authored: Authored, folder: Path) -> Definition:
    """The definition that the files say."""
    assert [mistake.located() for mistake in authored.mistakes] == []
    for name, content in authored.files.items():
        (folder / name).write_bytes(content)
    return load_folder(folder)


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def opened(definition: Definition) -> Workbook:
    return load_workbook(BytesIO(definition_to_workbook(definition)))


@pytest.mark.parametrize("name", [None, *published()], ids=lambda name: "@".join(name) if name else "everything")
def test_a_definition_survives_the_way_there_and_back(name: tuple[str, str] | None, tmp_path: Path) -> None:
    definition = load(*name) if name else everything()
    content = definition_to_workbook(definition)
    assert content == definition_to_workbook(definition)
    assert digest(made(workbook_to_yaml(content), tmp_path)) == digest(definition)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda folder: folder.name)
def test_every_word_of_the_examples_survives_too(example: Path, tmp_path: Path) -> None:
    definition = load_folder(example)
    content = definition_to_workbook(definition)
    assert digest(made(workbook_to_yaml(content), tmp_path)) == digest(definition)


def test_another_program_may_save_it(tmp_path: Path) -> None:
    definition = made(workbook_to_yaml(saved(opened(everything()))), tmp_path)
    assert digest(definition) == digest(everything())


def test_numbers_and_truths_may_be_typed_as_such(tmp_path: Path) -> None:
    book = opened(everything())
    sheet = book["constants"]
    assert sheet["B2"].value == "0.4041"
    sheet["B2"].value = 0.07
    sheet = book["questions.options"]
    column = {str(cell.value): int(cell.column or 0) for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, column["alone"]).value == "true":
            sheet.cell(row, column["alone"]).value = True
    definition = made(workbook_to_yaml(saved(book)), tmp_path)
    assert str(definition.constants[0].value) == "7/100"
    assert definition.model_copy(update={"constants": everything().constants}) == everything()


def test_every_word_of_the_language_has_a_place_in_the_workbook() -> None:
    """A new construct that neither fits into a row nor has a sheet would be lost: it must not go unnoticed."""
    sheets = {plan.path for plan in plans()}

    def lost(shape: Shape, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        if isinstance(shape, Leaf):
            return []
        if isinstance(shape, Part):
            return [place for key, one in shape.fields.items() for place in lost(one, (*path, key))]
        if path not in sheets:
            return [path]
        return lost(shape.item, path) if isinstance(shape, Listed) else []

    from questionnaires.model import Structure

    assert lost(shape_of(Structure), ()) == [("answer_sets",)]  # each question has its own options in a workbook


def test_the_shape_follows_the_models() -> None:
    class Inner(Word):
        name: str
        values: Mapping[str, int] = MappingProxyType({})

    class Outer(Word):
        inner: Inner | None = None
        several: tuple[Inner, ...] = ()
        words: tuple[str, ...] = ()
        sure: bool = False

    inner: Part = Part({"name": Leaf("text"), "values": Keyed(Leaf("whole"))})
    fields: dict[str, Shape] = {
        "inner": inner,
        "several": Listed(inner),
        "words": Leaf("text", several=True),
        "sure": Leaf("truth"),
    }
    assert shape_of(Outer) == Part(fields)


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "code", "place"),
    [
        ("definition", "B2", "Not an id", "wrong-form", ("definition", "B2", "family")),
        ("definition", "A2", "famly", "workbook-key-unknown", ("definition", "A2")),
        ("nodes", "A1", "idd", "workbook-heading-unknown", ("nodes", "A1")),
        ("nodes.children", "B2", "nowhere", "unknown-id", ("nodes.children", "B2", "nodes", 0, "children", 0, "of")),
        ("nodes.children", "A2", "nowhere", "workbook-owner-unknown", ("nodes.children", "A2")),
        ("constants", "B2", "many", "not-exact", ("constants", "B2", "constants", 0, "value")),
        ("constants", "B2", "=1+1", "workbook-formula", ("constants", "B2")),
        ("tables.values", "C2", None, "workbook-key-or-value-missing", ("tables.values", "B2")),
        ("texts", "D2", None, "missing-key", None),
        ("texts", "A3", "title", "workbook-text-place", ("texts", "D3")),
    ],
)
def test_slips_are_named_with_their_cell(
    sheet: str, cell: str, value: object, code: str, place: tuple[str | int, ...] | None
) -> None:
    book = opened(everything())
    book[sheet][cell].value = value
    found = workbook_to_yaml(saved(book))
    assert found.files == {}
    codes = [mistake.code for mistake in found.mistakes]
    assert code in codes
    mistake = found.mistakes[codes.index(code)]
    assert place is None or mistake.path == place
    for language in ("en", "ar"):
        assert mistake.sentence(language)


def test_a_language_without_a_column_and_an_unknown_sheet_are_named() -> None:
    book = opened(everything())
    book["texts"].delete_cols(5)
    assert [one.code for one in workbook_to_yaml(saved(book)).mistakes] == ["language-column-missing"]
    book.create_sheet("questons")
    book.create_sheet("_notes of mine")
    assert [one.code for one in workbook_to_yaml(saved(book)).mistakes] == ["workbook-sheet-unknown"]


def test_a_workbook_without_a_definition_is_refused() -> None:
    with pytest.raises(NotAnAuthorsWorkbook):
        workbook_to_yaml(saved(Workbook()))
