"""Papers sealed in earnest, with time stamps: the authority is down, the papers wait, and nothing is issued by half."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pikepdf
import pytest
from sqlmodel import Session, select

from itti.certificates import jobs
from itti.certificates.office import Office
from itti.papers.making import work_off
from itti.papers.tables import PaperJob
from itti.settings import Settings
from tests.itti.assessments.story import Story, tell
from tests.itti.conftest import running_world
from tests.itti.expect import problem
from tests.itti.papers.test_way import progress
from tests.reports.loopback import Loopback


class SealsHere:
    """Sets an empty page, and seals it as the real one does."""

    def run(self, job: Callable[..., bytes], work: jobs.Order | jobs.Unsealed | jobs.Claims | None) -> bytes:
        if isinstance(work, jobs.Unsealed | jobs.Claims):
            return job(work)
        out = io.BytesIO()
        with pikepdf.new() as document:
            document.add_blank_page()
            document.save(out)
        return out.getvalue()

    def run_all(self, job: Callable[..., bytes], works: Sequence[jobs.Order | jobs.Unsealed]) -> list[bytes]:
        return [self.run(job, work) for work in works]


@pytest.fixture(scope="module")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    made = Loopback(tmp_path_factory.mktemp("loopback"))
    yield made
    made.close()


def work(story: Story) -> int:
    """Make what waits, as if the time for the next try had come."""

    def due(session: Session) -> None:
        for job in session.exec(select(PaperJob)):
            job.next_try = datetime.now(UTC)
            session.add(job)

    story.world.write(due)
    return work_off(story.world.database, Office(story.world.settings), lambda: datetime.now(UTC))


@pytest.mark.parametrize("service", ["tsa", "ocsp"])
def test_papers_wait_for_an_authority_that_is_down(
    settings: Settings, loopback: Loopback, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    monkeypatch.setattr(Office, "press", SealsHere())
    monkeypatch.setattr(Office, "sealing", SealsHere())
    own = {"seal_key": loopback.packed(), "stamp_url": loopback.stamps()}
    with running_world(settings.model_copy(update=own)) as world:
        story = tell(world).under_review()
        assert story.move(story.reviewer, "approve").status_code == 202
        number = progress(story)["number"]
        with loopback.without(service):
            work(story)
        seen = progress(story)
        assert seen["state"] == "delayed"
        assert {each["state"] for each in seen["papers"]} == {"waiting"}
        code = "timestamp-unavailable" if service == "tsa" else "revocation-unavailable"
        assert code in str(story.api(story.office).get(f"{story.path}/papers").json())
        problem(world.api().get(f"/certificates/{number}"), 404, "no-such-certificate")

        work(story)
        assert progress(story)["state"] == "issued"
        paper = story.api(story.owner).get(f"/certificates/{number}/report.pdf", params={"language": "en"}).content
        found = world.api().post("/verifications", files={"pdf": ("paper.pdf", paper)}).json()["seal"]
        assert (found["state"], found["level"], found["is_demonstration"]) == ("intact", "PAdES-B-LT", False)
        assert (found["stamped_by"], found["stamp_trusted"]) == ("Test time stamps", True)
        assert "Test time stamps" in found["stamp_sentence"]
