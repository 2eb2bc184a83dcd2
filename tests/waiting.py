"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable


def wait_for(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.05)
