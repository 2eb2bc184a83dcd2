"""Evidence that is over its time: gone from the shelf, with its digest and the acts left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from itti.acts import Act
from itti.audit.service import history
from itti.certificates.office import Office
from itti.evidence import previews, retention
from itti.evidence.tables import EvidenceRevision
from itti.record.checking import verify
from itti.settings import Settings
from tests.itti.assessments.story import Story, plan
from tests.itti.certificates.quick import use_quick_press
from tests.itti.evidence.sending import NOTE, send, write
from tests.itti.evidence.test_evidence import stored
from tests.itti.expect import problem

MONTHS = 12
LATER = datetime.now(UTC) + timedelta(days=366 * 4)
"""When a certificate of 24 months is over by more than twelve."""


@pytest.fixture
def keeping(story: Story) -> Settings:
    """The settings of a programme that keeps evidence for a year."""
    return story.world.settings.model_copy(update={"keep_evidence_months": MONTHS})


def work_off(story: Story, keeping: Settings, at: datetime) -> retention.Expired:
    """What the clockwork does at that time."""
    return retention.work_off(story.world.database, keeping, at)


def test_a_certificate_that_ended_long_ago(story: Story, keeping: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    use_quick_press(monkeypatch)
    world = story.world
    file = send(story, story.assessor, b"earlier", "walk.txt").json()["id"]
    client = story.api(story.assessor)
    client.post(f"/evidence/{file}/revisions", files={"file": ("log.txt", b"later")})
    taken = send(story, story.assessor, b"taken away", "off.txt").json()["id"]
    client.delete(f"/evidence/{taken}")
    note = write(story, story.assessor).json()
    story.answer_all(story.assessor)
    for person, move in ((story.assessor, "submit"), (story.reviewer, "take-review"), (story.reviewer, "approve")):
        story.step(person, move)
    last = datetime.fromisoformat(
        story.api(story.office).get(f"/certificates/{story.read(story.office)['certificate']}").json()["expires_on"]
    ).replace(tzinfo=UTC)

    assert work_off(story, story.world.settings, LATER).assessments == []  # always, where nothing is set
    assert work_off(story, keeping, last + timedelta(days=360)).assessments == []
    assert len(stored(story)) == 3
    done = work_off(story, keeping, last + timedelta(days=367))
    assert (done.assessments, done.contents) == ([story.id], 4)
    assert work_off(story, keeping, LATER) == retention.Expired()
    assert stored(story) == []

    for path in (
        f"/evidence/{file}/content",
        f"/evidence/{file}/revisions/1/content",
        f"/evidence/{note['id']}/content",
    ):
        told = problem(client.get(path), 410, "evidence-expired")
    assert note["sha256"] in told["detail"]
    assert client.get(f"/evidence/{file}/preview").status_code == 204
    kept = client.get(f"/evidence/{note['id']}").json()
    assert (kept["text"], kept["sha256"]) == (None, note["sha256"])
    assert kept["expired_at"] is not None
    browser = world.browser(story.assessor)
    page = browser.get(f"{story.path}/evidence").text
    assert "the time for which evidence is kept was over" in page
    assert note["sha256"] in page
    assert NOTE["text"] not in page
    assert browser.get(f"/evidence/{file}").status_code == 410

    def acts(session: Session) -> list[str]:
        return [event.action for event in history(session, "evidence", file)]

    assert world.write(acts)[-1] == "evidence.expired"
    with world.database.reading() as session:
        verdict = verify(session, Office(world.settings))
    assert not {each.code for each in verdict.troubles if each.code.startswith("evidence")}


def test_what_others_have_too_stays_for_them(story: Story, keeping: Settings) -> None:
    mine = send(story, story.assessor, b"the same table", "a.txt").json()
    send(story, story.assessor, b"only here", "b.txt")
    other = plan(story.world, story.factory, story.assessor, story.office)
    story.moved(story.office, "withdraw", note="Planned twice.")
    again = Story(
        story.world, story.office, story.assessor, story.reviewer, story.owner, story.factory, other
    ).started()
    theirs = send(again, story.assessor, b"the same table", "a.txt").json()
    done = work_off(story, keeping, LATER)
    assert (done.assessments, done.contents) == ([story.id], 1)
    client = story.api(story.assessor)
    problem(client.get(f"/evidence/{mine['id']}/content"), 410, "evidence-expired")
    assert client.get(f"/evidence/{theirs['id']}/content").content == b"the same table"


def test_what_somebody_is_attaching_at_this_moment_stays(story: Story, keeping: Settings) -> None:
    """Between keeping a content and entering it, no row says that it is needed."""
    send(story, story.assessor, b"a table", "a.txt")
    story.moved(story.office, "withdraw", note="Planned twice.")
    world = story.world
    world.write(lambda session: retention.expire(session, Act(None), story.id))
    assert work_off(story, keeping, datetime.now(UTC)).contents == 0
    assert len(stored(story)) == 1
    assert work_off(story, keeping, datetime.now(UTC) + timedelta(days=2)).contents == 1
    assert stored(story) == []

    def rows(session: Session) -> list[EvidenceRevision]:
        return list(session.exec(select(EvidenceRevision)).all())

    assert all(row.erased_at is not None for row in world.write(rows))


def test_its_preview_goes_too(story: Story, keeping: Settings) -> None:
    made = send(story, story.assessor, b"a table", "a.txt").json()
    place = previews._place(story.world.settings, made["sha256"])
    previews._keep(place, b"drawn")
    story.moved(story.office, "withdraw", note="Planned twice.")
    work_off(story, keeping, LATER)
    assert not place.exists()
