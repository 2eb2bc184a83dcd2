"""What can go wrong with webhooks."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from itti.errors import FieldMistake, HttpFault
from itti.http.errors import Conflict, NotFound
from questionnaires.errors import Fault

ROOM: Final = "itti.webhooks"


class NoSuchWebhook(NotFound):
    """There is no such webhook, or none of one's own; details: ``webhook``."""

    code = "no-such-webhook"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"webhook": "0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11"}


class NoSuchDelivery(NotFound):
    """The webhook has no such delivery; details: ``delivery``."""

    code = "no-such-delivery"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"delivery": "5d0c7d6c-3d42-4a52-8a3e-2a3a7a0b6f21"}


class DeliveryUnderWay(Conflict):
    """The delivery is being made just now; details: ``delivery``."""

    code = "delivery-under-way"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"delivery": "5d0c7d6c-3d42-4a52-8a3e-2a3a7a0b6f21"}


class TooManyWebhooks(Conflict):
    """The office, body or factory has as many webhooks as it may; details: ``most``."""

    code = "too-many-webhooks"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"most": 10}


class WebhookAddressUnsafe(HttpFault):
    """The address is none that may be called; details: ``host``."""

    code = "webhook-address-unsafe"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 422
    retryable: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"host": "10.0.0.7"}

    def __init__(self, *, host: str) -> None:
        super().__init__(host=host)
        self.mistakes = (FieldMistake("/address", "address-unsafe", {"host": host}, ROOM),)


class ReceiverFailed(Fault):
    """The receiver did not take an event; ``reason`` is what came back. It is tried again while ``retryable``."""

    code = "receiver-failed"
    room: ClassVar[str] = ROOM

    def __init__(self, *, host: str, reason: str, retryable: bool) -> None:
        super().__init__(host=host, reason=reason)
        self.retryable = retryable


class WebhookSecretUnreadable(Fault):
    """The secret was encrypted under another secret of the service."""

    code = "webhook-secret-unreadable"
    room: ClassVar[str] = ROOM
