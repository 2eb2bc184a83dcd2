"""A clock that goes back or leaps ahead does no harm: to deadlines, sessions, messages, and the heads of the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from sqlmodel import Session, select

from itti.accounts import service as accounts
from itti.accounts.tables import User
from itti.acts import Act, now
from itti.assessments.clockwork import Clockwork
from itti.audit.sequencing import sequence
from itti.audit.service import record
from itti.audit.tables import RecordHead
from itti.calendar.steady import PATIENCE
from itti.certificates.office import Office
from itti.mail import sending
from itti.mail.service import Letter, Recipient, post
from itti.mail.tables import OutgoingMail
from itti.queue.rows import JobState
from itti.settings import MailSecurity
from tests.itti.conftest import World
from tests.itti.mail.server import running

START: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTES: Final = 10


class Machine:
    """A machine whose clock can be set, and a clockwork that notes the times at which it struck."""

    def __init__(self) -> None:
        self.passed, self.off = timedelta(), timedelta()
        self.struck: list[datetime] = []
        self.clockwork = Clockwork([self.struck.append], MINUTES, self.clock, lambda: 5.0 + self.passed.total_seconds())

    def clock(self) -> datetime:
        return START + self.passed + self.off

    def strokes(self, count: int) -> int:
        """So many strokes, ten minutes apart; how many of them did something."""
        done = 0
        for _ in range(count):
            done += self.clockwork.strike()
            self.passed += timedelta(minutes=MINUTES)
        return done


def test_a_steady_clock_strikes_every_time() -> None:
    machine = Machine()
    assert machine.strokes(20) == 20
    for _ in range(20):
        machine.off += timedelta(seconds=20)  # a poor clock is no clock that was set
        assert machine.strokes(1) == 1


@pytest.mark.parametrize("leap", [timedelta(days=800), timedelta(minutes=6), timedelta(days=-800), timedelta(hours=-1)])
def test_nothing_is_done_by_a_clock_that_is_wrong_for_less_than_an_hour(leap: timedelta) -> None:
    machine = Machine()
    machine.strokes(3)
    machine.off = leap
    assert machine.strokes(5) == 0
    machine.off = timedelta()
    assert machine.strokes(3) == 3, "as soon as it is right again"
    assert all(abs(at - START) < timedelta(days=1) for at in machine.struck)


def test_a_clock_that_stays_is_believed_after_an_hour() -> None:
    machine = Machine()
    machine.strokes(1)
    machine.off = timedelta(days=2)  # the machine slept
    waited = int(PATIENCE / timedelta(minutes=MINUTES))
    assert machine.strokes(waited) == 0
    assert machine.strokes(2) == 2


def test_a_clock_that_leaps_again_and_again_is_not_believed() -> None:
    machine = Machine()
    machine.strokes(1)
    for _ in range(12):
        machine.off += timedelta(days=1)
        assert machine.strokes(1) == 0


def test_what_fails_keeps_nothing_else_from_being_done(caplog: pytest.LogCaptureFixture) -> None:
    struck: list[datetime] = []

    def fail(_at: datetime) -> None:
        raise ConnectionError("gone")

    assert Clockwork([fail, struck.append], MINUTES, lambda: START, lambda: 0.0).strike()
    assert struck == [START]
    assert "the clockwork could not do what is due" in caplog.text


def test_messages_posted_by_a_clock_that_was_ahead_go_out_when_it_is_right_again(world: World) -> None:
    ahead = now() + timedelta(days=3)
    world.write(lambda session: post(session, Act(None, ahead), Recipient("a@b.example"), Letter("test")))
    with running() as (server, port):
        server_of = {"mail_host": "127.0.0.1", "mail_port": port, "mail_sender": "p@p.example"}
        settings = world.settings.model_copy(update=server_of | {"mail_security": MailSecurity.NONE})
        assert sending.send_due(world.database, settings) == 1
        assert sending.send_due(world.database, settings, lambda: ahead) == 0, "and not a second time"
        assert len(server.taken) == 1
    with world.database.reading() as session:
        assert session.exec(select(OutgoingMail)).one().state is JobState.DONE


def test_a_message_in_the_hands_of_a_process_that_died_before_the_clock_went_back_is_free(world: World) -> None:
    world.write(lambda session: post(session, Act(None), Recipient("a@b.example"), Letter("test")))
    taken = sending.take(world.database, lambda: now() + timedelta(days=1))
    assert taken is not None
    assert sending.take(world.database, now) is not None
    assert sending.take(world.database, now) is None, "held by somebody whose clock is right"


def test_a_session_begun_by_a_clock_that_was_ahead_lets_nobody_in(world: World) -> None:
    user = world.create_user()
    for ahead, lets_in in ((timedelta(minutes=5), True), (timedelta(days=365), False)):
        secret = world.sign_in_secret(user, now() + ahead)

        def owner(session: Session, secret: str = secret) -> User | None:
            found = accounts.owner_of_sign_in(session, Act(None), world.settings, secret)
            return None if found is None else found[0]

        assert (world.write(owner) is not None) is lets_in


def test_heads_of_the_record_never_go_back(world: World) -> None:
    signer, heads = Office(world.settings).record_signer, []
    for hours in (0, 24, -24, 1):
        at = START + timedelta(hours=hours)

        def act(session: Session, at: datetime = at) -> RecordHead:
            record(session, Act(None, at), "factory.seen", "factory", str(at))
            session.flush()
            return sequence(session, signer, lambda: at)

        heads.append(world.write(act))
    assert [head.signed_at for head in heads] == sorted(head.signed_at for head in heads)
    assert [head.size for head in heads] == sorted({head.size for head in heads})
