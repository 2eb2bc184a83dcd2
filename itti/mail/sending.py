"""Sending what waits in the outbox: taken, handed to the mail server, marked.

A message is marked only after the server has accepted it. A process that is killed in between sends it once more,
under the same ``Message-ID``: rather twice than never.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from itti.acts import now
from itti.calendar.zones import day_in
from itti.database import Database
from itti.mail.errors import (
    MailServerAway,
    MailServerUnsafe,
    MessageRefused,
    MessageTooLate,
    NoMailServer,
    SendingBrokeDown,
)
from itti.mail.letters import Sender, written
from itti.mail.secrets import unlocked
from itti.mail.service import PATH
from itti.mail.tables import OutgoingMail
from itti.queue.claims import Patience, Queue
from itti.settings import MailSecurity, Settings
from questionnaires.errors import Fault

QUEUE: Final = Queue(
    OutgoingMail,
    lambda: SendingBrokeDown(reason="killed"),
    (col(OutgoingMail.created_at).asc(),),
    Patience(first=timedelta(seconds=30), longest=timedelta(hours=1)),
)
"""All messages; of those due at once the oldest comes first."""

_PORTS: Final = {MailSecurity.STARTTLS: 587, MailSecurity.TLS: 465, MailSecurity.NONE: 25}
_LASTING: Final = 500
"""SMTP answers from here on say no for good; below, not now."""

Clock = Callable[[], datetime]

_logger = logging.getLogger("itti")


@dataclass(frozen=True)
class InHand:
    """A message that this process has claimed."""

    claim: UUID
    row: OutgoingMail


def send_due(database: Database, settings: Settings, clock: Clock = now) -> int:
    """Send all messages that are due by ``clock``; returns how many tries it took.

    Raises:
        NoMailServer: none is set.
    """
    if not settings.mail_host:
        raise NoMailServer
    tries = 0
    while (taken := take(database, clock)) is not None:
        send(database, settings, taken, clock)
        tries += 1
    return tries


def take(database: Database, clock: Clock = now) -> InHand | None:
    """Claim the next message, if any is due."""
    with database.reading() as session:
        if not QUEUE.is_anything_due(session, clock()):
            return None
    with database.writing() as session:
        row = QUEUE.claim(session, clock())
        if row is None or row.claim is None:
            return None
        session.expunge(row)
        return InHand(row.claim, row)


def send(database: Database, settings: Settings, taken: InHand, clock: Clock = now) -> None:
    """Hand one message to the mail server and mark it; a failure is noted with the message."""
    try:
        _hand_over(settings, taken.row, clock())
    except Exception as error:  # noqa: BLE001 - whatever it was, it has to be seen with the message
        fault = error if isinstance(error, Fault) else _unforeseen(error)
        with database.writing() as session:
            _put_off(session, taken, fault, clock())
        return
    with database.writing() as session:
        QUEUE.finish(session, taken.claim, clock(), secret=sa.null())


def _put_off(session: Session, taken: InHand, fault: Fault, at: datetime) -> None:
    if isinstance(fault, MessageTooLate):
        lost = sa.update(OutgoingMail).where(col(OutgoingMail.claim) == taken.claim).values(secret=None)
        session.execute(lost)
    noted = QUEUE.put_off(session, taken.claim, fault, at, broke_down=isinstance(fault, SendingBrokeDown))
    if noted is not None:
        _logger.warning("a message %r was not sent (%s)", taken.row.letter, fault.code)


def _unforeseen(error: Exception) -> Fault:
    _logger.error("sending a message failed in a way nobody foresaw", exc_info=error)
    return SendingBrokeDown(reason=type(error).__name__)


def _hand_over(settings: Settings, row: OutgoingMail, at: datetime) -> None:
    if row.until < at or row.has_lost_its_secret:
        raise MessageTooLate(until=day_in(settings.zone, row.until).isoformat())
    path = row.details.get(PATH) if row.secret is None else unlocked(settings, row.secret)
    names = {"en": settings.programme_name, "ar": settings.programme_name_ar}
    message = written(row, Sender(settings.mail_sender, names, settings.base_url, settings.reckoning), path)
    with _in_words(settings.mail_host), _server(settings) as server:
        _deliver(server, message, settings.mail_sender, row.address)


def _deliver(server: smtplib.SMTP, message: EmailMessage, sender: str, address: str) -> None:
    utf8 = not (address.isascii() and sender.isascii())
    if utf8 and not server.has_extn("smtputf8"):
        raise MessageRefused(address=address, reason="SMTPUTF8")
    options = ["SMTPUTF8", "BODY=8BITMIME"] if utf8 else []
    server.send_message(message, sender, [address], mail_options=options)


@contextmanager
def _server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """A connection to the mail server, signed in, and safe from others as far as is asked for."""
    port = settings.mail_port or _PORTS[settings.mail_security]
    trusted = ssl.create_default_context(cafile=None if settings.mail_roots is None else str(settings.mail_roots))
    if settings.mail_security is MailSecurity.TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.mail_host, port, timeout=settings.mail_seconds, context=trusted
        )
    else:
        server = smtplib.SMTP(settings.mail_host, port, timeout=settings.mail_seconds)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.mail_security is MailSecurity.STARTTLS:
            server.starttls(context=trusted)
            server.ehlo()
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password.get_secret_value())
        yield server
    finally:
        # Whatever the server says to that: it has accepted the message by now, or refused it.
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


@contextmanager
def _in_words(host: str) -> Iterator[None]:
    """What went wrong with a mail server, as faults of ours."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        (address, (code, said)) = next(iter(error.recipients.items()))
        raise _answer(host, code, said, address) from error
    except smtplib.SMTPSenderRefused as error:
        raise MailServerAway(host=host, reason=_told(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPAuthenticationError as error:
        raise MailServerAway(host=host, reason=_told(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailServerUnsafe(host=host, reason=str(error)) from error
    except smtplib.SMTPDataError as error:
        raise _answer(host, error.smtp_code, error.smtp_error, "") from error
    except ssl.SSLError as error:
        raise MailServerUnsafe(
            host=host, reason=getattr(error, "verify_message", "") or error.reason or "TLS"
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailServerAway(host=host, reason=getattr(error, "strerror", None) or str(error)) from error


def _answer(host: str, code: int, said: bytes | str, address: str) -> Fault:
    """A refusal for good is one of the message; any other passes."""
    told = _told(code, said)
    return MessageRefused(address=address, reason=told) if code >= _LASTING else MailServerAway(host=host, reason=told)


def _told(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(words.split())}"[:300]
