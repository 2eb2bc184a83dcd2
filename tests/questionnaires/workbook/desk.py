"""What an assessor does to a workbook in a spreadsheet program, done with a library that others wrote."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from questionnaires.model import Definition
from questionnaires.workbook import Filled, read, write

FIRST_ROW = 5
"""Row of the first question."""

COLUMNS = {"id": 1, "answer": 6, "unit": 7, "not-applicable": 8, "reason": 9, "evidence": 10}
_FRESH: dict[tuple[str, int, str], bytes] = {}
"""Workbooks nobody has written in yet; made once."""


class Desk:
    """A workbook that lies open."""

    def __init__(self, content: bytes) -> None:
        self.book: Workbook = load_workbook(BytesIO(content))
        self.cover: Worksheet = self.book.worksheets[0]
        self.answers: Worksheet = self.book.worksheets[1]

    @classmethod
    def of(cls, definition: Definition, language: str = "en") -> Desk:
        """A fresh workbook of the definition."""
        key = (definition.family, id(definition), language)
        if key not in _FRESH:
            _FRESH[key] = write(definition, language)
        return cls(_FRESH[key])

    def row(self, identifier: str) -> int:
        """The row in which the id stands."""
        rows = range(FIRST_ROW, self.answers.max_row + 1)
        return next(row for row in rows if self.answers.cell(row, 1).value == identifier)

    def put(self, identifier: str, value: Any, column: str = "answer") -> str:
        """Type a value; returns the cell's reference."""
        cell = self.answers.cell(self.row(identifier), COLUMNS[column])
        cell.value = value
        return str(cell.coordinate)

    def put_cover(self, key: str, value: Any) -> str:
        """Type into a field of the cover."""
        row = next(row for row in range(1, 60) if self.cover.cell(row, 1).value == key)
        cell = self.cover.cell(row, 3)
        cell.value = value
        return str(cell.coordinate)

    def saved(self) -> bytes:
        """The file after saving."""
        stream = BytesIO()
        self.book.save(stream)
        return stream.getvalue()

    def read(self, definition: Definition) -> Filled:
        """What the project reads from the saved file."""
        return read(self.saved(), definition)
