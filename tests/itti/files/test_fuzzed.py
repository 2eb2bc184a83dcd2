"""Whatever is sent to the doors that take files and batches: never a fault of ours, never half a write."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import httpx2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlmodel import SQLModel, select

from itti.assessments.tables import Answer
from itti.evidence.tables import Evidence
from tests import fuzzing
from tests.itti.assessments.story import DIGEST, QUESTIONS, Story, tell
from tests.itti.conftest import make_settings, running_world
from tests.itti.files import samples

FILES = (
    samples.pdf(),
    samples.png(),
    samples.jpeg(),
    samples.webp(),
    samples.office("xlsx"),
    samples.office("docx"),
    samples.office("xlsx", bomb=b"0" * 3_000_000),
    "Löcher,=1+1\n".encode(),
)
BATCH = {
    "batch_id": str(uuid4()),
    "digest": DIGEST,
    "answers": [{"question": name, "base": None, "answer": {"level": 3, "reason": "Seen."}} for name in QUESTIONS[:3]],
}
SCORE = {"family": "itti", "version": "1.0.0", "answers": {name: {"level": 3} for name in QUESTIONS}}


@pytest.fixture(scope="module")
def visit(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """An assessment in hand, for all of these tests."""
    folder = tmp_path_factory.mktemp("fuzzed") / "data"
    shutil.copytree(migrated, folder)
    with running_world(make_settings(folder, upload_bytes=200_000, engine_requests=10**9)) as world:
        yield tell(world).started()


def stored(visit: Story, table: type[SQLModel]) -> list[object]:
    with visit.world.database.reading() as session:
        return [row.model_dump() for row in session.exec(select(table)).all()]


def kept(visit: Story) -> set[Path]:
    """The files that are kept, and those on the way."""
    folder = visit.world.settings.data_folder
    return {path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("itti.sqlite")}


def sound(answer: httpx2.Response) -> bool:
    """Whether it was taken; what was not must be a problem that is the sender's."""
    assert answer.status_code < 500, answer.text
    if answer.status_code < 400:
        return True
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] != "internal-error"
    return False


def form(name: str, content: bytes, media: str, field: str = "file") -> bytes:
    """A body with one file."""
    shown = quote(name, safe=" !#$&'()*+,-./:;<=>?@[]^_`{|}~").encode()
    head = b'--mark\r\nContent-Disposition: form-data; name="' + field.encode() + b'"; filename="' + shown
    return head + b'"\r\nContent-Type: ' + media.encode() + b"\r\n\r\n" + content + b"\r\n--mark--\r\n"


def post(visit: Story, path: str, body: bytes, media: str) -> httpx2.Response:
    return visit.api(visit.assessor).post(path, content=body, headers={"Content-Type": media})


@example(content=samples.pdf(), name="log.pdf", bend=0)
@given(content=fuzzing.bent_files(FILES), name=fuzzing.names, bend=st.one_of(st.just(0), fuzzing.seeds()))
@fuzzing.times(20)
def test_evidence(visit: Story, content: bytes, name: str, bend: int) -> None:
    rows, files = stored(visit, Evidence), kept(visit)
    body = fuzzing.bent(form(name, content, "application/octet-stream"), bend)
    answer = post(visit, visit.evidence_path(), body, "multipart/form-data; boundary=mark")
    if not sound(answer):
        assert stored(visit, Evidence) == rows
        assert kept(visit) == files
    elif bend == 0:
        address = f"/evidence/{answer.json()['id']}/content"
        assert visit.api(visit.assessor).get(address).content == content


@given(media=st.one_of(st.text(st.characters(codec="latin-1", categories=("L", "N", "P", "S")), max_size=60)))
@fuzzing.times(6)
def test_evidence_under_any_type(visit: Story, media: str) -> None:
    rows = stored(visit, Evidence)
    sent = f"multipart/form-data; boundary={media}".encode("latin-1")
    answer = visit.api(visit.assessor).post(
        visit.evidence_path(), content=form("log.pdf", samples.pdf(), "x"), headers=[(b"Content-Type", sent)]
    )
    assert sound(answer) == (media == "mark")
    assert stored(visit, Evidence) == rows


@example(seed=0, other=0)
@given(seed=fuzzing.seeds(), other=st.integers(0, 3))
@fuzzing.times(15)
def test_batches(visit: Story, seed: int, other: int) -> None:
    """The answers of a batch are taken one by one, and whole: what it does not report as saved is as it was."""
    before = stored(visit, Answer)
    made = json.dumps(BATCH | {"batch_id": str(uuid4())}, indent=other or None).encode()
    answer = post(visit, f"{visit.path}/work-package/answers", fuzzing.bent(made, seed), "application/json")
    taken = answer.json()["results"] if sound(answer) else []
    if not any(each["outcome"] == "saved" for each in taken):
        assert stored(visit, Answer) == before


@given(seed=fuzzing.seeds(), door=st.sampled_from(["/score", "/explain"]))
@fuzzing.times(10)
def test_scores(visit: Story, seed: int, door: str) -> None:
    sound(post(visit, door, fuzzing.bent(json.dumps(SCORE).encode(), seed), "application/json"))
