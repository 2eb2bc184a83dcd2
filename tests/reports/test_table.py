"""The scorecard as a spreadsheet reads it."""

import csv
import io
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from questionnaires.loading import EXAMPLE, load_folder
from questionnaires.wording import say
from reports.beside import Targets
from reports.errors import DefinitionMismatch
from reports.table import COLUMNS, harmless, to_csv
from scoring import LevelAnswer, compile_plan, score
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


def test_every_row_says_what_it_brought_to_the_node_above() -> None:
    card = report().scorecard
    table = {row["Id"]: row for row in rows(to_csv(card, itti(), "en"))}
    for row in table.values():
        if row["Id"] == card.index:
            assert row["Counts in"] == row["Contribution"] == ""
            continue
        share = next(share for share in card.node(row["Counts in"]).shares if share.of == row["Id"])
        assert (row["Share"], row["Contribution"]) == (share.weight_used, share.contribution or "")
    for node in card.nodes:
        brought = [Fraction(row["Contribution"] or 0) for row in table.values() if row["Counts in"] == node.id]
        assert sum(brought) == Fraction(node.exact or 0), node.id


def test_open_answers_leave_values_out_and_say_what_is_still_possible() -> None:
    card = score(compile_plan(itti()), {"quality": LevelAnswer(level=3)})
    first = rows(to_csv(card, itti(), "en"))[0]
    assert (first["Value"], first["State"], first["Missing"]) == ("", "not answered yet", "19")
    assert [first[name] for name in ("Value so far", "Lowest still possible", "Highest still possible")] == [
        card.headline.provisional, card.headline.lowest, card.headline.highest,
    ]  # fmt: skip


def test_a_row_says_why_there_is_no_value() -> None:
    definition = load_folder(EXAMPLE)
    card = score(compile_plan(definition), {})
    whys = {row["Reason"] for row in rows(to_csv(card, definition, "en"))}
    assert whys == {"", "a weight or limit waits for answers"}


def test_targets_stand_in_the_last_columns() -> None:
    aims = Targets(
        values={"overall": "4.25", "strategy": "3.50"},
        by=date(2028, 12, 31),
        note="Agreed.",
        days={"strategy": date(2027, 6, 30)},
        notes={"strategy": "=cmd()"},
    )
    table = {row["Id"]: row for row in rows(to_csv(report().scorecard, itti(), "en", aims))}
    last = ("Target", "Target day", "Note on the target")
    assert list(table["overall"])[-3:] == list(last)
    assert [table["overall"][name] for name in last] == ["4.25", "2028-12-31", "Agreed."]
    assert [table["strategy"][name] for name in last] == ["3.50", "2027-06-30", "'=cmd()"]
    assert [table["quality"][name] for name in last] == ["", "", ""]


def test_arabic_headings_and_titles() -> None:
    table = rows(to_csv(report().scorecard, itti(), "ar"))
    assert table[0]["العنوان"] == "المؤشر العام"


def test_other_definition_is_refused() -> None:
    with pytest.raises(DefinitionMismatch):
        to_csv(report().scorecard, small(), "en")


def test_every_column_is_documented() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "tool-developer.md").read_text("utf-8")
    told = [(say("reports", f"table.{one}", "en"), say("reports", f"table.{one}.meaning", "en")) for one in COLUMNS]
    assert "\n".join(f"| {heading} | {meaning} |" for heading, meaning in told) in guide


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
