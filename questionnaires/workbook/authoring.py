"""A definition as a workbook that an author edits: one sheet for every list of the language, one for all texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from questionnaires.model import Definition, Structure, Texts
from questionnaires.wording import RIGHT_TO_LEFT
from questionnaires.workbook.looks import AuthorLooks
from questionnaires.workbook.numerals import decimal_text
from questionnaires.workbook.shape import Keyed, Leaf, Listed, Part, Shape, shape_of

TOP: Final = "definition"
"""The sheet of what a definition says once."""

TEXTS: Final = "texts"
OWNER: Final = "in"
"""Heading of the column that says to whom a row of a nested list belongs, by id."""

KEY: Final = "key"
VALUE: Final = "value"
TEXT_COLUMNS: Final = ("part", "id", "what")
"""Headings before the languages: ``questions``, ``quality``, ``levels/3/name``."""

_MOST_ROWS: Final = 2000
"""Rows in which an author finds the lists of words."""


@dataclass(frozen=True)
class Plan:
    """One sheet of an author's workbook: its headings and what may stand below each."""

    name: str
    path: tuple[str, ...]
    """Keys from the top of the definition: ``questions``, ``curve``, ``steps``."""

    columns: Mapping[str, Leaf]
    """Heading → its leaf, without the column :data:`OWNER`."""

    nested: bool
    """Whether rows belong to an item of another sheet."""

    keyed: bool = False


def plans() -> tuple[Plan, ...]:
    """Every sheet with a list, in the order of the language; each question has its own options there."""
    fields = {key: shape for key, shape in shape_of(Structure).fields.items() if key != "answer_sets"}
    return tuple(_plans(Part(fields), ()))


def _plans(part: Part, path: tuple[str, ...]) -> Iterator[Plan]:
    for key, shape in part.fields.items():
        here = (*path, key)
        if isinstance(shape, Part) and path:
            yield from _plans(shape, here)
        elif isinstance(shape, Listed):
            yield Plan(".".join(here), here, dict(_columns(shape.item)), nested=bool(path))
            yield from _plans(shape.item, here)
        elif isinstance(shape, Keyed) and isinstance(shape.value, Leaf):
            yield Plan(".".join(here), here, {KEY: Leaf("text"), VALUE: shape.value}, nested=bool(path), keyed=True)


def _columns(part: Part, prefix: str = "") -> Iterator[tuple[str, Leaf]]:
    """Dotted heading and leaf of everything that fits into one row."""
    for key, shape in part.fields.items():
        if isinstance(shape, Leaf):
            yield f"{prefix}{key}", shape
        elif isinstance(shape, Part):
            yield from _columns(shape, f"{prefix}{key}.")


def top_columns() -> dict[str, Leaf]:
    """What the sheet :data:`TOP` asks, one a row."""
    return dict(_columns(shape_of(Structure)))


def definition_to_workbook(definition: Definition) -> bytes:
    """The definition with all its texts as an .xlsx; :func:`workbook_to_yaml` gives the same definition again."""
    structure = {name: getattr(definition, name) for name in Structure.model_fields}
    data = Structure(**structure).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    texts = {
        language: words.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        for language, words in definition.texts.items()
    }
    stream = BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        fixed = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
        book.set_properties({"title": definition.name, "created": fixed})
        _Writing(book).run(data, texts)
    return stream.getvalue()


class _Writing:
    def __init__(self, book: Workbook) -> None:
        self.book, self.looks = book, AuthorLooks(book)

    def run(self, data: Mapping[str, object], texts: Mapping[str, Mapping[str, object]]) -> None:
        self._top(data)
        for plan in plans():
            headings = {OWNER: Leaf("text")} | dict(plan.columns) if plan.nested else dict(plan.columns)
            sheet = self._sheet(plan.name, headings)
            for row, (owner, item) in enumerate(_items(data, plan), start=1):
                given = dict(_flat(item, plan.columns))
                if plan.nested:
                    given[OWNER] = owner
                self._row(sheet, row, headings, given)
        self._texts(texts)

    def _sheet(self, name: str, headings: Mapping[str, Leaf]) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        for column, (heading, leaf) in enumerate(headings.items()):
            sheet.set_column(column, column, max(14, len(heading) + 4), self.looks.cell)
            sheet.write_string(0, column, heading, self.looks.heading)
            if leaf.choices and len(", ".join(leaf.choices)) <= 255:
                rule = {"validate": "list", "source": list(leaf.choices), "error_type": "warning"}
                sheet.data_validation(1, column, _MOST_ROWS, column, rule)
        sheet.freeze_panes(1, 2 if OWNER in headings else 1)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def _row(self, sheet: Worksheet, row: int, headings: Mapping[str, Leaf], given: Mapping[str, str]) -> None:
        for column, heading in enumerate(headings):
            if heading in given:
                sheet.write_string(row, column, given[heading], self.looks.cell)

    def _top(self, data: Mapping[str, object]) -> None:
        sheet = self.book.add_worksheet(TOP)
        sheet.set_column(0, 0, 22, self.looks.cell)
        sheet.set_column(1, 1, 60, self.looks.cell)
        sheet.write_string(0, 0, KEY, self.looks.heading)
        sheet.write_string(0, 1, VALUE, self.looks.heading)
        sheet.freeze_panes(1, 0)
        columns = top_columns()
        given = dict(_flat(data, columns))
        for row, (key, leaf) in enumerate(columns.items(), start=1):
            sheet.write_string(row, 0, key, self.looks.cell)
            sheet.write_string(row, 1, given.get(key, ""), self.looks.cell)
            if leaf.choices:
                sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": list(leaf.choices)})

    def _texts(self, texts: Mapping[str, Mapping[str, object]]) -> None:
        sheet = self.book.add_worksheet(TEXTS)
        headings = [*TEXT_COLUMNS, *texts]
        for column, heading in enumerate(headings):
            known = column < len(TEXT_COLUMNS)
            look = self.looks.cell_right_to_left if heading in RIGHT_TO_LEFT else self.looks.cell
            sheet.set_column(column, column, (14, 28, 26)[column] if known else 80, look)
            sheet.write_string(0, column, heading, self.looks.heading)
        sheet.freeze_panes(1, len(TEXT_COLUMNS))
        sheet.autofilter(0, 0, 0, len(headings) - 1)
        rows: dict[tuple[str, str, str], dict[str, str]] = {}
        for language, words in texts.items():
            for place, text in _spoken(words, shape_of(Texts), ()):
                if place != ("language", "", ""):
                    rows.setdefault(place, {})[language] = text
        for row, (place, spoken) in enumerate(rows.items(), start=1):
            longest = 1
            for column, heading in enumerate(headings):
                text = place[column] if column < len(place) else spoken.get(heading, "")
                look = self.looks.cell_right_to_left if heading in RIGHT_TO_LEFT else self.looks.cell
                sheet.write_string(row, column, text, look)
                longest = max(longest, 1 + len(text) // 78 + text.count("\n"))
            sheet.set_row(row, min(409, 3 + 13 * longest))


def _items(data: Mapping[str, object], plan: Plan) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Owner's id and content of every row of a sheet."""
    top = data.get(plan.path[0], ())
    if not plan.nested:
        yield from (("", item) for item in _parts(top))
        return
    for owner in _parts(top):
        found: object = owner
        for key in plan.path[1:]:
            found = found.get(key) if isinstance(found, Mapping) else None
        if isinstance(found, Mapping):
            yield from ((str(owner["id"]), {KEY: key, VALUE: value}) for key, value in _keyed(found))
        else:
            yield from ((str(owner["id"]), item) for item in _parts(found))


def _keyed(found: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Key and value; of a row within a row all keys, joined by slashes."""
    for key, value in found.items():
        if isinstance(value, Mapping):
            yield from ((f"{key}/{inner}", one) for inner, one in _keyed(value))
        else:
            yield key, value


def _parts(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _flat(item: Mapping[str, object], columns: Mapping[str, Leaf]) -> Iterator[tuple[str, str]]:
    for heading, leaf in columns.items():
        value: object = item
        for key in heading.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        if value is not None:
            yield heading, _cell(value, leaf)


def _cell(value: object, leaf: Leaf) -> str:
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if leaf.kind == "exact":
        try:
            return decimal_text(Fraction(text))
        except ValueError:  # a formula in the place of a number
            return text
    return text


def _spoken(value: object, shape: Shape | None, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Every text with its place: part, id, and the rest joined by slashes."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            inside = shape.fields.get(key) if isinstance(shape, Part) else None
            yield from _spoken(inner, inside or (shape.value if isinstance(shape, Keyed) else None), (*path, key))
    elif isinstance(value, list):
        for number, one in enumerate(value, start=1):
            yield from _spoken(one, None, (*path, str(number)))
    else:
        part, identifier, *rest = (*path, "", "")
        yield (part, identifier, "/".join(one for one in rest if one)), str(value)
