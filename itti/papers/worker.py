"""The worker for papers (:mod:`itti.queue.worker`), inside a serving process or in one of its own."""

from __future__ import annotations

from functools import partial

from itti.certificates.office import Office
from itti.database import Database
from itti.papers import making
from itti.papers.claims import QUEUE, Claimed
from itti.queue.worker import Trade, Worker


def worker(database: Database, office: Office, hands: int) -> Worker[Claimed]:
    """Who makes papers, ``hands`` at a time, from its start to its stop."""
    take, make = partial(making.take, database), partial(making.make, database, office)
    return Worker(database, Trade("papers", QUEUE, take, make), hands)
