"""Killed at any step from the approval to the certificate: either nothing of the step happened, or all of it did."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, select

from itti.assessments.tables import Assessment, AssessmentState, Move
from itti.audit.tables import Event
from itti.certificates.office import Office
from itti.certificates.tables import Certificate, CertificateFile, CertificateState, NumberSeries
from itti.database import Database
from itti.papers.making import work_off
from itti.papers.tables import PaperJob, Preparation
from itti.queue.rows import JobState
from tests.itti.assessments.story import Story, plan, tell
from tests.itti.conftest import World, make_settings
from tests.itti.papers.killing import PAPERS

ROOT = Path(__file__).parents[3]


def test_never_two_never_half(world: World, tmp_path: Path) -> None:
    story = _second_time(world)
    with world.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    target = tmp_path / "killed"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.itti.papers.killing"),
            *(str(world.settings.data_folder), str(target), str(story.id), str(story.reviewer.id)),
        ],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    folders = sorted(target.iterdir(), key=lambda folder: int(folder.name))
    assert len(folders) >= 26, "every commit, flush and renaming was two steps"
    reached = {_judged(folder, story) for folder in folders}
    assert reached == {"review", "approved", "one paper", "certified"}


def _second_time(world: World) -> Story:
    """A factory with a certificate, assessed again and under review."""
    first = tell(world).under_review()
    first.step(first.reviewer, "approve")
    again = dataclasses.replace(first, id=plan(world, first.factory, first.assessor, first.office))
    return again.under_review()


def _judged(folder: Path, story: Story) -> str:
    """How far the killed process came; what it left is whole, and becomes one certificate when another works on."""
    settings = make_settings(folder)
    database, office = Database(settings), Office(settings)
    try:
        with database.reading() as session:
            reached = _whole(session, office, story)
        if reached != "review":
            work_off(database, office, lambda: datetime.now(UTC) + timedelta(minutes=5))
            with database.reading() as session:
                assert _whole(session, office, story) == "certified"
            assert work_off(database, office, lambda: datetime.now(UTC) + timedelta(days=5)) == 0
    finally:
        database.close()
    return reached


def _whole(session: Session, office: Office, story: Story) -> str:
    """How far the assessment is; nothing about it is half."""
    one = session.get_one(Assessment, story.id)
    preparations = session.exec(select(Preparation).where(Preparation.assessment_id == story.id)).all()
    certificates = session.exec(select(Certificate).order_by(sa.column("number"))).all()
    moves = session.exec(select(Move).where(Move.assessment_id == story.id, Move.move == "approve")).all()
    # Every number belongs to one preparation, and the last one given out to the last of them.
    assert session.exec(select(NumberSeries.last)).one() == 1 + len(preparations)
    assert len(moves) == len(preparations) == _events(session, "preparation.ordered") - 1
    if not preparations:
        assert one.state is AssessmentState.REVIEW
        assert len(certificates) == 1
        return "review"
    assert one.state is AssessmentState.CERTIFIED
    jobs = session.exec(select(PaperJob).where(PaperJob.preparation_id == preparations[0].id)).all()
    assert len(jobs) == 2
    for job in jobs:
        if job.state is JobState.DONE:
            assert job.sha256
            assert office.shelf.read(job.sha256)
    states = [each.state for each in certificates]
    assert _events(session, "certificate.issued") == len(certificates)
    assert _events(session, "certificate.superseded") == len(certificates) - 1
    if len(certificates) == 1:
        assert states == [CertificateState.ISSUED]
        done = sum(job.state is JobState.DONE for job in jobs)
        assert done < 2
        return "one paper" if done else "approved"
    assert states == [CertificateState.SUPERSEDED, CertificateState.ISSUED]
    assert certificates[0].superseded_by == certificates[1].number == preparations[0].number
    files = session.exec(select(CertificateFile).where(CertificateFile.certificate_id == certificates[1].id)).all()
    assert {(each.form, each.language) for each in files} == set(PAPERS)
    for each in files:
        assert len(office.shelf.read(each.sha256)) == each.size
    return "certified"


def _events(session: Session, action: str) -> int:
    return len(session.exec(select(Event).where(Event.action == action)).all())
