"""A certificate, issued once for this test run and copied for each test: making its papers takes seconds."""

import dataclasses
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import select

from itti.certificates.tables import Certificate
from itti.evidence import service as evidence
from itti.files.uploads import Upload
from itti.settings import Settings
from tests.itti.assessments.story import Story, tell
from tests.itti.conftest import World, make_settings, running_world
from tests.itti.files import samples


@dataclass
class Certified:
    """A story that ended with a certificate."""

    story: Story
    number: str
    english: bytes
    """The English paper."""

    @property
    def world(self) -> World:
        """Its application."""
        return self.story.world

    @property
    def path(self) -> str:
        """Its address in the register."""
        return f"/certificates/{self.number}"


def _attach(story: Story) -> None:
    settings = story.world.settings
    pdf = samples.pdf()
    kept = evidence.keep(evidence.shelf_of(settings), Upload("أوامر العمل 📷.pdf", io.BytesIO(pdf), len(pdf), {}))
    story.do(
        story.assessor,
        lambda session, act: evidence.attach(session, act, settings, story.id, "maintenance", kept=kept),
    )


@pytest.fixture(scope="session")
def _issued(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> tuple[Path, Story]:
    """A data folder with one certificate in it, and its story."""
    folder = tmp_path_factory.mktemp("issued") / "data"
    shutil.copytree(migrated, folder)
    with running_world(make_settings(folder)) as world:
        story = tell(world).started()
        _attach(story)
        story.answer_all(story.assessor)
        story.step(story.assessor, "submit")
        story.step(story.reviewer, "take-review")
        story.step(story.reviewer, "approve")
    return folder, story


@pytest.fixture
def certified(_issued: tuple[Path, Story], tmp_path: Path) -> Iterator[Certified]:
    """A copy of the certificate with an application of its own."""
    folder, told = _issued
    shutil.copytree(folder, tmp_path / "copy")
    settings: Settings = make_settings(tmp_path / "copy")
    with running_world(settings) as world:
        story = dataclasses.replace(told, world=world, tokens={})
        with world.database.reading() as session:
            number = session.exec(select(Certificate.number)).one()
        paper = story.api(story.office).get(f"/certificates/{number}/report.pdf", params={"language": "en"})
        yield Certified(story, number, paper.content)
