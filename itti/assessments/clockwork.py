"""The clockwork of a serving process: it does what time demands every few minutes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from itti.acts import now
from itti.calendar.steady import Steadiness

_logger = logging.getLogger("itti")


class Clockwork:
    """Strikes once at the start and then every ``minutes``, from :meth:`start` to :meth:`stop`.

    At each stroke all that is ``due`` is done with the time of the stroke; what fails waits for the next one. After the
    clock was set, strokes are left out for a while (:mod:`itti.calendar.steady`).
    """

    def __init__(
        self,
        due: Sequence[Callable[[datetime], object]],
        minutes: float,
        clock: Callable[[], datetime] = now,
        counter: Callable[[], float] = time.monotonic,
    ) -> None:
        self._due, self._seconds = due, minutes * 60
        self._clock, self._counter, self._steadiness = clock, counter, Steadiness()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clockwork", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the move in hand."""
        self._stopping.set()
        self._thread.join()

    def strike(self) -> bool:
        """Do what is due, unless the clock was set just now; returns whether it struck."""
        if not self._steadiness.holds(self._clock(), self._counter()):
            return False
        for each in self._due:
            try:
                each(self._clock())
            except Exception:
                # The database is out of reach for a moment, say: what is due now is due at the next stroke too.
                _logger.exception("the clockwork could not do what is due")
        return True

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.strike()
            self._stopping.wait(self._seconds)
