"""Workbooks are such that Excel takes them: by the schemas of the standard, and by the limits that are Excel's own.

The schemas, and another pair of hands at the cells, are those of Apache POI (`tests.judges.poi`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from questionnaires import digest, load, load_folder, published
from questionnaires.workbook import Filled, changes, definition_to_workbook, read, workbook_to_yaml, write
from tests.itti import lines
from tests.judges import openxml, poi, poi_fills, poi_reads
from tests.judges.conversation import JudgeFailed
from tests.judges.workbooks import Excel, Typed
from tests.questionnaires.workbook.desk import COLUMNS, Desk
from tests.questionnaires.workbook.everything import everything
from tests.questionnaires.workbook.limits import LONGEST_TEXT, breaches
from tests.questionnaires.workbook.test_authoring import made
from tests.questionnaires.workbook.test_reading import ANSWERS, COVER

CORE = "application/vnd.openxmlformats-package.core-properties+xml"
"""The one part without a schema at POI, which reads it strictly when it opens a workbook."""

NEWEST = sorted(dict(published()).items())


@cache
def made_by_us(kind: str) -> bytes:
    """An author's workbook, or an assessor's in a language, with answers in it."""
    if kind == "author":
        return definition_to_workbook(everything())
    return write(everything(), kind, Filled(ANSWERS, COVER))


def kept(content: bytes, folder: Path, name: str = "workbook.xlsx") -> Path:
    """The file."""
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.judge
@pytest.mark.parametrize("kind", ["en", "ar", "author"])
def test_every_part_keeps_its_schema(kind: str, tmp_path: Path) -> None:
    result = poi(kept(made_by_us(kind), tmp_path))
    assert result.passed, result
    assert set(result.unknown) == {CORE}
    assert result.parts["/xl/worksheets/sheet2.xml"] > 20
    assert {"/xl/workbook.xml", "/xl/styles.xml", "/xl/sharedStrings.xml", "/docProps/app.xml"} <= set(result.parts)


@pytest.mark.judge
@pytest.mark.parametrize(("kind", "excel"), [("en", "Office2007"), ("ar", "Microsoft365"), ("author", "Office2016")])
def test_excel_has_nothing_to_repair(kind: str, excel: Excel, tmp_path: Path) -> None:
    assert openxml(kept(made_by_us(kind), tmp_path), excel) == []


@pytest.mark.judge
def test_a_workbook_with_lists_keeps_them(tmp_path: Path) -> None:
    definition = load_folder(lines.write(tmp_path / "lines"))
    content = write(definition, "ar", Filled(lines.ANSWERS))
    path = kept(content, tmp_path)
    assert poi(path).passed
    assert openxml(path) == []
    assert breaches(content) == []


@pytest.mark.judge
def test_published_questionnaires_keep_them_too(tmp_path: Path) -> None:
    for place, (family, version) in enumerate(NEWEST):
        definition = load(family, version)
        content = definition_to_workbook(definition) if place % 3 == 0 else write(definition, ("en", "ar")[place % 2])
        result = poi(kept(content, tmp_path))
        assert result.passed, f"{family}: {result}"
        assert breaches(content) == [], family


@pytest.mark.judge
@pytest.mark.parametrize("kind", ["en", "ar", "author"])
def test_another_reader_finds_every_cell_list_and_direction(kind: str, tmp_path: Path) -> None:
    content = made_by_us(kind)
    told = poi_reads(kept(content, tmp_path))
    book = load_workbook(BytesIO(content))
    assert [sheet["name"] for sheet in told["sheets"]] == book.sheetnames
    for found, sheet in zip(told["sheets"], book.worksheets, strict=True):
        assert found["right_to_left"] is bool(sheet.sheet_view.rightToLeft)
        assert found["right_to_left"] is (kind == "ar" and sheet.sheet_state == "visible")
        assert found["visible"].lower().replace("_", "") == sheet.sheet_state.lower()
        assert {place: value for place, value in found["cells"].items() if value != ""} == _cells(sheet)
        rules = [
            (str(rule.sqref), rule.type == "list", rule.formula1) for rule in sheet.data_validations.dataValidation
        ]
        asked = [(" ".join(rule["cells"]), rule["is_list"], rule["first"]) for rule in found["validations"]]
        assert [rule[:2] for rule in asked] == [rule[:2] for rule in rules]
        assert [rule[2] for rule in asked if rule[1]] == [rule[2] for rule in rules if rule[1]]
    for name, area in book.defined_names.items():
        assert told["names"][name] == area.attr_text


def _cells(sheet: Worksheet) -> dict[str, Any]:
    """What openpyxl finds, dates as the numbers that they are stored as."""
    found = {cell.coordinate: cell for row in sheet.iter_rows() for cell in row if cell.value not in {None, ""}}
    return {
        place: (cell.value - datetime(1899, 12, 30)).days if isinstance(cell.value, datetime) else cell.value  # noqa: DTZ001 - days
        for place, cell in found.items()
    }


@pytest.mark.judge
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_poi_types_comes_back(language: str, tmp_path: Path) -> None:
    desk = Desk.of(everything(), language)
    sheet = desk.answers.title

    def at(identifier: str, column: str = "answer") -> str:
        return str(desk.answers.cell(desk.row(identifier), COLUMNS[column]).coordinate)

    beside = f"N{desk.row('output')}"
    typed: list[Typed] = [
        (sheet, at("maturity"), "number", "2"),
        (sheet, at("maturity", "reason"), "text", "Seen at the line. شوهد."),
        (sheet, at("sector"), "text", "cement"),
        (sheet, at("output"), "number", "1234.5"),
        (sheet, at("power"), "text", "١٢٣٤٥٦"),
        (sheet, beside, "formula", f"{at('output')}*2"),
    ]
    content = poi_fills(kept(write(everything(), language), tmp_path), tmp_path / "filled.xlsx", typed)
    filled = read(content, everything())
    assert filled.mistakes == ()
    assert changes(filled.answers, {
        "maturity": {"level": 2, "reason": "Seen at the line. شوهد."},
        "sector": {"choice": "cement"},
        "output": {"number": "1234.5"},
        "power": {"number": "123456"},
    }) == []  # fmt: skip
    assert load_workbook(BytesIO(content), data_only=True)[sheet][beside].value == 2469

    wrong = poi_fills(tmp_path / "filled.xlsx", tmp_path / "wrong.xlsx", [(sheet, at("share"), "formula", "1/4")])
    assert [mistake.code for mistake in read(wrong, everything()).mistakes] == ["workbook-formula"]


@pytest.mark.judge
def test_an_authors_workbook_survives_poi(tmp_path: Path) -> None:
    content = poi_fills(kept(made_by_us("author"), tmp_path), tmp_path / "saved.xlsx", [])
    assert digest(made(workbook_to_yaml(content), tmp_path)) == digest(everything())


def without(part: str) -> Callable[[str, bytes], bytes | None]:
    """Leaves a part out."""
    return lambda name, content: None if name == part else content


def turned(pattern: bytes, instead: bytes) -> Callable[[str, bytes], bytes | None]:
    """Writes something else in the sheet of answers."""

    def change(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet2.xml":
            return content
        changed, count = re.subn(pattern, instead, content, count=1)
        assert count == 1
        return changed

    return change


@pytest.mark.judge
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("xl/theme/theme1.xml"), "theme"),
        (turned(rb"(<pageMargins[^>]*/>)(<pageSetup[^>]*/>)", rb"\2\1"), "pageMargins"),
        (turned(rb'rightToLeft="1"', rb'rightToLeft="left"'), "rightToLeft|boolean"),
        (turned(rb'type="list"', rb'type="choice"'), "choice|enum"),
        (turned(rb"<formula1>", rb"<formula0/><formula1>"), "formula0"),
    ],
    ids=["a part that is not there", "order", "value", "word", "element"],
)
def test_both_judges_name_what_is_wrong(
    change: Callable[[str, bytes], bytes | None], said: str, tmp_path: Path
) -> None:
    stream = BytesIO()
    with ZipFile(BytesIO(made_by_us("ar"))) as good, ZipFile(stream, "w") as bad:
        for name in good.namelist():
            content = change(name, good.read(name))
            if content is not None:
                bad.writestr(name, content)
    path = kept(stream.getvalue(), tmp_path)
    assert re.search(said, "\n".join(openxml(path)))
    try:
        result = poi(path)
    except JudgeFailed as refused:
        assert re.search(said, str(refused))  # noqa: PT017 - either way of saying no
    else:
        assert not result.passed
        assert re.search(said, str(result))


@pytest.mark.parametrize("kind", ["en", "ar", "author"])
def test_excels_own_limits_are_kept(kind: str) -> None:
    assert breaches(made_by_us(kind)) == []


def _spoilt(change: Callable[[Workbook, Worksheet], object]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = "good"
    change(book, sheet)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _rule(sheet: Worksheet, **values: Any) -> None:
    rule = DataValidation(type="list", **{"formula1": '"a,b"', **values})
    rule.add("B1")
    sheet.add_data_validation(rule)


def _name(book: Workbook, name: str) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    book.defined_names[name] = DefinedName(name, attr_text="Sheet!$A$1")


SPOILT: dict[str, Callable[[Workbook, Worksheet], object]] = {
    "cannot be called": lambda _, sheet: setattr(sheet, "title", "a" * 32),
    "nothing can be called 'ab1'": lambda book, _: _name(book, "ab1"),
    "nothing can be called 'two words'": lambda book, _: _name(book, "two words"),
    "nothing can be called 'R1C1'": lambda book, _: _name(book, "R1C1"),
    "A1 holds 32768": lambda _, sheet: setattr(sheet["A1"], "_value", "x" * 32_768),
    "comment": lambda _, sheet: setattr(sheet["A1"], "comment", Comment("x" * 32_768, "me")),
    "formula of the validation": lambda _, sheet: _rule(sheet, formula1=f'"{"a," * 128}"'),
    "promptTitle": lambda _, sheet: _rule(sheet, promptTitle="x" * 33),
    "error of": lambda _, sheet: _rule(sheet, error="x" * 256),
    "points high": lambda _, sheet: setattr(sheet.row_dimensions[1], "height", 500),
    "wide": lambda _, sheet: setattr(sheet.column_dimensions["A"], "width", 300),
    "footer": lambda _, sheet: setattr(getattr(sheet.oddFooter, "left"), "text", "x" * 300),  # noqa: B009 - typed as optional
}


@pytest.mark.parametrize("said", SPOILT)
@pytest.mark.filterwarnings("ignore:Title is more than 31")
def test_each_limit_can_be_broken(said: str) -> None:
    assert any(said in breach for breach in breaches(_spoilt(SPOILT[said])))


def test_texts_longer_than_a_cell_are_cut_where_they_are_only_shown() -> None:
    """Ten hints of four thousand characters each do not fit beside their question, nor do three long levels."""
    definition, long = everything(), "word 🏭 " * 571
    words = definition.texts["en"].questions["maturity"]
    levels = {level: text.model_copy(update={"description": long * 4}) for level, text in words.levels.items()}
    spoken = words.model_copy(update={"guiding": (long,) * 10, "levels": levels})
    texts = definition.texts["en"].model_copy(
        update={"questions": {**definition.texts["en"].questions, "maturity": spoken}}
    )
    content = write(definition.model_copy(update={"texts": {**definition.texts, "en": texts}}), "en")
    assert breaches(content) == []
    desk = Desk(content)
    for column in (5, 11):
        shown = desk.answers.cell(desk.row("maturity"), column).value
        assert isinstance(shown, str)
        assert shown.endswith("…")
        assert LONGEST_TEXT - 2 <= len(shown.encode("utf-16-le")) // 2 <= LONGEST_TEXT


def test_what_people_are_called_is_never_a_formula_or_a_link() -> None:
    for name in ("=1+1", "{=1+1}", "https://example.org/", "mailto:a@example.org", "+971 4 000 0000", "123"):
        content = write(everything(), "en", Filled({}, COVER | {"factory.name": name}))
        assert read(content, everything()).cover["factory.name"] == name
        cells = [cell for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows() for cell in row]
        assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink is not None] == []
