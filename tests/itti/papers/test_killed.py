"""Killed at any step from a reply to a certificate, an appeal and a revocation: nothing of the step happened, or all.

With ``ITTI_KILL=every`` at every statement too, with a real kill at every commit and file; takes some minutes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlmodel import Session, col, select

from itti.acts import now
from itti.assessments import due
from itti.assessments.tables import Assessment, Move
from itti.audit.sequencing import sequence
from itti.audit.tables import Event
from itti.certificates.office import Office
from itti.certificates.tables import Certificate, CertificateFile, NumberSeries
from itti.database import Database
from itti.papers import approval
from itti.papers.making import work_off
from itti.papers.tables import PaperJob, Preparation, PreparationState
from itti.queue.rows import JobState
from itti.record.checking import verify
from itti.settings import Settings
from tests.itti import postgres
from tests.itti.assessments.story import Story, plan, tell
from tests.itti.conftest import World, make_settings, running_world
from tests.itti.papers.killing import PAPERS, RULES, Cast, started

EVERY: Final = os.environ.get("ITTI_KILL") == "every"

WAY: Final = (
    "reply, valid",
    "decision, valid",
    "certified, valid",  # approved: the papers are not made yet
    "certified, superseded",
    "certified, superseded, expired",
    "appeal, superseded, expired",
    "upheld, superseded, expired, revised",
    "revoked, superseded, expired, revised",
    "revoked, superseded, expired, handed over",
)
"""Where the assessment and what hangs on it stand after each act."""


def set_stage(settings: Settings, monkeypatch: pytest.MonkeyPatch, *, ended: bool = True) -> Cast:
    """A factory heard the second time, with a certificate; and perhaps another one, whose certificate has ended."""
    monkeypatch.setattr(approval, "PAPERS", PAPERS)
    with running_world(settings) as world:
        if ended:
            _certified(tell(world), days=1200)
        first = tell(world)
        _certified(first)
        again = replace(first, id=plan(world, first.factory, first.assessor, first.office))
        again.under_review().step(again.reviewer, "hear-factory")
        hearer, successor = world.create_assessor(), world.create_assessor()
        _settle(world)
        return Cast(
            assessment=str(again.id),
            office=str(again.office.id),
            owner=str(again.owner.id),
            reviewer=str(again.reviewer.id),
            hearer=str(hearer.id),
            successor=str(successor.id),
        )


def _certified(story: Story, days: int = 0) -> None:
    at = now() - timedelta(days=days)
    for person in (story.assessor, story.reviewer):
        story.world.accredit(person, valid_from=at.date() - timedelta(days=400), valid_until=at.date())
    story.step(story.assessor, "start", at)
    story.answer_all(story.assessor, at=at)
    for person, name in ((story.assessor, "submit"), (story.reviewer, "take-review"), (story.reviewer, "hear-factory"),
                         (story.owner, "accept"), (story.reviewer, "approve")):  # fmt: skip
        story.step(person, name, at)


def _settle(world: World) -> None:
    """Everything into one file, as a server that was stopped leaves it."""
    if world.database.is_sqlite:
        with world.database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def test_nothing_is_ever_half(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make_settings(settings.data_folder, **RULES)
    cast = set_stage(stage, monkeypatch)
    target = tmp_path / "killed"
    started(stage.data_folder, target, cast, every=EVERY)
    reached = [judged(folder, cast) for folder in sorted((target / "held").iterdir())]
    assert list(dict.fromkeys(reached)) == list(WAY), "one act after the other, and none of them missed"
    assert len(reached) > len(WAY) + 10, "the papers were made in steps of their own"
    killed = [judged(folder, cast) for folder in sorted((target / "killed").iterdir())]
    assert len(killed) >= 3
    assert killed == sorted(killed, key=WAY.index)


@pytest.mark.postgres
def test_nothing_is_ever_half_on_a_server(
    postgres_server: postgres.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the commits of an approval, of the last paper and of an appeal that is upheld."""
    address = postgres_server.create("history", "itti_template")
    stage = make_settings(tmp_path / "data", database_url=address, **RULES)
    cast = set_stage(stage, monkeypatch, ended=False)
    stage.data_folder.mkdir(exist_ok=True)
    servers = {step: postgres_server.create(f"killed_{step}", "history") for step in (3, 33, 39)}
    started(stage.data_folder, tmp_path / "killed", cast, servers=servers)
    reached = [
        judged(tmp_path / "killed" / f"{step:05d}", replace(cast, address=address)) for step, address in servers.items()
    ]
    assert reached == ["decision, valid", "certified, valid", "appeal, superseded"]


def _rank(where: str) -> int:
    """How far on its way that is; time goes on by itself."""
    return [each.replace(", expired", "") for each in WAY].index(where.replace(", expired", ""))


def judged(folder: Path, cast: Cast) -> str:
    """Where the killed process left things: whole, and whole again once another process has worked on."""
    settings = make_settings(folder, **cast.settings)
    database, office = Database(settings), Office(settings)
    try:
        with database.reading() as session:
            reached = whole(session, office, cast)
        recover(database, office)
        with database.reading() as session:
            after = whole(session, office, cast)
            assert _rank(after) >= _rank(reached), "what was done stays done"
            assert not session.exec(select(Preparation).where(Preparation.state != PreparationState.ISSUED)).all()
            found = verify(session, office)
            assert found.holds, found.troubles
    finally:
        database.close()
    return reached


def recover(database: Database, office: Office) -> None:
    """What a server does that is started again five minutes later."""
    later = now() + timedelta(minutes=5)
    work_off(database, office, lambda: later)
    due.work_off(database, later)
    with database.writing() as session:
        sequence(session, office.record_signer, lambda: later)
    assert work_off(database, office, lambda: later + timedelta(days=5)) == 0
    assert not due.work_off(database, later)


def whole(session: Session, office: Office, cast: Cast) -> str:
    """Where things stand; nothing about them is half, whatever they are."""
    assessments = {str(one.id): one for one in session.exec(select(Assessment)).all()}
    moves = session.exec(select(Move).order_by(col(Move.version))).all()
    certificates = session.exec(select(Certificate).order_by(col(Certificate.number))).all()
    preparations = session.exec(select(Preparation)).all()
    events = session.exec(select(Event)).all()
    acts = Counter(event.action for event in events)
    # An assessment is where its last move led, and every move is recorded once.
    assert {str(each.assessment_id): each.to_state for each in moves}.items() <= {
        name: one.state.value for name, one in assessments.items()
    }.items()
    assert acts["assessment.moved"] == len(moves)
    # A number belongs to one preparation, a preparation to one approval, a certificate to one preparation.
    assert sum(row.last for row in session.exec(select(NumberSeries)).all()) == len(preparations)
    assert Counter(each.move for each in moves)["approve"] == acts["preparation.ordered"] == len(preparations)
    issued = {each.number for each in preparations if each.state is PreparationState.ISSUED}
    assert [each.number for each in certificates] == sorted(issued)
    assert len({each.assessment_id for each in certificates}) == len(certificates)
    _papers(session, office, certificates, preparations)
    # A certificate is in the state that its acts and its assessment say.
    states = Counter(each.state.value for each in certificates)
    assert acts["certificate.issued"] == len(certificates)
    assert acts["certificate.superseded"] == states["superseded"]
    assert acts["certificate.revoked"] == states["revoked"]
    for each in certificates:
        of = assessments[str(each.assessment_id)].state.value
        assert (of in {"superseded", "revoked"}) == (each.state.value != "issued")
        assert each.state.value in {of, "issued"}
    valid = Counter(each.factory_id for each in certificates if each.state.value == "issued")
    assert set(valid.values()) <= {1}, "never two"
    revisions = [one for one in assessments.values() if one.revision_of is not None]
    upheld = [str(each.assessment_id) for each in moves if each.move == "uphold-appeal"]
    assert [str(one.revision_of) for one in revisions] == upheld
    return _stand(assessments, cast, revisions)


def _stand(assessments: dict[str, Assessment], cast: Cast, revisions: list[Assessment]) -> str:
    mine = assessments[cast.assessment]
    before = [
        one for one in assessments.values() if one.factory_id == mine.factory_id and one not in [mine, *revisions]
    ]
    words = [mine.state.value, "superseded" if before[0].state.value == "superseded" else "valid"]
    words += ["expired"] if any(one.state.value == "expired" for one in assessments.values()) else []
    if revisions:
        words.append("handed over" if str(revisions[0].assessor_id) == cast.successor else "revised")
    return ", ".join(words)


def _papers(session: Session, office: Office, certificates: Sequence[Certificate], rows: Sequence[Preparation]) -> None:
    """Every paper that counts as made lies on the shelf, and certificates have all of theirs."""
    number = {row.id: row.number for row in rows}
    made: dict[str, set[str | None]] = {row.number: set() for row in rows}
    for job in session.exec(select(PaperJob)).all():
        if job.state is JobState.DONE:
            assert job.sha256
            assert len(office.shelf.read(job.sha256)) == job.size
            made[number[job.preparation_id]].add(job.sha256)
    for each in certificates:
        files = session.exec(select(CertificateFile).where(CertificateFile.certificate_id == each.id)).all()
        assert {(file.form, file.language) for file in files} == set(PAPERS)
        assert {file.sha256 for file in files} == made[each.number]
