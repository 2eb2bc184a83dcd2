"""What can go wrong with messages."""

from typing import Any, ClassVar, Final

from itti.errors import HttpFault
from itti.http.errors import Conflict, NotFound
from questionnaires.errors import Fault

ROOM: Final = "itti.mail"


class NoSuchMessage(NotFound):
    """The outbox holds no such message; details: ``message``."""

    code = "no-such-message"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"message": "0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11"}


class MessageNotWaiting(Conflict):
    """The message is sent, or being sent: there is nothing to try again; details: ``address``."""

    code = "message-not-waiting"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"address": "noura@factory.example"}


class MailServerAway(HttpFault):
    """The mail server cannot be reached or puts us off; ``reason`` is what it says."""

    code = "mail-server-away"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 503
    retryable: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"host": "mail.programme.example", "reason": "connection refused"}


class MailServerUnsafe(HttpFault):
    """The mail server cannot be trusted with the message: no TLS, or not with its own name; ``reason`` says which."""

    code = "mail-server-unsafe"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 503
    retryable: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"host": "mail.programme.example", "reason": "STARTTLS is not offered"}


class MessageRefused(Fault):
    """The mail server takes the message never; ``reason`` is what it says."""

    code = "message-refused"
    room = ROOM


class MessageTooLate(Conflict):
    """The time in which the message was of use is over; details: ``until``."""

    code = "message-too-late"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"until": "2026-11-22"}


class MessageUnreadable(Fault):
    """Its secret was encrypted under another ``ITTI_SECRET``."""

    code = "message-unreadable"
    room = ROOM


class SendingBrokeDown(Fault):
    """Sending ended in a way nobody foresaw, or its process was killed; details: ``reason``."""

    code = "sending-broke-down"
    room = ROOM


class NoMailServer(HttpFault):
    """No mail server is set."""

    code = "no-mail-server"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 503
