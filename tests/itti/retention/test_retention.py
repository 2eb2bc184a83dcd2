"""What is over its time goes, what is not stays, and the record says how much went and stays provable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import pytest
from sqlmodel import Session, SQLModel, select

from itti import cli
from itti.accounts.tables import AccountLink, ApiToken, Purpose, Role, SignIn, User
from itti.accreditation.tables import AssessmentBody
from itti.acts import Act
from itti.audit.service import record
from itti.audit.tables import Event
from itti.commands import retention as commands
from itti.database import Database
from itti.footprints.tables import EventName, FootprintMessage, Partner
from itti.mail.service import Letter, Recipient, post
from itti.mail.tables import OutgoingMail
from itti.queue.rows import JobState
from itti.retention import service
from itti.retention.rules import RULES
from itti.settings import Settings
from itti.webhooks.tables import Delivery, Webhook
from questionnaires.wording import LANGUAGES, say
from tests.itti.conftest import World

NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
RowT = TypeVar("RowT", bound=SQLModel)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def fill(session: Session, user: User) -> None:
    """Of each kind one thing that has to go, and everything near it that has to stay."""
    times = ((ago(91), ago(80)), (None, ago(91)), (ago(89), ago(80)), (None, ago(-1)))
    for number, (ended, expires) in enumerate(times):
        own: dict[str, Any] = {"user_id": user.id, "token_hash": f"{number}"}
        own |= {"created_at": ago(200), "expires_at": expires}
        session.add(SignIn(**own, ended_at=ended))
        session.add(ApiToken(**own, label="a tool", revoked_at=ended))
        session.add(AccountLink(**own, purpose=Purpose.RECOVERY, ended_at=ended))
    for days in (91, 89):
        record(session, Act(None, ago(days)), "sign-in.refused", "sign_in", "-", address="192.0.2.7")
        record(session, Act(None, ago(days)), "factory.registered", "factory", "1", licence="IL-1")
    letters: tuple[tuple[JobState, float, str | None], ...] = (
        (JobState.DONE, 366, None),
        (JobState.FAILED, 366, None),
        (JobState.DONE, 364, None),
        (JobState.WAITING, 2000, None),
        (JobState.DONE, 366, "certificate:1"),
        (JobState.DONE, 771, "certificate:2"),
    )
    for state, age, about in letters:
        row = post(session, Act(None, ago(age)), Recipient.of(user), Letter("test", about=about))
        assert row is not None
        row.state, row.ended_at = state, None if state is JobState.WAITING else ago(age)
    deliver(session, user)
    exchange(session, user)


def exchange(session: Session, user: User) -> None:
    """Events on their way to a partner, of which one is over its time."""
    body = AssessmentBody(name="A body", registration="AB-1", created_at=ago(2000))
    session.add(body)
    session.flush()
    partner = Partner(body_id=body.id, name="Mill", created_by=user.id, created_at=ago(2000))
    session.add(partner)
    session.flush()
    for state, age in (
        (JobState.DONE, 366),
        (JobState.FAILED, 364),
        (JobState.WAITING, 2000),
        (JobState.WORKING, 2000),
    ):
        session.add(
            FootprintMessage(
                state=state,
                next_try=ago(age),
                ended_at=ago(age),
                partner_id=partner.id,
                name=EventName.PUBLISHED,
                content="{}",
                created_at=ago(age),
            )
        )


def deliver(session: Session, user: User) -> None:
    """Events on their way to a webhook, of which one is over its time."""
    hook = Webhook(
        role=Role.PROGRAMME,
        label="",
        address="https://example.com/",
        secret="-",
        place=0,
        created_by=user.id,
        created_at=ago(2000),
    )
    session.add(hook)
    session.flush()
    for number, (state, age) in enumerate(
        ((JobState.FAILED, 366), (JobState.DONE, 364), (JobState.WAITING, 2000), (JobState.WORKING, 2000))
    ):
        session.add(
            Delivery(
                state=state,
                next_try=ago(age),
                ended_at=ago(age),
                webhook_id=hook.id,
                event=f"evt_{number}",
                place=number,
                kind="webhook.test",
                content="{}",
                created_at=ago(age),
            )
        )


def old_things(settings: Settings) -> Database:
    """A database in which some things are over their time."""
    database = Database(settings)
    with database.writing() as session:
        created = ago(900)
        user = User(email="a@b.example", name="A", password_hash="", role=Role.PROGRAMME, created_at=created)
        session.add(user)
        session.flush()
        fill(session, user)
    return database


@pytest.fixture
def database(both_settings: Settings) -> Iterator[Database]:
    """On SQLite and on PostgreSQL."""
    made = old_things(both_settings)
    yield made
    made.close()


def left(session: Session, table: type[RowT]) -> list[RowT]:
    return list(session.exec(select(table).order_by(table.__table__.c.id)).all())  # type: ignore[attr-defined]


WENT: Final = {
    "sessions": 2,
    "tokens": 2,
    "links": 2,
    "addresses": 1,
    "messages": 3,
    "batches": 0,
    "deliveries": 1,
    "footprint-messages": 1,
}


def test_what_is_over_its_time_goes_once_and_the_rest_stays(database: Database) -> None:
    with database.reading() as session:
        assert service.due(session, NOW) == WENT
        assert len(left(session, SignIn)) == 4, "to ask changes nothing"
    assert service.apply(database, NOW) == WENT
    assert service.apply(database, NOW) == dict.fromkeys(WENT, 0)
    with database.reading() as session:
        hashes = [
            {row.token_hash for row in rows}
            for rows in (left(session, SignIn), left(session, ApiToken), left(session, AccountLink))
        ]
        assert hashes == [{"2", "3"}] * 3
        assert {row.event for row in left(session, Delivery)} == {"evt_1", "evt_2", "evt_3"}
        kept = {(row.state, row.about) for row in left(session, OutgoingMail)}
        assert kept == {(JobState.DONE, None), (JobState.WAITING, None), (JobState.DONE, "certificate:1")}
        events = left(session, Event)
        refused = [event for event in events if event.action == "sign-in.refused"]
        assert [event.details for event in refused] == [{}, {"address": "192.0.2.7"}], "the act itself stays"
        assert all(event.details for event in events if event.action == "factory.registered")
        told = {event.details["kind"]: event.details["rows"] for event in events if event.action == "retention.applied"}
        assert told == {kind: rows for kind, rows in WENT.items() if rows}


def test_large_amounts_go_in_small_transactions(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    database = old_things(settings)
    monkeypatch.setattr(service, "AT_A_TIME", 1)
    assert service.apply(database, NOW) == WENT
    with database.reading() as session:
        told = [event for event in left(session, Event) if event.action == "retention.applied"]
        assert {event.details["rows"] for event in told} == {1}
        assert len(told) == sum(WENT.values())
    database.close()


def test_a_period_of_nought_keeps_for_ever(settings: Settings) -> None:
    database = old_things(settings.model_copy(update={"keep_sign_ins_days": 0, "keep_messages_days": 0}))
    assert service.apply(database, NOW) == dict.fromkeys(WENT, 0)
    database.close()


def test_a_refused_sign_in_of_long_ago_can_still_be_proved(world: World) -> None:
    """The tree holds a digest: the details can go without breaking it."""
    world.write(lambda session: record(session, Act(None, ago(91)), "sign-in.refused", "sign_in", "-", address="::1"))
    with world.database.reading() as session:
        before = next(event.details_digest for event in left(session, Event) if event.action == "sign-in.refused")
    service.apply(world.database, NOW)
    with world.database.reading() as session:
        event = next(event for event in left(session, Event) if event.action == "sign-in.refused")
        assert (event.details_digest, event.salt, event.details) == (before, None, {})


def test_as_a_command(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(commands, "settings", lambda: world.settings)
    monkeypatch.setattr(commands, "now", lambda: NOW)
    monkeypatch.setenv("ITTI_LANGUAGE", "en")
    user = world.create_user()
    world.write(lambda session: fill(session, user))
    assert cli.main(["retention", "apply", "--dry-run"]) == 0
    assert "ended browser sessions: 2" in capsys.readouterr().out
    assert cli.main(["retention", "apply"]) == 0
    assert f"Let go: {sum(WENT.values())}" in capsys.readouterr().out
    assert cli.main(["retention", "apply"]) == 0
    assert "Let go: 0" in capsys.readouterr().out


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_name(language: str) -> None:
    assert len({say("itti.retention", f"kind.{rule.name}", language) for rule in RULES}) == len(RULES)
