"""The packed answers always say what the rows say, and a population is scored from them alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlmodel import col, select

from itti.assessments import packed, reading
from itti.assessments.library import questionnaire
from itti.assessments.standing import as_given
from itti.assessments.tables import Assessment, AssessmentState, PackedAnswers, Phase
from scoring import score
from scoring.columns import Columns, score_population
from scoring.packing import pack
from tests.itti.assessments.story import QUESTIONS, VERSION, Story, tell
from tests.itti.carrying.upgrade import Upgrade, upgrade
from tests.itti.conftest import FAMILY, World

OPTIONAL = "product-design"
"""A question that may not apply."""


def consistent(story: Story, phase: Phase = Phase.ASSESSED) -> bytes:
    """The stored vector, which has to be what packing the rows gives."""
    with story.world.database.reading() as session:
        one = session.get_one(Assessment, story.id)
        rows = reading.answers_of(session, story.id, phase).values()
        statement = select(PackedAnswers.vector).where(
            PackedAnswers.assessment_id == story.id, PackedAnswers.phase == phase
        )
        vector = session.exec(statement).one()
        plan = questionnaire(one.family, one.definition_version).plan
        assert vector == pack(plan, as_given(rows))
        return vector


def test_with_every_change(story: Story) -> None:
    story.started()
    assert story.put(story.assessor, "quality", level=2).status_code == 201
    first = consistent(story)
    assert story.put(story.assessor, "quality", '"1"', level=4).status_code == 200
    assert consistent(story) != first
    assert story.put(story.assessor, OPTIONAL, level=None, not_applicable=True).status_code == 201
    consistent(story)
    assert story.put(story.assessor, "quality", '"2"', level=None).status_code == 200
    consistent(story)


def test_nothing_is_packed_of_an_answer_that_was_refused(story: Story) -> None:
    story.started()
    assert story.put(story.assessor, "quality", level=2).status_code == 201
    before = consistent(story)
    assert story.put(story.assessor, "quality", '"1"', level=9).status_code == 422
    assert story.put(story.assessor, "quality", '"7"', level=1).status_code == 412
    assert consistent(story) == before


def test_answers_to_different_questions_at_once(both_stories: Story) -> None:
    story = both_stories.started()
    story.api(story.assessor)  # one token for all threads
    with ThreadPoolExecutor(4) as threads:
        saved = list(threads.map(lambda question: story.put(story.assessor, question, level=3), QUESTIONS[:8]))
    assert [answer.status_code for answer in saved] == [201] * 8
    consistent(story)


def test_answers_carried_over(world: World) -> None:
    both: Upgrade = upgrade(world)
    both.new.started()
    both.carried(both.new.assessor)
    consistent(both.new)


def test_a_population_without_touching_rows(both_stories: Story) -> None:
    world = both_stories.world
    stories = [both_stories, tell(world), tell(world)]
    for level, story in enumerate(stories, start=2):
        story.started().answer_all(story.assessor, level=level)
    plan = questionnaire(FAMILY, VERSION).plan
    found: dict[object, str | None] = {}
    with world.database.reading() as session:
        blocks = packed.population(session, plan.digest, [AssessmentState.ASSESSMENT], block=2)
        sizes = []
        for ids, vectors in blocks:
            sizes.append(len(ids))
            column = score_population(plan, Columns.read(plan, vectors), [plan.index]).nodes[plan.index]
            found |= {one: column.value(place) for place, one in enumerate(ids)}
        assert sizes == [2, 1]
        expected = {
            story.id: score(
                plan, as_given(reading.answers_of(session, story.id, Phase.ASSESSED).values())
            ).headline.value
            for story in stories
        }
        assert found == expected
        assert list(packed.population(session, plan.digest, [AssessmentState.CERTIFIED])) == []
        assert session.exec(select(col(PackedAnswers.phase))).all() == [Phase.ASSESSED] * 3
