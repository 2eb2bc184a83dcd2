"""Previews, and pictures without their place, at the API and on pages."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import httpx2
import pytest
from PIL import Image

from itti.certificates.press import isolation_here
from itti.evidence import previews
from itti.evidence.previewing import Sight, draw
from itti.files.kinds import JPEG
from tests.itti.assessments.story import Story
from tests.itti.evidence.sending import FIRST, send
from tests.itti.expect import problem
from tests.itti.files import samples
from tests.itti.files.test_pictures import opened, photo


def drawn(answer: httpx2.Response) -> Image.Image:
    """The preview in an answer."""
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp"), answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    return Image.open(io.BytesIO(answer.content))


def test_a_photo_is_kept_without_its_place(story: Story) -> None:
    sent = photo(JPEG)
    made = send(story, story.assessor, sent, "IMG_1.jpg").json()
    client = story.api(story.assessor)
    kept = client.get(f"/evidence/{made['id']}/content").content
    assert made["is_stripped"] is True
    assert (made["sha256"], made["size"]) == (hashlib.sha256(kept).hexdigest(), len(kept))
    assert b"MapCamera" not in kept
    assert opened(kept).tobytes() == opened(sent).tobytes()
    page = story.world.browser(story.assessor).get(f"{story.path}/evidence").text
    assert "Place, time and camera were taken out" in page

    again = send(story, story.assessor, kept, "IMG_1.jpg").json()
    assert again["id"] == made["id"]  # what is kept is the same, so it is the same evidence
    wanted = client.post(
        story.evidence_path(), files={"file": ("IMG_1.jpg", sent)}, data={"keep_metadata": "true"}
    ).json()
    assert (wanted["is_stripped"], wanted["sha256"]) == (False, hashlib.sha256(sent).hexdigest())
    assert client.get(f"/evidence/{wanted['id']}/content").content == sent


def test_previews_of_pictures_and_first_pages(story: Story) -> None:
    client, browser = story.api(story.assessor), story.world.browser(story.assessor)
    picture = send(story, story.assessor, photo(JPEG), "IMG_1.jpg").json()["id"]
    page = send(story, story.assessor, samples.pdf()).json()["id"]
    table = send(story, story.assessor, b"a;b", "a.csv").json()["id"]
    small = drawn(client.get(f"/evidence/{picture}/preview"))
    assert small.size == (20, 40)  # upright
    assert not small.getexif()
    assert drawn(client.get(f"/evidence/{page}/preview")).size == (480, 480)
    again = browser.get(f"/evidence/{page}/preview")
    assert drawn(again).size == (480, 480)
    same = browser.get(f"/evidence/{page}/preview", headers={"If-None-Match": again.headers["etag"]})
    assert same.status_code == 304
    assert client.get(f"/evidence/{table}/preview").status_code == 204
    assert browser.get(f"/evidence/{table}/preview").headers["location"] == "/static/no-preview.svg"
    shown = browser.get(f"{story.path}/answers/{FIRST}").text
    assert f'src="/evidence/{picture}/preview"' in shown
    assert f'src="/evidence/{table}/preview"' not in shown
    for user, status, code in ((None, 401, "sign-in-needed"), (story.owner, 404, "no-such-evidence")):
        problem(story.api(user).get(f"/evidence/{picture}/preview"), status, code)
    assert previews.press().run(isolation_here, None) is not None  # it was drawn without a network


def test_what_has_no_preview_is_looked_at_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = samples.pdf().replace(b"/Pages 2 0 R", b"/Pages 9 0 R")
    made = send(story, story.assessor, broken).json()["id"]
    client = story.api(story.assessor)
    assert client.get(f"/evidence/{made}/preview").status_code == 204
    monkeypatch.setattr(previews, "press", lambda: pytest.fail("it is known to have none"))
    assert client.get(f"/evidence/{made}/preview").status_code == 204


def test_what_takes_its_process_down(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "draw", _greedy)
    made = send(story, story.assessor, samples.png(), "a.png").json()["id"]
    assert story.api(story.assessor).get(f"/evidence/{made}/preview").status_code == 204
    assert story.api(story.assessor).get(f"/evidence/{made}/content").content == samples.png()


def _greedy(_sight: Sight) -> bytes:
    """Asks for more memory than the process may have."""
    return bytes(previews.MEMORY)


def test_a_lost_content_is_told(story: Story) -> None:
    made = send(story, story.assessor, samples.png(), "a.png").json()
    folder: Path = story.world.settings.data_folder / "evidence"
    (folder / made["sha256"][:2] / made["sha256"]).unlink()
    problem(story.api(story.assessor).get(f"/evidence/{made['id']}/preview"), 500, "file-lost")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", samples.png()[:40], b"\x89PNG\r\n\x1a\n" + b"\0" * 99])
def test_rubbish_has_no_preview(content: bytes) -> None:
    assert draw(Sight(content, "application/pdf" if content.startswith(b"%") else "image/png")) == b""
