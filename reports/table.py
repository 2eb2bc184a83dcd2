"""The scorecard as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from questionnaires import wording
from questionnaires.model import Definition, Rounding, RoundingMode
from reports.outline import Dimension, Measure, outline, weight_in_index
from scoring.rounding import stated
from scoring.scorecard import Scorecard

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_COLUMNS: Final = (
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
)


def to_csv(scorecard: Scorecard, definition: Definition, language: str) -> bytes:
    """One row an index, category and dimension, headings in ``language``.

    UTF-8 with a byte order mark (Excel takes it for another encoding without), lines ended by CR LF (RFC 4180).
    A cell that a spreadsheet would run as a formula gets an apostrophe in front of it.

    Raises:
        reports.errors.DefinitionMismatch: the scorecard was made with another definition.
        reports.errors.LanguageUnknown: neither ``en`` nor ``ar``.
    """
    content = outline(definition, scorecard, language)
    bands = definition.words(language).bands
    weights = weight_in_index(scorecard)

    def say(key: str) -> str:
        return wording.say("reports", key, language)

    def of_measure(measure: Measure, kind: str) -> dict[str, str]:
        node = measure.score
        return {
            "kind": say(f"table.kind.{kind}"),
            "number": measure.number,
            "id": measure.id,
            "title": measure.title,
            "state": say(f"state.{node.state.value}"),
            "value": node.value or "",
            "lowest": str(measure.lowest),
            "highest": str(measure.highest),
            "band": bands[node.band].title if node.band else "",
            "answered": str(node.answered),
            "not-applicable": str(node.not_applicable),
            "missing": str(node.missing),
            "exact": node.exact or "",
        }

    def of_dimension(dimension: Dimension) -> dict[str, str]:
        question = dimension.score
        return {
            "kind": say("table.kind.dimension"),
            "number": dimension.number,
            "id": dimension.id,
            "title": dimension.title,
            "state": say(f"state.{question.state.value}"),
            "value": "" if question.level is None else str(question.level),
            "lowest": str(question.lowest),
            "highest": str(question.highest),
            "level-name": dimension.level_name or "",
            "weight": stated(weights[dimension.id], Rounding(places=4, mode=RoundingMode.HALF_UP)),
            "exact": "" if question.level is None else str(question.level),
        }

    def rows() -> Iterator[dict[str, str]]:
        for measure in dict.fromkeys((content.headline, *content.sub_indices)):
            yield of_measure(measure, "index")
        for category in content.categories:
            yield of_measure(category, "category")
            yield from (of_dimension(dimension) for dimension in category.dimensions)

    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(say(f"table.{column}")) for column in _COLUMNS])
    for row in rows():
        writer.writerow([harmless(row.get(column, "")) for column in _COLUMNS])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet runs it; a plain negative number stays a number."""
    if not cell.lstrip().startswith(_STARTS_A_FORMULA) and not cell.startswith(_STARTS_A_FORMULA):
        return cell
    return cell if cell.startswith("-") and cell[1:].replace(".", "", 1).isdecimal() else f"'{cell}"
