"""Webhooks: addresses that are told of events, and what became of each call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from itti.client.exact import given
from itti.client.room import PAGE, Room
from itti.client.views import Sent
from itti.client.wire import Name, path


class Webhook(Sent):
    """An address that is told of events."""

    schema_name: ClassVar[str] = "WebhookView"

    id: UUID
    version: int
    address: str
    label: str
    types: tuple[str, ...]
    """Empty: all."""

    created_at: datetime
    paused_at: datetime | None
    earlier_secret_until: datetime | None


class WebhookWithSecret(Webhook):
    """The same with a new secret, which is shown this once."""

    schema_name: ClassVar[str] = "WebhookSecretView"

    secret: str


class Delivery(Sent):
    """One event on its way to a webhook."""

    schema_name: ClassVar[str] = "DeliveryView"

    id: UUID
    event: str
    type: str
    state: str
    """``waiting``, ``working``, ``done`` or ``failed`` (given up)."""

    attempts: int
    status: int | None
    created_at: datetime
    ended_at: datetime | None
    next_try: datetime | None
    code: str | None
    reason: str | None


class Replay(Sent):
    """How many events are on their way again."""

    schema_name: ClassVar[str] = "ReplayView"

    events: int


class Webhooks(Room):
    """The webhooks of one's own office, body or factory; a machine has none."""

    def list_webhooks(self) -> Iterator[Webhook]:
        """All, the oldest first."""
        return self.wire.each(Webhook, "/webhooks")

    def add_webhook(
        self, address: str, *, label: str | None = None, types: Sequence[str] | None = None
    ) -> WebhookWithSecret:
        """Have an https address told of events from now on; ``types`` None: of all."""
        body = given(address=address, label=label, types=types)
        return self.wire.write(WebhookWithSecret, "POST", "/webhooks", body=body)

    def read_webhook(self, webhook_id: Name) -> Webhook:
        """One of them."""
        return self.wire.read(Webhook, path("webhooks", webhook_id))

    def change_webhook(
        self,
        webhook_id: Name,
        *,
        address: str,
        label: str | None = None,
        types: Sequence[str] | None = None,
        tag: str | None = None,
    ) -> Webhook:
        """Replace address, label and types, with the secret as it is; what is not named is empty afterwards.

        ``tag`` None: against what this client has last seen of it.

        Raises:
            Stale: somebody else has changed it since.
        """
        where = path("webhooks", webhook_id)
        body = given(address=address, label=label, types=types)
        return self.wire.write(Webhook, "PUT", where, body=body, tag=tag or self.wire.tags.of(where))

    def remove_webhook(self, webhook_id: Name) -> None:
        """Call it no more; what was not delivered goes with it."""
        self.wire.send("DELETE", path("webhooks", webhook_id))

    def pause_webhook(self, webhook_id: Name) -> Webhook:
        """Let it rest; what happens meanwhile is sent once it goes on."""
        where = path("webhooks", webhook_id)
        return self.wire.write(Webhook, "POST", f"{where}/pause", keep=where)

    def resume_webhook(self, webhook_id: Name) -> Webhook:
        """Let it go on."""
        where = path("webhooks", webhook_id)
        return self.wire.write(Webhook, "POST", f"{where}/resumption", keep=where)

    def renew_webhook_secret(self, webhook_id: Name) -> WebhookWithSecret:
        """Give it a new secret; for 24 hours calls are signed by both."""
        return self.wire.write(WebhookWithSecret, "POST", path("webhooks", webhook_id, "secret"))

    def test_webhook(self, webhook_id: Name) -> Delivery:
        """Send an event that says nothing; :meth:`list_deliveries` tells what became of it."""
        return self.wire.write(Delivery, "POST", path("webhooks", webhook_id, "test"))

    def list_deliveries(self, webhook_id: Name, *, state: str | None = None) -> Iterator[Delivery]:
        """What was, is and could not be delivered, the newest event first; ``state`` ``failed``: what was given up."""
        return self.wire.each(Delivery, path("webhooks", webhook_id, "deliveries"), state=state, limit=PAGE)

    def retry_delivery(self, webhook_id: Name, delivery_id: Name) -> Delivery:
        """Send one event again, or before its next try."""
        where = path("webhooks", webhook_id, "deliveries", delivery_id, "retry")
        return self.wire.write(Delivery, "POST", where)

    def replay_events(
        self, webhook_id: Name, *, since: datetime, until: datetime, failed: bool | None = None
    ) -> Replay:
        """Send all events of a span of time again; ``failed``: only those that were given up."""
        body = given(since=since, until=until, failed=failed)
        return self.wire.write(Replay, "POST", path("webhooks", webhook_id, "replay"), body=body)
