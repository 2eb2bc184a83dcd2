"""Both keepers of contents do the same; a bucket is tried at a real server, from the store's side and from ours."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
import pytest
from pydantic import SecretStr

from itti.certificates.office import Office
from itti.files.bucket import Bucket, Place
from itti.files.errors import FileLost, StorageUnreachable
from itti.files.shelf import Contents, Shelf
from itti.record import things
from itti.record.troubles import Troubles
from itti.settings import Settings
from tests.itti.assessments.story import tell
from tests.itti.conftest import running_world
from tests.itti.evidence.sending import send
from tests.itti.expect import problem
from tests.itti.files import s3proxy

LARGE = os.urandom(6_000_000)
"""More than goes to a store in one part."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A bucket on a server of its own."""
    with s3proxy.serving(tmp_path_factory.mktemp("s3")) as found:
        yield found


@pytest.fixture(params=["folder", "bucket"])
def contents(request: pytest.FixtureRequest, tmp_path: Path) -> Contents:
    """Each keeper of contents."""
    return Shelf(tmp_path) if request.param == "folder" else Bucket(request.getfixturevalue("place"))


def test_what_a_keeper_of_contents_does(contents: Contents) -> None:
    source = io.BytesIO(b"head" + LARGE)
    source.seek(4)
    kept = contents.keep(source)
    assert (kept.sha256, kept.size) == (hashlib.sha256(LARGE).hexdigest(), len(LARGE))
    assert contents.keep(io.BytesIO(LARGE)) == kept
    with contents.open(kept.sha256) as opened:
        assert opened.read(5) == LARGE[:5]
        assert opened.read() == LARGE[5:]
    assert contents.read(kept.sha256) == LARGE

    now = datetime.now(UTC)
    assert not contents.drop(kept.sha256, unless_since=now - timedelta(days=1))
    assert contents.read(kept.sha256) == LARGE
    for _ in range(2):  # what is gone is gone
        assert contents.drop(kept.sha256, unless_since=now + timedelta(days=1))
    for look in (contents.read, contents.open):
        with pytest.raises(FileLost):
            look(kept.sha256)
    with pytest.raises(ValueError, match="passwd"):
        contents.read("../../etc/passwd")


def test_an_object_that_was_changed_is_not_given_out(place: Place) -> None:
    kept = Bucket(place).keep(io.BytesIO(b"as it was"))
    name = f"evidence/{kept.sha256[:2]}/{kept.sha256}"
    assert name in s3proxy.names(place)
    obstore.put(s3proxy.store(place), name, b"changed")
    with pytest.raises(FileLost) as caught:
        Bucket(place).read(kept.sha256)
    assert kept.sha256 in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"secret": SecretStr("another")}, "PermissionDeniedError"),
        ({"bucket": "nowhere"}, "NoSuchBucket"),
        ({"endpoint": "http://127.0.0.1:9"}, "GenericError"),
    ],
    ids=["secret", "bucket", "address"],
)
def test_a_store_that_does_not_do_as_asked(place: Place, wrong: dict[str, object], reason: str) -> None:
    bucket = Bucket(replace(place, **wrong))  # type: ignore[arg-type]
    with pytest.raises(StorageUnreachable) as caught:
        bucket.keep(io.BytesIO(b"x"))
    assert caught.value.details == {"reason": reason}
    with pytest.raises(StorageUnreachable):
        bucket.read("ab" * 32)


def test_evidence_in_a_bucket(place: Place, settings: Settings) -> None:
    """From the upload to the verification of the record, and nothing in the data folder."""
    there = {
        "evidence_bucket": place.bucket,
        "evidence_prefix": "of-programme/",
        "store_endpoint": place.endpoint,
        "store_key": place.key,
        "store_secret": place.secret,
    }
    with running_world(settings.model_copy(update=there)) as world:
        story = tell(world).started()
        made = send(story, story.assessor, b"seen on the floor", "walk.txt").json()
        client = story.api(story.assessor)
        got = client.get(f"/evidence/{made['id']}/content")
        assert (got.content, got.headers["content-length"]) == (b"seen on the floor", "17")
        name = f"of-programme/{made['sha256'][:2]}/{made['sha256']}"
        assert name in s3proxy.names(place)
        assert not (world.settings.data_folder / "evidence").exists()

        obstore.put(s3proxy.store(place), name, b"changed")
        problem(client.get(f"/evidence/{made['id']}/content"), 500, "file-lost")
        troubles = Troubles()
        with world.database.reading() as session:
            things.check(session, Office(world.settings), things.Ledger(), troubles)
        assert "evidence-lost" in troubles.counts
        world.app.state.settings = world.settings.model_copy(update={"store_endpoint": "http://127.0.0.1:9"})
        problem(client.get(f"/evidence/{made['id']}/content"), 503, "storage-unreachable")
        problem(send(story, story.assessor, b"more", "more.txt"), 503, "storage-unreachable")
