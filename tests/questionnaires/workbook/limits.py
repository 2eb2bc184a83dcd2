"""What Excel refuses or repairs although the schemas of ECMA-376 allow it.

Source of the numbers: "Excel specifications and limits" and the descriptions of data validation, names and comments
in Microsoft's documentation, which also names what a sheet and a name may be called.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_from_string
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

LONGEST_TEXT: Final = 32_767
"""Characters (UTF-16 units) in a cell, and in a comment."""

_SIGNS_OF_NO_SHEET: Final = re.compile(r"[\[\]:*?/\\]|^'|'$")
_NAME: Final = re.compile(r"[^\W\d][\w.\\?]*|\\[\w.\\?]*|_xlnm\.\w+")
_LIKE_A_CELL: Final = re.compile(r"(?i)[a-z]{1,3}[1-9]\d{0,6}|r\d*(c\d*)?|c\d*")
_MOST: Final = {"cellXfs": 64_000, "fonts": 1_024, "numFmts": 200}
_MOST_IN_A_MESSAGE: Final = {"promptTitle": 32, "prompt": 255, "errorTitle": 32, "error": 255}


def breaches(content: bytes) -> list[str]:
    """Everything in the workbook that Excel would not take, one sentence each."""
    book = load_workbook(BytesIO(content))
    found = [*_sheets(book), *_names(book), *_styles(content)]
    for sheet in book.worksheets:
        found += (f"{sheet.title}: {what}" for what in (*_cells(sheet), *_lists(sheet), *_rest(sheet)))
    tables = Counter(name.casefold() for sheet in book.worksheets for name in sheet.tables)
    return found + [f"the table {name} is there twice" for name, count in tables.items() if count > 1]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _sheets(book: Workbook) -> Iterator[str]:
    for name in book.sheetnames:
        if not 0 < _units(name) <= 31 or _SIGNS_OF_NO_SHEET.search(name) or name.casefold() == "history":
            yield f"a sheet cannot be called {name!r}"
    twice = Counter(name.casefold() for name in book.sheetnames)
    yield from (f"two sheets are called {name!r}" for name, count in twice.items() if count > 1)
    if not any(sheet.sheet_state == "visible" for sheet in book.worksheets):
        yield "no sheet is visible"


def _names(book: Workbook) -> Iterator[str]:
    for names in (book.defined_names, *(sheet.defined_names for sheet in book.worksheets)):
        for name in names:
            if len(name) > 255 or not _NAME.fullmatch(name) or _LIKE_A_CELL.fullmatch(name):
                yield f"nothing can be called {name!r}"


def _styles(content: bytes) -> Iterator[str]:
    with ZipFile(BytesIO(content)) as package:
        styles = package.read("xl/styles.xml").decode()
        links = [package.read(name).count(b"<hyperlink ") for name in package.namelist() if "/worksheets/" in name]
    for part, most in _MOST.items():
        if (stated := re.search(rf'<{part} count="(\d+)"', styles)) and int(stated[1]) > most:
            yield f"{stated[1]} {part}"
    if max(links) > 65_530:
        yield f"{max(links)} hyperlinks in a sheet"


def _cells(sheet: Worksheet) -> Iterator[str]:
    if sheet.max_row > 1_048_576 or sheet.max_column > 16_384:
        yield "more rows or columns than there are"
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                most = 8_192 if cell.data_type == "f" else LONGEST_TEXT
                if _units(cell.value) > most:
                    yield f"{cell.coordinate} holds {_units(cell.value)} characters"
            if cell.comment is not None and _units(cell.comment.text) > LONGEST_TEXT:
                yield f"the comment of {cell.coordinate} holds {_units(cell.comment.text)} characters"


def _lists(sheet: Worksheet) -> Iterator[str]:
    rules = sheet.data_validations.dataValidation
    if len(rules) > 65_534:
        yield f"{len(rules)} validations"
    for rule in rules:
        for formula in (rule.formula1, rule.formula2):
            if formula and _units(formula.strip('"') if formula.startswith('"') else formula) > 255:
                yield f"the formula of the validation of {rule.sqref} has {_units(formula)} characters"
        for part, most in _MOST_IN_A_MESSAGE.items():
            text = getattr(rule, part)
            if text and _units(text) > most:
                yield f"the {part} of the validation of {rule.sqref} has {_units(text)} characters"


def _rest(sheet: Worksheet) -> Iterator[str]:
    for row, shape in sheet.row_dimensions.items():
        if shape.height is not None and not 0 <= shape.height <= 409.5:
            yield f"row {row} is {shape.height} points high"
    for column, width in ((name, shape.width) for name, shape in sheet.column_dimensions.items()):
        if not 0 <= width <= 255:
            yield f"column {column} is {width} characters wide"
    for line in (sheet.oddHeader, sheet.oddFooter):
        parts = (line.left, line.center, line.right) if line else ()
        if _units("".join(part.text or "" for part in parts if part)) > 240:
            yield "more than 255 characters in the header or the footer"
    taken: set[tuple[int, int]] = set()
    for area in sheet.merged_cells.ranges:
        cells = {(row, column) for row, column in area.cells}
        if taken & cells:
            yield f"{coordinate_from_string(area.coord.split(':')[0])} is merged twice"
        taken |= cells
