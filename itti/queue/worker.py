"""The worker of a queue: threads inside a serving process or in one of its own.

Any number of workers may share a database: rows are claimed, and claims of a process that was killed end by
themselves (:mod:`itti.queue.claims`).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, Protocol, TypeVar
from uuid import UUID

from itti.acts import now
from itti.database import Database
from itti.queue.claims import CLAIM, Queue

PAUSE: Final = 1.0
"""Seconds between two looks at an empty queue."""

RENEWAL: Final = CLAIM.total_seconds() / 3
"""Seconds after which what is in hand is claimed anew."""

LAST_TRIES: Final = 10.0
"""Seconds that a worker which stops gives to what it has in hand."""

Clock = Callable[[], datetime]

_logger = logging.getLogger("itti")


class InHand(Protocol):
    """What a worker has taken from its queue."""

    @property
    def claim(self) -> UUID:
        """Name of the claim."""


TakenT = TypeVar("TakenT", bound=InHand)


@dataclass(frozen=True)
class Trade(Generic[TakenT]):
    """What a worker does, one row at a time."""

    name: str
    """Of its threads, and in the log."""

    queue: Queue[Any]
    take: Callable[[], TakenT | None]
    """Claim what is due, and commit; None: nothing is due."""

    make: Callable[[TakenT], None]
    """Do it and hand it in; a failure is noted with the row."""


class Worker(Generic[TakenT]):
    """Works a queue off, ``hands`` rows at a time, from :meth:`start` to :meth:`stop`."""

    def __init__(self, database: Database, trade: Trade[TakenT], hands: int) -> None:
        self._database, self._trade, self._hands = database, trade, hands
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=trade.name, daemon=True)
        self._in_hand: dict[Future[None], UUID] = {}

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more, give what is in hand a few seconds, and leave what remains to others."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        threads = ThreadPoolExecutor(self._hands, thread_name_prefix=self._trade.name)
        renewed = time.monotonic()
        while not self._stopping.is_set():
            self._forget_finished()
            try:
                while len(self._in_hand) < self._hands and (taken := self._trade.take()) is not None:
                    self._in_hand[threads.submit(self._make, taken)] = taken.claim
                if self._in_hand and time.monotonic() - renewed >= RENEWAL:
                    renewed = time.monotonic()
                    with self._database.writing() as session:
                        self._trade.queue.renew(session, set(self._in_hand.values()), now())
            except Exception:
                # The database is out of reach for a moment, say. Whatever it is, the work must go on.
                _logger.exception("the worker for %s could not look at its queue", self._trade.name)
            self._rest()
        self._leave(threads)

    def _make(self, taken: TakenT) -> None:
        try:
            self._trade.make(taken)
        except Exception:
            _logger.exception("a job of %s could not be handed in; its claim ends by itself", self._trade.name)

    def _rest(self) -> None:
        """Until something was finished or the pause is over; a worker that stops does not wait for it."""
        if len(self._in_hand) < self._hands:
            self._stopping.wait(PAUSE if not self._in_hand else PAUSE / 4)
        else:
            wait(self._in_hand, PAUSE, FIRST_COMPLETED)

    def _forget_finished(self) -> None:
        self._in_hand = {future: claim for future, claim in self._in_hand.items() if not future.done()}

    def _leave(self, threads: ThreadPoolExecutor) -> None:
        wait(self._in_hand, LAST_TRIES)
        self._forget_finished()
        threads.shutdown(wait=False, cancel_futures=True)
        if self._in_hand:
            try:
                with self._database.writing() as session:
                    self._trade.queue.give_up(session, set(self._in_hand.values()), now())
            except Exception:
                _logger.exception("claims could not be given up; they end by themselves")
