"""Marks on carried answers: shown, cleared by a look or by a change, and never submitted."""

from __future__ import annotations

import pytest

from tests.itti.carrying.upgrade import QUESTIONS, Upgrade
from tests.itti.expect import problem

FIRST = QUESTIONS[0]
REASON = "Seen on the shop floor on the day of the visit."


@pytest.fixture
def carried(both: Upgrade) -> Upgrade:
    """Everything carried, nothing looked at."""
    both.carried(both.new.assessor)
    return both


def test_a_look_clears_the_mark_and_leaves_the_answer(carried: Upgrade) -> None:
    before = carried.answers(carried.new)[FIRST]
    seen = carried.look(carried.new.assessor, FIRST, '"1"')
    assert seen.status_code == 200, seen.text
    assert seen.headers["etag"] == '"2"'
    assert FIRST not in seen.json()["standing"]["look_again"]
    after = carried.answers(carried.new)[FIRST]
    assert after == before | {"look_again": None, "version": 2}
    again = carried.look(carried.new.assessor, FIRST, '"1"')
    assert (again.status_code, again.headers["etag"]) == (200, '"2"')


def test_stale(carried: Upgrade) -> None:
    document = problem(carried.look(carried.new.assessor, FIRST, '"7"'), 412, "answer-stale")
    assert document["current"]["look_again"]["why"] == "asked-for"
    assert carried.answers(carried.new)[FIRST]["look_again"]


def test_wrong_role(carried: Upgrade) -> None:
    for user in (carried.new.office, carried.new.owner):
        problem(carried.look(user, FIRST, '"1"'), 403, "not-your-answers")
    assert carried.answers(carried.new)[FIRST]["look_again"]


def test_any_change_clears_the_mark(carried: Upgrade) -> None:
    same = carried.new.put(carried.new.assessor, FIRST, '"1"', level=3, reason=REASON)
    assert same.json()["answer"]["look_again"], "sending what is stored is no look at it"
    changed = carried.new.put(carried.new.assessor, FIRST, '"1"', level=3, reason=f"{REASON} And on line 2.")
    assert changed.json()["answer"]["look_again"] is None
    assert FIRST not in changed.json()["standing"]["look_again"]


def test_an_assessment_with_marks_is_not_submitted(carried: Upgrade) -> None:
    for name in set(QUESTIONS) - set(carried.answers(carried.new)):
        assert carried.new.put(carried.new.assessor, name, level=3).status_code == 201
    marks = carried.new.api(carried.new.assessor).get(f"{carried.new.path}/standing").json()["look_again"]
    refused = problem(carried.new.move(carried.new.assessor, "submit"), 409, "look-again-left")
    assert len(refused["errors"]) == len(marks) > 0
    for name in marks[1:]:
        assert carried.look(carried.new.assessor, name, '"1"').status_code == 200
    left = problem(carried.new.move(carried.new.assessor, "submit"), 409, "look-again-left")
    assert [error["detail"] for error in left["errors"]] == [
        f"The answer to “{marks[0]}” comes from an earlier assessment and has not been looked at."
    ]
    possible = next(move for move in carried.new.read(carried.new.assessor)["moves"] if move["move"] == "submit")
    assert (possible["open"], possible["code"]) == (False, "look-again-left")
    carried.look(carried.new.assessor, marks[0], '"1"')
    problem(carried.new.move(carried.new.assessor, "submit"), 409, "evidence-missing")
