"""One proof for several questions, and later versions of it, at the API and on pages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlmodel import Session, select

from itti.accounts.tables import User
from itti.audit.service import history
from itti.audit.tables import Event
from tests.itti.assessments.story import Story, plan
from tests.itti.certificates.quick import use_quick_press
from tests.itti.evidence.sending import FIRST, SECOND, THIRD, send
from tests.itti.expect import problem


def linked(
    story: Story, user: User | None, evidence: str, question: str = SECOND, method: str = "PUT"
) -> httpx2.Response:
    """Use evidence for one more question, or (DELETE) no more."""
    return story.api(user).request(method, f"{story.evidence_path(question)}/{evidence}")


def revised(
    story: Story, user: User | None, evidence: str, content: bytes = b"later", name: str = "log.txt"
) -> httpx2.Response:
    """Put a later file in the place of one."""
    return story.api(user).post(f"/evidence/{evidence}/revisions", files={"file": (name, content)})


def acts(story: Story, evidence: str) -> list[str]:
    """What the record says was done with it."""

    def told(session: Session) -> list[Event]:
        return list(history(session, "evidence", evidence))

    return [event.action for event in story.world.write(told)]


def test_one_proof_for_several_questions(story: Story) -> None:
    made = send(story, story.assessor).json()
    assert made["questions"] == [FIRST]
    for _ in range(2):  # twice is once
        answer = linked(story, story.assessor, made["id"])
        assert (answer.status_code, answer.json()["questions"]) == (200, sorted([FIRST, SECOND]))
    client = story.api(story.assessor)
    assert [each["id"] for each in client.get(story.evidence_path(SECOND)).json()] == [made["id"]]
    assert [each["id"] for each in client.get(f"{story.path}/evidence").json()] == [made["id"]]

    for question in (FIRST, SECOND, SECOND):
        assert linked(story, story.assessor, made["id"], question, "DELETE").status_code == 200
    assert client.get(story.evidence_path(FIRST)).json() == []
    [kept] = client.get(f"{story.path}/evidence").json()
    assert (kept["id"], kept["questions"]) == (made["id"], [])
    assert client.get(f"/evidence/{made['id']}/content").status_code == 200
    assert linked(story, story.assessor, made["id"], THIRD).json()["questions"] == [THIRD]
    assert acts(story, made["id"]) == [
        "evidence.attached",
        "evidence.linked",
        "evidence.unlinked",
        "evidence.unlinked",
        "evidence.linked",
    ]


def test_linking_is_for_the_assessor_while_the_assessment_is_his(story: Story) -> None:
    made = send(story, story.assessor).json()
    for method in ("PUT", "DELETE"):
        problem(linked(story, None, made["id"], method=method), 401, "sign-in-needed")
        problem(linked(story, story.office, made["id"], method=method), 403, "not-your-answers")
        problem(linked(story, story.owner, made["id"], method=method), 403, "not-open-to-you")
        problem(linked(story, story.reviewer, made["id"], method=method), 404, "no-such-assessment")
        problem(linked(story, story.assessor, str(uuid4()), method=method), 404, "no-such-evidence")
        problem(linked(story, story.assessor, made["id"], "nothing", method), 404, "no-such-question")
    story.answer_all(story.assessor)
    story.step(story.assessor, "submit")
    for method in ("PUT", "DELETE"):
        problem(linked(story, story.assessor, made["id"], method=method), 409, "answers-closed")
    problem(revised(story, story.assessor, made["id"]), 409, "answers-closed")


def test_evidence_of_another_assessment(story: Story) -> None:
    made = send(story, story.assessor).json()
    other = plan(story.world, story.factory, story.assessor, story.office)
    path = f"/assessments/{other}/answers/{SECOND}/evidence/{made['id']}"
    assert story.world.write(lambda session: session.exec(select(Event).limit(1)).first()) is not None
    refused = story.api(story.assessor).put(path)
    assert refused.status_code in {404, 409}, refused.text
    assert story.api(story.assessor).get(f"/evidence/{made['id']}").json()["questions"] == [FIRST]


def test_later_files_and_what_they_took_the_place_of(story: Story) -> None:
    made = send(story, story.assessor, b"earlier", "walk.txt").json()
    linked(story, story.assessor, made["id"])
    for _ in range(2):  # the same content twice is one revision
        answer = revised(story, story.assessor, made["id"])
        assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    assert (told["number"], told["file_name"], told["questions"]) == (2, "log.txt", sorted([FIRST, SECOND]))
    assert [(each["number"], each["file_name"]) for each in told["revisions"]] == [(1, "walk.txt"), (2, "log.txt")]
    client = story.api(story.assessor)
    assert client.get(f"/evidence/{made['id']}/content").content == b"later"
    assert client.get(f"/evidence/{made['id']}/revisions/1/content").content == b"earlier"
    problem(client.get(f"/evidence/{made['id']}/revisions/3/content"), 404, "no-such-evidence")
    problem(revised(story, story.office, made["id"]), 403, "not-your-answers")
    problem(revised(story, None, made["id"]), 401, "sign-in-needed")
    problem(revised(story, story.reviewer, made["id"]), 404, "no-such-evidence")
    problem(revised(story, story.assessor, made["id"], b"MZ", "a.exe"), 415, "file-type-refused")
    assert acts(story, made["id"]) == ["evidence.attached", "evidence.linked", "evidence.revised"]


def test_a_certified_assessment_keeps_all_versions(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    use_quick_press(monkeypatch)
    made = send(story, story.assessor, b"earlier", "walk.txt").json()
    revised(story, story.assessor, made["id"])
    story.answer_all(story.assessor)
    for person, move in ((story.assessor, "submit"), (story.reviewer, "take-review"), (story.reviewer, "approve")):
        story.step(person, move)
    for person in (story.owner, story.office, story.assessor, story.reviewer):
        client = story.api(person)
        assert client.get(f"/evidence/{made['id']}/revisions/1/content").content == b"earlier"
        assert client.get(f"/evidence/{made['id']}/content").content == b"later"
    outsider = story.world.create_assessor()
    for path in (f"/evidence/{made['id']}/content", f"/evidence/{made['id']}/revisions/1/content"):
        problem(story.api(outsider).get(path), 404, "no-such-evidence")
    story.step(story.owner, "appeal", note="The second press was not seen.")
    problem(story.api(outsider).get(f"/evidence/{made['id']}/content"), 404, "no-such-evidence")
    story.step(outsider, "take-appeal")
    assert story.api(outsider).get(f"/evidence/{made['id']}/revisions/1/content").content == b"earlier"


def test_pages(story: Story) -> None:
    made = send(story, story.assessor, b"earlier", "walk.txt").json()
    browser, form = story.world.browser(story.assessor), f"{story.path}/answers/{SECOND}"
    shown = browser.get(form).text
    assert f'<option value="{made["id"]}">walk.txt</option>' in shown
    assert browser.post(f"{form}/evidence/links", data={"evidence": "rubbish"}).status_code == 404
    used = browser.post(f"{form}/evidence/links", data={"evidence": made["id"]})
    assert used.headers["location"] == f"{form}#files-{SECOND}"
    assert "Also proves:" in browser.get(form).text

    replaced = browser.post(f"/evidence/{made['id']}/revisions", files={"file": ("log.txt", b"later")})
    assert replaced.headers["location"] == f"{story.path}/evidence#evidence-{made['id']}"
    page = browser.get(f"{story.path}/evidence").text
    assert "One earlier version" in page
    assert browser.get(f"/evidence/{made['id']}/revisions/1").content == b"earlier"
    assert browser.get(f"/evidence/{made['id']}").content == b"later"

    off = browser.post(f"{form}/evidence/{made['id']}/removal")
    assert off.headers["location"] == f"{form}#files-{SECOND}"
    assert "No evidence attached." in browser.get(form).text
    gone = browser.post(f"/evidence/{made['id']}/removal")
    assert gone.headers["location"] == f"{story.path}/evidence"
    assert "There is no evidence yet." in browser.get(f"{story.path}/evidence").text
    assert browser.get(f"/evidence/{made['id']}").status_code == 404
