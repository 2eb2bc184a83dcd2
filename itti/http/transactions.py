"""One request, one transaction; committed before the response leaves, undone by any error.

Requests wait for the database without holding a thread. If they waited inside the thread pool, the one request
that holds the write lock could find no thread to finish in, and all would time out together. Measured with
50 clients and 200 writes to SQLite: waiting in threads, 152 fail and it takes 44 s; waiting here, none and 2 s.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from typing import Annotated, Final, TypeVar

import anyio
from anyio.to_thread import run_sync
from fastapi import Depends, Request
from sqlmodel import Session

from itti.database import CONNECTIONS, Database
from itti.http.errors import Busy
from itti.together import Shared

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
ResultT = TypeVar("ResultT")


class Turnstile:
    """Lets as many requests to the database as it has connections, and one writer at a time to SQLite."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._places = anyio.Semaphore(CONNECTIONS)
        self._turn = anyio.Semaphore(1)
        self._shared: Shared | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """A transaction that cannot write."""
        async with self._places, _in_threads(self.database.reading()) as session:
            yield session

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Session]:
        """A transaction that commits when the block ends without an error."""
        if self.database.is_sqlite:
            async with self._writing_together() as session:
                yield session
        else:
            async with self._places, _in_threads(self.database.writing()) as session:
                yield session

    @asynccontextmanager
    async def _writing_together(self) -> AsyncIterator[Session]:
        """The same on SQLite: a part of a transaction that those share who wait for their turn."""
        shared: Shared | None = None
        try:
            async with self._turn:
                shared = await self._joined()
                async with _in_threads(shared.part()) as session:
                    yield session
        except BaseException:
            # Even a refusal may rest on what another part has written: it is told once that is stored.
            with suppress(Busy):
                await self._settled(shared)
            raise
        await self._settled(shared)

    async def _joined(self) -> Shared:
        """The transaction that is open, or a new one."""
        if self._shared is not None and self._shared.is_full:
            await self._finish(self._shared)
        if self._shared is not None:
            return self._shared
        await self._places.acquire()
        try:
            self._shared = await run_sync(Shared, self.database)
        except BaseException:
            self._places.release()
            raise
        return self._shared

    async def _settled(self, shared: Shared | None) -> None:
        """Wait until a shared transaction is stored: behind all who wait by now, unless one of them sees to it before.

        Raises:
            Busy: it could not be stored.
        """
        if shared is None:
            return
        with anyio.CancelScope(shield=True):
            if not shared.is_over:
                async with self._turn:
                    if not shared.is_over:
                        await self._finish(shared)
        shared.check()

    async def _finish(self, shared: Shared) -> None:
        self._shared = None
        try:
            with anyio.CancelScope(shield=True):
                await run_sync(shared.finish)
        finally:
            self._places.release()

    async def write_alone(self, work: Callable[[Session], ResultT]) -> ResultT:
        """``work`` in a writing transaction that it shares with nobody, and without changing threads meanwhile.

        For what brings many together itself (:mod:`itti.http.gathering`).
        """
        if not self.database.is_sqlite:
            async with self._places:
                return await run_sync(self._written, work)
        async with self._turn:
            if self._shared is not None:
                await self._finish(self._shared)
            async with self._places:
                return await run_sync(self._written, work)

    def _written(self, work: Callable[[Session], ResultT]) -> ResultT:
        with self.database.writing() as session:
            return work(session)

    async def read(self, work: Callable[[Session], ResultT]) -> ResultT:
        """``work`` in a reading transaction of its own."""
        async with self.reading() as session:
            return await run_sync(work, session)

    async def write(self, work: Callable[[Session], ResultT]) -> ResultT:
        """``work`` in a writing transaction of its own."""
        async with self.writing() as session:
            return await run_sync(work, session)


@asynccontextmanager
async def _in_threads(transaction: AbstractContextManager[Session]) -> AsyncIterator[Session]:
    """Enter and leave a blocking context in worker threads; left even when the request is cancelled."""
    session = await run_sync(transaction.__enter__)
    try:
        yield session
    except BaseException as error:
        with anyio.CancelScope(shield=True):
            # The context undoes the transaction; what it raises in place of the error is shown instead.
            await run_sync(transaction.__exit__, type(error), error, error.__traceback__)
        raise
    with anyio.CancelScope(shield=True):
        await run_sync(transaction.__exit__, None, None, None)


def turnstile(request: Request) -> Turnstile:
    """The way to the database of the application that serves ``request``."""
    found: Turnstile = request.app.state.turnstile
    return found


async def transaction(request: Request) -> AsyncIterator[Session]:
    """The transaction of a request: reading for GET, writing for all other methods."""
    gate = turnstile(request)
    async with gate.reading() if request.method in _SAFE else gate.writing() as session:
        yield session


async def reading(request: Request) -> AsyncIterator[Session]:
    """A reading transaction, for unsafe methods that store nothing."""
    async with turnstile(request).reading() as session:
        yield session


Transaction = Annotated[Session, Depends(transaction, scope="function")]
"""The session of this request. ``scope="function"``: committed before the response is sent, so that nobody is
told of something that then fails to be stored."""

Reading = Annotated[Session, Depends(reading, scope="function")]
TurnstileOf = Annotated[Turnstile, Depends(turnstile)]
