"""Several version steps joined: every outcome quotes the answers as they stood at first."""

from __future__ import annotations

from typing import Any

from itti.carrying.composing import Carried, carried
from questionnaires.migration_checks import check_migration
from questionnaires.places import Document
from questionnaires.shelf import Leg
from questionnaires.upgrading import Mark
from tests.questionnaires.upgrades import definition, migration, question

FIRST = definition(question("lev"), question("sure"), question("one"))
SECOND = definition(question("lev", id="level-of-it", highest=2), question("sure"), question("amount"), version="2.0.0")
THIRD = definition(question("lev", id="a", highest=2), question("lev", id="b", highest=2), question("sure"),
                   version="3.0.0")  # fmt: skip
GONE = {"en": "Nobody asks.", "ar": "لا أحد يسأل."}
NOTE = {"en": "Now two.", "ar": "صارا اثنين."}


def leg(old: Any, new: Any, *steps: dict[str, Any]) -> Leg:
    made = migration(*steps, source=old.version)
    assert not check_migration(made, Document("migration.yaml"), old, new)
    return old, new, made


def way() -> tuple[Leg, ...]:
    table = {"0": 0, "1": 1, "2": 1, "3": 2, "4": None}
    return (
        leg(
            FIRST,
            SECOND,
            {"step": "rescaled", "question": "lev", "to": "level-of-it", "table": table},
            {"step": "dropped", "questions": ["one"], "reason": GONE},
        ),
        leg(
            SECOND,
            THIRD,
            {"step": "split", "question": "level-of-it", "to": ["a", "b"], "look_again": False, "note": NOTE},
            {"step": "dropped", "questions": ["amount"], "reason": GONE},
        ),
    )


def by_question(found: tuple[Carried, ...]) -> dict[str, Carried]:
    return {one.question: one for one in found if one.question is not None}


def test_outcomes_quote_the_first_answers() -> None:
    answers = {"lev": {"level": 3, "reason": "Seen."}, "sure": {"yes": True}, "one": {"choice": "all"}}
    found = carried(FIRST, THIRD, way(), answers)
    rows = by_question(found)
    for name in ("a", "b"):
        assert rows[name].answer.to_sheet() == {"level": 2, "reason": "Seen."}
        assert [old.question for old in rows[name].olds] == ["lev"]
        assert rows[name].olds[0].answer.value == 3
        assert rows[name].mark is Mark.BY_RULE, "a rule was at work on the way"
    assert rows["sure"].mark is Mark.CARRIED
    (dropped,) = [one for one in found if one.question is None]
    assert [old.question for old in dropped.olds] == ["one"], "what was new half-way and is gone again is not told"
    assert dict(dropped.note or {}) == GONE


def test_a_mark_half_way_stays_with_its_reason() -> None:
    rows = by_question(carried(FIRST, THIRD, way(), {"lev": {"level": 4, "reason": "Seen."}}))
    for name in ("a", "b"):
        assert (rows[name].mark, rows[name].why) == (Mark.LOOK_AGAIN, "no-place")
        assert not rows[name].answer.answered
        assert rows[name].answer.reason == "Seen."
        assert rows[name].olds[0].answer.value == 4


def test_pending_answers_stay_so() -> None:
    rows = by_question(carried(FIRST, THIRD, way(), {"lev": {"level": 3}, "sure": {"yes": True}}, {"sure"}))
    assert (rows["sure"].mark, rows["sure"].why) == (Mark.LOOK_AGAIN, "from-before")
    assert rows["a"].mark is Mark.BY_RULE
    same = by_question(carried(FIRST, FIRST, (), {"sure": {"yes": True}}, {"sure"}))
    assert (same["sure"].mark, same["one"].mark) == (Mark.LOOK_AGAIN, Mark.UNANSWERED)


def test_nothing_of_the_answers_is_changed() -> None:
    answers = {"lev": {"level": 3, "reason": "Seen."}, "one": {"choice": "all"}}
    before = repr(answers)
    carried(FIRST, THIRD, way(), answers)
    assert repr(answers) == before
