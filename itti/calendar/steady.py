"""Whether the clock may be believed: it is held against a counter that nobody can set.

A clock that leaps ahead would let certificates expire, deadlines pass and sessions be forgotten, and none of it comes
back when the clock is set right. So what time demands waits for a while after a leap: a mistake is mended by then.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

LEAP: Final = timedelta(minutes=5)
"""A clock that goes as time does is never so far off between two looks."""

PATIENCE: Final = timedelta(hours=1)
"""After so long a clock that was set counts as right: a machine may have slept, too."""

_logger = logging.getLogger("itti")


class Steadiness:
    """Watches one clock from look to look."""

    def __init__(self) -> None:
        self._trusted: float | None = None
        self._leapt: tuple[float, float] | None = None

    def holds(self, at: datetime, counted: float) -> bool:
        """Whether ``at`` may be acted on; ``counted`` are seconds of a counter that only rises.

        The first look of a process has nothing to compare with, and is believed.
        """
        distance = at.timestamp() - counted
        if self._trusted is None or abs(distance - self._trusted) <= LEAP.total_seconds():
            self._trusted, self._leapt = distance, None
            return True
        if self._leapt is None or abs(distance - self._leapt[0]) > LEAP.total_seconds():
            by = timedelta(seconds=round(distance - self._trusted))
            _logger.warning("the clock was set by %s, to %s; what is due waits for %s", by, at, PATIENCE)
            self._leapt = distance, counted
        if counted - self._leapt[1] < PATIENCE.total_seconds():
            return False
        self._trusted, self._leapt = distance, None
        return True
