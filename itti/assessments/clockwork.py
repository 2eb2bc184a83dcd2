"""The clockwork of a serving process: it does what time demands every few minutes (:mod:`itti.assessments.due`)."""

from __future__ import annotations

import logging
import threading

from itti.acts import now
from itti.assessments.due import work_off
from itti.database import Database

_logger = logging.getLogger("itti")


class Clockwork:
    """Strikes once at the start and then every ``minutes``, from :meth:`start` to :meth:`stop`."""

    def __init__(self, database: Database, minutes: float) -> None:
        self._database, self._seconds = database, minutes * 60
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clockwork", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the move in hand."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                work_off(self._database, now())
            except Exception:
                # The database is out of reach for a moment, say: what is due now is due at the next stroke as well.
                _logger.exception("the clockwork could not do what is due")
            self._stopping.wait(self._seconds)
