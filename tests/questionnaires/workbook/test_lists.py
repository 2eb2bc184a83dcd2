"""Lists in a workbook: names and what is asked of each go out and come back, and every slip is told."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from questionnaires import load_folder
from questionnaires.model import Definition
from questionnaires.workbook import Filled, read, write
from tests.itti import lines, products

ANSWERS: Final[dict[str, dict[str, Any]]] = lines.ANSWERS | {"founded": {"number": "1987", "reason": "Trade licence."}}


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    """A questionnaire with production lines, at most four."""
    return load_folder(lines.write(tmp_path_factory.mktemp("lists") / "lines"))


def opened(content: bytes) -> tuple[Workbook, Worksheet]:
    """A workbook and its sheet of answers."""
    book = load_workbook(BytesIO(content))
    return book, book.worksheets[1]


def ids(sheet: Worksheet) -> list[str]:
    """What stands in the first column below the headings."""
    return [str(sheet.cell(row, 1).value) for row in range(5, sheet.max_row + 1)]


def changed(content: bytes, **cells: str | int | None) -> bytes:
    """The workbook with other answers; ``__`` in a name stands for the slash or dot of the row's id."""
    book, sheet = opened(content)
    signs = str.maketrans({"/": "__", ".": "__", "-": "_"})
    places = {identifier.translate(signs): row for row, identifier in enumerate(ids(sheet), start=5)}
    for name, value in cells.items():
        sheet.cell(places[name], 6).value = value
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_items_go_out_and_come_back_with_their_ids(definition: Definition, language: str) -> None:
    content = write(definition, language, Filled(ANSWERS))
    filled = read(content, definition)
    assert filled.mistakes == ()
    assert dict(filled.answers) == ANSWERS
    rows = ids(opened(content)[1])
    first = rows.index("lines/line-1")
    assert rows[first - 1 : first + 4] == [
        "lines",
        "lines/line-1",
        "lines.line-1.output",
        "lines.line-1.rejects",
        "lines.line-1.upkeep",
    ], "what nobody answers, a computed number, has no row"
    assert [row for row in rows if row.startswith("lines/")] == [
        "lines/line-1",
        "lines/line-2",
        "lines/item-1",
        "lines/item-2",
    ], "there is room for two more, and then the list is full"


def test_a_name_in_a_free_row_makes_an_item(definition: Definition) -> None:
    content = changed(
        write(definition, "en", Filled(ANSWERS)),
        lines__item_1="Packing",
        lines__item_1__output="٥٠",
        lines__line_1="Extrusion A",
    )
    filled = read(content, definition)
    assert filled.mistakes == ()
    items: Any = filled.answers["lines"]["items"]
    assert [(item["id"], item["name"]) for item in items] == [
        ("line-1", "Extrusion A"),
        ("line-2", "خط الحليب"),
        ("item-1", "Packing"),
    ]
    assert filled.answers["lines.item-1.output"] == {"number": "50"}
    assert list(filled.answers).index("lines.item-1.output") > list(filled.answers).index("lines")


def test_none_is_said_in_the_row_of_the_list(definition: Definition) -> None:
    empty = write(definition, "en", Filled({"lines": {"items": []}}))
    assert dict(read(empty, definition).answers) == {"lines": {"items": []}}
    assert dict(read(write(definition, "en"), definition).answers) == {}
    said = changed(write(definition, "en"), lines="no")
    assert dict(read(said, definition).answers) == {"lines": {"items": []}}


@pytest.mark.parametrize(
    ("cells", "code", "place"),
    [
        ({"lines__item_1__output": 5}, "workbook-item-nameless", "lines"),
        ({"lines__line_2": None}, "workbook-item-nameless", "lines"),
        ({"lines__line_2": "Extrusion 1"}, "workbook-item-twice", "lines"),
        ({"lines": "no"}, "workbook-not-none", "lines"),
        ({"lines": "yes"}, "workbook-not-none", "lines"),
        ({"lines__line_1": "=1+1"}, "workbook-formula", "lines"),
        ({"lines__line_1": "x" * 121}, "workbook-too-long", "lines"),
        ({"lines__line_1__upkeep": 9}, "workbook-not-a-level", "lines.line-1.upkeep"),
    ],
)
def test_slips_are_told_with_their_cell(definition: Definition, cells: dict[str, Any], code: str, place: str) -> None:
    filled = read(changed(write(definition, "en", Filled(ANSWERS)), **cells), definition)
    assert code in [mistake.code for mistake in filled.mistakes]
    first = next(mistake for mistake in filled.mistakes if mistake.code == code)
    assert first.path[0] == "Answers"
    assert str(first.path[1]).startswith("F")
    assert first.path[2] == place
    for language in ("en", "ar"):
        assert first.sentence(language)


def test_too_many_are_told(definition: Definition) -> None:
    book, sheet = opened(write(definition, "en", Filled(ANSWERS)))
    for number in range(3, 8):
        row = sheet.max_row + 1
        sheet.cell(row, 1).value = f"lines/more-{number}"
        sheet.cell(row, 6).value = f"Line {number}"
    stream = BytesIO()
    book.save(stream)
    filled = read(stream.getvalue(), definition)
    assert [mistake.code for mistake in filled.mistakes] == ["workbook-items-count"]
    assert "lines" not in filled.answers


@pytest.fixture(scope="module")
def nested(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    """A questionnaire with a list within a list: steps of products."""
    return load_folder(products.write(tmp_path_factory.mktemp("nested") / "products"))


def test_inner_items_stand_below_their_item(nested: Definition) -> None:
    content = write(nested, "ar", Filled(products.ANSWERS))
    filled = read(content, nested)
    assert filled.mistakes == ()
    assert list(filled.answers.items()) == list(products.ANSWERS.items())
    rows = ids(opened(content)[1])
    first = rows.index("products/pump")
    assert rows[first : first + 6] == [
        "products/pump",
        "products.pump.turnover",
        "products.pump.steps",
        "products.pump.steps/turning",
        "products.pump.steps.turning.run",
        "products.pump.steps.turning.scrap",
    ]
    assert [row for row in rows if row.startswith("products.item-1.steps/")] == [
        "products.item-1.steps/item-1",
        "products.item-1.steps/item-2",
    ], "a product without a name has room for some steps too"


def test_names_in_free_rows_make_inner_items_of_new_items(nested: Definition) -> None:
    content = changed(
        write(nested, "en", Filled(products.ANSWERS)),
        products__item_1="Gear",
        products__item_1__steps__item_2="Hobbing",
        products__item_1__steps__item_2__run=2,
        products__pump__steps__item_1="Packing",
        products__valve__steps__turning="Turning A",
    )
    filled = read(content, nested)
    assert filled.mistakes == ()
    named: Any = {name: answer["items"] for name, answer in filled.answers.items() if "items" in answer}
    assert {name: [item["name"] for item in items] for name, items in named.items()} == {
        "products": ["Pump", "صمام", "Gear"],
        "products.pump.steps": ["Turning", "غسل", "Packing"],
        "products.valve.steps": ["Turning A"],
        "products.item-1.steps": ["Hobbing"],
    }
    assert filled.answers["products.item-1.steps.item-2.run"] == {"level": 2}


@pytest.mark.parametrize(
    ("cells", "code", "place"),
    [
        ({"products__item_1__steps__item_1": "Hobbing"}, "workbook-item-nameless", "products"),
        ({"products__pump__steps__washing": None}, "workbook-item-nameless", "products.pump.steps"),
        ({"products__pump__steps__washing": "Turning"}, "workbook-item-twice", "products.pump.steps"),
        ({"products__pump__steps": "no"}, "workbook-not-none", "products.pump.steps"),
        ({"products__pump__steps__turning__run": 9}, "workbook-not-a-level", "products.pump.steps.turning.run"),
    ],
)
def test_slips_of_inner_items_are_told(nested: Definition, cells: dict[str, Any], code: str, place: str) -> None:
    filled = read(changed(write(nested, "en", Filled(products.ANSWERS)), **cells), nested)
    assert [(mistake.code, mistake.path[2]) for mistake in filled.mistakes] == [(code, place)]
    assert not [name for name in filled.answers if name.startswith("products.item-1")]


def test_rows_of_no_list_and_too_many_inner_items_are_told(nested: Definition) -> None:
    book, sheet = opened(write(nested, "en", Filled(products.ANSWERS)))
    strange = ["products.pump.steps.turning.steps/a", "steps/a", "products.gear.steps/a", "products.pump.run"]
    for identifier in [*strange, *(f"products.valve.steps/more-{number}" for number in range(9))]:
        row = sheet.max_row + 1
        sheet.cell(row, 1).value = identifier
        sheet.cell(row, 6).value = identifier[-12:]
    stream = BytesIO()
    book.save(stream)
    codes = [mistake.code for mistake in read(stream.getvalue(), nested).mistakes]
    assert (
        {"workbook-unknown-row", "workbook-items-count", "workbook-item-nameless"}
        >= set(codes)
        >= {
            "workbook-unknown-row",
            "workbook-items-count",
        }
    )
