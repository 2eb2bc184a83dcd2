"""Four eyes: what was read is what is approved, to the last byte, and everybody can see which content that was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from sqlmodel import Session, select

from itti.accounts.tables import User
from itti.assessments.tables import Answer, Phase
from itti.audit.tables import Event
from itti.evidence.tables import EvidenceRevision
from itti.review.tables import ContentMoment, FixedContent
from reports.recorded import ORDER
from tests.itti.assessments.story import Story, tell
from tests.itti.conftest import World
from tests.itti.expect import problem


@pytest.fixture
def story(world: World) -> Story:
    story = tell(world).answered()
    file = {"file": ("log.txt", b"the log of line 1", "text/plain")}
    assert story.api(story.assessor).post(story.evidence_path("quality"), files=file).status_code == 201
    story.step(story.assessor, "submit")
    story.step(story.reviewer, "take-review")
    return story


def read(story: Story) -> str:
    """The entity tag of the review as it stands now."""
    return str(story.api(story.reviewer).get(f"{story.path}/review").headers["etag"])


def approve(story: Story, tag: str | None, user: User | None = None) -> httpx2.Response:
    headers = {} if tag is None else {"If-Match": tag}
    return story.api(user or story.reviewer).post(f"{story.path}/moves", json={"move": "approve"}, headers=headers)


def tamper(story: Story, change: Callable[[Session], None]) -> None:
    """Change the database behind everybody's back."""
    story.world.write(change)


def test_the_digest_of_what_was_approved_is_in_the_record(story: Story) -> None:
    tag = read(story)
    digest = tag.strip('"').partition("-")[2]
    assert approve(story, tag).status_code == 202
    with story.world.database.reading() as session:
        ordered = session.exec(select(Event).where(Event.action == ORDER)).one()
        kept = session.exec(select(FixedContent).where(FixedContent.assessment_id == story.id)).all()
    assert ordered.details["content_sha256"] == digest
    assert {(each.moment, each.digest) for each in kept} == {
        (ContentMoment.SUBMITTED, digest),
        (ContentMoment.APPROVED, digest),
    }
    manifest = kept[0].manifest.encode()
    assert hashlib.sha256(manifest).hexdigest() == digest
    told: dict[str, Any] = json.loads(manifest)
    assert told["evidence"] == {"quality": [hashlib.sha256(b"the log of line 1").hexdigest()]}
    assert told["scorecard"] == ordered.details["scorecard_sha256"]
    assert (told["definition"], told["answers"]["quality"]["given"]) == (
        story.read(story.office)["digest"],
        {"level": 3},
    )


def test_what_changed_since_it_was_read_is_named_and_nothing_approved(story: Story) -> None:
    tag = read(story)

    def another_level(session: Session) -> None:
        found = select(Answer).where(
            Answer.assessment_id == story.id, Answer.phase == Phase.ASSESSED, Answer.question == "maintenance"
        )
        row = session.exec(found).one()
        row.given = {"level": 5}
        session.add(row)

    def another_file(session: Session) -> None:
        row = session.exec(select(EvidenceRevision)).one()
        row.sha256 = "ab" * 32
        session.add(row)

    tamper(story, another_level)
    refused = problem(approve(story, tag), 412, "content-changed")
    assert refused["current"]["changed"] == {"answers": ["maintenance"], "scorecard": []}
    assert "Maintenance" in refused["detail"]
    tamper(story, another_file)
    refused = problem(approve(story, tag), 412, "content-changed")
    assert refused["current"]["changed"] == {"answers": ["maintenance"], "evidence": ["quality"], "scorecard": []}
    assert refused["current"]["content_sha256"] in read(story)
    page = story.world.browser(story.reviewer)
    version = tag.strip('"').partition("-")[0]
    form = {"move": "approve", "version": version, "seen": tag.strip('"').partition("-")[2]}
    shown = page.post(f"{story.path}/review", data=form)
    assert shown.status_code == 412
    assert "Maintenance" in shown.text
    assert problem(approve(story, f'"{version}-{"0" * 64}"'), 412, "content-changed")["current"]["changed"] == {}
    assert story.read(story.office)["state"] == "review"
    assert approve(story, read(story)).status_code == 202, "what is read anew can be approved"


def test_an_approval_names_what_was_read(story: Story) -> None:
    tag = read(story)
    version = tag.strip('"').partition("-")[0]
    problem(approve(story, None), 428, "precondition-required")
    problem(approve(story, f'"{version}"'), 428, "content-unseen")
    problem(approve(story, f'"{version}-xyz"'), 400, "malformed-tag")
    problem(approve(story, tag, story.office), 403, "move-not-yours")
    problem(approve(story, tag, story.assessor), 403, "own-assessment")
    problem(approve(story, tag, story.world.create_assessor()), 404, "no-such-assessment")
    browser = story.world.browser(story.reviewer)
    assert browser.post(f"{story.path}/review", data={"move": "approve", "version": version}).status_code == 428
    moved = story.api(story.reviewer).post(
        f"{story.path}/moves", json={"move": "return", "note": "Again."}, headers={"If-Match": tag}
    )
    assert moved.status_code == 200, "other moves take the same tag"
    problem(approve(story, tag), 412, "stale")
