"""Dates from the sheet to the scorecard, and the functions over several numbers, options and rows of a grid."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from questionnaires.mistakes import Mistaken
from questionnaires.places import read
from scoring import (
    Answer,
    DateAnswer,
    GridAnswer,
    LevelAnswer,
    NodeScore,
    NotApplicableAnswer,
    NumberAnswer,
    QuestionScore,
    Scorecard,
    State,
    check_answer,
    compile_plan,
    score,
)
from scoring.cohort import rank
from scoring.sheet import SheetAnswer, read_sheet
from tests.scoring.wide import wide_definition

NONE = NotApplicableAnswer(reason="Has none.")


def structure(formula: str, unit: str | None = None, **parts: Any) -> dict[str, Any]:
    """Two dates, three numbers and a grid below one formula."""
    questions: list[dict[str, Any]] = [
        {"id": "issued", "kind": "date", "earliest": "2020-01-01", "latest": "2025-12-31"},
        {"id": "until", "kind": "date", "latest": "2030-06-30"},
        *({"id": name, "kind": "number", "least": 0, "most": 10} for name in ("a", "b", "c")),
        {
            "id": "meters",
            "kind": "grid",
            "rows": [{"id": "east"}, {"id": "west"}],
            "options": [{"id": "none", "value": 0}, {"id": "read", "value": 2}],
        },
    ]
    children = [{"of": question["id"]} for question in questions]
    node = {"id": "overall", "aggregation": "formula", "formula": formula, "children": children}
    return {
        "family": "dated",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "overall",
        "categories": ["overall"],
        "constants": [{"id": "one-day", "value": 1, "unit": "day"}],
        "questions": questions,
        "nodes": [node | ({"unit": unit} if unit else {})],
        **parts,
    }


def day(text: str) -> DateAnswer:
    return DateAnswer(date=date.fromisoformat(text))


def number(value: int) -> NumberAnswer:
    return NumberAnswer(number=Fraction(value))


def card(formula: str, unit: str | None = None, **answers: Answer) -> Scorecard:
    return score(compile_plan(wide_definition(structure(formula, unit))), answers)


def overall(formula: str, unit: str | None = None, **answers: Answer) -> NodeScore:
    return card(formula, unit, **answers).node("overall")


ISSUED, UNTIL = day("2024-02-29"), day("2029-03-01")


@pytest.mark.parametrize(
    ("formula", "unit", "exact"),
    [
        ("until - issued", "day", "1827"),
        ("convert(until - issued, 'h')", "h", "43848"),
        ("years(issued, until)", None, "5"),
        ("years(issued, until - one-day)", None, "4"),
        ("years(until, issued)", None, "-5"),
        ("years(issued, date('2025-02-28'))", None, "0"),
        ("if(until >= date('2029-03-01'), 1, 0)", None, "1"),
        ("if(until > date('2029-03-01'), 1, 0)", None, "0"),
        ("if(issued = date('2024-02-29') and issued != until, 1, 0)", None, "1"),
        ("date('1970-01-02') - date('1969-12-31')", "day", "2"),
        ("max(issued, until) - min(issued, until)", "day", "1827"),
        ("median(issued, until, date('2024-03-01')) - issued", "day", "1"),
    ],
)
def test_dates_in_formulas(formula: str, unit: str | None, exact: str) -> None:
    assert overall(formula, unit, issued=ISSUED, until=UNTIL).exact == exact


@pytest.mark.parametrize("formula", ["until - issued", "issued - issued"])
def test_a_date_that_does_not_apply_makes_no_span(formula: str) -> None:
    found = overall(formula, "day", issued=NONE, until=UNTIL)
    assert (found.state, found.value) == (State.NOT_APPLICABLE, None)


def test_a_comparison_with_a_date_that_does_not_apply_is_false() -> None:
    assert overall("if(issued < until, 1, 0)", issued=NONE, until=UNTIL).exact == "0"
    assert overall("years(issued, until)", issued=NONE, until=UNTIL).state is State.NOT_APPLICABLE


def test_a_missing_date_may_be_any_within_its_limits() -> None:
    found = overall("years(issued, until)", until=day("2026-01-01"))
    assert (found.state, found.lowest, found.highest) == (State.OPEN, "0.00", "6.00")
    assert overall("until - issued", "day", issued=ISSUED).highest == "2313.00"
    assert overall("until - issued", "day", issued=ISSUED).lowest is None


def test_what_no_missing_date_can_change_is_decided() -> None:
    assert overall("if(issued >= date('2019-12-31') or not applies(issued), 1, 0)").lowest == "0.00"
    made = structure("if(issued >= date('2019-12-31'), 1, 0)")
    made["questions"][0]["not_applicable"] = "refused"
    assert score(compile_plan(wide_definition(made)), {}).node("overall").value == "1.00"


def question(answer: Answer | None) -> QuestionScore:
    plan = compile_plan(wide_definition(structure("years(issued, until)")))
    return score(plan, {} if answer is None else {"issued": answer}).question("issued")


def test_the_scorecard_says_the_day_and_no_worth() -> None:
    told = question(ISSUED)
    assert (told.kind, told.state, told.answer) == ("date", State.SCORED, "2024-02-29")
    assert (told.number, told.exact, told.least, told.most) == (None, None, None, None)
    assert (question(None).state, question(NONE).state) == (State.OPEN, State.NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("identifier", "answer", "code"),
    [
        ("issued", day("2019-12-31"), "date-out-of-range"),
        ("issued", day("2026-01-01"), "date-out-of-range"),
        ("until", day("2030-07-01"), "date-out-of-range"),
        ("until", day("0001-01-01"), None),
        ("issued", day("2020-01-01"), None),
        ("issued", day("2025-12-31"), None),
        ("issued", number(20240229), "wrong-kind-of-answer"),
        ("a", ISSUED, "wrong-kind-of-answer"),
    ],
)
def test_what_is_refused(identifier: str, answer: Answer, code: str | None) -> None:
    fault = check_answer(compile_plan(wide_definition(structure("a"))), identifier, answer)
    assert (fault and fault.code) == code
    if fault is not None:
        assert fault.sentence("en") != fault.sentence("ar")


def test_the_reason_names_both_limits() -> None:
    fault = check_answer(compile_plan(wide_definition(structure("a"))), "issued", day("2026-01-01"))
    assert fault is not None
    assert "2026-01-01" in fault.sentence()
    assert "2020-01-01" in fault.sentence()
    assert "2025-12-31" in fault.sentence()


def sheet(entry: str) -> dict[str, Answer]:
    text = f"questionnaire: dated\nversion: 1.0.0\nanswers:\n  issued: {entry}\n"
    return read_sheet(read(text.encode(), "s.yaml")).given()


@pytest.mark.parametrize("entry", ["{date: 2024-02-29}", '{date: "2024-02-29", reason: "On the cover."}'])
def test_dates_in_a_sheet(entry: str) -> None:
    assert sheet(entry) == {"issued": ISSUED}


@pytest.mark.parametrize(
    "entry", ["{date: 20240229}", "{date: 2023-02-29}", "{date: 29/02/2024}", "{date: true}", "{date: [2024-02-29]}"]
)
def test_other_forms_are_mistakes(entry: str) -> None:
    with pytest.raises(Mistaken) as caught:
        sheet(entry)
    assert [(mistake.code, mistake.pointer) for mistake in caught.value.mistakes] == [
        ("not-a-date", "/answers/issued/date")
    ]


def test_a_bare_date_is_no_answer() -> None:
    with pytest.raises(Mistaken) as caught:
        sheet("2024-02-29")
    assert [mistake.code for mistake in caught.value.mistakes] == ["answer-form"]


def test_a_sheet_states_the_same_date_again() -> None:
    entry = SheetAnswer.of(ISSUED, reason="On the cover.")
    assert entry.answer() == ISSUED
    assert entry.model_dump(mode="json", exclude_defaults=True) == {"date": "2024-02-29", "reason": "On the cover."}


A, B, C = number(3), number(8), number(5)


@pytest.mark.parametrize(
    ("formula", "exact"),
    [
        ("highest(2, a, b, c) / 2", "13/2"),
        ("lowest(2, a, b, c)", "8"),
        ("highest(3, a, b, c) - sum(a, b, c)", "0"),
        ("highest(1, a, b, c) - max(a, b, c)", "0"),
        ("median(a, b, c)", "5"),
        ("median(a, b)", "11/2"),
    ],
)
def test_the_best_and_the_middle(formula: str, exact: str) -> None:
    assert overall(formula, a=A, b=B, c=C).exact == exact


def test_what_does_not_apply_is_skipped() -> None:
    assert overall("median(a, b, c)", a=A, b=B, c=NONE).exact == "11/2"
    assert overall("highest(2, a, b, c)", a=NONE, b=B, c=NONE).exact == "8"
    assert (
        overall("highest(2, a, b, c) / min(2, count(applies(a), applies(b), applies(c)))", a=NONE, b=B, c=NONE).exact
        == "8"
    )
    assert overall("highest(2, a, b, c)", a=NONE, b=NONE, c=NONE).state is State.NOT_APPLICABLE


def test_bounds_of_the_best_two_of_three() -> None:
    made = structure("highest(2, a, b, c)")
    for asked in made["questions"]:
        asked["not_applicable"] = "refused"
    found = score(compile_plan(wide_definition(made)), {"a": A, "b": B}).node("overall")
    assert (found.lowest, found.highest) == ("11.00", "18.00")


def test_the_trap_of_what_does_not_apply() -> None:
    assert overall("min(a, 1)", a=NONE).exact == "1"
    assert overall("if(a >= 1, 1, a)", a=NONE).state is State.NOT_APPLICABLE


def test_an_option_picked_in_a_row() -> None:
    formula = "if(picked(meters, 'east', 'read'), 1, 0) + if(picked(meters, 'west', 'read'), 2, 0)"
    assert overall(formula, meters=GridAnswer(grid={"east": "read", "west": "none"})).exact == "1"
    assert overall(formula, meters=GridAnswer(grid={"east": "read", "west": "read"})).exact == "3"
    assert overall(formula, meters=NONE).exact == "0"
    open_ = overall(formula)
    assert (open_.state, open_.lowest, open_.highest) == (State.OPEN, "0.00", "3.00")


def test_who_is_eligible_may_depend_on_a_date_and_on_a_conversion() -> None:
    ranking = {
        "id": "class",
        "of": "overall",
        "eligible": "until >= date('2026-01-01') and convert(until - date('2026-01-01'), 'h') >= 0",
        "places": [{"id": "all", "top": 1}],
    }
    made = wide_definition(structure("a", rankings=[ranking]))
    cohort: dict[str, dict[str, Answer]] = {"in": {"a": A, "until": UNTIL}, "out": {"a": B, "until": day("2025-12-31")}}
    assert {one.member: one.place for one in rank(made, compile_plan(made), "class", cohort)} == {
        "in": "all",
        "out": None,
    }


def test_a_date_may_decide_whether_something_is_asked() -> None:
    made = structure("years(issued, until)")
    made["questions"].append({"id": "why", "kind": "level", "highest": 3, "applies_when": "until < date('2025-01-01')"})
    made["nodes"].append({"id": "rest", "aggregation": "mean", "children": [{"of": "why"}]})
    plan = compile_plan(wide_definition(made | {"sub_indices": ["rest"]}))
    assert score(plan, {"until": UNTIL, "why": LevelAnswer(level=2)}).question("why").disregarded
    assert score(plan, {"until": day("2024-12-31"), "why": LevelAnswer(level=2)}).node("rest").value == "2.00"
