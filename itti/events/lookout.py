"""Waiting for the record to grow, without a thread and without a connection of the database.

However many requests wait, one of them at a time looks how long the record is, about once a second, and tells the
others. Who waits holds nothing but a little memory.
"""

from __future__ import annotations

import time
from typing import Final

import anyio

from itti.events.feed import length
from itti.http.transactions import Turnstile

PACE: Final = 1.0
"""Seconds from one look to the next."""

MOST: Final = 500
"""So many requests of one process may wait; whoever else asks is answered at once."""


class Lookout:
    """Where the requests of one process wait."""

    def __init__(self, gate: Turnstile) -> None:
        self._gate = gate
        self._waiting = 0
        self._over = False
        self._length = 0
        self._due = 0.0
        self._round: anyio.Event | None = None
        self._ended: anyio.Event | None = None

    def end(self) -> None:
        """Let nobody wait any longer, since the process is to stop."""
        self._over = True
        if self._ended is not None:
            self._ended.set()

    async def beyond(self, place: int, seconds: float) -> bool:
        """Wait until the record holds more than ``place`` acts; False: the time was over first, or there is no room."""
        if self._waiting >= MOST:
            return False
        self._waiting += 1
        try:
            with anyio.move_on_after(seconds):
                while not self._over:
                    if await self._looked() > place:
                        return True
            return False
        finally:
            self._waiting -= 1

    async def _looked(self) -> int:
        """How long the record was at the end of the round that is on; without one, a round of one's own."""
        if self._round is not None:
            await self._round.wait()
            return self._length
        self._round = mine = anyio.Event()
        self._ended = self._ended or anyio.Event()
        try:
            # Whoever takes over from one whose time ran out looks when that one would have.
            with anyio.move_on_after(max(0.0, self._due - time.monotonic())):
                await self._ended.wait()
            if not self._over:
                self._length = await self._gate.read(length)
                self._due = time.monotonic() + PACE
        finally:
            self._round = None
            mine.set()
        return self._length
