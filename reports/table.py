"""The scorecard as a table, one row an index, category, dimension, question and node of a further view; and as CSV.

``reports/spreadsheet.py`` writes the same rows as a workbook.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from questionnaires import wording
from questionnaires.model import Definition, Rounding, RoundingMode
from reports import numbers
from reports.beside import Targets
from reports.outline import Dimension, Item, Measure, outline
from reports.scales import Scale
from reports.weights import weight_in_index
from scoring.rounding import stated
from scoring.scorecard import NodeScore, QuestionScore, Scorecard, Share, Why

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

MEDIA_TYPE: Final = "text/csv"

COLUMNS: Final = (
    "kind",
    "number",
    "id",
    "title",
    "state",
    "value",
    "lowest",
    "highest",
    "band",
    "level-name",
    "weight",
    "answered",
    "not-applicable",
    "missing",
    "exact",
    "answer",
    "measured",
    "unit",
    "stage",
    "rules",
    "aggregation",
    "why",
    "provisional",
    "possible-lowest",
    "possible-highest",
    "within",
    "share",
    "contribution",
    "target",
    "target-by",
    "target-note",
)
"""Ids of the columns, in order: heading under ``table.<id>``, meaning under ``table.<id>.meaning`` in the catalogue."""

_WEIGHT: Final = Rounding(places=4, mode=RoundingMode.HALF_UP)


@dataclass(frozen=True)
class Table:
    """The rows of a scorecard under headings in one language."""

    language: str
    headings: tuple[str, ...]
    """One for each of :data:`COLUMNS`."""

    rows: tuple[tuple[str, ...], ...]
    """A cell for each of :data:`COLUMNS`; empty where there is nothing to say, never 0."""


def table_of(scorecard: Scorecard, definition: Definition, language: str, targets: Targets | None = None) -> Table:
    """One row an index, category, dimension and question, and a node of a further view; headings in ``language``.

    A dimension that is one question has one row. ``value`` is what counts, ``answer`` what was answered, ``measured``
    a measured or computed number, exact. ``targets``: what is aimed at, which fills the last columns.

    Raises:
        reports.errors.DefinitionMismatch: the scorecard was made with another definition.
        reports.errors.LanguageUnknown: neither ``en`` nor ``ar``.
    """
    rows = _Rows(scorecard, definition, language, targets)
    headings = tuple(rows.say(f"table.{column}") for column in COLUMNS)
    return Table(language, headings, tuple(tuple(row.get(column, "") for column in COLUMNS) for row in rows))


def to_csv(scorecard: Scorecard, definition: Definition, language: str, targets: Targets | None = None) -> bytes:
    """The table as CSV.

    UTF-8 with a byte order mark (Excel takes it for another encoding without), lines ended by CR LF (RFC 4180). A cell
    that a spreadsheet would run as a formula gets an apostrophe in front.

    Raises:
        reports.errors.DefinitionMismatch: the scorecard was made with another definition.
        reports.errors.LanguageUnknown: neither ``en`` nor ``ar``.
    """
    table = table_of(scorecard, definition, language, targets)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in (table.headings, *table.rows))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def above(scorecard: Scorecard) -> dict[str, tuple[NodeScore, Share]]:
    """Id of a question or node → the node that it counts in and its share of that: on the way to the headline first."""
    nodes = {node.id: node for node in scorecard.nodes}
    found: dict[str, tuple[NodeScore, Share]] = {}
    waiting = [*nodes, scorecard.index]  # taken from its end
    while waiting:
        node = nodes.pop(waiting.pop(), None)
        if node is not None:
            for share in node.shares:
                found.setdefault(share.of, (node, share))
                waiting.append(share.of)
    return found


class _Rows:
    """The rows of one table: column → cell."""

    def __init__(self, scorecard: Scorecard, definition: Definition, language: str, targets: Targets | None) -> None:
        self.content = outline(definition, scorecard, language)
        self.words = definition.words(language)
        self.weights = weight_in_index(scorecard, definition)
        self.above = above(scorecard)
        self.definition = definition
        self.language = language
        self.targets = targets or Targets(values={})

    def say(self, key: str) -> str:
        return wording.say("reports", key, self.language)

    def __iter__(self) -> Iterator[dict[str, str]]:
        told: set[str] = set()
        for measure in {each.id: each for each in (self.content.headline, *self.content.sub_indices)}.values():
            told.add(measure.id)
            yield self.of_measure(measure, "index")
        for category in self.content.categories:
            told.add(category.id)
            yield self.of_measure(category, "category")
            for dimension in category.dimensions:
                told.add(dimension.id)
                yield from self.of_dimension(dimension)
        for section in self.content.sections:
            yield from (self.of_item(item, "question") for item in section.items)
        for measure in self.content.shown_beside:
            if measure.id not in told:
                told.add(measure.id)
                yield self.of_measure(measure, "view")

    def of_measure(self, measure: Measure, kind: str) -> dict[str, str]:
        node = measure.score
        return {
            **self._ends(measure.scale),
            **self._place(node),
            **self._aim(measure.id),
            "kind": self.say(f"table.kind.{kind}"),
            "number": measure.number,
            "id": measure.id,
            "title": measure.title,
            "state": self.say(f"state.{node.state.value}"),
            "value": node.value or "",
            "band": self.words.bands[node.band].title if node.band else "",
            "weight": self._weight(measure.id) if kind == "dimension" else "",
            "answered": str(node.answered),
            "not-applicable": str(node.not_applicable),
            "missing": str(node.missing),
            "exact": node.exact or "",
            "unit": node.unit or "",
            "stage": measure.stage or "",
            "rules": "; ".join(rule.title for rule in measure.rules),
            "aggregation": node.rule,
            "provisional": node.provisional or "",
            "possible-lowest": node.lowest or "",
            "possible-highest": node.highest or "",
        }

    def of_dimension(self, dimension: Dimension) -> Iterator[dict[str, str]]:
        if isinstance(dimension.of, Measure):
            yield self.of_measure(dimension.of, "dimension")
            yield from (self.of_item(item, "question") for item in dimension.items)
        else:
            yield self.of_item(dimension.of, "dimension")

    def of_item(self, item: Item, kind: str) -> dict[str, str]:
        score = item.score
        counted = "" if item.exact is None else numbers.plain(item.exact, 9)
        return {
            **self._ends(item.scale),
            **self._place(score),
            **self._aim(item.id),
            "kind": self.say(f"table.kind.{kind}"),
            "number": item.number,
            "id": item.id,
            "title": item.title,
            "state": self.say(f"state.{score.state.value}"),
            "value": counted,
            "level-name": item.level_name or "",
            "weight": self._weight(item.id),
            "exact": "" if item.exact is None else score.exact or "",
            "answer": (item.answer or "").replace(numbers.GROUP, " "),
            "measured": score.number or "",
            "unit": getattr(item.question, "unit", None) or "",
        }

    def _place(self, score: NodeScore | QuestionScore) -> dict[str, str]:
        """Why its state is what it is, and what it brought to the node above."""
        why = "" if score.why is Why.NONE else self.say(f"calculation.why-{score.why.value}")
        node, share = self.above.get(score.id, (None, None))
        if node is None or share is None:
            return {"why": why}
        return {
            "why": why,
            "within": node.id,
            "share": share.weight_used or "",
            "contribution": share.contribution or "",
        }

    def _aim(self, identifier: str) -> dict[str, str]:
        """What is aimed at, by when and why; nothing where nothing is aimed at."""
        aims = self.targets
        if identifier not in aims.values:
            return {}
        day = aims.day_of(identifier)
        note = aims.notes.get(identifier, aims.note)
        return {
            "target": aims.values[identifier],
            "target-by": "" if day is None else day.isoformat(),
            "target-note": note,
        }

    def _weight(self, identifier: str) -> str:
        return stated(self.weights[identifier], _WEIGHT) if identifier in self.weights else ""

    @staticmethod
    def _ends(scale: Scale) -> dict[str, str]:
        ends = {"lowest": scale.low, "highest": scale.high}
        return {name: "" if end is None else numbers.plain(end, 9) for name, end in ends.items()}


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet runs it; a plain negative number stays a number."""
    if not cell.lstrip().startswith(_STARTS_A_FORMULA) and not cell.startswith(_STARTS_A_FORMULA):
        return cell
    return cell if cell.startswith("-") and cell[1:].replace(".", "", 1).isdecimal() else f"'{cell}"
