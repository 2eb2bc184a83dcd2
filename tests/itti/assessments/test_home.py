"""What the first page tells an assessor, and who the history of an assessment names."""

from __future__ import annotations

from itti.accounts.tables import User
from tests.itti.assessments.story import Story

WITH_OTHERS = "Yours, waiting for others"


def home(story: Story, user: User) -> str:
    """The first page of ``user``."""
    answer = story.world.browser(user).get("/home")
    assert answer.status_code == 200
    return answer.text


def with_others(story: Story, user: User) -> str:
    """The part of the first page about one's own assessments that wait for somebody else."""
    return home(story, user).partition(WITH_OTHERS)[2].partition("</ul>")[0]


def test_what_waits_for_oneself_waits_for_nobody_else(story: Story) -> None:
    page = home(story, story.assessor)
    assert f'href="{story.path}"' in page
    assert WITH_OTHERS not in page


def test_while_the_factory_answers(story: Story) -> None:
    story.step(story.owner, "start-self-assessment")
    part = with_others(story, story.assessor)
    assert f'href="{story.path}"' in part
    assert "The factory answers for itself" in part
    assert WITH_OTHERS not in home(story, story.owner)
    assert WITH_OTHERS not in home(story, story.office)


def test_while_it_waits_for_a_reviewer_and_is_reviewed(story: Story) -> None:
    story.step(story.assessor, "start")
    story.answer_all(story.assessor)
    story.step(story.assessor, "submit")
    part = with_others(story, story.assessor)
    assert f'href="{story.path}"' in part
    assert "Waiting for a reviewer" in part
    assert WITH_OTHERS not in home(story, story.reviewer), "there it is a thing to do"
    story.step(story.reviewer, "take-review")
    part = with_others(story, story.assessor)
    assert f'href="{story.path}"' in part
    assert "In review with" in part
    assert "Omar Nasser" in part
    assert WITH_OTHERS not in home(story, story.reviewer)


def test_in_arabic(story: Story) -> None:
    story.step(story.owner, "start-self-assessment")
    browser = story.world.browser(story.assessor)
    browser.get("/language/ar")
    assert "المصنع يجيب عن نفسه" in browser.get("/home").text


def test_history_names_who_planned(story: Story) -> None:
    for reader in (story.office, story.assessor, story.owner):
        page = story.world.browser(reader).get(story.path).text
        event = page.partition('<ol class="history">')[2].partition("</ol>")[0]
        assert "Planned" in event
        assert "Programme Office" in event
        planned_by = story.read(reader)["planned_by"]
        assert (planned_by["id"], planned_by["name"]) == (str(story.office.id), "Programme Office")
