"""Answers carried from one version to another: every rule, every mark, every mistake of a migration."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.migration import Migration, inverted
from questionnaires.migration_checks import check_migration
from questionnaires.model import Definition
from questionnaires.places import Document
from questionnaires.upgrading import Mark, Migrated, Outcome, preview, upgrade
from tests.questionnaires.upgrades import QUESTIONS, definition, migration, question, sheets

OLD = definition()
ROUND = {"places": 0, "mode": "half_up"}


def carried(new: Definition, steps: Migration, answers: dict[str, Any], old: Definition = OLD) -> Migrated:
    assert not check_migration(steps, Document("migration.yaml"), old, new)
    return preview(old, new, steps, answers)


def outcome(result: Migrated, identifier: str) -> Outcome:
    (found,) = [one for one in result.outcomes if one.question == identifier]
    return found


def replaced(identifier: str, *others: dict[str, Any], version: str = "2.0.0") -> Definition:
    """The old definition with one question replaced by others."""
    questions: list[dict[str, Any]] = []
    for asked in QUESTIONS:
        questions.extend(others if asked["id"] == identifier else [copy.deepcopy(asked)])
    return definition(*questions, version=version)


def rescaled(identifier: str, target: dict[str, Any], answer: dict[str, Any], **rule: Any) -> Outcome:
    """What one rule makes of one answer."""
    step = {"step": "rescaled", "question": identifier, **rule}
    found = carried(replaced(identifier, target), migration(step), {identifier: answer})
    return outcome(found, identifier)


def test_identical_questions_are_kept_without_a_word() -> None:
    result = carried(definition(version="1.0.1"), migration(), {"lev": 3, "sure": {"yes": True, "reason": "Seen."}})
    assert result.answers == {"lev": {"level": 3}, "sure": {"yes": True, "reason": "Seen."}}
    assert outcome(result, "lev").mark is Mark.CARRIED
    assert outcome(result, "one").mark is Mark.UNANSWERED


def test_other_words_are_told() -> None:
    new = definition(version="1.0.1")
    texts = new.texts["en"]
    words = dict(texts.questions) | {"lev": texts.questions["lev"].model_copy(update={"title": "Other"})}
    new = new.model_copy(update={"texts": {"en": texts.model_copy(update={"questions": words}), "ar": new.texts["ar"]}})
    result = carried(new, migration(), {"lev": 3})
    assert outcome(result, "lev").reworded
    assert not outcome(result, "one").reworded


def test_renamed_takes_reason_and_evidence_along() -> None:
    new = replaced("lev", question("lev", id="level-of-it"))
    entry = {"level": 2, "reason": "Seen.", "evidence": [{"sha256": "a" * 64}]}
    result = carried(new, migration({"step": "renamed", "question": "lev", "to": "level-of-it"}), {"lev": entry})
    assert result.answers == {"level-of-it": entry}


def test_table_rescales_every_level() -> None:
    table = {"0": 0, "1": 1, "2": 1, "3": None, "4": 3}
    found = rescaled("lev", question("lev", highest=3), {"level": 4, "reason": "Seen."}, table=table)
    assert (found.mark, found.answer.to_sheet()) == (Mark.BY_RULE, {"level": 3, "reason": "Seen."})
    assert found.olds[0].answer.value == 4


def test_an_answer_without_a_place_is_open_and_quoted() -> None:
    table = {"0": 0, "1": 1, "2": 1, "3": None, "4": 3}
    found = rescaled("lev", question("lev", highest=3), {"level": 3, "reason": "Seen."}, table=table)
    assert (found.mark, found.why) == (Mark.LOOK_AGAIN, "no-place")
    assert found.answer.to_sheet() == {"reason": "Seen."}
    assert found.olds[0].answer.to_sheet() == {"level": 3, "reason": "Seen."}


LINE = {"factor": "3/4", "rounding": ROUND}


@pytest.mark.parametrize(("level", "becomes"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3)])
def test_a_line_rounds_as_declared(level: int, becomes: int) -> None:
    found = rescaled("lev", question("lev", highest=3), {"level": level}, linear=LINE)
    assert (found.mark, found.answer.value) == (Mark.BY_RULE, becomes)


def test_nothing_is_clamped_to_the_new_scale() -> None:
    found = rescaled("lev", question("lev", highest=3), {"level": 4}, linear={"factor": 1})
    assert (found.mark, found.why, found.answer.answered) == (Mark.LOOK_AGAIN, "off-scale", False)


def test_a_number_keeps_exact() -> None:
    found = rescaled(
        "amount", question("amount", unit="GWh", places=6), {"number": "12.50"}, linear={"factor": "0.001"}
    )
    assert found.answer.to_sheet() == {"number": "0.0125"}
    third = rescaled("amount", question("amount", unit="GWh", places=None), {"number": "1"}, linear={"factor": "1/3"})
    assert (third.mark, third.why) == (Mark.LOOK_AGAIN, "no-decimal")
    fine = rescaled("amount", question("amount", unit="GWh", places=2), {"number": "1"}, linear={"factor": "0.001"})
    assert (fine.mark, fine.why) == (Mark.LOOK_AGAIN, "off-scale")


def test_yes_becomes_a_level() -> None:
    found = rescaled("sure", {"id": "sure", "kind": "level", "highest": 3}, {"yes": True}, table={"yes": 3, "no": 0})
    assert found.answer.to_sheet() == {"level": 3}


def test_several_options_by_table() -> None:
    target = question("many", options=[{"id": "warm"}, {"id": "cold"}, {"id": "nil", "alone": True}])
    table = {"red": "warm", "blue": "cold", "green": None, "nil": "nil"}
    assert rescaled("many", target, {"choices": ["red", "blue"]}, table=table).answer.to_sheet() == {
        "choices": ["warm", "cold"]
    }
    assert rescaled("many", target, {"choices": ["red", "green"]}, table=table).why == "no-place"
    assert rescaled("many", target, {"choices": []}, table=table).mark is Mark.BY_RULE


def test_grid_rows_and_options() -> None:
    target = question("cells", rows=[{"id": "above"}], options=[{"id": "yes", "value": 1}, {"id": "no", "value": 0}])
    rule = {"rows": {"top": "above", "low": None}, "table": {"none": "no", "some": "yes", "all": "yes"}}
    found = rescaled("cells", target, {"grid": {"top": "some", "low": "none"}}, **rule)
    assert found.answer.to_sheet() == {"grid": {"above": "yes"}}


def test_a_split_gives_its_answer_to_each_and_asks_for_a_look() -> None:
    new = replaced("lev", question("lev", id="first"), question("lev", id="second", highest=1))
    parts = ["first", {"question": "second", "table": {"0": 0, "1": 0, "2": 0, "3": 1, "4": 1}}]
    result = carried(new, migration({"step": "split", "question": "lev", "to": parts}), {"lev": 3})
    assert result.answers == {"first": {"level": 3}, "second": {"level": 1}}
    assert {one.why for one in result.look_again} == {"asked-for"}


def merged(rule: str, first: Any, second: Any, **more: Any) -> Outcome:
    new = definition(question("lev", id="both"), version="2.0.0")
    old = definition(question("lev", id="a"), question("lev", id="b"))
    step = {"step": "merged", "questions": ["a", "b"], "to": "both", "rule": rule, **more}
    answers = {name: entry for name, entry in (("a", first), ("b", second)) if entry is not None}
    return outcome(carried(new, migration(step), answers, old), "both")


@pytest.mark.parametrize(("rule", "becomes"), [("minimum", 1), ("maximum", 4), ("mean", 3)])
def test_merge(rule: str, becomes: int) -> None:
    found = merged(rule, {"level": 1, "reason": "A."}, {"level": 4, "reason": "B."}, rounding=ROUND)
    assert (found.mark, found.answer.to_sheet()) == (Mark.BY_RULE, {"level": becomes, "reason": "A.\nB."})
    assert [old.answer.value for old in found.olds] == [1, 4]


NOT_HERE = {"not_applicable": True, "reason": "Not here."}


@pytest.mark.parametrize(
    ("first", "second", "mark", "why"),
    [
        (1, None, Mark.LOOK_AGAIN, "some-missing"),
        (1, NOT_HERE, Mark.LOOK_AGAIN, "some-inapplicable"),
        (1, {"level": 9}, Mark.LOOK_AGAIN, "not-an-answer"),
        (NOT_HERE, NOT_HERE, Mark.CARRIED, None),
        (None, None, Mark.UNANSWERED, None),
        ({"level": 1, "reason": "x" * 2500}, {"level": 1, "reason": "y" * 2500}, Mark.LOOK_AGAIN, "reasons-too-long"),
    ],
)
def test_merge_of_unlike_states(first: Any, second: Any, mark: Mark, why: str | None) -> None:
    found = merged("minimum", first, second)
    assert (found.mark, found.why) == (mark, why)
    assert len(found.olds) == 2


def test_yes_and_no_merge() -> None:
    old = definition(question("sure", id="a"), question("sure", id="b"))
    new = definition(question("sure", id="both"), version="2.0.0")
    for rule, becomes in (("minimum", False), ("maximum", True)):
        step = {"step": "merged", "questions": ["a", "b"], "to": "both", "rule": rule}
        result = carried(new, migration(step), {"a": {"yes": True}, "b": {"yes": False}}, old)
        assert result.answers == {"both": {"yes": becomes}}


def test_dates_merge_into_the_earliest_or_the_latest() -> None:
    old = definition(question("since", id="a"), question("since", id="b"))
    new = definition(question("since", id="both"), version="2.0.0")
    for rule, becomes in (("minimum", "2009-12-31"), ("maximum", "2010-01-01")):
        step = {"step": "merged", "questions": ["a", "b"], "to": "both", "rule": rule}
        result = carried(new, migration(step), {"a": {"date": "2010-01-01"}, "b": {"date": "2009-12-31"}}, old)
        assert result.answers == {"both": {"date": becomes}}


@pytest.mark.parametrize(
    ("limits", "answer", "mark", "why"),
    [
        ({"earliest": "2005-01-01"}, {"date": "2005-01-01"}, Mark.CARRIED, None),
        ({"earliest": "2005-01-01"}, {"date": "2004-12-31"}, Mark.LOOK_AGAIN, "off-scale"),
        ({"latest": "2025-12-31"}, {"date": "2026-01-01"}, Mark.LOOK_AGAIN, "off-scale"),
        ({}, {"date": "1999-12-31"}, Mark.LOOK_AGAIN, "not-an-answer"),
        ({}, {"date": "01/02/2020"}, Mark.LOOK_AGAIN, "not-an-answer"),
        ({}, {"date": 20200201}, Mark.LOOK_AGAIN, "not-an-answer"),
    ],
)
def test_a_date_is_carried_where_it_fits(
    limits: dict[str, str], answer: dict[str, Any], mark: Mark, why: str | None
) -> None:
    new = replaced("since", question("since", **limits))
    found = outcome(carried(new, migration({"step": "kept", "question": "since"}), {"since": answer}), "since")
    assert (found.mark, found.why) == (mark, why)
    assert found.answer.answered is (mark is Mark.CARRIED)
    assert [old.answer.value for old in found.olds] == [answer["date"]]


def test_dropped_says_why_and_quotes() -> None:
    drop = {"step": "dropped", "questions": ["lev"], "reason": {"en": "Nobody has one.", "ar": "لا أحد."}}
    result = carried(definition(*QUESTIONS[1:], version="2.0.0"), migration(drop), {"lev": 3})
    (dropped,) = [one for one in result.outcomes if one.mark is Mark.DROPPED]
    assert (dropped.question, dropped.olds[0].answer.value) == (None, 3)
    assert dropped.note == {"en": "Nobody has one.", "ar": "لا أحد."}
    assert result.answers == {}


def test_new_questions_begin_unanswered() -> None:
    new = definition(*QUESTIONS, question("sure", id="extra"), version="1.1.0")
    assert outcome(carried(new, migration(), {}), "extra").mark is Mark.NEW


def test_does_not_apply_where_that_is_refused_now() -> None:
    new = replaced("lev", question("lev", not_applicable="refused"))
    found = outcome(carried(new, migration({"step": "kept", "question": "lev"}), {"lev": NOT_HERE}), "lev")
    assert (found.mark, found.why, found.answer.to_sheet()) == (Mark.LOOK_AGAIN, "must-apply", {"reason": "Not here."})


@pytest.mark.parametrize(
    "entry", [{"level": 9}, {"choice": "some"}, "three", {"level": 1, "yes": True}, {"level": True}]
)
def test_what_was_no_answer_is_quoted(entry: Any) -> None:
    found = outcome(carried(definition(version="1.0.1"), migration(), {"lev": entry}), "lev")
    assert (found.mark, found.why, found.answer.answered) == (Mark.LOOK_AGAIN, "not-an-answer", False)
    assert found.olds[0].answer.to_sheet()


def test_answers_to_unknown_and_computed_questions_are_told() -> None:
    result = carried(definition(version="1.0.1"), migration(), {"nobody": 1, "double": {"number": 3}})
    assert {one.why for one in result.outcomes if one.mark is Mark.DROPPED} == {"unknown-question", "computed"}


def test_what_must_be_looked_at_stays_so_over_several_versions() -> None:
    middle = replaced("lev", question("lev", highest=3))
    last = replaced("lev", question("lev", highest=3, id="end"), version="3.0.0")
    first_step = migration({"step": "rescaled", "question": "lev", "linear": {"factor": 1}})
    second_step = migration({"step": "renamed", "question": "lev", "to": "end"}, source="2.0.0")
    legs = upgrade([(OLD, middle, first_step), (middle, last, second_step)], {"lev": 4})
    found = outcome(legs[-1], "end")
    assert (found.mark, found.why) == (Mark.LOOK_AGAIN, "from-before")
    assert found.olds[0].answer.value == 4


MISTAKES: list[tuple[str, Definition, list[dict[str, Any]]]] = [
    ("migration-unknown-old", OLD, [{"step": "kept", "question": "nobody"}]),
    ("migration-unknown-old", OLD, [{"step": "kept", "question": "double"}]),
    ("migration-unknown-new", OLD, [{"step": "renamed", "question": "lev", "to": "nobody"}]),
    ("migration-source-twice", OLD, [{"step": "kept", "question": "lev"}] * 2),
    (
        "migration-target-twice",
        OLD,
        [{"step": "kept", "question": "lev"}, {"step": "renamed", "question": "lev-two", "to": "lev"}],
    ),
    ("migration-not-mentioned", definition(*QUESTIONS[1:]), []),
    ("migration-not-mentioned", replaced("lev", question("lev", highest=3)), []),
    ("migration-not-mentioned", OLD, [{"step": "renamed", "question": "lev-two", "to": "lev"}]),
    ("migration-not-same-answers", replaced("lev", question("lev", highest=3)), [{"step": "kept", "question": "lev"}]),
    (
        "migration-not-same-answers",
        replaced("amount", question("amount", unit="kWh")),
        [{"step": "kept", "question": "amount"}],
    ),
    ("migration-not-same-answers", OLD, [{"step": "renamed", "question": "one", "to": "lev"}]),
    ("migration-one-rule", OLD, [{"step": "rescaled", "question": "lev"}]),
    ("migration-one-rule", OLD, [{"step": "rescaled", "question": "lev", "table": {"0": 0}, "linear": {"factor": 1}}]),
    ("migration-table-hole", OLD, [{"step": "rescaled", "question": "sure", "table": {"yes": "no"}}]),
    (
        "migration-table-unknown",
        OLD,
        [{"step": "rescaled", "question": "sure", "table": {"yes": "no", "no": "no", "x": "no"}}],
    ),
    ("migration-table-value", OLD, [{"step": "rescaled", "question": "sure", "table": {"yes": 7, "no": "no"}}]),
    ("migration-table-kinds", OLD, [{"step": "rescaled", "question": "amount", "table": {"1": 1}}]),
    ("migration-table-kinds", OLD, [{"step": "rescaled", "question": "lev", "rows": {"top": "low"}}]),
    ("migration-table-hole", OLD, [{"step": "rescaled", "question": "cells", "rows": {"top": "low"}}]),
    ("migration-target-twice", OLD, [{"step": "rescaled", "question": "cells", "rows": {"top": "low", "low": "low"}}]),
    ("migration-linear-kinds", OLD, [{"step": "rescaled", "question": "one", "linear": {"factor": 1}}]),
    ("migration-rounding-missing", OLD, [{"step": "rescaled", "question": "lev", "linear": {"factor": "1/2"}}]),
    (
        "migration-rounding-missing",
        OLD,
        [{"step": "merged", "questions": ["lev", "lev-two"], "to": "lev", "rule": "mean"}],
    ),
    ("migration-merge-kinds", OLD, [{"step": "merged", "questions": ["lev", "one"], "to": "lev", "rule": "minimum"}]),
    ("migration-merge-kinds", OLD, [{"step": "merged", "questions": ["sure", "lev"], "to": "lev", "rule": "maximum"}]),
    ("migration-merge-kinds", OLD, [{"step": "merged", "questions": ["since", "lev"], "to": "lev", "rule": "minimum"}]),
    ("migration-table-kinds", OLD, [{"step": "rescaled", "question": "since", "table": {"2020-01-01": 1}}]),
    ("migration-linear-kinds", OLD, [{"step": "rescaled", "question": "since", "linear": {"factor": 1}}]),
    ("migration-reason-missing", OLD, [{"step": "dropped", "questions": ["lev"], "reason": {"en": "Gone."}}]),
]


@pytest.mark.parametrize(("code", "new", "steps"), MISTAKES, ids=[f"{n}-{case[0]}" for n, case in enumerate(MISTAKES)])
def test_mistakes_of_a_migration(code: str, new: Definition, steps: list[dict[str, Any]]) -> None:
    found = check_migration(migration(*steps), Document("migration.yaml"), OLD, new)
    assert code in {mistake.code for mistake in found}
    for mistake in found:
        assert mistake.path[0] == "steps"
        assert mistake.located("en") != mistake.located("ar")


@given(sheets())
def test_the_identity_returns_the_same_answers_and_leaves_the_old_ones_alone(answers: dict[str, Any]) -> None:
    before = copy.deepcopy(answers)
    result = preview(OLD, definition(version="1.0.1"), migration(), answers)
    assert result.answers == answers == before
    assert not result.look_again


NAMES = [asked["id"] for asked in QUESTIONS if asked["kind"] != "computed"]


@given(sheets(), st.sets(st.sampled_from(NAMES)))
def test_renaming_there_and_back_returns_the_same_answers(answers: dict[str, Any], renamed: set[str]) -> None:
    names = {name: f"new-{name}" if name in renamed else name for name in NAMES}
    new = definition(*(question(name, id=names[name]) for name in NAMES), version="2.0.0")
    steps = migration(*({"step": "renamed", "question": name, "to": names[name]} for name in sorted(renamed)))
    back = inverted(steps, "2.0.0")
    assert back is not None
    old = definition(*(question(name) for name in NAMES))
    there = carried(new, steps, answers, old)
    assert carried(old, back, there.answers, new).answers == answers


@given(sheets(), st.permutations(range(5)), st.permutations(["none", "some", "all"]))
def test_one_to_one_tables_have_a_way_back(answers: dict[str, Any], levels: list[int], options: list[str]) -> None:
    tables: list[dict[str, Any]] = [
        {"step": "rescaled", "question": "lev", "table": {str(old): new for old, new in enumerate(levels)}},
        {"step": "rescaled", "question": "one", "table": dict(zip(["none", "some", "all"], options, strict=True))},
        {
            "step": "rescaled",
            "question": "cells",
            "table": dict(zip(["none", "some", "all"], options, strict=True)),
            "rows": {"top": "low", "low": "top"},
        },
    ]
    new = definition(version="2.0.0")
    there = carried(new, migration(*tables), answers)
    back = inverted(migration(*tables), "2.0.0")
    assert back is not None
    assert carried(OLD, back, there.answers, new).answers == answers


def test_what_loses_something_has_no_way_back() -> None:
    many_to_one = {"step": "rescaled", "question": "sure", "table": {"yes": "no", "no": "no"}}
    line = {"step": "rescaled", "question": "lev", "linear": {"factor": 2}}
    drop = {"step": "dropped", "questions": ["lev"], "reason": {"en": "Gone.", "ar": "زال."}}
    assert [inverted(migration(step), "2.0.0") for step in (many_to_one, line, drop)] == [None, None, None]


@st.composite
def upgrades(draw: st.DrawFn) -> tuple[Definition, Migration]:
    """A random new version with a migration that covers the old one."""
    steps: list[dict[str, Any]] = []
    questions: list[dict[str, Any]] = [question("sure", id="brand-new")]
    for name in NAMES:
        fate = draw(st.sampled_from(["same", "renamed", "split", "dropped", "narrowed"]))
        if fate == "dropped":
            steps.append({"step": "dropped", "questions": [name], "reason": {"en": "Gone.", "ar": "زال."}})
        elif fate == "renamed":
            steps.append({"step": "renamed", "question": name, "to": f"new-{name}"})
            questions.append(question(name, id=f"new-{name}"))
        elif fate == "split":
            steps.append({"step": "split", "question": name, "to": [f"{name}-a", f"{name}-b"]})
            questions += [question(name, id=f"{name}-a"), question(name, id=f"{name}-b")]
        elif fate == "narrowed" and name == "lev":
            steps.append({"step": "rescaled", "question": "lev", "linear": {"factor": 1}})
            questions.append(question("lev", highest=draw(st.integers(1, 4))))
        elif fate == "narrowed":
            steps.append({"step": "kept", "question": name})
            questions.append(question(name, not_applicable="refused"))
        else:
            questions.append(question(name))
    return definition(*questions, version="2.0.0"), migration(*steps)


@given(sheets(), upgrades())
def test_every_old_answer_is_accounted_for_exactly_once(
    answers: dict[str, Any], version: tuple[Definition, Migration]
) -> None:
    new, steps = version
    result = carried(new, steps, answers)
    sources = [old.question for passage in result.passages for old in passage.olds]
    assert sorted(sources) == sorted(NAMES)
    for passage in result.passages:
        for old in passage.olds:
            entry = old.answer.to_sheet()
            assert entry == answers.get(old.question, {})
            for one in passage.outcomes:
                assert old in one.olds
                kept = one.answer.to_sheet() == entry
                assert kept or one.mark in {Mark.LOOK_AGAIN, Mark.DROPPED}
    targets = [one.question for one in result.outcomes if one.question is not None]
    assert sorted(targets) == sorted(asked.id for asked in new.questions)
