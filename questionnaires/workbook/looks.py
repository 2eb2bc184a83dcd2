"""How the cells of a workbook look: colours say where to write, never what an answer is worth."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from questionnaires.workbook.paragraphs import Paragraphs, fitting

_FONT: Final = "Arial"  # on every desk, and with Arabic letters
_INK: Final = "#1D2A33"
_PETROL: Final = "#0B5563"
_ENTRY: Final = "#FFF9E3"
_CLOSED: Final = "#EEF1F2"
_LINE: Final = "#B9C3C7"


class Looks:
    """The formats of one workbook."""

    def __init__(self, book: Workbook, *, right_to_left: bool) -> None:
        direction = {"reading_order": 2, "align": "right"} if right_to_left else {"reading_order": 1, "align": "left"}
        frame = {"border": 1, "border_color": _LINE, "valign": "top", "text_wrap": True}

        def made(**properties: Any) -> Format:
            return book.add_format({"font_name": _FONT, "font_size": 10, "font_color": _INK, **properties})

        self.plain = made()
        self.bold = made(bold=True)
        self.normal = made()
        self.title = made(bold=True, font_size=16, font_color=_PETROL, **direction)
        self.heading = made(bold=True, font_size=12, font_color=_PETROL, **direction)
        self.note = made(font_color="#5B6B73", **direction)
        self.step = made(bold=True, font_color=_PETROL, align="center", valign="top")
        self.label = made(**frame, **direction)
        self.column = made(
            **frame | {"valign": "vcenter"}, **direction, bold=True, font_color="#FFFFFF", bg_color=_PETROL
        )
        self.prose = made(**frame, **direction)
        self.prose_bold = made(**frame, **direction, bold=True)
        self.indented = made(**frame, **direction, indent=2)
        self.small = made(**frame, **direction) if right_to_left else made(**frame | {"font_size": 9}, **direction)
        self.code = made(**frame, reading_order=1, align="left")
        self.grey = made(**frame, reading_order=1, align="left", font_color="#8A979D", bg_color=_CLOSED, font_size=8)
        self.closed = made(**frame, bg_color=_CLOSED, font_color="#8A979D", align="center")
        self.entry = made(**frame, **direction, bg_color=_ENTRY, locked=False)
        self.entry_centred = made(**frame, bg_color=_ENTRY, locked=False, align="center")
        self.entry_number = made(**frame, bg_color=_ENTRY, locked=False, align="right", reading_order=1)
        self.entry_date = made(**frame, bg_color=_ENTRY, locked=False, **direction, num_format="yyyy-mm-dd")
        self.done = book.add_format({"bg_color": "#E3F3E6"})
        self.owed = book.add_format({"bg_color": "#FBE3DF"})

    def write(self, sheet: Worksheet, place: tuple[int, int], paragraphs: Paragraphs, look: Format) -> None:
        """Write the lines of a cell, their beginnings bold where that is wanted."""
        fragments: list[tuple[str, bool]] = []
        for number, (beginning, bold, rest) in enumerate(paragraphs):
            fragments.append((f"\n{beginning}" if number else beginning, bold))
            fragments += [(rest, False)] if rest else []
        fitted = fitting(*(text for text, _ in fragments))
        fragments = [(text, bold) for text, (_, bold) in zip(fitted, fragments, strict=False)]
        if len(fragments) < 2:
            text, bold = fragments[0] if fragments else ("", False)
            sheet.write_string(*place, text, self.prose_bold if bold and look is self.prose else look)
            return
        pieces: list[str | Format] = []
        for text, bold in fragments:
            pieces += [self.bold if bold else self.normal, text]
        sheet.write_rich_string(place[0], place[1], *pieces, look)


class AuthorLooks:
    """The formats of an author's workbook. Every cell is a text: nothing typed turns into a date or a formula."""

    def __init__(self, book: Workbook) -> None:
        cell = {"font_name": _FONT, "font_size": 10, "num_format": "@", "text_wrap": True, "valign": "top"}
        self.cell: Format = book.add_format({**cell, "reading_order": 1, "align": "left"})
        self.cell_right_to_left: Format = book.add_format({**cell, "reading_order": 2, "align": "right"})
        self.heading: Format = book.add_format(
            {**cell, "bold": True, "font_color": "#FFFFFF", "bg_color": _PETROL, "reading_order": 1, "align": "left"}
        )
