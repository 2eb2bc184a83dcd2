"""A press for tests in which nobody opens the papers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from itti.certificates.jobs import Claims, Order, Unsealed
from itti.certificates.office import Office
from itti.certificates.press import Press
from questionnaires.wording import LANGUAGES
from reports.report import Form, Report

Work = Order | Unsealed | Claims | Report | None
"""What a press is given."""


class QuickPress:
    """Sets and seals in no time: a paper is a line that is like no other."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds

    def run(self, job: Callable[..., Any], work: Work) -> Any:
        """The line; sealed, it has a word more. Other jobs are done here."""
        time.sleep(self._seconds)
        if work is None:
            return job()
        if isinstance(work, Unsealed):
            return work.pdf + b" sealed"
        if isinstance(work, Claims):
            return job(work)
        if isinstance(work, Report):
            return None  # levers take long
        return f"%PDF-1.7 {work.report.number} {work.form.value} {work.language}".encode()

    def run_all(self, job: Callable[..., bytes], works: Sequence[Order | Unsealed]) -> list[bytes]:
        """One after the other."""
        return [self.run(job, work) for work in works]


class OneOfFour:
    """Sets and seals one paper of each certificate as the service does: a full one, in English and Arabic by turns.

    What people wrote stands in both papers of a certificate, so that each of them proves that it can be set.
    """

    def __init__(self, press: Press) -> None:
        self._press = press

    @staticmethod
    def language(number: str) -> str:
        """The language of the paper that is a real one."""
        return LANGUAGES[int(number[-1]) % 2]

    def run(self, job: Callable[..., Any], work: Claims) -> Any:
        """What all papers of a certificate share."""
        return self._press.run(job, work)

    def run_all(self, job: Callable[..., bytes], works: Sequence[Order | Unsealed]) -> list[bytes]:
        """The real ones side by side."""
        chosen = [work for work in works if self._is_real(work)]
        made = iter(self._press.run_all(job, chosen))
        return [next(made) if self._is_real(work) else QuickPress().run(job, work) for work in works]

    def _is_real(self, work: Order | Unsealed) -> bool:
        if isinstance(work, Unsealed):
            return len(work.pdf) > 1000
        return (work.form, work.language) == (Form.FULL, self.language(work.report.number or ""))


def use_quick_press(monkeypatch: pytest.MonkeyPatch, seconds: float = 0.0) -> None:
    """Let every office of this test work with quick presses that take so long for each step."""
    monkeypatch.setattr(Office, "press", QuickPress(seconds))
    monkeypatch.setattr(Office, "sealing", QuickPress(seconds))
    monkeypatch.setattr(Office, "reckoner", QuickPress())
