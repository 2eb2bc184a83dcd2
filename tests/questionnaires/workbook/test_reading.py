"""What comes back from an assessor: matched by id, in any digits and language, every slip named with its cell."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from questionnaires import load
from questionnaires.workbook import Filled, changes, read, write
from questionnaires.workbook.faults import NotOurWorkbook, OtherDigest, OtherFamily, OtherVersion
from tests.questionnaires.workbook.desk import COLUMNS, FIRST_ROW, Desk
from tests.questionnaires.workbook.everything import everything

PROOF = "ab" * 32
ANSWERS: dict[str, Any] = {
    "maturity": {
        "level": 2,
        "reason": "Seen at the line.\nTwice.",
        "evidence": [{"file_name": "a.pdf", "sha256": PROOF}],
    },
    "sector": {"choice": "other-b"},
    "measures": {"choices": ["solar", "heat-recovery"]},
    "losses": {"grid": {"steam": "often", "air": "seldom"}},
    "audited": {"yes": False, "reason": "Not yet"},
    "output": {"number": "1234.5"},
    "power": {"number": "123456789012345678.5"},
    "cars": {"number": "0"},
    "share": {"number": "0.07"},
    "opened": {"date": "1889-05-06"},
    "permit": {"date": "2150-02-28", "reason": "Seen."},
    "growth": {"not_applicable": True, "reason": "New plant"},
}
COVER: dict[str, Any] = {
    "factory.name": "Al Waha",
    "factory.name_ar": "الواحة",
    "factory.sector": "food",
    "factory.employees": 180,
    "assessor.name": "Maryam",
    "assessed_on": date(2026, 3, 11),
}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_written_comes_back(language: str) -> None:
    filled = read(write(everything(), language, Filled(ANSWERS, COVER)), everything())
    assert filled.mistakes == ()
    assert dict(filled.answers) == ANSWERS
    assert dict(filled.cover) == COVER


@pytest.mark.parametrize("language", ["en", "ar"])
def test_another_program_may_save_it(language: str) -> None:
    filled = Desk(write(everything(), language, Filled(ANSWERS, COVER))).read(everything())
    assert filled.mistakes == ()
    assert changes(ANSWERS, filled.answers) == []
    assert dict(filled.cover) == COVER


@pytest.mark.parametrize(
    ("identifier", "typed", "answer"),
    [
        ("maturity", 3, {"level": 3}),
        ("maturity", "3", {"level": 3}),
        ("maturity", "٣", {"level": 3}),
        ("maturity", "۳", {"level": 3}),
        ("maturity", "2 – كلام عن 2", {"level": 2}),
        ("maturity", "\u200f٢ - whatever was here before", {"level": 2}),
        ("maturity", "WORDS ABOUT 1", {"level": 1}),
        ("sector", "cement", {"choice": "cement"}),
        ("sector", " الإسمنت ", {"choice": "cement"}),
        ("sector", "الإسمـنت", {"choice": "cement"}),
        ("sector", "Other [other-a]", {"choice": "other-a"}),
        ("audited", "نعم", {"yes": True}),
        ("audited", "لا", {"yes": False}),
        ("audited", "No", {"yes": False}),
        ("audited", True, {"yes": True}),
        ("output", 12.5, {"number": "12.5"}),
        ("output", 0.07, {"number": "0.07"}),
        ("output", 0.1 + 0.2, {"number": "0.3"}),
        ("output", "١٬٢٣٤٫٥", {"number": "1234.5"}),
        ("output", "۱۲۳۴٫۵", {"number": "1234.5"}),
        ("output", "1,234.50", {"number": "1234.5"}),
        ("output", "12 345.5", {"number": "12345.5"}),
        ("output", "12.5 t", {"number": "12.5"}),
        ("share", "٥٠٪", {"number": "50"}),
        ("growth", "−2.5", {"number": "-2.5"}),
        ("cars", "007", {"number": "7"}),
        ("permit", date(2026, 1, 31), {"date": "2026-01-31"}),
        ("permit", datetime(2026, 1, 31), {"date": "2026-01-31"}),  # noqa: DTZ001 - as cells have it
        ("permit", "2026-01-31", {"date": "2026-01-31"}),
        ("permit", "٢٠٢٦-٠١-٣١", {"date": "2026-01-31"}),
        ("permit", "\u200f٢٠٢٦/١/٣١", {"date": "2026-01-31"}),
        ("permit", "۲۰۲۶.۰۱.۳۱", {"date": "2026-01-31"}),
        ("permit", "2026-01-31T00:00:00", {"date": "2026-01-31"}),
        ("permit", "9999-12-31", {"date": "9999-12-31"}),
        ("opened", "1889-05-06", {"date": "1889-05-06"}),
    ],
)
def test_answers_as_people_type_them(identifier: str, typed: object, answer: dict[str, object]) -> None:
    desk = Desk.of(everything(), "ar")
    desk.put(identifier, typed)
    filled = desk.read(everything())
    assert filled.mistakes == ()
    assert filled.answers == {identifier: answer}


def test_a_percentage_is_what_the_cell_shows() -> None:
    desk = Desk.of(everything())
    desk.answers[desk.put("share", 0.12)].number_format = "0.0%"
    assert desk.read(everything()).answers == {"share": {"number": "12"}}


def test_a_number_that_is_not_shown_as_a_date_is_none() -> None:
    desk = Desk.of(everything())
    cell = desk.put("permit", 46000)
    assert desk.read(everything()).answers == {"permit": {"date": "2025-12-09"}}
    desk.answers[cell].number_format = "General"
    assert [one.code for one in desk.read(everything()).mistakes] == ["workbook-not-a-date"]


@pytest.mark.parametrize(
    "shown", ["d.m.yy", "[$-401]d mmmm yyyy", 'yyyy"年"m"月"', "m/d/yyyy", "[$-F800]dddd, mmmm dd, yyyy"]
)
def test_dates_shown_in_any_way_are_dates(shown: str) -> None:
    desk = Desk.of(everything())
    desk.answers[desk.put("permit", 46000)].number_format = shown
    assert desk.read(everything()).answers == {"permit": {"date": "2025-12-09"}}


@pytest.mark.parametrize("shown", ["0.00", "#,##0", '0 "days"', "h:mm", "[Red]0", "@"])
def test_numbers_shown_in_any_other_way_are_no_dates(shown: str) -> None:
    desk = Desk.of(everything())
    desk.answers[desk.put("permit", 46000)].number_format = shown
    assert desk.read(everything()).answers == {}


def test_days_may_count_from_1904() -> None:
    desk = Desk.of(everything())
    desk.put("permit", 44538)
    desk.book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 - as the library has it
    assert desk.read(everything()).answers == {"permit": {"date": "2025-12-09"}}


@pytest.mark.parametrize(
    ("identifier", "typed", "code"),
    [
        ("maturity", 4, "not-a-level"),
        ("maturity", 0, "not-a-level"),
        ("maturity", 2.5, "not-a-level"),
        ("maturity", "1 – Words about 3", "not-a-level"),
        ("sector", "steel", "not-an-option"),
        ("sector", "Other", "ambiguous"),
        ("audited", "perhaps", "not-yes-no"),
        ("output", "1,234", "not-a-number"),
        ("output", "1.234,5", "not-a-number"),
        ("output", "about 5", "not-a-number"),
        ("output", "5 MWh", "not-a-number"),
        ("output", True, "not-a-number"),
        ("output", "1e400", "not-a-number"),
        ("output", 1e300, "not-a-number"),
        ("output", -1, "below"),
        ("output", 1000000.51, "above"),
        ("output", 1.005, "places"),
        ("cars", 1.5, "places"),
        ("share", 7.005, "off-step"),
        ("permit", "03/04/2026", "not-a-date"),
        ("permit", "٠٣/٠٤/٢٠٢٦", "not-a-date"),
        ("permit", "2026-02-29", "not-a-date"),
        ("permit", "2026-01/31", "not-a-date"),
        ("permit", "31 January 2026", "not-a-date"),
        ("permit", 20260131, "not-a-date"),
        ("permit", datetime(2026, 1, 31, 12), "not-a-date"),  # noqa: DTZ001 - half a day is no day
        ("permit", True, "not-a-date"),
        ("permit", "=TODAY()", "formula"),
        ("permit", "2020-02-29", "too-early"),
        ("opened", date(2031, 1, 1), "too-late"),
        ("output", "=1+1", "formula"),
        ("sector", '=HYPERLINK("http://127.0.0.1/")', "formula"),
        ("output", "#DIV/0!", "error"),
        ("losses", "often", "closed"),
        ("losses/air", "perhaps", "not-an-option"),
        ("measures/solar", "perhaps", "not-yes-no"),
    ],
)
def test_every_wrong_cell_is_named(identifier: str, typed: object, code: str) -> None:
    desk = Desk.of(everything())
    cell = desk.put(identifier, typed)
    filled = desk.read(everything())
    assert [(one.code, one.path) for one in filled.mistakes] == [
        (f"workbook-{code}", ("Answers", cell, *identifier.split("/")))
    ]
    assert identifier.partition("/")[0] not in filled.answers
    for language in ("en", "ar"):
        assert filled.mistakes[0].sentence(language)


def test_a_percentage_where_none_is_asked_is_refused() -> None:
    desk = Desk.of(everything())
    desk.answers[desk.put("growth", 0.12)].number_format = "0%"
    assert [one.code for one in desk.read(everything()).mistakes] == ["workbook-percent"]


def test_all_mistakes_come_at_once() -> None:
    desk = Desk.of(everything())
    for identifier in ("maturity", "output", "audited"):
        desk.put(identifier, "nonsense")
    desk.put("share", 50)
    filled = desk.read(everything())
    assert len(filled.mistakes) == 3
    assert filled.answers == {"share": {"number": "50"}}


def test_not_applicable_needs_a_reason_an_empty_answer_and_permission() -> None:
    desk = Desk.of(everything())
    desk.put("maturity", "yes", "not-applicable")
    desk.put("audited", "yes", "not-applicable")
    desk.put("audited", "New plant", "reason")
    desk.put("audited", "yes")
    desk.put("sector", "yes", "not-applicable")
    desk.put("sector", "Why not", "reason")
    codes = [one.code for one in desk.read(everything()).mistakes]
    assert codes == ["workbook-reason-missing", "workbook-must-apply", "workbook-both"]


def test_several_options_are_limited_and_may_exclude_each_other() -> None:
    desk = Desk.of(everything())
    for option in ("solar", "none"):
        desk.put(f"measures/{option}", "yes")
    assert [one.code for one in desk.read(everything()).mistakes] == ["workbook-alone"]
    desk.put("measures/none", "no")
    assert desk.read(everything()).answers == {"measures": {"choices": ["solar"]}}
    desk.put("measures/solar", "no")
    assert desk.read(everything()).answers == {"measures": {"choices": []}}


def test_references_in_words_stay_with_the_reason() -> None:
    desk = Desk.of(everything())
    desk.put("maturity", 2)
    desk.put("maturity", f"photo 12; meter list\nplan.pdf {PROOF}", "evidence")
    desk.put("maturity", "Seen.", "reason")
    assert desk.read(everything()).answers["maturity"] == {
        "level": 2,
        "reason": "Seen.\nEvidence: photo 12; meter list",
        "evidence": [{"file_name": "plan.pdf", "sha256": PROOF}],
    }


def test_rows_and_columns_may_go_anywhere() -> None:
    desk = Desk(write(everything(), "ar", Filled(ANSWERS, COVER)))
    sheet = desk.answers
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    sheet.delete_rows(1, sheet.max_row)
    for number, row in enumerate([rows[0], *reversed(rows[1:])], start=7):
        for column, value in enumerate(["note", *reversed(row)], start=2):
            sheet.cell(number, column).value = value
    sheet.title = "Mine"
    desk.book.move_sheet(sheet, 2)
    filled = desk.read(everything())
    assert filled.mistakes == ()
    assert changes(ANSWERS, filled.answers) == []


def test_a_deleted_row_is_not_answered() -> None:
    desk = Desk(write(everything(), "en", Filled(ANSWERS)))
    desk.answers.delete_rows(desk.row("audited"))
    found = changes(ANSWERS, desk.read(everything()).answers)
    assert [(one.question, one.kind, one.after) for one in found] == [("audited", "removed", None)]


def test_a_row_that_stands_twice_or_belongs_nowhere_is_named() -> None:
    desk = Desk.of(everything())
    last = desk.answers.max_row
    for offset, identifier in enumerate(["cars", "unheard-of", None], start=1):
        desk.answers.cell(last + offset, 1).value = identifier
        desk.answers.cell(last + offset, COLUMNS["answer"]).value = 1
    codes = [one.code for one in desk.read(everything()).mistakes]
    assert codes == ["workbook-row-twice", "workbook-unknown-row", "workbook-id-missing"]


def test_merged_cells_are_named() -> None:
    desk = Desk.of(everything())
    desk.answers.merge_cells(f"F{FIRST_ROW}:F{FIRST_ROW + 1}")
    assert [one.code for one in desk.read(everything()).mistakes] == ["workbook-merged"]


@pytest.mark.parametrize(
    ("key", "typed", "code"),
    [
        ("factory.employees", "many", "not-a-count"),
        ("factory.employees", 0, "not-a-count"),
        ("assessed_on", "11/03/2026", "not-a-date"),
        ("factory.sector", "Food & drink", "not-an-id"),
        ("factory.name", "x" * 201, "too-long"),
        ("factory.name", "=A1", "formula"),
    ],
)
def test_slips_on_the_cover_are_named(key: str, typed: object, code: str) -> None:
    desk = Desk.of(everything())
    desk.put_cover("factory.name", "Al Waha")
    cell = desk.put_cover(key, typed)
    found = desk.read(everything()).mistakes
    assert [(one.code, one.path) for one in found[:1]] == [(f"workbook-{code}", ("Cover", cell, key))]


def test_a_factory_without_a_name_is_named() -> None:
    desk = Desk.of(everything())
    desk.put_cover("factory.region", "Al Ain")
    assert [one.code for one in desk.read(everything()).mistakes] == ["workbook-name-missing"]


@pytest.mark.parametrize("typed", [date(2026, 3, 11), datetime(2026, 3, 11), "2026-03-11", "٢٠٢٦-٠٣-١١"])  # noqa: DTZ001
def test_the_day_of_the_assessment(typed: object) -> None:
    desk = Desk.of(everything())
    desk.put_cover("assessed_on", typed)
    assert desk.read(everything()).cover == {"assessed_on": date(2026, 3, 11)}


def test_a_workbook_of_another_definition_is_refused_with_the_way_out() -> None:
    content = write(everything(), "en")
    with pytest.raises(OtherFamily):
        read(content, load("itti", "1.0.0"))
    with pytest.raises(OtherVersion) as refused:
        read(content, everything().model_copy(update={"version": "2.0.0"}))
    for language in ("en", "ar"):
        assert "itti questionnaires migrate" in refused.value.sentence(language)
    with pytest.raises(OtherDigest):
        read(content, everything().model_copy(update={"index": "energy"}))


def test_a_workbook_without_its_marks_is_none_of_ours() -> None:
    desk = Desk.of(everything())
    desk.book.remove(desk.book["itti"])
    with pytest.raises(NotOurWorkbook):
        desk.read(everything())


def test_changes_tell_what_would_be_different() -> None:
    before = {"a": 3, "b": {"level": 0}, "c": {"number": "1"}, "d": {"yes": False}}
    after = {"a": {"level": 3}, "b": {"level": 1, "reason": "r"}, "d": {"yes": True}, "e": {"level": 0}}
    found = [(one.question, one.kind, one.fields) for one in changes(before, after)]
    assert found == [
        ("b", "changed", ("level", "reason")),
        ("c", "removed", ("number",)),
        ("d", "changed", ("yes",)),
        ("e", "added", ("level",)),
    ]
