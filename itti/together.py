"""Several writing transactions that share one commit, where the database takes one writer at a time.

A commit that a fall of the machine cannot undo waits for the disk, which takes as long as all else that a request does.
So those who wait for their turn anyway go in one transaction, each in a savepoint of its own that is undone alone, and
nobody is told of anything before that transaction is on the disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from itti.database import Database
from itti.http.errors import Busy

MOST: Final = 16
"""Parts of one transaction: more save hardly any time, and make the first of them wait longer."""


class Shared:
    """One transaction on SQLite, for several parts one after the other."""

    def __init__(self, database: Database) -> None:
        """Begin it.

        Raises:
            Busy: the database does not let us in within five seconds.
        """
        self._database = database
        self._connection = database.begin_writing()
        self._parts = 0
        self._lost = False
        self._stored = False
        self._why: DBAPIError | None = None
        self.is_over = False

    @property
    def is_full(self) -> bool:
        """Whether no part should join it any more."""
        return self._lost or self._parts >= MOST

    @contextmanager
    def part(self) -> Iterator[Session]:
        """A session whose changes stay if the block ends without an error, and are undone alone if it does not."""
        self._parts += 1
        try:
            with self._database.session(self._connection) as session:
                session.connection()
                yield session
                session.commit()
        finally:
            # Where the disk is full or fails, SQLite undoes all of a transaction by itself, the parts before as well.
            self._lost = self._lost or not self._is_going_on()

    def finish(self) -> None:
        """Commit all parts, or none; :meth:`check` tells."""
        try:
            if not self._lost:
                self._connection.commit()
                self._stored = True
        except DBAPIError as error:
            self._why = error
        finally:
            self.is_over = True
            if not self._stored:
                self._connection.invalidate()  # closed for good, which undoes whatever is left of it
            self._connection.close()

    def check(self) -> None:
        """Whether all parts were stored.

        Raises:
            Busy: nothing of any part was.
        """
        if not self._stored:
            raise Busy from self._why

    def _is_going_on(self) -> bool:
        if self._connection.invalidated:
            return False
        driver = self._connection.connection.driver_connection
        return driver is not None and bool(driver.in_transaction)
