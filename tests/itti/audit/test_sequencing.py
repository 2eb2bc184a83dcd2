"""Taking acts into the tree, on SQLite and on PostgreSQL, one after the other and many at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from itti.acts import Act
from itti.audit import proving, service
from itti.audit.errors import NoSuchHead, RecordKeyUnusable
from itti.audit.keys import known_keys, signer_of
from itti.audit.sequencer import Sequencer
from itti.audit.sequencing import CLOCK_SET_BACK, leaf_of, newest_head, sequence, waiting
from itti.audit.tables import Event, RecordHead, RecordTile
from itti.settings import Settings
from reports.merkle import Growing, is_consistent, is_included, leaf_hash
from reports.notes import Head, Signer, Verifier
from tests.itti.conftest import World

MOMENT = datetime(2026, 11, 22, 8, tzinfo=UTC)


def add(world: World, count: int = 1) -> None:
    """Acts on record, in one transaction."""

    def write(session: Session) -> None:
        for number in range(count):
            service.record(session, Act(None), "factory.seen", "factory", str(number), note=f"act {number}")

    world.write(write)


def take_in(world: World, clock: Callable[[], datetime] | None = None) -> RecordHead:
    signer = signer_of(world.settings)
    if clock is None:
        return world.write(lambda session: sequence(session, signer))
    return world.write(lambda session: sequence(session, signer, clock))


def grown(session: Session) -> Growing:
    """The tree, built anew from the rows."""
    tree = Growing()
    for number, event in enumerate(session.exec(select(Event).order_by(col(Event.position))).all()):
        assert event.position == number
        tree.add(leaf_hash(leaf_of(event).to_json()))
    return tree


def test_acts_are_taken_in_and_proven(both_worlds: World) -> None:
    world = both_worlds
    add(world, 3)
    with world.database.reading() as session:
        count, oldest = waiting(session)
        assert (count, newest_head(session)) == (3, None)
        assert oldest is not None
    first = take_in(world)
    add(world, 300)
    second = take_in(world)
    assert (first.size, second.size) == (3, 303)
    assert take_in(world).size == 303, "who finds nothing does nothing"
    signer = signer_of(world.settings)
    with world.database.reading() as session:
        assert waiting(session) == (0, None)
        assert len(session.exec(select(RecordHead)).all()) == 2
        assert grown(session).root.hex() == second.root
        told = Head.parse(second.note)
        assert told.signed_by(signer.verifier)
        assert (told.size, told.root.hex(), told.origin) == (303, second.root, "testserver/record")
        assert told.time_by(signer.verifier) == second.signed_at
        for event in session.exec(select(Event).where(col(Event.position).in_([0, 2, 255, 256, 302]))).all():
            found = proving.inclusion(session, event, second)
            assert found is not None
            assert is_included(found.leaf_hash, found.index, 303, found.proof, told.root)
        assert found is not None
        assert proving.inclusion(session, event, first) is None
        for old in (0, 1, 3, 256, 303):
            chain = proving.consistency(session, old, 303)
            assert is_consistent(old, 303, chain.old_root, chain.new_root, chain.proof)
        with pytest.raises(NoSuchHead):
            proving.consistency(session, 1, 304)
        assert proving.holds(session, found.leaf_hash, found.index, 303, told.root)
        assert not proving.holds(session, found.leaf_hash, 0, 303, told.root)


def test_what_is_undone_was_never_in_the_tree(both_worlds: World) -> None:
    signer = signer_of(both_worlds.settings)

    def fail() -> None:
        with both_worlds.database.writing() as session:
            service.record(session, Act(None), "factory.seen", "factory", "1")
            assert sequence(session, signer).size == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    add(both_worlds)
    take_in(both_worlds)
    with both_worlds.database.reading() as session:
        head = newest_head(session)
        assert head is not None
        assert (head.size, head.root) == (1, grown(session).root.hex())


def test_many_write_and_many_take_in_at_once(both_worlds: World) -> None:
    """Acts of eight writers, taken in by two sequencers meanwhile: each is in the tree once, and all heads hold."""
    world, signer = both_worlds, signer_of(both_worlds.settings)
    done = threading.Event()

    def keep_taking_in() -> None:
        while not done.is_set():
            world.write(lambda session: sequence(session, signer))
            done.wait(0.01)

    def keep_adding() -> None:
        for _ in range(10):
            add(world, 2)

    with ThreadPoolExecutor(10) as threads:
        sequencers = [threads.submit(keep_taking_in) for _ in range(2)]
        writers = [threads.submit(keep_adding) for _ in range(8)]
        for writer in writers:
            writer.result()
        done.set()
        for each in sequencers:
            each.result()
    take_in(world)
    with world.database.reading() as session:
        heads = session.exec(select(RecordHead).order_by(col(RecordHead.size))).all()
        assert heads[-1].size == 160
        assert heads[-1].root == grown(session).root.hex()
        for head in heads[:-1]:
            chain = proving.consistency(session, head.size, 160)
            assert chain.old_root.hex() == head.root
            assert is_consistent(head.size, 160, chain.old_root, chain.new_root, chain.proof)


def test_a_transaction_that_is_open_holds_nobody_up(both_worlds: World) -> None:
    """On PostgreSQL an act that began earlier and is committed later takes a later place; nothing waits for it."""
    if both_worlds.database.is_sqlite:
        add(both_worlds)  # one writer at a time: there is no such thing
        assert take_in(both_worlds).size == 1
        return
    with both_worlds.database.writing() as session:
        service.record(session, Act(None), "factory.seen", "factory", "slow")
        session.flush()
        add(both_worlds)
        assert take_in(both_worlds).size == 1
    assert take_in(both_worlds).size == 2
    with both_worlds.database.reading() as session:
        slow = session.exec(select(Event).where(Event.subject_id == "slow")).one()
        assert slow.position == 1
        quick = session.exec(select(Event).where(Event.subject_id == "0")).one()
        assert (slow.id or 0) < (quick.id or 0)


def test_a_clock_that_goes_back_is_noticed(world: World) -> None:
    add(world)
    assert take_in(world, lambda: MOMENT).signed_at == MOMENT
    add(world)
    later = take_in(world, lambda: MOMENT - timedelta(hours=1))
    assert (later.size, later.signed_at, later.clock) == (3, MOMENT, MOMENT - timedelta(hours=1))
    add(world)
    assert take_in(world, lambda: MOMENT - timedelta(minutes=59)).size == 4, "it is noticed once"
    with world.database.reading() as session:
        noticed = session.exec(select(Event).where(Event.action == CLOCK_SET_BACK)).one()
    assert noticed.details == {
        "before": MOMENT.isoformat(),
        "now": (MOMENT - timedelta(hours=1)).isoformat(),
    }


def test_the_serving_process_takes_in(world: World) -> None:
    working = Sequencer(world.database, signer_of(world.settings), 0.05)
    working.start()
    add(world)
    ends = datetime.now(UTC) + timedelta(seconds=20)
    while datetime.now(UTC) < ends:
        with world.database.reading() as session:
            if newest_head(session) is not None:
                break
    add(world)
    working.stop()
    with world.database.reading() as session:
        assert waiting(session) == (0, None), "who stops leaves nothing behind"


def test_a_database_out_of_reach_ends_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    working = Sequencer(world.database, signer_of(world.settings), 0.01)
    monkeypatch.setattr(working, "_database", None)
    working.start()
    while "could not be taken" not in caplog.text:
        pass
    monkeypatch.setattr(working, "_database", world.database)
    add(world)
    working.stop()
    with world.database.reading() as session:
        assert waiting(session) == (0, None)


def test_details_can_be_forgotten(world: World) -> None:
    user = world.create_user()
    world.write(
        lambda session: service.record(session, Act(user), "factory.seen", "factory", "1", person="Alia", size=3)
    )
    head = take_in(world)
    with world.database.reading() as session:
        before = session.exec(select(Event).where(Event.action == "factory.seen")).one()

    def erase(session: Session) -> None:
        rows = session.exec(select(Event).where(Event.action == "factory.seen")).all()
        service.forget(session, Act(user), rows)

    world.write(erase)
    with world.database.reading() as session:
        after = session.exec(select(Event).where(Event.action == "factory.seen")).one()
        assert (after.details, after.salt, after.details_digest) == ({}, None, before.details_digest)
        found = proving.inclusion(session, after, head)
        assert found is not None
        assert is_included(found.leaf_hash, found.index, head.size, found.proof, bytes.fromhex(head.root))


def test_tiles_are_full_but_for_the_last(world: World) -> None:
    for count in (255, 1, 1, 600):
        add(world, count)
        take_in(world)
    with world.database.reading() as session:
        tiles = session.exec(select(RecordTile).order_by(col(RecordTile.level), col(RecordTile.number))).all()
        assert [(each.level, len(each.hashes) // 32) for each in tiles] == [
            (0, 256),
            (0, 256),
            (0, 256),
            (0, 89),
            (1, 3),
        ]


def test_the_key_is_made_once_and_kept(settings: Settings) -> None:
    assert known_keys(settings) == [], "looking makes none"
    made = signer_of(settings)
    path = settings.data_folder / "record" / "record.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert Signer.parse(path.read_text()).verifier == made.verifier
    other = Verifier.parse(str(Signer.new("other/record").verifier))
    assert known_keys(settings.model_copy(update={"record_keys": (str(other),)})) == [made.verifier, other]


def test_a_key_that_cannot_be_used_is_told(settings: Settings) -> None:
    bad = settings.data_folder / "bad.key"
    bad.write_text("PRIVATE+KEY+nonsense")
    with pytest.raises(RecordKeyUnusable, match=r"bad\.key"):
        signer_of(settings.model_copy(update={"record_key": bad}))
    with pytest.raises(RecordKeyUnusable, match="nonsense"):
        known_keys(settings.model_copy(update={"record_keys": ("nonsense",)}))
    with pytest.raises(RecordKeyUnusable):
        signer_of(settings.model_copy(update={"record_key": settings.data_folder}))
