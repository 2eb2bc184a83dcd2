"""An assessment from the plan to the certificate, with its acts in the tree under several heads."""

from __future__ import annotations

import dataclasses
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from itti.audit.keys import signer_of
from itti.audit.sequencing import sequence
from itti.evidence import service as evidence
from itti.files.uploads import Upload
from tests.itti.assessments.story import QUESTIONS, Story, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World, make_settings, running_world
from tests.itti.evidence.sending import NOTE
from tests.itti.files import samples


@pytest.fixture(autouse=True)
def _quick_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers in no time; what stands in real ones is tested elsewhere."""
    use_quick_press(monkeypatch)


def take_in(world: World) -> int:
    """Take what waits into the tree; returns how many acts it has."""
    return world.write(lambda session: sequence(session, signer_of(world.settings))).size


def certified_in(world: World) -> Story:
    """A story that ended with a certificate; four heads, and everything is in the tree."""
    story = tell(world)
    take_in(world)
    story.started()
    settings, pdf = world.settings, samples.pdf()
    kept = evidence.keep(evidence.shelf_of(settings), Upload("proof.pdf", io.BytesIO(pdf), len(pdf), {}))
    story.do(
        story.assessor,
        lambda session, act: evidence.attach(session, act, settings, story.id, QUESTIONS[0], kept=kept),
    )
    client = story.api(story.assessor)
    [proof] = client.get(story.evidence_path(QUESTIONS[0])).json()
    assert client.put(f"{story.evidence_path(QUESTIONS[1])}/{proof['id']}").status_code == 200
    assert client.post(f"/evidence/{proof['id']}/revisions", files={"file": ("a.txt", b"later")}).status_code == 201
    assert client.post(f"{story.path}/answers/{QUESTIONS[2]}/notes", json=NOTE).status_code == 201
    story.answer_all(story.assessor)
    take_in(world)
    story.step(story.assessor, "submit")
    story.step(story.reviewer, "take-review")
    story.step(story.reviewer, "approve")
    take_in(world)
    return story


@pytest.fixture
def both_certified(both_worlds: World) -> Story:
    """:func:`certified_in`, once in SQLite and once in PostgreSQL."""
    return certified_in(both_worlds)


@pytest.fixture(scope="session")
def _told(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> tuple[Path, Story]:
    """A data folder with the story in it, told once for all tests of a worker."""
    folder = tmp_path_factory.mktemp("recorded") / "data"
    shutil.copytree(migrated, folder)
    with pytest.MonkeyPatch.context() as patch, running_world(make_settings(folder)) as world:
        use_quick_press(patch)
        told = certified_in(world)
    return folder, told


@pytest.fixture(scope="session")
def sound(_told: tuple[Path, Story]) -> Iterator[Story]:
    """:func:`certified_in` SQLite, for tests that leave nothing changed."""
    folder, told = _told
    with running_world(make_settings(folder)) as world:
        yield dataclasses.replace(told, world=world, tokens={})


@pytest.fixture
def story(_told: tuple[Path, Story], tmp_path: Path) -> Iterator[Story]:
    """A copy of it of one's own."""
    folder, told = _told
    shutil.copytree(folder, tmp_path / "copy")
    with running_world(make_settings(tmp_path / "copy")) as world:
        yield dataclasses.replace(told, world=world, tokens={})
