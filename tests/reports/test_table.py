"""The scorecard as a spreadsheet reads it."""

import csv
import io

import pytest

from reports.errors import DefinitionMismatch
from reports.table import harmless, to_csv
from tests.reports.papers import itti, report, small


def rows(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_every_index_category_and_dimension_has_its_row() -> None:
    card = report().scorecard
    table = rows(to_csv(card, itti(), "en"))
    assert [row["Kind"] for row in table].count("dimension") == 20
    assert [row["Kind"] for row in table].count("category") == 7
    assert table[0]["Value"] == card.headline.value
    assert table[0]["Band"]
    excluded = [row for row in table if row["State"] == "does not apply to this factory"]
    assert [(row["Value"], row["Weight in the index"]) for row in excluded] == [("", "0.0000")]


def test_arabic_headings_and_titles() -> None:
    table = rows(to_csv(report().scorecard, itti(), "ar"))
    assert table[0]["العنوان"] == "المؤشر العام"


def test_other_definition_is_refused() -> None:
    with pytest.raises(DefinitionMismatch):
        to_csv(report().scorecard, small(), "en")


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("-1.5", "-1.5"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_no_cell_runs_as_a_formula(cell: str, safe: str) -> None:
    assert harmless(cell) == safe
