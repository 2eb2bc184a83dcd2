"""The scorecard as a workbook, as other programs read it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from questionnaires.model import Definition
from questionnaires.wording import say
from reports.errors import DefinitionMismatch
from reports.spreadsheet import to_xlsx
from reports.table import COLUMNS, table_of
from tests.judges.workbooks import openxml, poi, poi_reads
from tests.reports.papers import itti, report, small


def sheets(content: bytes) -> list[Worksheet]:
    book = load_workbook(io.BytesIO(content))
    return [book[name] for name in book.sheetnames]


@pytest.mark.judge
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_standard_is_kept_and_nothing_is_a_formula(language: str, tmp_path: Path) -> None:
    path = tmp_path / "card.xlsx"
    path.write_bytes(to_xlsx(report().scorecard, itti(), language))
    verdict = poi(path)
    assert verdict.passed, verdict
    assert openxml(path) == []
    found = poi_reads(path)["sheets"]
    assert [sheet["name"] for sheet in found] == [
        say("reports", f"table.sheet.{name}", language) for name in ("scorecard", "shares", "about")
    ]
    assert {sheet["right_to_left"] for sheet in found} == {language == "ar"}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_says_what_the_table_says(language: str) -> None:
    table = table_of(report().scorecard, itti(), language)
    first = sheets(to_xlsx(report().scorecard, itti(), language))[0]
    headings, *lines = first.iter_rows()
    assert tuple(cell.value for cell in headings) == table.headings
    for row, cells in zip(table.rows, lines, strict=True):
        for key, said, cell in zip(COLUMNS, row, cells, strict=True):
            if cell.data_type == "n" and cell.value is not None:  # shown with the very digits that were stated
                places = len(cell.number_format.partition(".")[2])
                assert f"{cell.value:.{places}f}" == said, (key, said)
            else:
                assert (cell.value or "") == said, (key, said)
    values = first[2][COLUMNS.index("value")], first[2][COLUMNS.index("exact")]
    assert [cell.data_type for cell in values] == ["n", "s"]


def test_shares_are_those_of_the_scorecard() -> None:
    card = report().scorecard
    _, *lines = sheets(to_xlsx(card, itti(), "en"))[1].iter_rows(values_only=True)
    found = [(line[0], line[2], line[7], line[10]) for line in lines]
    assert found == [
        (node.id, share.of, share.weight_used, share.contribution)
        for node in reversed(card.nodes)
        for share in node.shares
    ]


def test_every_column_is_described_and_the_definition_named() -> None:
    told = sheets(to_xlsx(report().scorecard, itti(), "en"))[2].iter_rows(values_only=True)
    facts = {name: said for name, said in told}  # noqa: C416 - for the type checker, a row has any number of cells
    assert facts["Digest (SHA-256)"] == report().scorecard.digest
    assert all(facts[heading] for heading in table_of(report().scorecard, itti(), "en").headings)


def test_a_title_that_begins_like_a_formula_stays_a_text() -> None:
    definition = small()
    texts = definition.words("en")
    evil = texts.questions["one"].model_copy(update={"title": '=HYPERLINK("https://example.org")'})
    words = texts.model_copy(update={"questions": {**texts.questions, "one": evil}})
    named = Definition.of(definition, {**definition.texts, "en": words})
    card = report(definition=named, levels=(1, 2, 0)).scorecard
    content = to_xlsx(card, named, "en")
    cells = [cell for sheet in sheets(content) for row in sheet.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == evil.title] == ["s", "s"]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_the_same_scorecard_gives_the_same_bytes() -> None:
    card = report().scorecard
    assert to_xlsx(card, itti(), "ar") == to_xlsx(card, itti(), "ar")


def test_another_definition_is_refused() -> None:
    with pytest.raises(DefinitionMismatch):
        to_xlsx(report().scorecard, small(), "en")
