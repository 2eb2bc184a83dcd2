"""A definition that was written as a workbook → the same folder of YAML files, or every mistake with its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from questionnaires.checking import check_structure, check_texts
from questionnaires.loading import fit
from questionnaires.mistakes import Mistake
from questionnaires.model import Structure, Texts
from questionnaires.places import Document, Path
from questionnaires.workbook.answering import day_of, truths
from questionnaires.workbook.authoring import (
    KEY,
    OWNER,
    TEXT_COLUMNS,
    TEXTS,
    TOP,
    VALUE,
    Plan,
    plans,
    top_columns,
)
from questionnaires.workbook.faults import NotAnAuthorsWorkbook
from questionnaires.workbook.numerals import folded, stored_number, western
from questionnaires.workbook.shape import Keyed, Leaf, Part, Shape, shape_of
from questionnaires.workbook.sheets import Cell, Sheet, column_name, read_book

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")
_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)
MOST_MISTAKES: Final = 500


@dataclass(frozen=True)
class Authored:
    """The files of a definition's folder, and what is wrong with the workbook; with mistakes there are no files."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    """File name → content."""

    mistakes: tuple[Mistake, ...] = ()


@dataclass
class _CellDocument(Document):
    """A document that was read from cells: its mistakes name sheet and cell before the path."""

    cells: dict[Path, tuple[str, str]] = field(default_factory=dict)

    def mistake(self, code: str, path: Path, **details: object) -> Mistake:
        """A mistake at the cell that says ``path``, or the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if place := self.cells.get(path[:end]):
                return Mistake(self.file, None, (*place, *path), code, details)
        return Mistake(self.file, None, (TOP, *path), code, details)


def workbook_to_yaml(content: bytes, file: str = "definition.xlsx") -> Authored:
    """The YAML files that say what the workbook says; ``file`` names it in mistakes.

    Raises:
        WorkbookRefused: it is no workbook of a definition, or unsafe to read.
    """
    book = read_book(content)
    sheets = {sheet.name.strip().lower(): sheet for sheet in book.sheets}
    if TOP not in sheets:
        raise NotAnAuthorsWorkbook
    reading = _Reading(file, counts_from_1904=book.counts_from_1904)
    reading.top(sheets[TOP])
    for plan in plans():
        if plan.name in sheets:
            reading.table(sheets[plan.name], plan)
    known = {TOP, TEXTS, *(plan.name for plan in plans())}
    for name, sheet in sheets.items():
        if name not in known and not name.startswith("_"):
            reading.report("sheet-unknown", sheet, None, found=sheet.name)
    spoken = reading.texts(sheets[TEXTS]) if TEXTS in sheets else {}
    mistakes = reading.mistakes or _checked(reading.document, spoken)
    if mistakes:
        return Authored(mistakes=tuple(mistakes[:MOST_MISTAKES]))
    files = {"definition.yaml": _yaml({key: value for key, value in reading.data.items() if value != []})}
    return Authored(files | {f"{language}.yaml": _yaml(words.data) for language, words in spoken.items()})


def _checked(document: _CellDocument, spoken: Mapping[str, _CellDocument]) -> list[Mistake]:
    structure = fit(Structure, document)
    found = list(document.mistakes)
    if structure is None:
        return found
    found += check_structure(structure, document)
    for language in dict.fromkeys(structure.languages):
        if (words_document := spoken.get(language)) is None:
            found.append(document.mistake("language-column-missing", ("languages",), language=language))
            continue
        words = fit(Texts, words_document)
        found += words_document.mistakes
        if words is not None:
            found += check_texts(structure, words, language, words_document)
    return found


def _yaml(data: object) -> bytes:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110).encode()


class _Reading:
    def __init__(self, file: str, *, counts_from_1904: bool) -> None:
        self.file, self.counts_from_1904 = file, counts_from_1904
        self.data: dict[str, Any] = {}
        self.document = _CellDocument(file, self.data)
        self.mistakes: list[Mistake] = []

    def report(self, code: str, sheet: Sheet, cell: Cell | None, **details: object) -> None:
        """Keep a mistake of one cell or of a whole sheet."""
        place = (sheet.name, f"{column_name(cell.column)}{cell.row}") if cell else (sheet.name,)
        self.mistakes.append(Mistake(self.file, None, place, f"workbook-{code}", details))

    def top(self, sheet: Sheet) -> None:
        """What a definition says once: key and value in every row."""
        columns = top_columns()
        for row in sorted(sheet.rows):
            cells = sheet.rows[row]
            if (key := cells.get(1)) is None or folded(key.text) == KEY:
                continue
            leaf = columns.get(name := western(key.text))
            if leaf is None:
                self.report("key-unknown", sheet, key, found=name[:60])
            elif (cell := cells.get(2)) is not None:
                _set(self.data, name, self._value(sheet, cell, leaf))
                self._place(tuple(name.split(".")), sheet, cell)

    def _headings(self, sheet: Sheet, columns: Mapping[str, Leaf]) -> tuple[int, dict[int, str]]:
        """Row of the headings, and column number → heading."""
        row = min(sheet.rows, default=0)
        found: dict[int, str] = {}
        for number, cell in sorted(sheet.rows.get(row, {}).items()):
            name = western(cell.text)
            if name not in columns:
                self.report("heading-unknown", sheet, cell, found=name[:60])
            elif name in found.values():
                self.report("heading-twice", sheet, cell, found=name)
            else:
                found[number] = name
        return row, found

    def table(self, sheet: Sheet, plan: Plan) -> None:
        """The rows of one list, each under its owner."""
        columns = ({OWNER: Leaf("text")} if plan.nested else {}) | dict(plan.columns)
        heading_row, headings = self._headings(sheet, columns)
        owners = {item.get("id"): number for number, item in reversed(list(enumerate(self._list(plan.path[0]))))}
        for row in sorted(sheet.rows):
            cells = {headings[number]: cell for number, cell in sheet.rows[row].items() if number in headings}
            if row == heading_row or not cells:
                continue
            if not plan.nested:
                items = self._list(plan.path[0])
                path: Path = (plan.path[0], len(items))
                items.append({})
                self._fill(items[-1], path, cells, plan, sheet)
                continue
            named = cells.pop(OWNER, None)
            owner = owners.get(western(named.text)) if named else None
            if owner is None:
                first = named or next(iter(cells.values()))
                self.report("owner-unknown", sheet, first, found=named.text[:60] if named else "", part=plan.path[0])
            else:
                self._nested(owner, cells, plan, sheet)

    def _list(self, part: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.data.setdefault(part, [])
        return found

    def _nested(self, owner: int, cells: Mapping[str, Cell], plan: Plan, sheet: Sheet) -> None:
        inside: Any = self._list(plan.path[0])[owner]
        path: Path = (plan.path[0], owner, *plan.path[1:])
        for key in plan.path[1:-1]:
            inside = inside.setdefault(key, {})
        if plan.keyed:
            entries = inside.setdefault(plan.path[-1], {})
            named, cell = cells.get(KEY), cells.get(VALUE)
            if named is None or cell is None:
                self.report("key-or-value-missing", sheet, named or cell)
                return
            name = western(named.text)
            *rows, last = steps = name.split("/")  # of a row within a row: rare/minor
            if (*path, *steps) in self.document.cells:
                self.report("key-twice", sheet, named, found=name[:60])
            for row in rows:
                entries = entries.setdefault(row, {}) if isinstance(entries, dict) else {}
            if isinstance(entries, dict):
                entries[last] = self._value(sheet, cell, plan.columns[VALUE])
            self._place((*path, *steps), sheet, cell)
            return
        items = inside.setdefault(plan.path[-1], [])
        items.append({})
        self._fill(items[-1], (*path, len(items) - 1), cells, plan, sheet)

    def _fill(self, item: dict[str, Any], path: Path, cells: Mapping[str, Cell], plan: Plan, sheet: Sheet) -> None:
        first = min(cells.values(), key=lambda cell: cell.column, default=None)
        if first is not None:
            self._place(path, sheet, first)
        for heading, cell in cells.items():
            _set(item, heading, self._value(sheet, cell, plan.columns[heading]))
            self._place((*path, *heading.split(".")), sheet, cell)

    def _place(self, path: Path, sheet: Sheet, cell: Cell) -> None:
        self.document.cells[path] = (sheet.name, f"{column_name(cell.column)}{cell.row}")

    def _value(self, sheet: Sheet, cell: Cell, leaf: Leaf) -> object:
        """What a cell says, as a YAML file would."""
        if cell.formula or cell.kind == "error":
            self.report("formula" if cell.formula else "error", sheet, cell, found=cell.text[:60])
            return None
        if cell.percent:
            self.report("percent", sheet, cell, unit="–")
            return None
        text = _text(cell)
        if leaf.several:
            return [one.strip() for one in re.split(r"[\n,;،؛]", western(text)) if one.strip()]
        if leaf.kind == "truth":
            return cell.text == "1" if cell.kind == "truth" else truths().get(folded(text), text)
        if leaf.kind == "day":
            plain_number = cell.kind == "number" and not cell.dated
            day = None if plain_number else day_of(cell, counts_from_1904=self.counts_from_1904)
            return day.isoformat() if day else text
        if leaf.kind in {"whole", "exact"}:
            plain = western(text)
            return int(plain) if _WHOLE.fullmatch(plain) else plain
        return text.strip()

    def texts(self, sheet: Sheet) -> dict[str, _CellDocument]:
        """Language → everything said in it."""
        row = min(sheet.rows, default=0)
        heads = {western(cell.text): number for number, cell in sorted(sheet.rows.get(row, {}).items())}
        languages = {name: number for name, number in heads.items() if _LANGUAGE.fullmatch(name) and name != "id"}
        for name, number in heads.items():
            if name not in languages and name not in TEXT_COLUMNS:
                self.report("heading-unknown", sheet, sheet.rows[row][number], found=name[:60])
        documents = {name: _CellDocument(self.file, {"language": name}) for name in languages}
        for number in sorted(sheet.rows):
            if number != row:
                self._spoken(sheet, sheet.rows[number], heads, languages, documents)
        for document in documents.values():
            document.data = _listed(document.data, shape_of(Texts))
        return documents

    def _spoken(
        self,
        sheet: Sheet,
        cells: Mapping[int, Cell],
        heads: Mapping[str, int],
        languages: Mapping[str, int],
        documents: Mapping[str, _CellDocument],
    ) -> None:
        named = [western(cells[heads[one]].text) if heads.get(one) in cells else "" for one in TEXT_COLUMNS]
        path: Path = tuple(part for one in (named[0], named[1], *named[2].split("/")) if (part := one.strip()))
        for language, column in languages.items():
            if (cell := cells.get(column)) is None:
                continue
            document = documents[language]
            value = self._value(sheet, cell, Leaf("text"))
            if path in document.cells or not _put(document.data, path, value):
                self.report("text-place", sheet, cell, found="/".join(map(str, path))[:80])
            document.cells[path] = (sheet.name, f"{column_name(column)}{cell.row}")


def _set(item: dict[str, Any], heading: str, value: object) -> None:
    """Set what a dotted heading names."""
    *outer, last = heading.split(".")
    for key in outer:
        item = item.setdefault(key, {})
    item[last] = value


def _text(cell: Cell) -> str:
    if cell.kind == "number":
        return stored_number(cell.text) or cell.text
    return cell.text.replace("\r\n", "\n").replace("\r", "\n")


def _put(data: object, path: Path, value: object) -> bool:
    """Set ``value`` at ``path``; False where something else stands in the way or the path is empty."""
    if not path or len(path) > 8:
        return False
    for key in path[:-1]:
        if not isinstance(data, dict):
            return False
        data = data.setdefault(key, {})
    if not isinstance(data, dict) or path[-1] in data:
        return False
    data[path[-1]] = value
    return True


def _listed(value: Any, shape: Shape | None) -> Any:
    """Numbered texts become lists where the language has lists."""
    if not isinstance(value, dict):
        return value
    if isinstance(shape, Leaf) and shape.several and all(str(key).isdecimal() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    found: dict[str, object] = {}
    for key, inner in value.items():
        below = shape.fields.get(key) if isinstance(shape, Part) else shape.value if isinstance(shape, Keyed) else None
        found[key] = _listed(inner, below)
    return found
