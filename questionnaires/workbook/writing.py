"""A definition as a workbook that an assessor fills in where there is no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from questionnaires.days import iso_day
from questionnaires.digest import digest
from questionnaires.model import (
    ChoicesQuestion,
    DateQuestion,
    Definition,
    ItemsQuestion,
    NumberQuestion,
    Texts,
    YesNoQuestion,
)
from questionnaires.wording import RIGHT_TO_LEFT
from questionnaires.workbook.filled import Filled
from questionnaires.workbook.lines import COLUMNS, COVER_FIELDS, Line, labels, lines
from questionnaires.workbook.listed import slots_for, written_out
from questionnaires.workbook.looks import Looks
from questionnaires.workbook.numerals import decimal_text
from questionnaires.workbook.paragraphs import fitting, height, plain
from questionnaires.workbook.prefilled import Written, written
from questionnaires.workbook.telling import Telling

FORMAT: Final = "itti-workbook/1"
"""First words of the hidden sheet."""

META: Final = "itti"
HEADING_ROW: Final = 3
"""Row of the headings, counted from 0 as the writer does."""

_WIDTHS: Final = (12, 14, 16, 34, 80, 22, 9, 9, 30, 22, 80)
_MOST_IN_A_MESSAGE: Final = 255


def write(definition: Definition, language: str, filled: Filled | None = None) -> bytes:
    """An .xlsx with a cover, one row a question, and what is needed to recognise it when it comes back.

    The same definition, language and answers give the same bytes. ``language`` is one of the definition's; where
    the headings have no such language they are English.
    """
    stream = BytesIO()
    # What somebody is called stays what it is, even if it begins like a formula or an address.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(stream, options) as book:
        _Writing(book, definition, language, filled or Filled()).run()
    return stream.getvalue()


class _Writing:
    def __init__(self, book: Workbook, definition: Definition, language: str, filled: Filled) -> None:
        self.slots = slots_for(definition, filled.answers)
        self.published = definition
        self.book, self.definition, self.filled = book, written_out(definition, self.slots), filled
        self.language = language if language in definition.texts else definition.languages[0]
        self.texts: Texts = self.definition.words(self.language)
        self.telling = Telling(self.definition, definition, self.language)
        self.looks = Looks(book, right_to_left=self.language in RIGHT_TO_LEFT)
        self.lists: dict[tuple[str, ...], str] = {}

    def say(self, key: str, **details: object) -> str:
        return self.telling.say(key, **details)

    def run(self) -> None:
        """All sheets; the visible ones first."""
        self.book.set_properties(
            {
                "title": self.texts.title,
                "subject": self.definition.name,
                "created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None),  # or no two files are the same
            }
        )
        self.book.set_custom_property("itti-definition", self.definition.name)
        self.book.set_custom_property("itti-digest", digest(self.published))
        cover, answers, choices, meta = (
            self.book.add_worksheet(name) for name in (self.say("cover"), self.say("answers"), "lists", META)
        )
        self._cover(cover)
        self._answers(answers)
        self._lists(choices)
        self._meta(meta)
        for hidden in (choices, meta):
            hidden.very_hidden()
        for sheet in (cover, answers):
            if self.language in RIGHT_TO_LEFT:
                sheet.right_to_left()
            sheet.protect(
                "",  # no password: a hint where to write, not a lock
                {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True},
            )

    def _cover(self, sheet: Worksheet) -> None:
        looks = self.looks
        sheet.set_column(0, 0, 16, looks.plain)
        sheet.set_column(1, 1, 34, looks.plain)
        sheet.set_column(2, 2, 78, looks.plain)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 1, self.texts.title, looks.title)
        facts = (
            ("family", self.definition.family),
            ("version", self.definition.version),
            ("digest", digest(self.published)),
        )
        for row, (key, value) in enumerate(facts, start=2):
            sheet.write_string(row, 1, self.say(f"cover-{key}"), looks.label)
            sheet.write_string(row, 2, value, looks.code)
        sheet.write_string(6, 1, self.say("how"), looks.heading)
        row = 7
        for row, step in enumerate(self.say("how-steps").splitlines(), start=7):
            sheet.write_number(row, 0, row - 6, looks.step)
            sheet.merge_range(row, 1, row, 2, step, looks.prose)
            sheet.set_row(row, height({step: 108}))
        sheet.write_string(row + 2, 1, self.say("facts"), looks.heading)
        first = row + 3
        for row, key in enumerate(COVER_FIELDS, start=first):
            name = key.replace(".", "-").replace("_", "-")
            sheet.write_string(row, 0, key, looks.grey)
            sheet.write_string(row, 1, self.say(f"field-{name}"), looks.label)
            sheet.write(row, 2, *_cover_value(self.filled.cover.get(key), key, looks))
        sheet.set_footer(f"&L{self.definition.name}&R&P / &N")

    def _answers(self, sheet: Worksheet) -> None:
        looks = self.looks
        for column, (key, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width, looks.plain)
            sheet.write_string(HEADING_ROW, column, self.say(f"column-{key}"), looks.column)
        sheet.write_string(0, 1, self.texts.title, looks.title)
        sheet.write_string(1, 1, self.say("hint"), looks.note)
        sheet.set_row(HEADING_ROW, 32)
        rows = lines(self.definition, self.slots)
        given = written(self.definition, self.filled, self.language, self.say)
        for number, line in enumerate(rows, start=HEADING_ROW + 1):
            self._line(sheet, number, line, given.get(line.id, Written()))
        last = HEADING_ROW + len(rows)
        sheet.autofilter(HEADING_ROW, 0, last, len(COLUMNS) - 1)
        sheet.freeze_panes(HEADING_ROW + 1, COLUMNS.index("question") + 1)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.set_margins(left=0.35, right=0.35, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADING_ROW)
        sheet.print_area(HEADING_ROW, COLUMNS.index("question"), last, COLUMNS.index("evidence"))
        sheet.set_footer(f"&L{self.definition.name}&R&P / &N")
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(COLUMNS) - 1)}{last + 1}"})
        self._lights(sheet, last)

    def _lights(self, sheet: Worksheet, last: int) -> None:
        """Green once a question is answered; red where a reason is owed."""
        column = {key: xl_col_to_name(COLUMNS.index(key)) for key in COLUMNS}
        first = HEADING_ROW + 2
        answer, inapplicable, reason = column["answer"], column["not-applicable"], column["reason"]
        sheet.conditional_format(
            f"{answer}{first}:{answer}{last + 1}",
            {
                "type": "formula",
                "criteria": f'=AND(${answer}{first}<>"",${answer}{first}<>"–")',
                "format": self.looks.done,
            },
        )
        sheet.conditional_format(
            f"{reason}{first}:{reason}{last + 1}",
            {
                "type": "formula",
                "criteria": f'=AND(${inapplicable}{first}<>"",${inapplicable}{first}<>"–",${reason}{first}="")',
                "format": self.looks.owed,
            },
        )

    def _line(self, sheet: Worksheet, row: int, line: Line, given: Written) -> None:
        looks, question = self.looks, line.question
        width = dict(zip(COLUMNS, _WIDTHS, strict=True))
        at = {key: column for column, key in enumerate(COLUMNS)}
        sheet.write_string(row, at["id"], line.id, looks.grey)
        sheet.write_string(row, at["category"], self.telling.titled(line.group), looks.small)
        dimension = self.telling.dimension(line)
        sheet.write_string(row, at["dimension"], dimension, looks.small)
        asked, meaning = self.telling.asked(line), self.telling.meaning(line)
        guidance = "" if line.part else fitting(self.telling.guidance(question))[0]
        looks.write(sheet, (row, at["question"]), asked, looks.indented if line.part else looks.prose)
        looks.write(sheet, (row, at["meaning"]), meaning, looks.prose)
        texts_in = {
            plain(asked): width["question"],
            plain(meaning): width["meaning"],
            guidance: width["guidance"],
            dimension: width["dimension"],
            given.reason: width["reason"],
            given.evidence: width["evidence"],
        }
        sheet.set_row(row, height(texts_in))
        self._answer(sheet, row, line, given)
        unit = question.unit if isinstance(question, NumberQuestion) and question.unit else ""
        sheet.write_string(row, at["unit"], unit, looks.code)
        if line.may_not_apply:
            sheet.write_string(row, at["not-applicable"], given.not_applicable, looks.entry_centred)
            self._pick(sheet, row, at["not-applicable"], [self.say("yes")])
        else:
            sheet.write_string(row, at["not-applicable"], "" if line.part else "–", looks.closed)
        for key, value in (("reason", given.reason), ("evidence", given.evidence)):
            if line.part:
                sheet.write_blank(row, at[key], None, looks.closed)
            else:
                sheet.write_string(row, at[key], value, looks.entry)
        sheet.write_string(row, at["guidance"], guidance, looks.small)

    def _answer(self, sheet: Worksheet, row: int, line: Line, given: Written) -> None:
        column, question, looks = COLUMNS.index("answer"), line.question, self.looks
        if not line.answers:
            sheet.write_string(row, column, "–", looks.closed)
            return
        if isinstance(question, NumberQuestion):
            if given.answer and len(given.answer.replace("-", "").replace(".", "")) <= 15:
                sheet.write_number(row, column, float(given.answer), looks.entry_number)
            else:
                sheet.write_string(row, column, given.answer, looks.entry_number)
            self._bounds(sheet, row, column, question)
            return
        if isinstance(question, DateQuestion):
            self._day(sheet, (row, column), question, given.answer)
            return
        sheet.write_string(row, column, given.answer, looks.entry)
        if isinstance(question, (YesNoQuestion, ChoicesQuestion)):
            self._pick(sheet, row, column, [self.say("yes"), self.say("no")])
        elif isinstance(question, ItemsQuestion):
            if not line.part:
                self._pick(sheet, row, column, [self.say("no")])
        else:
            self._pick(sheet, row, column, list(labels(question, self.texts).values()))

    def _pick(self, sheet: Worksheet, row: int, column: int, offered: Sequence[str]) -> None:
        name = self.lists.setdefault(tuple(offered), f"list_{len(self.lists) + 1}")
        message = {"error_title": self.say("not-in-list"), "error_message": self.say("not-in-list-how")}
        sheet.data_validation(row, column, row, column, {"validate": "list", "source": f"={name}", **message})

    def _bounds(self, sheet: Worksheet, row: int, column: int, question: NumberQuestion) -> None:
        limits = self.telling.limits(question)
        rule: dict[str, object] = {
            "validate": "integer" if question.places == 0 else "decimal",
            "criteria": "between",
            "minimum": f"={decimal_text(question.least)}" if question.least is not None else "=-1E+18",
            "maximum": f"={decimal_text(question.most)}" if question.most is not None else "=1E+18",
            "error_type": "warning",  # digits typed as a text are refused by no programs but ours, and understood
            "error_title": self.say("not-a-number"),
            "error_message": (limits or self.say("a-number"))[:_MOST_IN_A_MESSAGE],
        }
        if question.unit:
            rule["input_message"] = self.say("in-unit", unit=question.unit)[:_MOST_IN_A_MESSAGE]
        sheet.data_validation(row, column, row, column, rule)

    def _day(self, sheet: Worksheet, place: tuple[int, int], question: DateQuestion, given: str) -> None:
        """A cell that holds a date; days before spreadsheets can count stand there as a text."""
        day = iso_day(given)
        if day is not None and day >= _FIRST_STORED_DAY:
            sheet.write_datetime(*place, _at_midnight(day), self.looks.entry_date)
        else:
            sheet.write_string(*place, given, self.looks.entry_date)
        limits = [question.earliest or _FIRST_STORED_DAY, question.latest or date(9999, 12, 31)]
        if min(limits) >= _FIRST_STORED_DAY:
            rule: dict[str, object] = {
                "validate": "date",
                "criteria": "between",
                "minimum": _at_midnight(limits[0]),
                "maximum": _at_midnight(limits[1]),
                "error_type": "warning",  # a date typed as a text is understood too
                "error_title": self.say("not-a-date"),
                "error_message": self.telling.days(question)[:_MOST_IN_A_MESSAGE],
            }
            sheet.data_validation(*place, *place, rule)

    def _lists(self, sheet: Worksheet) -> None:
        for column, (offered, name) in enumerate(self.lists.items()):
            for row, text in enumerate(offered):
                sheet.write_string(row, column, text)
            letters = xl_col_to_name(column)
            self.book.define_name(name, f"=lists!${letters}$1:${letters}${len(offered)}")

    def _meta(self, sheet: Worksheet) -> None:
        facts: Mapping[str, str] = {
            "format": FORMAT,
            "family": self.definition.family,
            "version": self.definition.version,
            "digest": digest(self.published),
            "language": self.language,
            **{f"heading.{key}": self.say(f"column-{key}") for key in COLUMNS},
        }
        for row, (key, value) in enumerate(facts.items()):
            sheet.write_string(row, 0, key)
            sheet.write_string(row, 1, value)


_FIRST_STORED_DAY: Final = date(1900, 3, 1)
"""Before it programs disagree which day a number means."""


def _at_midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)


def _cover_value(value: object, key: str, looks: Looks) -> tuple[object, object]:
    if isinstance(value, date):
        return _at_midnight(value), looks.entry_date
    if key == "assessed_on":
        return ("" if value is None else str(value)), looks.entry_date
    return ("" if value is None else value), looks.entry
