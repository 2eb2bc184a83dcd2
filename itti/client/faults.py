"""What can go wrong between a tool and the service: the base of all of it, and what no answer of the service says."""

from __future__ import annotations

from typing import ClassVar


class ClientFault(Exception):
    """Base of everything that this client raises; ``code`` is stable."""

    code: ClassVar[str] = "client-fault"


class Unreachable(ClientFault):
    """No answer came, however often it was asked. Whether a write was done is unknown; the cause is chained."""

    code = "unreachable"

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"{self.code}: {address}")


class InexactNumber(ClientFault):
    """A binary float was to be sent. Send a whole number, a :class:`~decimal.Decimal` or its text."""

    code = "inexact-number"


class UnreadableAnswer(ClientFault):
    """What came is not what the API describes: another service answers at this address, or a much newer one."""

    code = "unreadable-answer"


class ForeignLink(ClientFault):
    """A list leads on to another service, which must not see the token."""

    code = "foreign-link"
