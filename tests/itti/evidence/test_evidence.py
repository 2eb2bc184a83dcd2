"""Attaching, reading and removing evidence at the API, and everything hostile that can be sent."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from itti.accounts.tables import Role
from itti.audit.service import history
from itti.evidence.tables import Evidence
from itti.settings import Settings
from tests.itti.assessments.story import QUESTIONS, Story, tell
from tests.itti.conftest import running_world
from tests.itti.evidence.sending import send
from tests.itti.expect import problem
from tests.itti.files import samples


def stored(story: Story) -> list[Path]:
    """Every file in the folder of evidence."""
    folder = story.world.settings.data_folder / "evidence"
    return [path for path in folder.rglob("*") if path.is_file()]


def test_valid(story: Story) -> None:
    answer = send(story, story.assessor)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    digest = hashlib.sha256(samples.pdf()).hexdigest()
    assert (made["file_name"], made["media_type"]) == ("work orders.pdf", "application/pdf")
    assert (made["sha256"], made["size"]) == (digest, len(samples.pdf()))
    assert [path.name for path in stored(story)] == [digest]

    client = story.api(story.assessor)
    assert client.get(story.evidence_path()).json() == [made]
    assert client.get(f"/evidence/{made['id']}").json() == made
    content = client.get(f"/evidence/{made['id']}/content")
    assert content.content == samples.pdf()
    assert content.headers["content-type"] == "application/pdf"
    assert content.headers["content-disposition"].startswith('attachment; filename="work orders.pdf"')
    assert content.headers["x-content-type-options"] == "nosniff"
    assert content.headers["content-security-policy"] == "default-src 'none'; sandbox"
    again = client.get(f"/evidence/{made['id']}/content", headers={"If-None-Match": content.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (samples.png(), "photo.png", "image/png"),
        (samples.jpeg(), "photo.jpg", "image/jpeg"),
        (samples.webp(), "photo.webp", "image/webp"),
        (samples.office("xlsx"), "log.xlsx", None),
        (samples.office("docx"), "minutes.docx", None),
        ("القيمة;1\n".encode(), "oee.csv", "text/csv; charset=utf-8"),
        ("ملاحظات".encode(), "walk.txt", "text/plain; charset=utf-8"),
    ],
)
def test_every_kind(story: Story, content: bytes, name: str, media_type: str | None) -> None:
    made = send(story, story.assessor, content, name)
    assert made.status_code == 201, made.text
    got = story.api(story.assessor).get(f"/evidence/{made.json()['id']}/content")
    assert got.content == content
    assert got.headers["content-type"] == (media_type or made.json()["media_type"])


def test_anonymous(story: Story) -> None:
    made = send(story, story.assessor).json()
    problem(send(story, None), 401, "sign-in-needed")
    for path in (story.evidence_path(), f"/evidence/{made['id']}", f"/evidence/{made['id']}/content"):
        problem(story.api(None).get(path), 401, "sign-in-needed")
    problem(story.api(None).delete(f"/evidence/{made['id']}"), 401, "sign-in-needed")


def test_wrong_role(story: Story) -> None:
    made = send(story, story.assessor).json()
    for user in (story.office, story.owner):
        problem(send(story, user), 403, "not-your-answers")
    problem(story.api(story.office).delete(f"/evidence/{made['id']}"), 403, "not-your-answers")
    assert story.api(story.office).get(f"/evidence/{made['id']}").status_code == 200
    problem(story.api(story.owner).get(story.evidence_path()), 403, "not-open-to-you")
    for suffix in ("", "/content"):
        problem(story.api(story.owner).get(f"/evidence/{made['id']}{suffix}"), 404, "no-such-evidence")


def test_not_existing(story: Story) -> None:
    made = send(story, story.assessor).json()
    stranger = story.world.create_user(Role.FACTORY)
    for user in (stranger, story.reviewer):
        problem(send(story, user), 404, "no-such-assessment")
        problem(story.api(user).get(f"/evidence/{made['id']}/content"), 404, "no-such-evidence")
        problem(story.api(user).delete(f"/evidence/{made['id']}"), 404, "no-such-evidence")
    problem(send(story, story.assessor, question="nothing"), 404, "no-such-question")
    problem(story.api(story.assessor).get(f"/evidence/{uuid4()}"), 404, "no-such-evidence")


def test_only_in_the_assessors_hands(story: Story) -> None:
    made = send(story, story.assessor).json()
    story.answer_all(story.assessor)
    story.step(story.assessor, "submit")
    problem(send(story, story.assessor, samples.png(), "a.png"), 409, "answers-closed")
    problem(story.api(story.assessor).delete(f"/evidence/{made['id']}"), 409, "answers-closed")
    problem(story.api(story.reviewer).get(f"/evidence/{made['id']}/content"), 404, "no-such-evidence")
    problem(story.api(story.reviewer).get(story.evidence_path()), 403, "evidence-not-open")
    page = story.world.browser(story.reviewer).get(f"{story.path}/review").text
    assert "work orders.pdf" not in page
    assert "once you have taken the review" in page
    story.step(story.reviewer, "take-review")
    assert story.api(story.reviewer).get(f"/evidence/{made['id']}/content").status_code == 200
    assert "work orders.pdf" in story.world.browser(story.reviewer).get(f"{story.path}/review").text


def test_removal_keeps_the_row(story: Story) -> None:
    made = send(story, story.assessor).json()
    client = story.api(story.assessor)
    assert client.delete(f"/evidence/{made['id']}").status_code == 204
    problem(client.get(f"/evidence/{made['id']}"), 404, "no-such-evidence")
    problem(client.delete(f"/evidence/{made['id']}"), 404, "no-such-evidence")
    assert client.get(story.evidence_path()).json() == []
    with story.world.database.reading() as session:
        row = session.exec(select(Evidence)).one()
        assert row.removed_at is not None
        assert [event.action for event in history(session, "evidence", row.id)] == [
            "evidence.attached",
            "evidence.removed",
        ]
    assert len(stored(story)) == 1
    assert send(story, story.assessor).json()["id"] != made["id"]


def test_the_same_file_twice_is_attached_once(story: Story) -> None:
    first, again = send(story, story.assessor).json(), send(story, story.assessor, name="other name.pdf").json()
    assert first["id"] == again["id"]
    assert len(story.api(story.assessor).get(story.evidence_path()).json()) == 1
    elsewhere = send(story, story.assessor, question=QUESTIONS[1])
    assert elsewhere.status_code == 201
    assert len(stored(story)) == 1


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"MZ\x90\x00 a program", "report.pdf", 415, "file-type-refused"),
        (b"<script>alert(1)</script>", "page.html", 415, "file-type-refused"),
        (b"<svg onload='alert(1)'/>", "plan.svg", 415, "file-type-refused"),
        (samples.archive(x=b"y"), "all.zip", 415, "file-type-refused"),
        (samples.pdf()[:60], "cut.pdf", 422, "file-incomplete"),
        (samples.office("xlsx", **{"xl/vbaProject.bin": b"x"}), "macros.xlsx", 422, "file-unsafe"),
        (b"", "empty.pdf", 422, "file-missing"),
    ],
)
def test_refused_content(story: Story, content: bytes, name: str, status: int, code: str) -> None:
    problem(send(story, story.assessor, content, name), status, code)
    assert stored(story) == []
    assert story.api(story.assessor).get(story.evidence_path()).json() == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.ini.pdf", "boot.ini.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "_img src=x onerror=alert(1)_.pdf"),
        ("تقرير الصيانة.pdf", "تقرير الصيانة.pdf"),
        ("a" * 400 + ".pdf", "a" * 196 + ".pdf"),
    ],
)
def test_tricks_in_the_name(story: Story, sent: str, kept: str) -> None:
    made = send(story, story.assessor, name=sent)
    assert made.status_code == 201, made.text
    assert made.json()["file_name"] == kept
    digest = hashlib.sha256(samples.pdf()).hexdigest()
    folder = story.world.settings.data_folder / "evidence"
    assert stored(story) == [folder / digest[:2] / digest]


def test_raw_name_with_line_breaks(story: Story) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a\\"%0d%0aSet-Cookie: x=1.pdf"\r\n\r\n'
        + samples.pdf()
        + b"\r\n--b--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    made = story.api(story.assessor).post(story.evidence_path(), content=body, headers=headers)
    assert made.status_code == 201, made.text
    got = story.api(story.assessor).get(f"/evidence/{made.json()['id']}/content")
    assert "set-cookie" not in got.headers


@pytest.fixture
def small(settings: Settings) -> Iterator[Story]:
    """An assessment where files may have 100 kB, and a question two of them."""
    changed = settings.model_copy(update={"upload_bytes": 100_000, "evidence_files": 2})
    with running_world(changed) as world:
        yield tell(world).started()


def test_too_large(small: Story) -> None:
    text = b"x" * 100_000
    assert send(small, small.assessor, text, "fits.txt").status_code == 201
    refused = problem(send(small, small.assessor, text + b"x", "one too many.txt"), 413, "file-too-large")
    assert "0.1 MB" in refused["detail"]
    problem(send(small, small.assessor, b"x" * 300_000, "more.txt"), 413, "file-too-large")
    problem(send(small, small.assessor, b"x" * 5_000_000, "much more.txt"), 413, "too-large")
    assert len(stored(small)) == 1


def test_too_many(small: Story) -> None:
    for number in range(2):
        assert send(small, small.assessor, f"{number}".encode(), "a.txt").status_code == 201
    refused = problem(send(small, small.assessor, b"3", "a.txt"), 409, "too-many-files")
    assert "2" in refused["detail"]


def test_too_many_at_once(small: Story) -> None:
    small.api(small.assessor)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda turn: send(small, small.assessor, f"{turn}".encode(), "a.txt"), range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"json": {"file": "x"}}, 415, "not-multipart"),
        ({"content": b"", "headers": {"Content-Type": "multipart/form-data"}}, 400, "malformed-upload"),
        (
            {"content": b"rubbish", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
            400,
            "malformed-upload",
        ),
        ({"files": [("other", ("a.pdf", samples.pdf()))]}, 422, "file-missing"),
        ({"files": [("file", (None, "only text"))]}, 422, "file-missing"),
        ({"files": [("file", ("a.pdf", samples.pdf())), ("file", ("b.pdf", samples.pdf()))]}, 400, "malformed-upload"),
    ],
    ids=["json", "no boundary", "rubbish", "other field", "no file", "two files"],
)
def test_malformed(story: Story, more: dict[str, Any], status: int, code: str) -> None:
    problem(story.api(story.assessor).post(story.evidence_path(), **more), status, code)
    assert stored(story) == []


def test_a_changed_file_is_not_given_out(story: Story) -> None:
    made = send(story, story.assessor).json()
    stored(story)[0].write_bytes(b"something else")
    answer = story.api(story.assessor).get(f"/evidence/{made['id']}/content")
    assert made["sha256"] in problem(answer, 500, "file-lost")["detail"]
