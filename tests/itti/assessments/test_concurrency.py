"""Several people move the same assessment at once: one of them does, the others are told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import col, select

from itti.accounts.tables import User
from itti.assessments.tables import Move
from itti.certificates.tables import Certificate, CertificateFile, NumberSeries
from tests.itti.assessments.story import Story, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.expect import problem


@pytest.fixture(autouse=True)
def _papers_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who wins a race does not depend on what stands on the papers."""
    use_quick_press(monkeypatch)


def signed_in(story: Story, *people: User) -> None:
    """Let everybody have a token before the race begins: issuing one writes, too."""
    for user in people:
        story.api(user)


def test_two_take_the_review_at_once(both_stories: Story) -> None:
    story = both_stories
    others = [story.reviewer, *(story.world.create_assessor() for _ in range(3))]
    signed_in(story, *others)
    story.submitted()
    tag = f'"{story.read(story.office)["version"]}"'
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda user: story.move(user, "take-review", tag), others))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 200
    # The others are stale, or (once it is taken) see no such assessment any more.
    assert set(statuses[1:]) <= {404, 412}
    with story.world.database.reading() as session:
        assert len(session.exec(select(Move).where(Move.move == "take-review")).all()) == 1


def test_two_approve_at_once(both_stories: Story) -> None:
    story = both_stories.under_review()
    signed_in(story, story.reviewer)
    tag = f'"{story.read(story.office)["version"]}"'
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(lambda _: story.move(story.reviewer, "approve", tag), range(3)))
    assert sorted(answer.status_code for answer in answers) == [202, 412, 412]
    for answer in answers:
        if answer.status_code == 412:
            problem(answer, 412, "stale")
    assert story.world.make_papers() == 2
    with story.world.database.reading() as session:
        assert len(session.exec(select(Certificate)).all()) == 1
        assert len(session.exec(select(CertificateFile)).all()) == 2
        assert session.exec(select(NumberSeries.last)).one() == 1


def test_submit_and_a_late_answer_do_not_pass_each_other(both_stories: Story) -> None:
    """Whatever comes first, what is in review is what was submitted."""
    story = both_stories.answered()
    signed_in(story, story.assessor)
    tag = f'"{story.read(story.office)["version"]}"'
    with ThreadPoolExecutor(2) as threads:
        moving = threads.submit(story.move, story.assessor, "submit", tag)
        saving = threads.submit(story.put, story.assessor, "maintenance", '"1"', level=None)
    moved, saved = moving.result(), saving.result()
    level = story.api(story.assessor).get(f"{story.path}/answers/maintenance").json()["level"]
    if moved.status_code == 200:
        problem(saved, 409, "answers-closed")
        assert level == 3
    else:
        problem(moved, 409, "open-questions")
        assert (saved.status_code, level) == (200, None)


def test_different_factories_approved_at_once_get_different_numbers(both_stories: Story) -> None:
    stories = [both_stories, tell(both_stories.world)]
    for story in stories:
        story.under_review()
        signed_in(story, story.reviewer, story.office)
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda story: story.move(story.reviewer, "approve"), stories))
    assert [answer.status_code for answer in answers] == [202, 202], [answer.text for answer in answers]
    assert stories[0].world.make_papers() == 4
    with stories[0].world.database.reading() as session:
        numbers = session.exec(select(Certificate.number).order_by(col(Certificate.number))).all()
        assert [number[-5:] for number in numbers] == ["00001", "00002"]
