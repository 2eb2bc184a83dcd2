"""Verification: what is sound holds, and whatever anybody does to a row is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, SQLModel, col, select

from itti.acts import Act
from itti.assessments.tables import Answer, Assessment, Phase
from itti.audit import service
from itti.audit.keys import signer_of
from itti.audit.sequencing import leaf_of, sequence
from itti.audit.tables import Event, RecordHead, RecordTile
from itti.certificates.office import Office
from itti.certificates.tables import Certificate, CertificateFile
from itti.evidence.tables import Evidence, EvidenceLink, EvidenceRevision
from itti.files.shelf import Shelf
from itti.record.checking import Verdict, verify
from itti.record.troubles import NOTICES
from itti.review.tables import ContentMoment, FixedContent
from reports.merkle import Growing, leaf_hash
from reports.notes import Signer
from reports.recorded import details_digest
from tests.itti.assessments.story import QUESTIONS, Story
from tests.itti.conftest import World
from tests.itti.record.conftest import take_in

EVENTS = SQLModel.metadata.tables["event"]
HEADS = SQLModel.metadata.tables["record_head"]
TILES = SQLModel.metadata.tables["record_tile"]

Tampering = Callable[[Session], object]


def found_after(world: World, tamper: Tampering, *against: Path) -> Verdict:
    """What verification finds after ``tamper``, which is undone again."""
    with Session(world.database.engine) as session:
        tamper(session)
        session.flush()
        session.expire_all()
        verdict = verify(session, Office(world.settings), against)
        session.rollback()
    return verdict


def codes(verdict: Verdict) -> set[str]:
    """What was found but for notices; every sentence can be said in both languages."""
    for trouble in verdict.troubles:
        assert trouble.sentence("en") != trouble.sentence("ar")
    found = {trouble.code for trouble in verdict.troubles} - NOTICES
    assert verdict.holds == (not found)
    return found


def named(verdict: Verdict, **place: object) -> set[str]:
    """The codes of the troubles at a place."""
    return {each.code for each in verdict.troubles if place.items() <= each.place.items()}


def nothing(_: Session) -> None:
    """Leave everything as it is."""


def test_what_is_sound_holds(both_certified: Story) -> None:
    world = both_certified.world
    found = found_after(world, nothing)
    assert (found.holds, found.troubles, found.outside) == (True, [], 0)
    assert found.heads >= 4
    with world.database.reading() as session:
        assert found.acts == session.exec(select(sa.func.count(col(Event.id)))).one()


def test_acts_that_wait_are_a_notice(story: Story) -> None:
    story.world.write(lambda session: service.record(session, Act(None), "factory.seen", "factory", "1"))
    found = found_after(story.world, nothing)
    assert (found.holds, [each.code for each in found.troubles]) == (True, ["acts-waiting"])


CHANGES: dict[str, Callable[[Any], object]] = {
    "at": lambda before: before - timedelta(days=1),
    "actor_id": lambda before: uuid4() if before is None else None,
    "actor_role": lambda before: "programme" if before != "programme" else None,
    "action": lambda before: f"{before}!",
    "subject": lambda before: f"{before}!",
    "subject_id": lambda _: "another",
    "assessment_id": lambda before: uuid4() if before is None else None,
    "details": lambda before: {**before, "more": 1},
    "salt": lambda _: "00" * 16,
    "details_digest": lambda _: "0" * 64,
    "request_id": lambda _: "another",
    "position": lambda _: None,
}
"""Column of an act → what somebody might write there instead."""


def updated(column: str, row: Any) -> Tampering:
    value = CHANGES[column](getattr(row, column))
    return lambda session: session.execute(sa.update(EVENTS).where(EVENTS.c.id == row.id).values({column: value}))


def deleted(row: Any) -> Tampering:
    return lambda session: session.execute(sa.delete(EVENTS).where(EVENTS.c.id == row.id))


def inserted(row: Any, position: int | None) -> Tampering:
    """A copy of an act under another number, as if it was done once more in the past."""
    values = {**row._mapping, "id": 9_999, "position": position, "at": row.at - timedelta(days=30)}
    return lambda session: session.execute(sa.insert(EVENTS).values(values))


def swapped(one: Any, other: Any) -> Tampering:
    def swap(session: Session) -> None:
        for number, position in ((one.id, None), (other.id, one.position), (one.id, other.position)):
            session.execute(sa.update(EVENTS).where(EVENTS.c.id == number).values(position=position))

    return swap


def exchanged(one: Any, other: Any) -> Tampering:
    """All that two acts say, each under the number and place of the other."""

    def exchange(session: Session) -> None:
        for row, source in ((one, other), (other, one)):
            values = {key: value for key, value in source._mapping.items() if key not in {"id", "position"}}
            session.execute(sa.update(EVENTS).where(EVENTS.c.id == row.id).values(values))

    return exchange


def test_no_row_can_be_touched(both_certified: Story) -> None:
    """Random acts, and everything that can be done to one: always found, and named by its number or place."""
    world = both_certified.world
    with world.database.reading() as session:
        rows = session.execute(sa.select(EVENTS).order_by(EVENTS.c.position)).all()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def touched(data: st.DataObject) -> None:
        row, other = data.draw(st.lists(st.sampled_from(rows), min_size=2, max_size=2, unique_by=lambda each: each.id))
        how = data.draw(st.sampled_from(["update", "delete", "insert", "insert-waiting", "swap", "exchange"]))
        by_number, by_place = {"id": row.id}, {"position": row.position}
        if how == "update":
            column = data.draw(st.sampled_from(sorted(CHANGES)))
            found = found_after(world, updated(column, row))
            assert named(found, **by_number) | named(found, **by_place), column
        elif how == "delete":
            found = found_after(world, deleted(row))
            assert named(found, **by_place) == {"act-removed"}
        elif how == "insert":
            found = found_after(world, inserted(row, len(rows)))
            assert "act-added" in named(found, id=9_999)
        elif how == "insert-waiting":
            found = found_after(world, inserted(row, None))
            assert named(found, id=9_999) == {"act-backdated"}
        elif how == "swap":
            found = found_after(world, swapped(row, other))
            assert named(found, **by_number) == {"act-moved"}
        else:
            found = found_after(world, exchanged(row, other))
            assert named(found, **by_number) == {"act-changed"}
        assert codes(found)

    touched()


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (lambda session: session.execute(sa.update(TILES).values(hashes=b"x" * 32)), "tile-changed"),
        (lambda session: session.execute(sa.delete(TILES)), "tile-changed"),
        (lambda session: session.execute(sa.insert(TILES).values(level=1, number=0, hashes=b"x" * 32)), "tile-changed"),
        (lambda session: session.execute(sa.update(HEADS).values(root="0" * 64)), "head-changed"),
        (lambda session: session.execute(sa.update(HEADS).values(note="no note")), "head-changed"),
        (
            lambda session: session.execute(sa.update(HEADS).values(signed_at=datetime(2026, 1, 1, tzinfo=UTC))),
            "head-changed",
        ),
        (
            lambda session: session.execute(sa.update(HEADS).values(note=sa.func.replace(HEADS.c.note, "—", "-"))),
            "head-changed",
        ),
        (lambda session: session.execute(sa.delete(HEADS)), "head-missing"),
    ],
)
def test_tiles_and_heads(sound: Story, tamper: Tampering, code: str) -> None:
    assert code in codes(found_after(sound.world, tamper))


def cut(session: Session, size: int) -> None:
    """Take the newest acts out, and everything that would tell: what holds in itself afterwards."""
    session.execute(sa.delete(EVENTS).where(EVENTS.c.position >= size))
    session.execute(sa.delete(HEADS).where(HEADS.c.size > size))
    tile = session.get_one(RecordTile, (0, 0))
    tile.hashes = tile.hashes[: size * 32]


def test_the_newest_acts_cannot_be_taken_out(sound: Story, tmp_path: Path) -> None:
    """Rows, hashes and heads alike: a head that was exported tells."""
    world, file = sound.world, tmp_path / "head"
    with world.database.reading() as session:
        sizes = sorted(head.size for head in session.exec(select(RecordHead)).all())
        file.write_text(session.get_one(RecordHead, sizes[-1]).note)
        events = session.exec(select(Event).where(col(Event.position) >= sizes[0])).all()
    assert events
    assert found_after(world, nothing, file).holds
    shorter = found_after(world, lambda session: cut(session, sizes[0]), file)
    assert "anchor-shortened" in codes(shorter)
    assert "tree-rewritten" not in codes(shorter)


def rewrite(session: Session, signer: Signer) -> None:
    """What somebody can do who has the key and the database: another history, whole and signed."""
    first = session.exec(select(Event).where(Event.position == 3)).one()
    first.request_id = "another"
    session.flush()
    tree, heads = Growing(), {head.size: head for head in session.exec(select(RecordHead)).all()}
    hashes = b""
    taken_in = select(Event).where(col(Event.position).is_not(None)).order_by(col(Event.position))
    for event in session.exec(taken_in).all():
        leaf = leaf_hash(leaf_of(event).to_json())
        tree.add(leaf)
        hashes += leaf
        if (head := heads.get(tree.size)) is not None:
            head.root, head.note = tree.root.hex(), signer.sign(tree.size, tree.root, head.signed_at)
    session.get_one(RecordTile, (0, 0)).hashes = hashes


def test_not_even_with_the_key(sound: Story, tmp_path: Path) -> None:
    world, file = sound.world, tmp_path / "head"
    with world.database.reading() as session:
        newest = session.exec(select(RecordHead).order_by(col(RecordHead.size).desc()).limit(1)).one()
        file.write_text(newest.note)
    signer = signer_of(world.settings)
    assert found_after(world, lambda session: rewrite(session, signer)).holds, "by itself it holds"
    assert codes(found_after(world, lambda session: rewrite(session, signer), file)) == {"anchor-rewritten"}
    strange = found_after(world, lambda session: rewrite(session, Signer.new(signer.name)))
    assert "head-unknown-key" in codes(strange) or "head-changed" in codes(strange)


def test_heads_that_cannot_be_compared(sound: Story, tmp_path: Path) -> None:
    missing, strange = tmp_path / "missing", tmp_path / "strange"
    strange.write_text(Signer.new("else/record").sign(1, bytes(32), datetime.now(UTC)))
    (tmp_path / "text").write_text("no head")
    found = found_after(sound.world, nothing, missing, strange, tmp_path / "text")
    assert {each.code: each.place["where"] for each in found.troubles if each.code == "anchor-unknown-key"} == {
        "anchor-unknown-key": str(strange)
    }
    assert codes(found) == {"anchor-unreadable", "anchor-unknown-key"}


def test_times_are_judged(world: World) -> None:
    """An act is taken in soon: one that says otherwise was dated by hand, or nobody kept the record."""
    signer = signer_of(world.settings)
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def told(at: datetime, signed: datetime) -> set[str]:
        def act(session: Session) -> None:
            service.record(session, Act(None, noon), "factory.seen", "factory", "1")
            sequence(session, signer, lambda: noon)
            service.record(session, Act(None, at), "factory.seen", "factory", "2")
            sequence(session, signer, lambda: signed)

        return {each.code for each in found_after(world, act).troubles}

    assert told(noon + timedelta(seconds=8), noon + timedelta(seconds=10)) == set()
    assert told(noon + timedelta(seconds=8), noon + timedelta(hours=10)) == {"acts-late"}
    assert told(noon - timedelta(minutes=11), noon + timedelta(seconds=10)) == {"act-backdated"}
    assert told(noon + timedelta(minutes=11), noon + timedelta(seconds=10)) == {"act-postdated"}


def test_details_go_only_by_an_act(sound: Story) -> None:
    def erase(session: Session) -> None:
        row = session.exec(select(Event).where(Event.action == "assessment.planned")).one()
        row.details, row.salt = {}, None

    def forget(session: Session) -> None:
        rows = session.exec(select(Event).where(Event.action.in_(["answer.saved", "sign-in.started"]))).all()  # type: ignore[attr-defined]
        service.forget(session, Act(None), rows)

    assert codes(found_after(sound.world, erase)) == {"details-erased"}
    assert codes(found_after(sound.world, forget)) == set()


def answer(session: Session) -> Answer:
    return session.exec(select(Answer).where(Answer.question == QUESTIONS[1])).one()


def change_answer(session: Session) -> None:
    answer(session).given = {"level": 5}


def change_reason(session: Session) -> None:
    answer(session).reason = "Another reason."


def add_answer(session: Session) -> None:
    values = answer(session).model_dump(exclude={"id", "phase"})
    session.add(Answer(phase=Phase.SELF, **values))


def change_state(session: Session) -> None:
    session.exec(select(Assessment)).one().state = "planned"  # type: ignore[assignment]


def change_pin(session: Session) -> None:
    session.exec(select(Assessment)).one().digest = "0" * 64


def change_index(session: Session) -> None:
    session.exec(select(Certificate)).one().index_value = "5.00"


def change_scorecard(session: Session) -> None:
    session.exec(select(Certificate)).one().scorecard += " "


def unrevoke(session: Session) -> None:
    session.exec(select(Certificate)).one().state = "superseded"  # type: ignore[assignment]


def change_paper(session: Session) -> None:
    session.exec(select(CertificateFile).limit(1)).one().sha256 = "0" * 64


def remove_certificate(session: Session) -> None:
    session.execute(sa.delete(CertificateFile))
    session.execute(sa.delete(Certificate))


def add_certificate(session: Session) -> None:
    found = session.exec(select(Certificate)).one()
    one = session.exec(select(Assessment)).one()
    other = Assessment(**one.model_dump(exclude={"id"}))
    session.add(other)
    session.flush()
    values = found.model_dump(exclude={"id", "number", "assessment_id"})
    session.add(Certificate(number="TI-2026-09999", assessment_id=other.id, **values))


def change_content(session: Session) -> None:
    """Another first submission, so that agreement figures come out better."""
    kept = session.exec(select(FixedContent).where(FixedContent.moment == ContentMoment.SUBMITTED)).one()
    kept.manifest = kept.manifest.replace('"level":3', '"level":4')


def add_content(session: Session) -> None:
    kept = session.exec(select(FixedContent).limit(1)).one()
    session.add(FixedContent(**kept.model_dump(exclude={"id"})))


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (change_answer, {"answer-changed"}),
        (change_reason, {"answer-changed"}),
        (add_answer, {"answer-added"}),
        (lambda session: session.delete(answer(session)), {"answer-removed"}),
        (change_state, {"assessment-changed"}),
        (change_pin, {"assessment-changed", "definition-changed"}),
        (change_index, {"certificate-changed"}),
        (change_scorecard, {"certificate-changed"}),
        (unrevoke, {"certificate-changed"}),
        (change_paper, {"papers-changed", "paper-lost"}),
        (remove_certificate, {"certificate-removed"}),
        (add_certificate, {"certificate-added", "assessment-added"}),
        (lambda session: session.execute(sa.delete(FixedContent)), {"content-removed"}),
        (change_content, {"content-changed"}),
        (lambda session: session.execute(sa.update(FixedContent).values(digest="0" * 64)),
         {"content-changed", "content-removed"}),
        (add_content, {"content-changed"}),
        (lambda session: session.execute(sa.delete(Evidence)), {"evidence-removed"}),
        (lambda session: session.execute(sa.update(Evidence).values(removed_at=datetime.now(UTC))),
         {"evidence-added", "evidence-removed"}),
        (lambda session: session.execute(sa.delete(EvidenceLink)), {"evidence-added", "evidence-removed"}),
        (lambda session: session.execute(sa.delete(EvidenceRevision).where(col(EvidenceRevision.number) == 2)),
         {"evidence-added", "evidence-removed"}),
        (lambda session: session.execute(
            sa.update(EvidenceRevision).where(col(EvidenceRevision.text).is_not(None)).values(text="Never oiled.")),
         {"evidence-lost"}),
    ],
)  # fmt: skip
def test_the_things_themselves(sound: Story, tamper: Tampering, expected: set[str]) -> None:
    assert codes(found_after(sound.world, tamper)) == expected


def test_files_that_were_changed(story: Story) -> None:
    world = story.world
    with world.database.reading() as session:
        file = session.exec(select(EvidenceRevision).where(col(EvidenceRevision.text).is_(None)).limit(1)).one()
        paper = session.exec(select(CertificateFile).limit(1)).one()
    Shelf(world.settings.data_folder / "evidence").path(file.sha256).write_bytes(b"another")
    Office(world.settings).shelf.path(paper.sha256).unlink()
    assert codes(found_after(world, nothing)) == {"evidence-lost", "paper-lost"}


def test_an_act_forged_with_the_right_digest(sound: Story) -> None:
    """Details rewritten along with their digest: the tree holds the old digest."""

    def forge(session: Session) -> None:
        row = session.exec(select(Event).where(Event.action == "answer.saved").limit(1)).one()
        row.details = {**row.details, "after": {"level": 5, "reason": ""}}
        row.details_digest = details_digest(row.salt or "", row.details)

    assert "act-changed" in codes(found_after(sound.world, forge))


def itti(world: World, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    from itti import cli
    from itti.commands import verify as command

    monkeypatch.setattr(command, "settings", lambda: world.settings)
    monkeypatch.setenv("ITTI_LANGUAGE", "en")
    return cli.main(["audit", *words])


def test_on_the_command_line(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world, file = story.world, tmp_path / "head"
    story.world.write(lambda session: service.record(session, Act(None), "factory.seen", "factory", "1"))
    assert itti(world, monkeypatch, "head", "--export", str(file)) == 0
    assert take_in(world) == int(file.read_text().split("\n")[1]), "an export takes in what waits"
    assert itti(world, monkeypatch, "head") == 0
    assert capsys.readouterr().out == file.read_text()
    assert itti(world, monkeypatch, "head", "--key") == 0
    assert capsys.readouterr().out.startswith("testserver/record+")
    assert itti(world, monkeypatch, "verify", "--against", str(file)) == 0
    assert "The record holds." in capsys.readouterr().out
    world.write(change_answer)
    assert itti(world, monkeypatch, "verify") == 1
    said = capsys.readouterr().out
    assert f"[trouble] The answer to {QUESTIONS[1]}" in said
    assert "The record does not hold." in said
    assert itti(world, monkeypatch, "verify", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["holds"], told["counts"]) == (False, {"answer-changed": 1})
    assert told["troubles"][0]["place"]["question"] == QUESTIONS[1]
