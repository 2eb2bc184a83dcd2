"""The clockwork of a serving process: it does what time demands every few minutes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from itti.acts import now

_logger = logging.getLogger("itti")


class Clockwork:
    """Strikes once at the start and then every ``minutes``, from :meth:`start` to :meth:`stop`.

    At each stroke all that is ``due`` is done with the time of the stroke; what fails waits for the next one.
    """

    def __init__(self, due: Sequence[Callable[[datetime], object]], minutes: float) -> None:
        self._due, self._seconds = due, minutes * 60
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
            for each in self._due:
                try:
                    each(now())
                except Exception:
                    # The database is out of reach for a moment, say: what is due now is due at the next stroke too.
                    _logger.exception("the clockwork could not do what is due")
            self._stopping.wait(self._seconds)
