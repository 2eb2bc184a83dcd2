"""The cells of a workbook: what stands in them, nothing about how they look but per cent signs and dates.

An own reader and not a library: see ``docs/decisions/0008-workbooks.md``. Formulas are noted, never computed;
links to other files are never followed; styles are not kept.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from questionnaires.workbook.container import Container
from questionnaires.workbook.faults import NotAWorkbook, WorkbookTooLarge
from questionnaires.workbook.markup import parse

MOST_SHEETS: Final = 60
MOST_CELLS: Final = 80_000
"""Cells with content, in all sheets together."""

LONGEST_TEXT: Final = 32_767
"""What a cell can hold in every spreadsheet program."""

LAST_COLUMN: Final = 256
"""Cells further right are passed over."""

_MOST_TEXTS: Final = 80_000
_MOST_MERGES: Final = 5_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Kind = Literal["text", "number", "truth", "error"]


class Cell(NamedTuple):
    """One cell that holds something."""

    row: int
    column: int
    kind: Kind
    text: str
    """A number as the file writes it, a truth as ``1`` or ``0``."""

    formula: bool = False
    percent: bool = False
    """Shown with a per cent sign, a hundred times the number that is stored."""

    dated: bool = False
    """Shown as a date; the number that is stored counts days."""


@dataclass
class Sheet:
    """One sheet: row → column → cell, both counted from 1."""

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Merged areas as first row, first column, last row, last column."""

    def text(self, row: int, column: int) -> str:
        """What the cell says, stripped; empty where there is nothing."""
        cell = self.rows.get(row, {}).get(column)
        return cell.text.strip() if cell else ""


@dataclass(frozen=True)
class Book:
    """All sheets of a workbook."""

    sheets: tuple[Sheet, ...]
    counts_from_1904: bool = False
    """True: day numbers count from 1904 and not from 1900."""


def column_name(column: int) -> str:
    """Letters of a column counted from 1: 1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The opposite of :func:`column_name`."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def read_book(content: bytes) -> Book:
    """Every cell of an .xlsx file.

    Raises:
        WorkbookRefused: it is none, it is hostile, or larger than anything of ours.
    """
    container = Container(content)
    main = _main_part(container)
    listing = _Listing()
    parse(container.pieces(main), main, listing.start, listing.end, listing.text)
    targets = _targets(container, main)
    if len(listing.sheets) > MOST_SHEETS:
        raise WorkbookTooLarge(what=f"{len(listing.sheets)} sheets", limit=f"{MOST_SHEETS}")
    of_kind = {kind: target for kind, target, _ in targets.values()}
    texts: list[str] = []
    if shared := of_kind.get("sharedStrings"):
        texts = _Texts(shared).read(container)
    styles = _Styles()
    if part := of_kind.get("styles"):
        styles.read(container, part)
    sheets: list[Sheet] = []
    left = MOST_CELLS
    for name, relation in listing.sheets:
        kind, target, _ = targets.get(relation, ("", "", False))
        if kind == "worksheet":
            reading = _Cells(Sheet(name), target, texts, styles, left)
            parse(container.pieces(target), target, reading.start, reading.end, reading.text)
            left = reading.left
            sheets.append(reading.sheet)
    return Book(tuple(sheets), listing.counts_from_1904)


def _main_part(container: Container) -> str:
    for kind, target, _ in _targets(container, "").values():
        if kind == "officeDocument":
            return target
    raise NotAWorkbook(problem="officeDocument")


def _targets(container: Container, part: str) -> dict[str, tuple[str, str, bool]]:
    """Relation id → kind, part, and whether it lies outside the file; the outside is never looked at."""
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str, bool]] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and len(found) < 1000:
            outside = attributes.get("TargetMode") == "External"
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            kind = "" if outside else attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, target, outside)

    parse(container.pieces(relations), relations, start, lambda _: None, lambda _: None)
    return found


class _Listing:
    """The sheets a workbook names, in order."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.counts_from_1904 = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.sheets.append((attributes.get("name", "")[:60], relation))
        elif name == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904") in {"1", "true"}

    def end(self, name: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class _Texts:
    """The texts that cells share, by number; the parts of a text in several fonts are joined."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.texts: list[str] = []
        self.current: list[str] = []
        self.length = 0
        self.inside = False
        self.spoken = False

    def read(self, container: Container) -> list[str]:
        parse(container.pieces(self.part), self.part, self.start, self.end, self.text)
        return self.texts

    def start(self, name: str, _: Mapping[str, str]) -> None:
        if name == "t":
            self.inside = not self.spoken
        elif name == "rPh":  # how a text is spoken, beside the text itself
            self.spoken = True

    def end(self, name: str) -> None:
        if name == "t":
            self.inside = False
        elif name == "rPh":
            self.spoken = False
        elif name == "si":
            self.texts.append(_plain("".join(self.current)))
            self.current, self.length = [], 0
            if len(self.texts) > _MOST_TEXTS:
                raise WorkbookTooLarge(what=self.part, limit=f"{_MOST_TEXTS}")

    def text(self, text: str) -> None:
        if self.inside:
            self.length += len(text)
            if self.length > LONGEST_TEXT * 2:
                raise WorkbookTooLarge(what=self.part, limit=f"{LONGEST_TEXT}")
            self.current.append(text)


class _Styles:
    """Which looks show a per cent sign or a date. Millions of looks cost time up to the limit, and no memory."""

    def __init__(self) -> None:
        self.percent_formats, self.date_formats = {"9", "10"}, set(_DATE_FORMATS)
        self.percent: set[int] = set()
        self.dated: set[int] = set()
        self.count = 0
        self.inside = False

    def read(self, container: Container, part: str) -> None:
        parse(container.pieces(part), part, self.start, self.end, lambda _: None)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "cellXfs":
            self.inside = True
        elif name == "xf" and self.inside:
            if (shown := attributes.get("numFmtId")) in self.percent_formats:
                self.percent.add(self.count)
            elif shown in self.date_formats:
                self.dated.add(self.count)
            self.count += 1
        elif name == "numFmt" and len(self.percent_formats) + len(self.date_formats) < 1000:
            self._format(attributes.get("numFmtId", "")[:9], attributes.get("formatCode", ""))

    def _format(self, identifier: str, code: str) -> None:
        plain = _UNSHOWN.sub("", code[:300])
        if "%" in plain:
            self.percent_formats.add(identifier)
        elif re.search("[yYdDeEgG]", plain) and not re.search("[0#?]|general", plain, re.IGNORECASE):
            self.date_formats.add(identifier)

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.inside = False


_DATE_FORMATS: Final = frozenset(str(number) for number in (*range(14, 18), 22, *range(27, 37), *range(50, 59)))
"""Formats that every program knows by number (ECMA-376, part 1, 18.8.30) and that show a day."""

_UNSHOWN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What a format shows as it stands, leaves blank, or says about colour and language."""


_KINDS: Final[Mapping[str, Kind]] = {"s": "text", "str": "text", "inlineStr": "text", "d": "text", "b": "truth"}


class _Cells:
    """One pass over a sheet; empty cells, however many and wherever, leave nothing behind."""

    def __init__(self, sheet: Sheet, part: str, texts: list[str], styles: _Styles, left: int) -> None:
        self.sheet, self.part, self.texts, self.styles, self.left = sheet, part, texts, styles, left
        self.row = self.column = self.style = 0
        self.type = ""
        self.formula = self.inside = self.spoken = False
        self.content: list[str] = []
        self.length = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "c":
            self._cell(attributes)
        elif name == "v" or (name == "t" and not self.spoken):
            self.inside = True
        elif name == "f":
            self.formula = True
        elif name == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isascii() and number.isdecimal() and len(number) < 8 else self.row + 1
            self.column = 0
        elif name == "rPh":
            self.spoken = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _cell(self, attributes: Mapping[str, str]) -> None:
        place = _REFERENCE.fullmatch(attributes.get("r", ""))
        self.column = column_number(place[1]) if place else self.column + 1
        self.row = int(place[2]) if place else self.row
        self.type = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self.style = int(style) if style.isascii() and style.isdecimal() and len(style) < 9 else 0
        self.formula, self.content, self.length = False, [], 0

    def _merge(self, area: str) -> None:
        first, _, last = area.partition(":")
        ends = [_REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)]
        if len(self.sheet.merged) >= _MOST_MERGES:
            raise WorkbookTooLarge(what=self.part, limit=f"{_MOST_MERGES}")
        if ends[0] and ends[1]:
            top, bottom = int(ends[0][2]), int(ends[1][2])
            self.sheet.merged.append((top, column_number(ends[0][1]), bottom, column_number(ends[1][1])))

    def end(self, name: str) -> None:
        if name in {"v", "t"}:
            self.inside = False
        elif name == "rPh":
            self.spoken = False
        elif name == "c" and (self.content or self.formula) and self.column <= LAST_COLUMN:
            self._keep("".join(self.content))

    def _keep(self, text: str) -> None:
        if self.type == "s":
            number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
            if not 0 <= number < len(self.texts):
                raise NotAWorkbook(problem=f"{self.part}: {column_name(self.column)}{self.row}")
            text = self.texts[number]
        elif self.type in {"inlineStr", "str"}:
            text = _plain(text)
        if not text.strip() and not self.formula:
            return
        place = f"{self.sheet.name} {column_name(self.column)}{self.row}"
        if len(text) > LONGEST_TEXT:
            raise WorkbookTooLarge(what=place, limit=f"{LONGEST_TEXT}")
        self.left -= 1
        if self.left < 0:
            raise WorkbookTooLarge(what=place, limit=f"{MOST_CELLS}")
        kind: Kind = "error" if self.type == "e" else _KINDS.get(self.type, "number")
        percent = kind == "number" and self.style in self.styles.percent
        dated = kind == "number" and self.style in self.styles.dated
        cell = Cell(self.row, self.column, kind, text, self.formula, percent, dated)
        self.sheet.rows.setdefault(self.row, {})[self.column] = cell

    def text(self, text: str) -> None:
        if self.inside:
            self.length += len(text)
            if self.length > LONGEST_TEXT * 2:
                raise WorkbookTooLarge(what=self.part, limit=f"{LONGEST_TEXT}")
            self.content.append(text)
