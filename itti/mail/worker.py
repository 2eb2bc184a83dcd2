"""The worker for messages (:mod:`itti.queue.worker`), inside a serving process or in one of its own."""

from __future__ import annotations

from functools import partial

from itti.database import Database
from itti.mail import sending
from itti.queue.worker import Trade, Worker
from itti.settings import Settings


def worker(database: Database, settings: Settings) -> Worker[sending.InHand]:
    """Who sends messages, one after the other, from its start to its stop."""
    take, send = partial(sending.take, database), partial(sending.send, database, settings)
    return Worker(database, Trade("mail", sending.QUEUE, take, send), 1)
