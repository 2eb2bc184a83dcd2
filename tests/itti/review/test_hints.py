"""What a second person is shown: answers beside earlier ones, and hints with their numbers, at every door."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from itti.assessments.schemas import AnswerGiven
from itti.assessments.service import answers_of, save
from itti.assessments.tables import Phase
from itti.factories.tables import Sector
from tests.itti.assessments.story import QUESTIONS, REASON, Story, plan, tell
from tests.itti.conftest import World
from tests.itti.expect import problem
from tests.itti.review.conftest import certified

FIRST, SECOND, THIRD, *_ = QUESTIONS


@pytest.fixture
def story(world: World) -> Story:
    return tell(world)


@pytest.fixture
def story_on_both(both_worlds: World) -> Story:
    return tell(both_worlds)


def answer(story: Story, question: str, level: int, reason: str = REASON, at: datetime | None = None) -> None:
    """Answer one question as the assessor."""
    stored = story.do(story.assessor, lambda session, _: answers_of(session, story.id, Phase.ASSESSED).get(question))
    expected = stored.version if stored else None
    given = AnswerGiven(level=level, reason=reason)
    story.do(
        story.assessor,
        lambda session, act: save(session, act, story.id, question, Phase.ASSESSED, given, expected=expected),
        at,
    )


def submitted(story: Story, at: datetime | None = None) -> None:
    story.step(story.assessor, "submit", at)
    story.step(story.reviewer, "take-review", at)


def review(story: Story, **params: Any) -> dict[str, Any]:
    """The review as its reviewer reads it."""
    found = story.api(story.reviewer).get(f"{story.path}/review", params=params)
    assert found.status_code == 200, found.text
    document: dict[str, Any] = found.json()
    return document


def hints(story: Story, signal: str) -> list[dict[str, Any]]:
    """All hints of one signal, each once."""
    found = review(story)
    every = found["hints"] + [hint for each in found["questions"] for hint in each["hints"]]
    unique = {(tuple(hint["questions"]), hint["sentence"]): hint for hint in every if hint["signal"] == signal}
    return list(unique.values())


def test_answers_stand_beside_the_factorys_own_and_the_last_certified_ones(story: Story) -> None:
    before = certified(story.world, story.factory, story.reviewer, {FIRST: 1, SECOND: 3})
    story.step(story.owner, "start-self-assessment")
    story.answer_all(story.owner, Phase.SELF, 4)
    story.step(story.owner, "finish-self-assessment")
    story.answered()
    submitted(story)
    found = review(story)
    assert (found["advised"], found["last"], found["peers"]) == (True, str(before.id), None)
    rows = {each["question"]: each for each in found["questions"]}
    assert list(rows) == list(QUESTIONS)
    first, second, third = rows[FIRST], rows[SECOND], rows[THIRD]
    assert (first["assessed"]["level"], first["own"]["level"], first["last"]["answer"]) == (3, 4, {"level": 1})
    assert (first["gap"], first["step"], first["changed"], first["last"]["converted"]) == (-1, 2, True, False)
    assert (second["step"], second["changed"], second["hints"]) == (0, False, [])
    assert (third["last"], third["changed"], third["step"]) == (None, False, None)
    (jump,) = hints(story, "jump")
    assert (jump["questions"], jump["numbers"]) == ([FIRST], {"before": "1", "level": "3", "step": "+2"})
    assert [each["question"] for each in review(story, only="odd")["questions"]] == [FIRST]
    assert [each["question"] for each in review(story, only="changed")["questions"]] == [FIRST]
    page = story.world.browser(story.reviewer).get(f"{story.path}/review?only=changed").text
    assert f'id="{FIRST}"' in page
    assert f'id="{SECOND}"' not in page
    assert jump["sentence"] in page
    arabic = story.api(story.reviewer).get(f"{story.path}/review", headers={"Accept-Language": "ar"}).json()
    assert "كان المستوى 1" in str(arabic)


def test_last_answers_of_an_older_version_are_migrated(story: Story) -> None:
    world = story.world
    newer = Story(
        world, story.office, story.assessor, story.reviewer, story.owner, story.factory,
        plan(world, story.factory, story.assessor, story.office, version="2.0.0"),
    )  # fmt: skip
    certified(world, story.factory, story.reviewer, dict.fromkeys(QUESTIONS, 2))
    newer.started()
    found = newer.api(newer.office).get(f"{newer.path}/review").json()
    arrived = [each for each in found["questions"] if each["last"] is not None]
    assert arrived
    assert {each["last"]["answer"]["level"] for each in arrived if "level" in each["last"]["answer"]} == {2}


def test_levels_are_compared_with_whole_groups_only(story_on_both: Story) -> None:
    story = story_on_both
    world = story.world
    for _ in range(9):
        certified(world, world.create_factory(), story.reviewer, dict.fromkeys(QUESTIONS, 1))
    story.answered()
    submitted(story)
    assert review(story)["peers"] is None, "nine factories are too few"
    assert hints(story, "far-from-peers") == []
    other = world.create_factory(sector=Sector.METALS)
    certified(world, other, story.reviewer, {FIRST: 1})
    found = review(story)
    assert found["peers"] == {"circle": "all", "factories": 10}
    far = hints(story, "far-from-peers")
    assert [each["questions"] for each in far] == [[FIRST]], "nine answers to the others are still too few"
    assert far[0]["numbers"] == {"level": "3", "median": "1", "reached": "0", "factories": "10"}
    certified(world, world.create_factory(), story.reviewer, dict.fromkeys(QUESTIONS, 3))
    assert review(story)["peers"] == {"circle": "sector-and-size", "factories": 10}
    assert len(hints(story, "far-from-peers")) == len(QUESTIONS)


def test_equal_bare_and_late_answers_are_named(story: Story) -> None:
    begun = datetime.now(UTC) - timedelta(hours=3)
    story.step(story.assessor, "start", begun)
    story.answer_all(story.assessor, at=begun)
    for question in QUESTIONS[:6]:
        answer(story, question, 4, at=begun + timedelta(minutes=100))
    submitted(story, begun + timedelta(minutes=120))
    (late,) = hints(story, "changed-late")
    assert late["questions"] == [name for name in QUESTIONS if name in QUESTIONS[:6]]
    assert late["numbers"] == {"answers": "6", "total": str(len(QUESTIONS)), "minutes": "30"}
    assert hints(story, "all-equal") == []
    assert hints(story, "bare") == [], "the reasons say enough"
    story.step(story.reviewer, "return", begun + timedelta(minutes=121), note="Again.")
    story.answer_all(story.assessor, level=4, at=begun + timedelta(minutes=122))
    answer(story, FIRST, 4, "Seen.", begun + timedelta(minutes=122))
    story.step(story.assessor, "submit", begun + timedelta(minutes=170))
    assert hints(story, "changed-late") == [], "the changes of the first round are not those of this one"
    (equal,) = hints(story, "all-equal")
    assert equal["numbers"] == {"level": "4", "answers": str(len(QUESTIONS))}
    (bare,) = hints(story, "bare")
    assert (bare["questions"], bare["numbers"]["signs"]) == ([FIRST], "5")


def test_one_file_for_many_questions_or_factories_is_named(story: Story) -> None:
    other = tell(story.world).started()
    story.answered()
    for which, names in ((story, QUESTIONS[:5]), (other, QUESTIONS[:1])):
        for question in names:
            file = {"file": (f"{question}.txt", io.BytesIO(b"the very same log"), "text/plain")}
            assert which.api(which.assessor).post(which.evidence_path(question), files=file).status_code == 201
    submitted(story)
    (shared,) = hints(story, "proof-shared")
    assert sorted(shared["questions"]) == sorted(QUESTIONS[:5])
    (elsewhere,) = hints(story, "proof-elsewhere")
    assert elsewhere["numbers"]["factories"] == "1"
    assert other.factory.name not in str(elsewhere) or other.factory.name == story.factory.name


def test_an_assessor_is_compared_with_others_over_several_assessments(story: Story) -> None:
    world = story.world
    own = dict.fromkeys(QUESTIONS, 1)
    for place in range(5):
        certified(world, world.create_factory(), story.reviewer, dict.fromkeys(QUESTIONS, 1), own)
        if place < 4:
            certified(world, world.create_factory(), story.assessor, dict.fromkeys(QUESTIONS, 2), own)
    story.answered()
    submitted(story)
    assert hints(story, "lenient") == [], "four are too few to say anything of somebody"
    certified(world, world.create_factory(), story.assessor, dict.fromkeys(QUESTIONS, 2), own)
    (lenient,) = hints(story, "lenient")
    assert lenient["numbers"] == {"own": "1", "own_assessments": "5", "others": "0", "other_assessments": "5"}
    assert lenient["questions"] == []
    assert lenient["sentence"] in story.world.browser(story.reviewer).get(f"{story.path}/review").text


def test_who_reads_it(story: Story) -> None:
    certified(story.world, story.factory, story.reviewer, dict.fromkeys(QUESTIONS, 1))
    story.answered()
    submitted(story)
    path = f"{story.path}/review"
    problem(story.api(None).get(path), 401, "sign-in-needed")
    problem(story.api(story.owner).get(path), 403, "not-open-to-you")
    problem(story.api(story.world.create_assessor()).get(path), 404, "no-such-assessment")
    problem(
        story.api(story.office).get("/assessments/0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11/review"),
        404,
        "no-such-assessment",
    )
    problem(story.api(story.office).get(path, params={"only": "<script>"}), 422, "invalid-input")
    assert story.world.browser(story.office).get(f"{path}?only=<script>").status_code == 200
    mine = story.api(story.assessor).get(path).json()
    assert (mine["advised"], mine["last"], mine["hints"]) == (False, None, [])
    assert not any(each["hints"] or each["last"] for each in mine["questions"])
    assert story.api(story.office).get(path).json()["advised"]
