"""Notes from interviews and walks, at the API and on pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx2
import pytest

from itti.accounts.tables import User
from tests.itti.assessments.story import Story
from tests.itti.evidence.sending import FIRST, NOTE, SECOND, send, write
from tests.itti.expect import problem


def rewrite(story: Story, user: User | None, evidence: str, text: str = "Oiled daily, she says.") -> httpx2.Response:
    """Put another wording in the place of a note."""
    return story.api(user).put(f"/evidence/{evidence}/note", json={"seen_on": "2026-01-06", "text": text})


def test_a_note_is_evidence(story: Story) -> None:
    answer = write(story, story.assessor)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert (made["kind"], made["text"], made["seen_on"]) == ("interview", NOTE["text"], NOTE["seen_on"])
    assert made["sha256"] == sha256(NOTE["text"].encode()).hexdigest()
    client = story.api(story.assessor)
    got = client.get(f"/evidence/{made['id']}/content")
    assert (got.text, got.headers["content-type"]) == (NOTE["text"], "text/plain; charset=utf-8")
    assert client.put(f"{story.evidence_path(SECOND)}/{made['id']}").json()["questions"] == sorted([FIRST, SECOND])

    for _ in range(2):  # the same wording twice is one
        told = rewrite(story, story.assessor, made["id"])
        assert told.status_code == 200, told.text
    assert [each["number"] for each in told.json()["revisions"]] == [1, 2]
    assert told.json()["text"] == "Oiled daily, she says."
    assert client.get(f"/evidence/{made['id']}/revisions/1/content").text == NOTE["text"]


def test_who_may_write_and_read_notes(story: Story) -> None:
    made = write(story, story.assessor).json()
    problem(write(story, None), 401, "sign-in-needed")
    problem(write(story, story.office), 403, "not-your-answers")
    problem(write(story, story.owner), 403, "not-your-answers")
    problem(write(story, story.reviewer), 404, "no-such-assessment")
    problem(write(story, story.assessor, "nothing"), 404, "no-such-question")
    problem(rewrite(story, None, made["id"]), 401, "sign-in-needed")
    problem(rewrite(story, story.office, made["id"]), 403, "not-your-answers")
    problem(rewrite(story, story.owner, made["id"]), 404, "no-such-evidence")
    problem(story.api(story.owner).get(f"/evidence/{made['id']}/content"), 404, "no-such-evidence")
    story.answer_all(story.assessor)
    story.step(story.assessor, "submit")
    problem(write(story, story.assessor), 409, "answers-closed")
    problem(rewrite(story, story.assessor, made["id"]), 409, "answers-closed")


def test_a_file_is_no_note(story: Story) -> None:
    file, note = send(story, story.assessor).json(), write(story, story.assessor).json()
    problem(rewrite(story, story.assessor, file["id"]), 409, "not-that-kind")
    later = story.api(story.assessor).post(f"/evidence/{note['id']}/revisions", files={"file": ("a.txt", b"a")})
    problem(later, 409, "not-that-kind")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "file"}, "/kind"),
        ({"text": " \n"}, "/text"),
        ({"text": "x" * 10_001}, "/text"),
        ({"text": "a\x00b"}, "/text"),
        ({"seen_on": "yesterday"}, "/seen_on"),
        ({"seen_on": (datetime.now(UTC) + timedelta(days=2)).date().isoformat()}, "/seen_on"),
    ],
)
def test_what_is_no_note(story: Story, wrong: dict[str, str], field: str) -> None:
    told = problem(write(story, story.assessor, **wrong), 422, "invalid-input")
    assert [each["pointer"] for each in told["errors"]] == [field]
    assert story.api(story.assessor).get(story.evidence_path()).json() == []


def test_pages(story: Story) -> None:
    browser, form = story.world.browser(story.assessor), f"{story.path}/answers/{FIRST}"
    hostile = NOTE | {"kind": "walk", "text": "<script>alert(1)</script>"}
    written = browser.post(f"{form}/notes", data=hostile)
    assert written.headers["location"] == f"{form}#files-{FIRST}"
    shown = browser.get(form).text
    assert "Walk on the floor" in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert(1)" not in shown
    [made] = story.api(story.assessor).get(story.evidence_path()).json()
    browser.post(f"/evidence/{made['id']}/note", data={"seen_on": "2026-01-07", "text": "Seen again."})
    assert "Seen again." in browser.get(f"{story.path}/evidence").text
    assert browser.post(f"{form}/notes", data=NOTE | {"text": ""}).status_code == 422


def test_the_assessment_has_room_for_so_much(story: Story) -> None:
    app = story.world.app
    app.state.settings = story.world.settings.model_copy(update={"assessment_files": 2})
    made = write(story, story.assessor).json()
    assert rewrite(story, story.assessor, made["id"]).status_code == 200
    again = rewrite(story, story.assessor, made["id"], "?")
    for refused in (write(story, story.assessor), send(story, story.assessor), again):
        problem(refused, 409, "too-much-evidence")
