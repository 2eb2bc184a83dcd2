"""A filled workbook → answers, matched by id wherever rows and columns have gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from questionnaires.digest import digest
from questionnaires.mistakes import Mistake
from questionnaires.model import ComputedQuestion, Definition
from questionnaires.wording import LANGUAGES, say
from questionnaires.workbook.answering import Answering, Entry, day_of
from questionnaires.workbook.faults import NotOurWorkbook, OtherDigest, OtherFamily, OtherVersion
from questionnaires.workbook.filled import Answer, Filled, Stated
from questionnaires.workbook.lines import COLUMNS, COVER_FIELDS, Line, lines
from questionnaires.workbook.listed import Slots, slots_in, written_out
from questionnaires.workbook.naming import Naming
from questionnaires.workbook.numerals import folded, stored_number, typed_number, western
from questionnaires.workbook.sheets import Book, Cell, Sheet, column_name, read_book
from questionnaires.workbook.writing import FORMAT

MOST_MISTAKES: Final = 500
"""After so many, the rest is not told: the file is of another kind."""

_HEADING_WITHIN: Final = 30
_NEEDED: Final = ("id", "answer")
_OPEN: Final = ("answer", "not-applicable", "reason", "evidence")
_LONGEST_ID: Final = 400
_LONGEST: Final = {"factory.licence": 64, "factory.region": 100}


def stated(content: bytes) -> Stated:
    """Which definition a workbook belongs to.

    Raises:
        WorkbookRefused: it is none of ours, or unsafe to read.
    """
    return _stated(read_book(content))


def read(content: bytes, definition: Definition, file: str = "workbook.xlsx") -> Filled:
    """The answers in a workbook and every cell that is wrong; what is wrong is not among the answers.

    ``file`` names the workbook in mistakes; their path is sheet, cell, and id of the question.

    Raises:
        WorkbookRefused: it is none of ours, of another definition, or unsafe to read.
    """
    book = read_book(content)
    named = _stated(book)
    _check_identity(named, definition)
    headings = _headings(book)
    found = [(sheet, place) for sheet in book.sheets if (place := _heading_row(sheet, headings)) is not None]
    if not found:
        raise NotOurWorkbook
    slots = slots_in(definition, (identifier for sheet, place in found for identifier in _identifiers(sheet, place)))
    reading = _Reading(written_out(definition, slots), slots, named.language, file)
    for sheet, place in found:
        reading.table(sheet, place)
    reading.answer(counts_from_1904=book.counts_from_1904)
    for sheet in book.sheets:
        if all(sheet is not table for table, _ in found):
            reading.cover(sheet, counts_from_1904=book.counts_from_1904)
    reading.check_cover()
    return Filled(reading.answers, reading.fields, tuple(reading.mistakes))


def _marks(book: Book) -> Sheet:
    for sheet in book.sheets:
        if sheet.text(1, 1) == "format":
            return sheet
    raise NotOurWorkbook


def _stated(book: Book) -> Stated:
    sheet = _marks(book)
    facts = {sheet.text(row, 1): sheet.text(row, 2)[:200] for row in range(1, 40)}
    if facts.get("format") != FORMAT:
        raise NotOurWorkbook
    return Stated(*(facts.get(key, "") for key in ("family", "version", "digest", "language")))


def _check_identity(named: Stated, definition: Definition) -> None:
    if named.family != definition.family:
        raise OtherFamily(stated=named.family, expected=definition.family)
    if named.version != definition.version:
        raise OtherVersion(family=named.family, stated=named.version, expected=definition.version)
    if named.digest != (found := digest(definition)):
        raise OtherDigest(name=definition.name, stated=named.digest, expected=found)


def _headings(book: Book) -> dict[str, str]:
    """Folded heading → column key, as the workbook was written and as it would be written today."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        found |= {folded(say("questionnaires", f"workbook.column-{key}", language)): key for key in COLUMNS}
    sheet = _marks(book)
    for row in range(1, 40):
        key = sheet.text(row, 1)
        if key.startswith("heading.") and key[8:] in COLUMNS:
            found[folded(sheet.text(row, 2))] = key[8:]
    return found


@dataclass(frozen=True)
class _Place:
    """Where a table begins and which of its columns holds what."""

    row: int
    columns: Mapping[str, int]


def _heading_row(sheet: Sheet, headings: Mapping[str, str]) -> _Place | None:
    for row in sorted(sheet.rows)[:_HEADING_WITHIN]:
        columns: dict[str, int] = {}
        for number, cell in sorted(sheet.rows[row].items()):
            if key := headings.get(folded(cell.text[:100])):
                columns.setdefault(key, number)
        if all(key in columns for key in _NEEDED):
            return _Place(row, columns)
    return None


def _identifiers(sheet: Sheet, place: _Place) -> Iterator[str]:
    """What stands in the column of ids."""
    column = place.columns["id"]
    for number, cells in sheet.rows.items():
        if number > place.row and column in cells:
            yield western(cells[column].text)[:_LONGEST_ID]


class _Reading:
    def __init__(self, definition: Definition, slots: Slots, language: str, file: str) -> None:
        self.definition, self.slots, self.file = definition, slots, file
        self.lines: dict[str, Line] = {line.id: line for line in lines(definition, slots)}
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self.answers: dict[str, Answer] = {}
        self.fields: dict[str, str | int | date] = {}
        self.mistakes: list[Mistake] = []
        self.found: dict[str, dict[str, Entry]] = {}
        self.sheet, self.columns = Sheet(""), dict[str, int]()
        self.places: dict[int, tuple[str, Mapping[str, int]]] = {}
        self.cover_rows: dict[str, tuple[str, int]] = {}

    def report(self, code: str, row: int, key: str, identifier: str, **details: object) -> None:
        """Keep a mistake of a cell in the table that is being read."""
        cell = f"{column_name(self.columns.get(key, 1))}{row}"
        self._keep(code, (self.sheet.name, cell, *identifier.split("/")), id=identifier, **details)

    def _keep(self, code: str, path: tuple[str | int, ...], **details: object) -> None:
        if len(self.mistakes) < MOST_MISTAKES:
            self.mistakes.append(Mistake(self.file, None, path, f"workbook-{code}", details))
        elif len(self.mistakes) == MOST_MISTAKES:
            limit = {"limit": MOST_MISTAKES}
            self.mistakes.append(Mistake(self.file, None, path[:1], "workbook-too-many-mistakes", limit))

    def table(self, sheet: Sheet, place: _Place) -> None:
        """Sort the rows of a table under their questions."""
        self.sheet, self.columns = sheet, dict(place.columns)
        wide = max(place.columns.values())
        for top, left, bottom, right in sheet.merged:
            if bottom > place.row and left <= wide and (top, left) != (bottom, right):
                area = f"{column_name(left)}{top}:{column_name(right)}{bottom}"
                self._keep("merged", (sheet.name, area), area=area)
        first: dict[str, int] = {}
        for number in sorted(sheet.rows):
            if number > place.row:
                self._row(number, sheet.rows[number], first)

    def _row(self, number: int, cells: Mapping[int, Cell], first: dict[str, int]) -> None:
        by_key = {key: cells[column] for key, column in self.columns.items() if column in cells}
        identifier = western(by_key["id"].text)[:_LONGEST_ID] if "id" in by_key else ""
        written = [key for key in _OPEN if key in by_key and by_key[key].text.strip() not in {"–", "-"}]
        if not identifier:
            if written:
                self.report("id-missing", number, "id", "")
            return
        line = self.lines.get(identifier)
        if by_key["id"].formula or line is None:
            self.report("unknown-row", number, "id", identifier[:80])
        elif identifier in first:
            self.report("row-twice", number, "id", identifier, first=first[identifier])
        else:
            first[identifier] = number
            self._closed(line, number, by_key, written)
            self.found.setdefault(line.question.id, {})[line.part] = Entry(number, by_key)

    def _closed(self, line: Line, number: int, cells: Mapping[str, Cell], written: Sequence[str]) -> None:
        """Something stands in a grey cell: it belongs elsewhere, and is not passed over."""
        if not line.answers and "answer" in written:
            self.report("closed", number, "answer", line.id, found=cells["answer"].text[:60])
        for key in ("not-applicable", "reason", "evidence"):
            if line.part and key in written:
                self.report("closed", number, key, line.id, found=cells[key].text[:60])

    def answer(self, *, counts_from_1904: bool) -> None:
        """Answer every question whose rows were found."""
        answering = Answering(self.definition, self.language, self.report, counts_from_1904=counts_from_1904)
        for question in self.definition.questions:
            rows = self.found.get(question.id)
            if rows and not isinstance(question, ComputedQuestion):
                before = len(self.mistakes)
                answer = answering.answer(question, rows)
                if answer is not None and len(self.mistakes) == before:
                    self.answers[question.id] = answer
        Naming(self.found, self.answers, answering, self.report).name(self.definition, self.slots)

    def cover(self, sheet: Sheet, *, counts_from_1904: bool) -> None:
        """Read the fields of the cover: their keys stand in the first column, their values in the third."""
        for row, cells in sheet.rows.items():
            key = cells[1].text.strip() if 1 in cells else ""
            if key not in COVER_FIELDS:
                continue
            self.cover_rows[key] = (sheet.name, row)
            if (cell := cells.get(3)) is None:
                continue
            if cell.formula or cell.kind == "error":
                code = "formula" if cell.formula else "error"
                self._keep(code, (sheet.name, f"C{row}", key), id=key, found=cell.text[:60])
                continue
            value = _cover_value(key, cell, counts_from_1904=counts_from_1904)
            if value is None:
                kind = {"assessed_on": "not-a-date", "factory.employees": "not-a-count", "factory.sector": "not-an-id"}
                code = kind.get(key, "too-long")
                limit = _LONGEST.get(key, 200)
                self._keep(code, (sheet.name, f"C{row}", key), id=key, found=cell.text[:60], limit=limit)
            else:
                self.fields[key] = value

    def check_cover(self) -> None:
        """A factory or a person without a name cannot be printed."""
        for part in ("factory", "assessor"):
            name = f"{part}.name"
            if name not in self.fields and any(key.startswith(f"{part}.") for key in self.fields):
                sheet, row = self.cover_rows.get(name, ("", 0))
                self._keep("name-missing", (sheet, f"C{row}", name), id=name)


def _cover_value(key: str, cell: Cell, *, counts_from_1904: bool) -> str | int | date | None:
    if key == "assessed_on":
        return day_of(cell, counts_from_1904=counts_from_1904)
    if key == "factory.employees":
        number = stored_number(cell.text) if cell.kind == "number" else typed_number(cell.text)
        return int(number) if number and number.isdecimal() and 1 <= int(number) < 10**8 else None
    text = (stored_number(cell.text) or "") if cell.kind == "number" else cell.text.strip()
    if key == "factory.sector":
        return text if re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", text) and len(text) <= 64 else None
    return text if 0 < len(text) <= _LONGEST.get(key, 200) else None
