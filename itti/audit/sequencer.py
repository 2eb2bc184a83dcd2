"""The sequencer of a serving process: a thread that takes acts into the tree at short intervals.

Any number of processes may do so on one database: they take turns, and who finds nothing does nothing.
"""

from __future__ import annotations

import logging
import threading

from itti.audit.sequencing import is_anything_waiting, sequence
from itti.database import Database
from itti.http.errors import Busy
from reports.notes import Signer

_logger = logging.getLogger("itti")


class Sequencer:
    """Works from :meth:`start` to :meth:`stop`."""

    def __init__(self, database: Database, signer: Signer, seconds: float) -> None:
        self._database, self._signer, self._seconds = database, signer, seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="record", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Take in what waits, and end."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._seconds):
            self._once()
        self._once()

    def _once(self) -> None:
        try:
            with self._database.reading() as session:
                if not is_anything_waiting(session):
                    return
            with self._database.writing() as session:
                sequence(session, self._signer)
        except Busy:
            _logger.warning("acts could not be taken into the record: the database is busy; the next turn tries again")
        except Exception:
            # Whatever it is, the next turn tries again.
            _logger.exception("acts could not be taken into the record")
