"""The rows of one question → its answer, or the mistakes of its cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Final

from questionnaires.model import (
    ChoiceQuestion,
    ChoicesQuestion,
    DateQuestion,
    Definition,
    GridQuestion,
    ItemsQuestion,
    LevelQuestion,
    NotApplicable,
    NumberQuestion,
    Question,
    YesNoQuestion,
)
from questionnaires.wording import LANGUAGES, say
from questionnaires.workbook.lines import recognised
from questionnaires.workbook.numerals import (
    decimal_text,
    folded,
    stored_day,
    stored_number,
    typed_day,
    typed_number,
    western,
)
from questionnaires.workbook.sheets import Cell

LONGEST_REASON: Final = 4000
LONGEST_NAME: Final = 120
_LEVEL: Final = re.compile(r"([0-9]{1,2})(?:\.0+)?(?:\s*[-–—:.)]\s*(\D.*)?)?", re.ASCII | re.DOTALL)
_PROOF: Final = re.compile(r"(.*?)\s*\b([0-9a-f]{64})", re.ASCII | re.DOTALL)
CLOSED: Final = frozenset({"", "-", "–", "—"})
"""What stands in a cell in which nothing is said."""

Report = Callable[..., None]
"""Takes the code of a mistake, the cell's place (row, column key), the id, and details."""


@cache
def truths() -> Mapping[str, bool]:
    """Words for yes and no in every language, folded."""
    found: dict[str, bool] = {}
    for language in LANGUAGES:
        for key, truth in (("words-yes", True), ("words-no", False)):
            found |= {folded(word): truth for word in say("questionnaires", f"workbook.{key}", language).split("|")}
    return found


def day_of(cell: Cell, *, counts_from_1904: bool) -> date | None:
    """A cell's day: a number of days, or a text in the one order that nobody can mistake."""
    if cell.kind == "number":
        return stored_day(cell.text, dated=cell.dated, counts_from_1904=counts_from_1904)
    return typed_day(cell.text) if cell.kind == "text" else None


@dataclass(frozen=True)
class Entry:
    """One row as it was found: its number and its cells by column."""

    row: int
    cells: Mapping[str, Cell]


class Answering:
    """Reads the answers of one definition; ``report`` hears of every mistake."""

    def __init__(self, definition: Definition, language: str, report: Report, *, counts_from_1904: bool) -> None:
        self.definition, self.language, self.report = definition, language, report
        self.counts_from_1904 = counts_from_1904

    def answer(self, question: Question, rows: Mapping[str, Entry]) -> dict[str, object] | None:
        """The answer of the question, whose rows stand under the id of their part (``""``: its own row).

        None: nothing is answered, or a cell is wrong.
        """
        own = rows.get("")
        said: dict[str, object] = {}
        if own is not None:
            said |= self._beside(question, own)
        value = self._value(question, rows)
        if said.get("not_applicable"):
            if value is not None and own is not None:
                self.report("both", own.row, "not-applicable", question.id)
                return None
            return said
        return (value or {}) | said if value or said else None

    def _beside(self, question: Question, own: Entry) -> dict[str, object]:
        """Not applicable, reason and evidence."""
        said: dict[str, object] = {}
        reason = self._text(own, "reason", question.id)
        references, proofs = self._evidence(own, question.id)
        if references:
            line = say("questionnaires", "workbook.references", self.language, references="; ".join(references))
            reason = reason if line in reason.splitlines() else "\n".join(filter(None, (reason, line)))
        if len(reason) > LONGEST_REASON:
            self.report("too-long", own.row, "reason", question.id, limit=LONGEST_REASON)
            reason = ""
        if self._inapplicable(question, own):
            said["not_applicable"] = True
            if not reason:
                self.report("reason-missing", own.row, "reason", question.id)
        if reason:
            said["reason"] = reason
        if proofs:
            said["evidence"] = proofs
        return said

    def _inapplicable(self, question: Question, own: Entry) -> bool:
        cell = own.cells.get("not-applicable")
        if cell is None or (not cell.formula and western(cell.text) in CLOSED):
            return False
        truth = self._truth(cell, "not-applicable", question.id)
        if truth and getattr(question, "not_applicable", None) is not NotApplicable.ALLOWED:
            self.report("must-apply", cell.row, "not-applicable", question.id)
            return False
        return bool(truth)

    def _text(self, own: Entry, key: str, identifier: str) -> str:
        cell = own.cells.get(key)
        if cell is None or not self._plain(cell, key, identifier):
            return ""
        text = stored_number(cell.text) or cell.text if cell.kind == "number" else cell.text
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()

    def _evidence(self, own: Entry, identifier: str) -> tuple[list[str], list[dict[str, object]]]:
        """References in words, and files named by their digest."""
        references: list[str] = []
        proofs: list[dict[str, object]] = []
        for text in re.split(r"[\n;؛]", self._text(own, "evidence", identifier)):
            if found := _PROOF.fullmatch(text.strip()):
                proofs.append({"file_name": found[1].strip(), "sha256": found[2]})
            elif text.strip():
                references.append(text.strip())
        return references, proofs

    def _plain(self, cell: Cell, key: str, identifier: str) -> bool:
        """Whether the cell holds a value: a formula is not an answer, whatever it comes to."""
        if cell.formula:
            self.report("formula", cell.row, key, identifier, found=cell.text[:60])
        elif cell.kind == "error":
            self.report("error", cell.row, key, identifier, found=cell.text[:60])
        return not cell.formula and cell.kind != "error"

    def _value(self, question: Question, rows: Mapping[str, Entry]) -> dict[str, object] | None:
        if isinstance(question, GridQuestion):
            picked = {row.id: self._option(question, rows[row.id], row.id) for row in question.rows if row.id in rows}
            answered = {row: option for row, option in picked.items() if option is not None}
            return {"grid": answered} if answered else None
        if isinstance(question, ChoicesQuestion):
            return self._choices(question, rows)
        own = rows.get("")
        if own is None or (cell := own.cells.get("answer")) is None or not self._plain(cell, "answer", question.id):
            return None
        if isinstance(question, ItemsQuestion):
            return self._none(question, cell)
        if isinstance(question, LevelQuestion):
            level = self._level(question, cell)
            return None if level is None else {"level": level}
        if isinstance(question, ChoiceQuestion):
            option = self._option(question, own, "")
            return None if option is None else {"choice": option}
        if isinstance(question, YesNoQuestion):
            truth = self._truth(cell, "answer", question.id)
            return None if truth is None else {"yes": truth}
        if isinstance(question, NumberQuestion):
            number = self._number(question, cell)
            return None if number is None else {"number": number}
        if isinstance(question, DateQuestion):
            day = self._date(question, cell)
            return None if day is None else {"date": day.isoformat()}
        return None

    def _none(self, question: ItemsQuestion, cell: Cell) -> dict[str, object] | None:
        """Beside a list itself only "no" may stand: there are none. Its items are named in their own rows."""
        truth = self._truth(cell, "answer", question.id) if western(cell.text) not in CLOSED else None
        if truth:
            self.report("not-none", cell.row, "answer", question.id, found=cell.text[:60])
        return {"items": []} if truth is False else None

    def name(self, of: str, entry: Entry) -> str | None:
        """The name that stands in the row of an item; empty where none does, None where it cannot be taken."""
        cell = entry.cells.get("answer")
        if cell is None:
            return ""
        if not self._plain(cell, "answer", of):
            return None
        text = (stored_number(cell.text) or cell.text) if cell.kind == "number" else cell.text
        name = " ".join(text.split())
        if len(name) > LONGEST_NAME:
            self.report("too-long", entry.row, "answer", of, limit=LONGEST_NAME)
            return None
        return "" if name in CLOSED else name

    def _truth(self, cell: Cell, key: str, identifier: str) -> bool | None:
        if not self._plain(cell, key, identifier):
            return None
        truth = cell.text == "1" if cell.kind == "truth" else truths().get(folded(cell.text))
        if truth is None:
            self.report("not-yes-no", cell.row, key, identifier, found=cell.text[:60])
        return truth

    def _level(self, question: LevelQuestion, cell: Cell) -> int | None:
        text = (stored_number(cell.text) or cell.text) if cell.kind == "number" else western(cell.text)
        found = _LEVEL.fullmatch(text)
        if found and int(found[1]) in question.levels and self._as_offered(question, found[1], found[2]):
            return int(found[1])
        known = recognised(question, self.definition)
        meant = known.get(folded(text), frozenset())
        if len(meant) == 1:
            return int(next(iter(meant)))
        if found and int(found[1]) in question.levels:
            named = known.get(folded(found[2] or ""), frozenset())
            if not named or found[1].lstrip("0") in {name.lstrip("0") for name in named}:
                return int(found[1])
        levels = f"{question.lowest}–{question.highest}"
        self.report("not-a-level", cell.row, "answer", question.id, found=cell.text[:60], expected=levels)
        return None

    def _as_offered(self, question: LevelQuestion, level: str, name: str | None) -> bool:
        """Whether a number stands alone or with its own name as the list offers it: the common case, told quickly."""
        spoken = (texts.questions.get(question.id) for texts in self.definition.texts.values())
        return not name or any(words and level in words.levels and words.levels[level].name == name for words in spoken)

    def _option(self, question: ChoiceQuestion | GridQuestion, entry: Entry, part: str) -> str | None:
        identifier = f"{question.id}/{part}" if part else question.id
        cell = entry.cells.get("answer")
        if cell is None or not self._plain(cell, "answer", identifier):
            return None
        text = (stored_number(cell.text) or cell.text) if cell.kind == "number" else cell.text
        known = recognised(question, self.definition)
        meant = known.get(folded(text), frozenset())
        if len(meant) == 1:
            return next(iter(meant))
        offered = ", ".join(sorted(meant) or [option.id for option in question.options][:20])
        code = "ambiguous" if meant else "not-an-option"
        self.report(code, cell.row, "answer", identifier, found=text[:60], expected=offered)
        return None

    def _choices(self, question: ChoicesQuestion, rows: Mapping[str, Entry]) -> dict[str, object] | None:
        said: dict[str, bool] = {}
        for option in question.options:
            entry = rows.get(option.id)
            if entry and (cell := entry.cells.get("answer")) and western(cell.text) not in CLOSED - {""}:
                truth = self._truth(cell, "answer", f"{question.id}/{option.id}")
                if truth is None:
                    return None
                said[option.id] = truth
        if not said:
            return None
        picked = [option.id for option in question.options if said.get(option.id)]
        alone = [option.id for option in question.options if option.alone and option.id in picked]
        row = min(entry.row for entry in rows.values())
        most = question.most_picked or len(question.options)
        if alone and len(picked) > 1:
            self.report("alone", rows[alone[0]].row, "answer", f"{question.id}/{alone[0]}")
        elif not question.least_picked <= len(picked) <= most:
            limits = {"least": question.least_picked, "most": most, "found": len(picked)}
            self.report("picked", row, "answer", question.id, **limits)
        else:
            return {"choices": picked}
        return None

    def _date(self, question: DateQuestion, cell: Cell) -> date | None:
        """The day: of a cell that is shown as a date, or typed as a text with the year first."""
        plain_number = cell.kind == "number" and not cell.dated
        day = None if plain_number else day_of(cell, counts_from_1904=self.counts_from_1904)
        if day is None:
            self.report("not-a-date", cell.row, "answer", question.id, found=cell.text[:60])
        elif question.earliest is not None and day < question.earliest:
            self.report("too-early", cell.row, "answer", question.id, found=day, earliest=question.earliest)
        elif question.latest is not None and day > question.latest:
            self.report("too-late", cell.row, "answer", question.id, found=day, latest=question.latest)
        else:
            return day
        return None

    def _number(self, question: NumberQuestion, cell: Cell) -> str | None:
        number = self._digits(question, cell)
        if number is None:
            return None
        value, places = Fraction(number), len(number.partition(".")[2])
        if question.least is not None and value < question.least:
            self.report("below", cell.row, "answer", question.id, found=number, least=decimal_text(question.least))
        elif question.most is not None and value > question.most:
            self.report("above", cell.row, "answer", question.id, found=number, most=decimal_text(question.most))
        elif question.places is not None and places > question.places:
            self.report("places", cell.row, "answer", question.id, found=number, places=question.places)
        elif question.step is not None and not question.on_a_step(value):
            steps = {"step": decimal_text(question.step), "start": decimal_text(question.least or Fraction(0))}
            self.report("off-step", cell.row, "answer", question.id, found=number, **steps)
        else:
            return number
        return None

    def _digits(self, question: NumberQuestion, cell: Cell) -> str | None:
        """The number as a decimal: a stored one, or one that was typed as a text, with or without its unit."""
        unit = western(question.unit or "")
        if cell.kind == "number":
            if cell.percent and unit != "%":
                self.report("percent", cell.row, "answer", question.id, unit=question.unit or "–")
                return None
            number = stored_number(cell.text, percent=cell.percent)
        else:
            text = western(cell.text) if cell.kind == "text" else ""
            if unit and folded(text).endswith(folded(unit)):
                text = text[: -len(unit)].strip()
            number = typed_number(text)
        if number is None:
            self.report("not-a-number", cell.row, "answer", question.id, found=cell.text[:60])
        return number
