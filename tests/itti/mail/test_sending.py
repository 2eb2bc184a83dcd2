"""From the outbox to a real mail server, and what happens when that says no, later, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from sqlmodel import Session, select

from itti.accounts.tables import Role
from itti.acts import Act, now
from itti.database import Database
from itti.mail import sending
from itti.mail.errors import NoMailServer
from itti.mail.secrets import locked
from itti.mail.service import Letter, Recipient, post
from itti.mail.tables import OutgoingMail
from itti.mail.worker import worker
from itti.queue.rows import JobState
from itti.settings import MailSecurity, Settings
from tests.itti.conftest import World, make_settings, running_world
from tests.itti.mail.server import PASSWORD, USER, authenticate, certified, running
from tests.waiting import wait_for

NOURA = Recipient("noura@factory.example", "Noura", "en")


def through(world: World, port: int, **changes: Any) -> Settings:
    """Settings with a mail server on loopback."""
    mail: dict[str, Any] = {
        "mail_host": "127.0.0.1",
        "mail_port": port,
        "mail_security": MailSecurity.NONE,
        "mail_sender": "office@programme.example",
        "mail_seconds": 5,
    }
    return world.settings.model_copy(update=mail | changes)


def posted(world: World, to: Recipient = NOURA, letter: Letter = Letter("test", path="/")) -> OutgoingMail | None:
    return world.write(lambda session: post(session, Act(actor=None), to, letter))


def later(**by: int) -> Callable[[], datetime]:
    return lambda: now() + timedelta(**by)


def stored(world: World) -> list[OutgoingMail]:
    with world.database.reading() as session:
        rows = list(session.exec(select(OutgoingMail)).all())
        session.expunge_all()
        return rows


def parts(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(["plain"]), message.get_body(["html"])
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


def test_a_message_arrives_in_two_forms_and_is_marked(world: World) -> None:
    posted(world)
    with running() as (server, port):
        assert sending.send_due(world.database, through(world, port)) == 1
        assert sending.send_due(world.database, through(world, port)) == 0
    (message,) = server.taken
    (row,) = stored(world)
    assert server.recipients == ["noura@factory.example"]
    assert message["To"] == "Noura <noura@factory.example>"
    assert message["From"] == f"{world.settings.programme_name} <office@programme.example>"
    assert (message["Subject"], message["Auto-Submitted"]) == ("Test of the mail server", "auto-generated")
    assert message["Message-ID"] == f"<{row.id.hex}@programme.example>"
    plain, html = parts(message)
    for text in (plain, html):
        assert "Dear Noura," in text
        assert "Nothing has to be done." in text
        assert f"{world.settings.base_url}/" in text
    assert '<html lang="en" dir="ltr">' in html
    assert (row.state, row.attempts, row.reason) == (JobState.DONE, 1, None)


def test_in_arabic_from_right_to_left(world: World) -> None:
    posted(world, Recipient("noura@factory.example", "نورة", "ar"))
    with running() as (server, port):
        sending.send_due(world.database, through(world, port))
    plain, html = parts(server.taken[0])
    assert server.taken[0]["Subject"] == "تجربة خادم البريد"
    assert "نورة" in plain
    assert '<html lang="ar" dir="rtl">' in html
    assert server.taken[0]["Content-Language"] == "ar"


def test_names_can_neither_begin_a_header_nor_bring_markup(world: World) -> None:
    posted(world, Recipient("noura@factory.example", 'N<b>o</b>\r\nBcc: all@example.org "x"', "en"))
    with running() as (server, port):
        sending.send_due(world.database, through(world, port))
    (message,) = server.taken
    assert server.recipients == ["noura@factory.example"]
    assert message["Bcc"] is None
    assert "<b>o</b>" not in parts(message)[1]
    assert "&lt;b&gt;" in parts(message)[1]


def test_an_address_beyond_ascii(world: World) -> None:
    posted(world, Recipient("نورة@مصنع.example", "نورة", "ar"))
    with running() as (server, port):
        sending.send_due(world.database, through(world, port))
    assert server.recipients == ["نورة@مصنع.example"]


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
def test_safely_and_signed_in(world: World, tmp_path: Path, security: MailSecurity) -> None:
    posted(world)
    certificate = certified(tmp_path / "server.pem")
    signs_in = security is MailSecurity.STARTTLS  # under TLS from the first byte this server knows of no sign-in
    asks = {"authenticator": authenticate, "auth_required": True} if signs_in else {}
    safely = {"mail_security": security, "mail_user": USER if signs_in else "", "mail_roots": certificate}
    with running(certificate, tls=not signs_in, **asks) as (server, port):
        if signs_in:
            sending.send_due(world.database, through(world, port, **safely, mail_password=SecretStr("wrong")))
            (row,) = stored(world)
            assert (row.state, (row.reason or {})["code"]) == (JobState.WAITING, "mail-server-away")
        right = through(world, port, **safely, mail_password=SecretStr(PASSWORD))
        sending.send_due(world.database, right, later(minutes=1))
    assert len(server.taken) == 1


def test_a_server_without_the_security_asked_for_gets_nothing(world: World, tmp_path: Path) -> None:
    posted(world)
    with running() as (server, port):
        sending.send_due(world.database, through(world, port, mail_security=MailSecurity.STARTTLS))
        (row,) = stored(world)
        assert (row.state, (row.reason or {})["code"]) == (JobState.WAITING, "mail-server-unsafe")
    stranger = certified(tmp_path / "stranger.pem", "127.0.0.2")
    with running(stranger) as (other, port):
        for roots in (None, stranger):  # unknown to us, then known by another name
            safely = through(world, port, mail_security=MailSecurity.STARTTLS, mail_roots=roots)
            sending.send_due(world.database, safely, later(hours=1 if roots is None else 3))
            (row,) = stored(world)
            assert (row.state, (row.reason or {})["code"]) == (JobState.WAITING, "mail-server-unsafe")
    assert server.taken == other.taken == []


def test_a_server_that_is_down_or_busy_is_asked_again_less_and_less_often(world: World) -> None:
    posted(world)
    with running() as (server, port):
        pass
    at, waits = now(), []
    for _ in range(4):
        clock = at
        sending.send_due(world.database, through(world, port), lambda clock=clock: clock)  # type: ignore[misc]
        (row,) = stored(world)
        assert row.state is JobState.WAITING
        waits.append(row.next_try - at)
        at = row.next_try
    assert waits == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240)]
    with running() as (server, port):
        for answer in ("to_recipient", "to_data"):
            setattr(server, answer, "451 not now")
            sending.send_due(world.database, through(world, port), later(hours=1))
            assert stored(world)[0].state is JobState.WAITING
            assert "451 not now" in str(stored(world)[0].reason)
            setattr(server, answer, "")
        sending.send_due(world.database, through(world, port), later(hours=3))
    assert len(server.taken) == 1


@pytest.mark.parametrize("answer", ["to_recipient", "to_data"])
def test_what_is_refused_for_good_waits_for_the_office(world: World, answer: str) -> None:
    posted(world)
    with running() as (server, port):
        setattr(server, answer, "550 no such person")
        sending.send_due(world.database, through(world, port))
        (row,) = stored(world)
        assert (row.state, (row.reason or {})["code"]) == (JobState.FAILED, "message-refused")
        assert sending.send_due(world.database, through(world, port), later(days=1)) == 0
        setattr(server, answer, "")
        office = world.browser(world.create_user())
        assert "no such person" in office.get("/messages?state=failed").text
        assert "One message could not be sent" in office.get("/home").text
        assert office.post(f"/messages/{row.id}/retry").status_code == 303
        assert "The message is being sent again" in office.get("/messages").text
        sending.send_due(world.database, through(world, port), later(minutes=1))
    assert len(server.taken) == 1
    assert "could not be sent" not in office.get("/home").text


def test_what_comes_too_late_is_not_sent(world: World) -> None:
    posted(world, letter=Letter("test", path="/", life=timedelta(hours=1)))
    posted(world, letter=Letter("test", secret=locked(world.settings, "/join/secret"), life=timedelta(hours=1)))
    with running() as (server, port):
        sending.send_due(world.database, through(world, port), later(hours=2))
    assert server.taken == []
    rows = stored(world)
    assert {(row.state, (row.reason or {})["code"], row.secret) for row in rows} == {
        (JobState.FAILED, "message-too-late", None)
    }
    office = world.api(world.create_user())
    answers = {row.has_secret: office.post(f"/messages/{row.id}/retry") for row in rows}
    assert answers[False].json()["state"] == "waiting"
    assert (answers[True].status_code, answers[True].json()["code"]) == (409, "message-too-late")


def test_a_secret_link_lies_encrypted_until_it_is_sent(world: World) -> None:
    posted(world, letter=Letter("test", secret=locked(world.settings, "/join/s3cr3t")))
    (row,) = stored(world)
    assert "s3cr3t" not in row.model_dump_json()
    with running() as (server, port):
        sending.send_due(world.database, through(world, port, secret=SecretStr("another secret")))
        assert (stored(world)[0].reason or {})["code"] == "message-unreadable"
        world.api(world.create_user()).post(f"/messages/{row.id}/retry")
        sending.send_due(world.database, through(world, port), later(seconds=1))
    assert f"{world.settings.base_url}/join/s3cr3t" in parts(server.taken[0])[0]
    assert stored(world)[0].secret is None


def test_nobody_is_told_the_same_thing_twice_and_an_undone_act_tells_nobody(world: World) -> None:
    assert posted(world, letter=Letter("test", about="certificate TI-1 ends")) is not None
    assert posted(world, letter=Letter("test", about="certificate TI-1 ends")) is None

    def undone(session: Session) -> None:
        post(session, Act(actor=None), NOURA, Letter("test"))
        raise KeyError

    with pytest.raises(KeyError):
        world.write(undone)
    assert len(stored(world)) == 1


def test_killed_between_the_servers_word_and_ours_it_goes_out_again_under_the_same_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted(world)
    with running() as (server, port):
        chosen = through(world, port)
        with monkeypatch.context() as killed:

            def die(*_: object, **__: object) -> bool:
                raise SystemExit

            killed.setattr("itti.queue.claims.Queue.finish", die)
            with pytest.raises(SystemExit):
                sending.send_due(world.database, chosen)
        assert sending.send_due(world.database, chosen) == 0, "its claim still holds"
        assert sending.send_due(world.database, chosen, later(minutes=1)) == 1
    assert len({message["Message-ID"] for message in server.taken}) == 1
    assert len(server.taken) == 2
    assert stored(world)[0].state is JobState.DONE


def test_days_moments_and_names_by_language(world: World) -> None:
    from itti.mail.letters import packed

    assert packed(date(2026, 11, 22)) == {"day": "2026-11-22"}
    assert packed(datetime(2026, 11, 22, 8, tzinfo=UTC)) == {"moment": "2026-11-22T08:00:00+00:00"}
    assert packed({"en": "Mill", "ar": "مطحنة"}) == {"en": "Mill", "ar": "مطحنة"}
    assert (packed(3), packed("x")) == (3, "x")


def test_two_senders_on_one_database_send_each_message_once(both_settings: Settings) -> None:
    with running_world(both_settings) as world, running() as (server, port):
        for number in range(12):
            posted(world, Recipient(f"person{number}@example.org"))
        databases = [Database(both_settings) for _ in range(2)]
        workers = [worker(database, through(world, port)) for database in databases]
        for each in workers:
            each.start()
        wait_for(lambda: all(row.state is JobState.DONE for row in stored(world)))
        for each in workers:
            each.stop()
        for database in databases:
            database.close()
        assert sorted(server.recipients) == sorted(f"person{number}@example.org" for number in range(12))


def test_a_serving_process_sends_by_itself(settings: Settings) -> None:
    with running() as (server, port):
        mail = {"mail_host": "127.0.0.1", "mail_port": port, "mail_security": "none", "mail_sender": "a@b.example"}
        with running_world(make_settings(settings.data_folder, **mail)) as world:
            posted(world)
            wait_for(lambda: len(server.taken) == 1)


def test_who_may_see_the_outbox(world: World) -> None:
    posted(world)
    (row,) = stored(world)
    for role, status in ((Role.ASSESSOR, 403), (Role.FACTORY, 403), (Role.PROGRAMME, 200)):
        client = world.api(world.create_user(role))
        assert client.get("/messages").status_code == status
        assert client.post(f"/messages/{row.id}/retry").status_code == status
    assert world.api().get("/messages").status_code == 401
    office = world.api(world.create_user())
    missing = office.post("/messages/0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11/retry")
    assert (missing.status_code, missing.json()["code"]) == (404, "no-such-message")
    with running() as (_, port):
        sending.send_due(world.database, through(world, port), later(seconds=1))
    sent = office.post(f"/messages/{row.id}/retry")
    assert (sent.status_code, sent.json()["code"]) == (409, "message-not-waiting")
    listed = office.get("/messages", params={"state": "done"}).json()["items"]
    assert [(each["address"], each["letter"]) for each in listed] == [("noura@factory.example", "test")]
    assert office.get("/messages", params={"state": "failed"}).json()["items"] == []
    page = world.browser(world.create_user())
    page.post(f"/messages/{row.id}/retry")
    assert "There is nothing to send again" in page.get("/messages").text
    assert "Test of the mail server" in page.get("/messages").text


def test_settings_and_commands(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from itti import cli
    from itti.commands import mail

    def said(chosen: Settings, *words: str) -> tuple[int, str]:
        monkeypatch.setattr(mail, "settings", lambda: chosen)
        monkeypatch.setenv("ITTI_LANGUAGE", "en")
        code = cli.main(["mail", *words])
        told = capsys.readouterr()
        return code, told.out + told.err

    with pytest.raises(ValidationError, match="mail_sender"):
        Settings(_env_file=None, mail_host="mail.example")
    with pytest.raises(NoMailServer):
        sending.send_due(world.database, world.settings)
    code, told = said(world.settings, "test", "noura@factory.example")
    assert (code, "No mail server is set" in told) == (2, True)
    posted(world)
    code, told = said(world.settings, "list")
    assert (code, "noura@factory.example" in told) == (0, True)
    with running() as (server, port):
        chosen = through(world, port)
        server.to_recipient = "550 unknown"
        code, told = said(chosen, "send", "--once")
        assert (code, "Messages tried: 1." in told) == (1, True)
        code, told = said(chosen, "list")
        assert (code, "550 unknown" in told) == (1, True)
        code, told = said(chosen, "test", "nobody@factory.example")
        assert (code, "550 unknown" in told) == (1, True)
        server.to_recipient = ""
        assert said(chosen, "test", "noura@factory.example")[0] == 0
    assert len(server.taken) == 1
