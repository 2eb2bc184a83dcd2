"""A press for tests in which nobody opens the papers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest

from itti.certificates.jobs import Order, Unsealed
from itti.certificates.office import Office


class QuickPress:
    """Sets and seals in no time: a paper is a line that is like no other."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds

    def run(self, job: Callable[..., bytes], work: Order | Unsealed | None) -> bytes:
        """The line; sealed, it has a word more. Other jobs are done here."""
        time.sleep(self._seconds)
        if work is None:
            return job()
        if isinstance(work, Unsealed):
            return work.pdf + b" sealed"
        return f"%PDF-1.7 {work.report.number} {work.language}".encode()

    def run_all(self, job: Callable[..., bytes], works: Sequence[Order | Unsealed]) -> list[bytes]:
        """One after the other."""
        return [self.run(job, work) for work in works]


def use_quick_press(monkeypatch: pytest.MonkeyPatch, seconds: float = 0.0) -> None:
    """Let every office of this test work with quick presses that take so long for each step."""
    monkeypatch.setattr(Office, "press", QuickPress(seconds))
    monkeypatch.setattr(Office, "sealing", QuickPress(seconds))
