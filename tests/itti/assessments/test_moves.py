"""The table of moves: what it promises by itself, and that every move not in it is refused at the API."""

from collections.abc import Callable
from itertools import product
from typing import Final

import pytest
from sqlmodel import Session

from itti.accounts.tables import User
from itti.assessments.conditions import _CHECKS
from itti.assessments.moves import RULES, Condition, MoveName, Relation, leaving, rule_of
from itti.assessments.tables import Assessment, AssessmentState
from questionnaires import wording
from tests.itti.assessments.story import Story
from tests.itti.expect import problem

S = AssessmentState


def test_every_move_has_one_rule() -> None:
    assert [rule.move for rule in RULES] == list(MoveName)


def test_every_condition_can_be_looked_up_and_is_used() -> None:
    assert set(_CHECKS) == set(Condition)
    assert {condition for rule in RULES for condition in rule.conditions} == set(Condition)


def test_certified_and_withdrawn_are_final() -> None:
    assert not leaving(S.CERTIFIED)
    assert not leaving(S.WITHDRAWN)


def test_every_state_is_reached_and_left_for_an_end() -> None:
    reached = {rule.target for rule in RULES}
    assert reached | {S.PLANNED} == set(S)
    for state in set(S) - {S.CERTIFIED, S.WITHDRAWN}:
        assert S.WITHDRAWN in {rule.target for rule in leaving(state)}


def test_only_a_second_person_certifies() -> None:
    assert [rule.move for rule in RULES if rule.target is S.CERTIFIED] == [MoveName.APPROVE]
    assert rule_of(MoveName.APPROVE).by == {Relation.REVIEWER}
    assert Condition.ACCREDITED in rule_of(MoveName.APPROVE).conditions


@pytest.mark.parametrize("language", ["en", "ar"])
def test_everything_in_the_table_has_words(language: str) -> None:
    keys = [
        *(f"{part}.{move.value}" for move in MoveName for part in ("move", "moved")),
        *(f"state.{state.value}" for state in S),
        *(f"relation.{relation.value}" for relation in Relation),
        *(f"condition.{condition.value}" for condition in Condition),
    ]
    words = [wording.say("itti.assessments", key, language) for key in keys]
    assert all(words)


_PEOPLE: Final[dict[str, Callable[[Story], User]]] = {
    "programme": lambda story: story.office,
    "assessor": lambda story: story.assessor,
    "reviewer": lambda story: story.reviewer,
    "factory": lambda story: story.owner,
}
_RELATIONS: Final = {
    "programme": {Relation.PROGRAMME},
    "assessor": {Relation.ASSESSOR},
    "reviewer": {Relation.SECOND, Relation.REVIEWER},
    "factory": {Relation.FACTORY},
}


@pytest.mark.parametrize("state", list(S), ids=str)
def test_matrix_of_people_states_and_moves(story: Story, state: S) -> None:
    """Whoever is not in the table for a move from a state is refused, with a reason; others get past it."""

    def force(session: Session) -> None:
        row = session.get(Assessment, story.id)
        assert row is not None
        row.state = state
        row.reviewer_id = story.reviewer.id
        session.add(row)

    story.world.write(force)
    tag = f'"{story.read(story.office)["version"]}"'
    for (name, person), move in product(_PEOPLE.items(), MoveName):
        rule = rule_of(move)
        if state in rule.sources and rule.by & _RELATIONS[name]:
            continue
        answer = story.move(person(story), move.value, tag, note="a note")
        assert answer.status_code in {403, 409}, (name, move, answer.text)
        expected = "move-not-open" if rule.by & _RELATIONS[name] else "move-not-yours"
        if name == "assessor" and rule.by & {Relation.SECOND, Relation.REVIEWER}:
            expected = "own-assessment"
        problem(answer, answer.status_code, expected)
    assert tag == f'"{story.read(story.office)["version"]}"', "a refused move changed something"


def test_anonymous(story: Story) -> None:
    problem(story.move(None, "start"), 401, "sign-in-needed")


def test_unknown_move(story: Story) -> None:
    refused = problem(story.move(story.office, "certify"), 422, "unknown-move")
    assert "take-review" in refused["detail"]


def test_not_existing(story: Story) -> None:
    stranger = story.world.create_assessor()
    problem(story.move(stranger, "start"), 404, "no-such-assessment")


def test_stale_and_without_precondition(story: Story) -> None:
    problem(story.move(story.assessor, "start", '"7"'), 412, "stale")
    client = story.api(story.assessor)
    problem(client.post(f"{story.path}/moves", json={"move": "start"}), 428, "precondition-required")
    assert story.read(story.office)["state"] == "planned"


def test_refusals_speak_arabic(story: Story) -> None:
    client = story.api(story.assessor)
    client.headers["Accept-Language"] = "ar"
    answer = client.post(f"{story.path}/moves", json={"move": "submit"}, headers={"If-Match": '"1"'})
    detail = problem(answer, 409, "move-not-open")["detail"]
    assert "الإرسال إلى المراجعة" in detail
    assert "مخطط له" in detail
    assert answer.headers["content-language"] == "ar"
