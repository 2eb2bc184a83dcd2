"""The scorecard as a workbook: the table, what every part brought to the node above, and what each column means.

Numbers are numbers where a spreadsheet can hold them to the last digit, else texts; exact values are always texts
(``17/8``). Every text is written as a text, so that none is run as a formula or turned into a date or a link.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from questionnaires import wording
from questionnaires.model import Definition, Texts
from reports.beside import Targets
from reports.table import COLUMNS, Table, table_of
from scoring.scorecard import Scorecard

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_SHARES: Final = (
    "within",
    "title-within",
    "id",
    "title",
    "state",
    "counts",
    "weight-declared",
    "share",
    "cap",
    "exact",
    "contribution",
)
"""Columns of the second sheet, with headings and meanings as the columns of the table have them."""

_EXACT: Final = frozenset(
    {"id", "number", "exact", "within", "share", "contribution", "measured", "weight-declared", "cap"}
)
"""Columns that are texts whatever stands in them."""

_WIDTHS: Final = {
    "id": 24,
    "within": 24,
    "title": 42,
    "title-within": 42,
    "answer": 40,
    "state": 24,
    "why": 34,
    "rules": 30,
    "band": 22,
    "target-note": 42,
}
_DECIMAL: Final = re.compile(r"-?[0-9]+(?:\.([0-9]+))?", re.ASCII)
_DIGITS: Final = 15
"""So many digits every spreadsheet keeps; with more, a number would come back as another."""

_MOST_SIGNS: Final = 32_767
"""What a cell can hold."""


def to_xlsx(scorecard: Scorecard, definition: Definition, language: str, targets: Targets | None = None) -> bytes:
    """The workbook; the same scorecard, language and targets give the same bytes.

    Raises:
        reports.errors.DefinitionMismatch: the scorecard was made with another definition.
        reports.errors.LanguageUnknown: neither ``en`` nor ``ar``.
    """
    table = table_of(scorecard, definition, language, targets)
    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(stream, options) as book:
        _Writing(book, table, scorecard, definition.words(language)).run()
    return stream.getvalue()


class _Writing:
    """One workbook while it is written."""

    def __init__(self, book: Workbook, table: Table, scorecard: Scorecard, words: Texts) -> None:
        self.book, self.table, self.card, self.words = book, table, scorecard, words
        self.turned = table.language in wording.RIGHT_TO_LEFT
        side = {"reading_order": 2, "align": "right"} if self.turned else {"reading_order": 1, "align": "left"}
        self.text = self.made(**side)
        self.prose = self.made(**side, text_wrap=True)
        self.heading = self.made(**side, bold=True, font_color="#FFFFFF", bg_color="#0B5563", text_wrap=True)
        self.code = self.made(reading_order=1, align="left")
        self.places: dict[int, Format] = {}

    def say(self, key: str) -> str:
        return wording.say("reports", key, self.table.language)

    def made(self, **looks: Any) -> Format:
        return self.book.add_format({"font_name": "Arial", "font_size": 10, "valign": "top", **looks})

    def run(self) -> None:
        """All three sheets."""
        created = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # or no two files are the same
        named = f"{self.card.family} {self.card.version}"
        self.book.set_properties({"title": self.words.title, "subject": named, "created": created})
        self._grid("scorecard", COLUMNS, self.table.headings, self.table.rows)
        self._grid("shares", _SHARES, [self.say(f"table.{column}") for column in _SHARES], self._shares())
        self._about()

    def _grid(self, name: str, columns: Sequence[str], headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        sheet = self._sheet(name)
        for column, (key, heading) in enumerate(zip(columns, headings, strict=True)):
            sheet.set_column(column, column, _WIDTHS.get(key, 14))
            sheet.write_string(0, column, heading, self.heading)
        for place, row in enumerate(rows, 1):
            for column, (key, cell) in enumerate(zip(columns, row, strict=True)):
                self._cell(sheet, (place, column), cell, exact=key in _EXACT)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, columns.index("title") + 1)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": "A1:AZ100000"})

    def _cell(self, sheet: Worksheet, place: tuple[int, int], cell: str, *, exact: bool) -> None:
        decimal = None if exact else _DECIMAL.fullmatch(cell)
        if decimal and len(cell.strip("-").replace(".", "")) <= _DIGITS:
            # No score is computed from it: the nearest binary number shows the very digits that were written.
            sheet.write_number(*place, float(cell), self._number(len(decimal[1] or "")))
        elif cell:
            sheet.write_string(*place, cell[:_MOST_SIGNS], self.code if exact else self.text)

    def _number(self, places: int) -> Format:
        """How a number with so many decimal places looks."""
        if places not in self.places:
            shown = f"0.{'0' * places}" if places else "0"
            self.places[places] = self.made(num_format=shown, align="right", reading_order=1)
        return self.places[places]

    def _shares(self) -> list[tuple[str, ...]]:
        titles = {name: text.title for part in (self.words.questions, self.words.nodes) for name, text in part.items()}
        return [
            (
                node.id,
                titles[node.id],
                share.of,
                titles[share.of],
                self.say(f"state.{share.state.value}"),
                self.say("table.yes" if share.counted else "table.no"),
                share.weight or "",
                share.weight_used or "",
                share.cap or "",
                share.exact or "",
                share.contribution or "",
            )
            for node in reversed(self.card.nodes)
            for share in node.shares
        ]

    def _about(self) -> None:
        sheet = self._sheet("about")
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 100)
        facts = {
            "questionnaire": self.words.title,
            "family": self.card.family,
            "version": self.card.version,
            "digest": self.card.digest,
            "rounding": self.card.rounding,
            "index": self.card.index,
            "complete": self.say("table.yes" if self.card.complete else "table.no"),
        }
        told = {key: self.say(f"table.{key}.meaning") for key in dict.fromkeys((*COLUMNS, *_SHARES))}
        lines: list[tuple[str, str, Format]] = [
            (self.say(f"table.about.{key}"), fact, self.prose) for key, fact in facts.items()
        ]
        lines += [("", "", self.text), (self.say("table.column"), self.say("table.meaning"), self.heading)]
        lines += [(self.say(f"table.{key}"), meaning, self.prose) for key, meaning in told.items()]
        for row, (name, said, look) in enumerate(lines):
            if name:
                sheet.write_string(row, 0, name, look)
                sheet.write_string(row, 1, said, look)

    def _sheet(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(self.say(f"table.sheet.{name}"))
        if self.turned:
            sheet.right_to_left()
        sheet.set_landscape()
        sheet.set_paper(9)
        return sheet
