"""The table of moves: what it promises by itself, and that every move not in it is refused at the API."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from sqlmodel import Session

from itti.accounts.tables import User
from itti.accreditation.tables import AssessmentBody
from itti.acts import Act
from itti.assessments import diagram, service
from itti.assessments.conditions import _CHECKS
from itti.assessments.moves import RULES, Condition, MoveName, Relation, leaving, rule_of
from itti.assessments.tables import APPROVED, Assessment, AssessmentState
from itti.certificates.office import Office
from questionnaires import wording
from questionnaires.errors import Fault
from tests.itti.assessments.story import Story
from tests.itti.expect import problem

S = AssessmentState


def test_every_move_has_one_rule() -> None:
    assert [rule.move for rule in RULES] == list(MoveName)


def test_every_condition_can_be_looked_up_and_is_used() -> None:
    assert set(_CHECKS) == set(Condition)
    assert {condition for rule in RULES for condition in rule.conditions} == set(Condition)


def test_withdrawn_and_revoked_are_final() -> None:
    assert {state for state in S if not leaving(state)} == {S.WITHDRAWN, S.REVOKED}


def test_every_state_is_reached_and_left_for_an_end() -> None:
    reached = {rule.target for rule in RULES if rule.target is not None}
    assert reached == set(S) - {S.PLANNED}
    for state in set(S) - APPROVED - {S.WITHDRAWN}:
        assert S.WITHDRAWN in {rule.target for rule in leaving(state)}
    for state in APPROVED - {S.REVOKED}:
        assert S.REVOKED in {rule.target for rule in leaving(state)}


def test_only_a_second_person_certifies() -> None:
    into = [rule for rule in RULES if rule.target is S.CERTIFIED and not rule.sources <= {S.APPEAL}]
    assert [rule.move for rule in into] == [MoveName.APPROVE]
    assert rule_of(MoveName.APPROVE).by == {Relation.REVIEWER}
    assert Condition.ACCREDITED in rule_of(MoveName.APPROVE).conditions


def test_page_of_the_documentation_is_made_from_the_table() -> None:
    written = (Path(__file__).parents[3] / "docs" / "states.md").read_text(encoding="utf-8")
    assert written == diagram.page(), "run: python -m itti.cli assessments diagram > docs/states.md"
    for rule, state in product(RULES, S):
        line = f"    {state.value} --> {rule.leads_to(state).value}: {rule.move.value}\n"
        assert (line in written) == (state in rule.sources)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_everything_in_the_table_has_words(language: str) -> None:
    keys = [
        *(f"{part}.{move.value}" for move in MoveName for part in ("move", "moved")),
        *(f"state.{state.value}{part}" for state in S for part in ("", ".about")),
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
    "hearer": {Relation.SECOND, Relation.UNINVOLVED, Relation.HEARER},
}
_CODES: Final = {
    "accredited": set(),
    "self-answered": {"open-questions"},
    "answered": {"open-questions"},
    "right-of-reply": {"no-right-of-reply"},
    "review-free": {"review-taken"},
    "issued": {"not-issued"},
    "appeal-free": {"appeal-taken"},
}
"""Conditions that do not hold in the forced states → the codes of their refusals; all others hold there."""


def forced(story: Story, hearer: User, state: S) -> None:
    """Put the assessment into a state as no move would: nothing answered, no certificate."""

    def force(session: Session) -> None:
        row = session.get(Assessment, story.id)
        assert row is not None
        row.state = state
        row.reviewer_id = story.reviewer.id
        row.hearer_id = hearer.id
        session.add(row)

    story.world.write(force)


def body_of(session: Session, user: User) -> AssessmentBody:
    """The body of an assessor."""
    return session.get_one(AssessmentBody, user.body_id)


def outcome(story: Story, person: User, move: MoveName, mate: User) -> str:
    """What comes of a move: ``done``, or the code of the refusal; nothing is kept."""
    with pytest.raises(_Undone) as caught, story.world.database.writing() as session:  # noqa: PT012 - one attempt
        act = Act(session.get(User, person.id))
        try:
            office = Office(story.world.settings)
            service.move(session, act, story.id, move.value, office=office, note="a note", successor=mate.id)
        except Fault as fault:
            raise _Undone(fault.code) from fault
        raise _Undone("done")
    return str(caught.value)


class _Undone(Exception):
    """Rolls back what a test tried."""


@pytest.mark.parametrize("state", list(S), ids=str)
def test_matrix_of_people_states_and_moves(story: Story, state: S) -> None:
    """Whoever is not in the table for a move from a state is refused, with a reason; others get past it."""
    hearer = story.world.create_assessor()
    mate = story.world.create_assessor(body=story.world.write(lambda session: body_of(session, story.assessor)))
    forced(story, hearer, state)
    people = {name: find(story) for name, find in _PEOPLE.items()} | {"hearer": hearer}
    for (name, person), move in product(people.items(), MoveName):
        rule = rule_of(move)
        got = outcome(story, person, move, mate)
        if not rule.by & _RELATIONS[name]:
            expected = {"move-not-yours"}
            if Relation.UNINVOLVED in rule.by and name in {"assessor", "reviewer"}:
                expected = {"took-part"}
            elif name == "assessor" and rule.by & {Relation.SECOND, Relation.REVIEWER}:
                expected = {"own-assessment"}
        elif state not in rule.sources:
            expected = {"move-not-open"}
        else:
            expected = {"done"}
            for condition in rule.conditions:
                if codes := _CODES.get(condition.value):
                    expected = codes
                    break
        assert {got} == expected, (name, move)


def test_refusals_of_the_table_at_the_door(story: Story) -> None:
    forced(story, story.world.create_assessor(), S.REVIEW)
    tag = f'"{story.read(story.office)["version"]}"'
    for move in (MoveName.EXPIRE, MoveName.SUPERSEDE, MoveName.LET_REPLY_LAPSE):
        for person in (story.office, story.owner, story.assessor):
            problem(story.move(person, move.value, tag, note="a note"), 403, "move-not-yours")
    problem(story.move(story.owner, "appeal", tag, note="a note"), 409, "move-not-open")
    problem(story.move(story.office, "revoke", tag, note="a note"), 409, "move-not-open")
    problem(story.move(story.assessor, "approve", tag, note="a note"), 403, "own-assessment")
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
