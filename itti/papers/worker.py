"""The worker: threads that feed the presses with papers, inside a serving process or in one of its own.

Any number of workers may share a database: jobs are claimed, and claims of a process that was killed end by
themselves (:mod:`itti.papers.claims`).
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Final
from uuid import UUID

from itti.acts import now
from itti.certificates.office import Office
from itti.database import Database
from itti.papers import claims, making
from itti.papers.claims import CLAIM, Claimed

PAUSE: Final = 1.0
"""Seconds between two looks at an empty queue."""

_RENEWAL: Final = CLAIM.total_seconds() / 3
_LAST_PAPERS: Final = 10.0
"""Seconds that a worker which stops gives the papers in hand."""

_logger = logging.getLogger("itti")


class Worker:
    """Makes papers, ``hands`` at a time, from :meth:`start` to :meth:`stop`."""

    def __init__(self, database: Database, office: Office, hands: int) -> None:
        self._database, self._office, self._hands = database, office, hands
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="papers", daemon=True)
        self._in_hand: dict[Future[None], UUID] = {}

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more jobs, give those in hand a few seconds, and leave what remains to others."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        threads = ThreadPoolExecutor(self._hands, thread_name_prefix="paper")
        renewed = time.monotonic()
        while not self._stopping.is_set():
            self._forget_finished()
            try:
                while len(self._in_hand) < self._hands and (claimed := making.take(self._database)) is not None:
                    self._in_hand[threads.submit(self._make, claimed)] = claimed.claim
                if self._in_hand and time.monotonic() - renewed >= _RENEWAL:
                    renewed = time.monotonic()
                    with self._database.writing() as session:
                        claims.renew(session, set(self._in_hand.values()), now())
            except Exception:
                # The database is out of reach for a moment, say. Whatever it is, papers must go on being made.
                _logger.exception("the worker for papers could not look at its queue")
            self._rest()
        self._leave(threads)

    def _make(self, claimed: Claimed) -> None:
        try:
            making.make(self._database, self._office, claimed)
        except Exception:
            _logger.exception("a paper could not be handed in; its claim ends by itself")

    def _rest(self) -> None:
        """Until something was finished or the pause is over; a worker that stops does not wait for it."""
        if len(self._in_hand) < self._hands:
            self._stopping.wait(PAUSE if not self._in_hand else PAUSE / 4)
        else:
            wait(self._in_hand, PAUSE, FIRST_COMPLETED)

    def _forget_finished(self) -> None:
        self._in_hand = {future: claim for future, claim in self._in_hand.items() if not future.done()}

    def _leave(self, threads: ThreadPoolExecutor) -> None:
        wait(self._in_hand, _LAST_PAPERS)
        self._forget_finished()
        threads.shutdown(wait=False, cancel_futures=True)
        if self._in_hand:
            try:
                with self._database.writing() as session:
                    claims.give_up(session, set(self._in_hand.values()), now())
            except Exception:
                _logger.exception("claims could not be given up; they end by themselves")
