"""Workers: in a serving process, as a command, and several on one database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import SecretStr
from sqlmodel import select

from itti.certificates.office import Office
from itti.certificates.tables import Certificate, CertificateFile
from itti.database import Database
from itti.papers.making import work_off
from itti.papers.tables import PaperJob
from itti.papers.worker import worker
from itti.queue import worker as queue_worker
from itti.queue.rows import JobState
from itti.settings import Settings
from reports.seal import demonstration_sealer
from tests.itti.assessments.story import Story, tell
from tests.itti.certificates.quick import QuickPress, Work, use_quick_press
from tests.itti.conftest import World, running_world
from tests.itti.papers.conftest import approved_in
from tests.reports.programme import Period, Programme
from tests.waiting import wait_for


def test_the_serving_process_makes_papers_by_itself(settings: Settings) -> None:
    with running_world(settings.model_copy(update={"paper_workers": 1})) as world:
        story = tell(world).under_review()
        approved = story.move(story.reviewer, "approve")
        assert approved.status_code == 202
        wait_for(lambda: story.read(story.owner)["certificate"] is not None)


def test_many_on_one_database_make_each_paper_once(both_approved: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    world = both_approved.world
    second = tell(world).under_review()
    assert second.move(second.reviewer, "approve").status_code == 202
    use_quick_press(monkeypatch, 0.05)
    databases = [Database(world.settings) for _ in range(3)]
    gate = threading.Barrier(len(databases))

    def run(database: Database) -> int:
        gate.wait()
        return work_off(database, Office(world.settings))

    with ThreadPoolExecutor(len(databases)) as threads:
        assert sum(threads.map(run, databases)) == 4
    for database in databases:
        database.close()
    with world.database.reading() as session:
        assert len(session.exec(select(Certificate)).all()) == 2
        assert len(session.exec(select(CertificateFile)).all()) == 4
        assert {job.attempts for job in session.exec(select(PaperJob)).all()} == {1}


class _Held(QuickPress):
    """Sets no paper before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = threading.Event(), threading.Event()

    def run(self, job: Callable[..., Any], work: Work) -> Any:
        self.begun.set()
        assert self.go.wait(60)
        return super().run(job, work)


def test_a_worker_that_stops_leaves_its_papers_to_others(approved: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    world, held = approved.world, _Held()
    monkeypatch.setattr(Office, "press", held)
    monkeypatch.setattr(queue_worker, "LAST_TRIES", 0.1)
    stopping = worker(world.database, Office(world.settings), 2)
    stopping.start()
    assert held.begun.wait(60)
    stopping.stop()
    monkeypatch.setattr(Office, "press", QuickPress())
    assert world.make_papers() == 2
    held.go.set()  # and what comes late is dropped
    with world.database.reading() as session:
        assert {job.state for job in session.exec(select(PaperJob)).all()} == {JobState.DONE}
        assert len(session.exec(select(CertificateFile)).all()) == 2


def test_claims_are_renewed_while_work_goes_on(approved: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    world, held = approved.world, _Held()
    monkeypatch.setattr(Office, "press", held)
    monkeypatch.setattr(queue_worker, "RENEWAL", 0.0)
    monkeypatch.setattr(queue_worker, "PAUSE", 0.05)
    working = worker(world.database, Office(world.settings), 2)
    began = datetime.now(UTC)
    working.start()

    def renewed() -> bool:
        with world.database.reading() as session:
            ends = [job.claimed_until for job in session.exec(select(PaperJob)).all()]
        return all(end is not None and (end - began).total_seconds() > 31 for end in ends)

    wait_for(renewed)
    held.go.set()
    working.stop()
    assert approved.read(approved.owner)["certificate"]


def command(settings: Settings, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    from itti import cli
    from itti.commands import papers

    monkeypatch.setattr(papers, "settings", lambda: settings)
    monkeypatch.setenv("ITTI_LANGUAGE", "en")
    return cli.main(["papers", *words])


def test_as_a_command(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = {"seal_key": Programme().packed(tmp_path / "seal.p12"), "seal_passphrase": SecretStr("secret")}
    with running_world(settings.model_copy(update=own)) as world:
        approved_in(world)
        assert command(world.settings, monkeypatch, "list") == 0
        assert "-00001: the papers are being made." in capsys.readouterr().out
        assert command(world.settings, monkeypatch, "work", "--once") == 0
        said = capsys.readouterr()
        assert "Papers tried: 2." in said.out
        assert "no time-stamp authority" in said.err
        assert command(world.settings, monkeypatch, "list") == 0
        assert "Every approved certificate is issued." in capsys.readouterr().out


def test_the_command_refuses_a_key_that_serving_refuses(
    approved: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(**changes: object) -> str:
        assert command(settings.model_copy(update=changes), monkeypatch, "work", "--once") == 2
        said = capsys.readouterr()
        assert "Papers tried" not in said.out
        return said.err

    settings, now = approved.world.settings, datetime.now(UTC)
    assert "no sealing key is set" in refused()
    played = demonstration_sealer(tmp_path / "played")
    root = tmp_path / "root.pem"
    root.write_bytes(played.root.public_bytes(Encoding.PEM))
    said = refused(stamp_roots=(root,))
    assert "no sealing key is set" in said
    assert "a demonstration authority is trusted for time stamps" in said
    past = Programme(Period(now - timedelta(days=9), now - timedelta(days=1))).packed(tmp_path / "past.p12")
    secret = SecretStr("secret")
    assert "does not hold" in refused(seal_key=past, seal_passphrase=secret)
    assert str(past) in refused(seal_key=past, seal_passphrase=SecretStr("wrong"))
    with approved.world.database.reading() as session:
        assert {job.attempts for job in session.exec(select(PaperJob)).all()} == {0}


def test_nothing_is_written_while_nothing_is_due(world: World) -> None:
    with world.database.writing():  # whoever wants to write now would wait for us
        began = time.monotonic()
        assert world.make_papers() == 0
        assert time.monotonic() - began < 4
