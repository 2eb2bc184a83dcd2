"""A programme of its own that is killed (SIGKILL) at every step from the approval to the certificate.

``python -m tests.itti.papers.killing SOURCE TARGET ASSESSMENT REVIEWER`` copies the data folder ``SOURCE`` to
``TARGET/1`` and there approves and works the queue off in a child, which kills itself at the first step; then to
``TARGET/2``, where the child gets as far as the second; and so on, until a child gets to the end. A step is what can be
told apart from outside: before and after each commit that writes, and each flush and renaming of a file.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from itti.accounts.tables import User
from itti.acts import Act
from itti.assessments import library, service
from itti.certificates.office import Office
from itti.database import Database
from itti.papers import approval
from itti.papers.making import work_off
from reports import signs
from reports.report import Form
from tests.itti.assessments.story import VERSION
from tests.itti.certificates.quick import QuickPress
from tests.itti.conftest import FAMILY, make_settings

ResultT = TypeVar("ResultT")


PAPERS: Final = ((Form.FULL, "en"), (Form.SHORT, "ar"))
"""Two papers alone: further ones add steps of the same kind."""


class _Steps:
    """Counts steps, and ends the process at one of them."""

    def __init__(self, last: int) -> None:
        self._left = last

    def step(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, work: Callable[..., ResultT]) -> Callable[..., ResultT]:
        def stepped(*arguments: Any, **named: Any) -> ResultT:
            self.step()
            result = work(*arguments, **named)
            self.step()
            return result

        return stepped


def watch(database: Database, last: int) -> None:
    """Kill this process at the step ``last``."""
    steps = _Steps(last)
    dialect = database.engine.dialect  # services commit nowhere else, and reading never commits
    setattr(dialect, "do_commit", steps.around(dialect.do_commit))  # noqa: B010 - a method of one instance
    setattr(os, "fsync", steps.around(os.fsync))  # noqa: B010
    setattr(Path, "replace", _stepped_replace(steps, Path.replace))  # noqa: B010


def _stepped_replace(steps: _Steps, replace: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
    def stepped(self: Path, target: Path) -> Path:
        return steps.around(replace)(self, target)

    return stepped


def whole_way(folder: Path, assessment: UUID, reviewer: UUID, last: int) -> None:
    """Approve, and make the papers; killed at the step ``last``."""
    settings = make_settings(folder)
    setattr(Office, "press", QuickPress())  # noqa: B010 - this process is a test's own
    setattr(Office, "sealing", QuickPress())  # noqa: B010
    setattr(Office, "reckoner", QuickPress())  # noqa: B010
    setattr(approval, "PAPERS", PAPERS)  # noqa: B010
    database = Database(settings)
    watch(database, last)
    with database.writing() as session:
        act = Act(actor=session.get(User, reviewer))
        service.move(session, act, assessment, "approve", office=Office(settings))
    work_off(database, Office(settings))


def main(source: Path, target: Path, assessment: UUID, reviewer: UUID) -> None:
    """Kill children until one gets to the end."""
    library.questionnaire(FAMILY, VERSION)  # loaded once, and not by each child
    signs.printable()
    last = 0
    while True:
        last += 1
        folder = target / str(last)
        shutil.copytree(source, folder)
        child = os.fork()
        if child == 0:
            whole_way(folder, assessment, reviewer, last)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.waitstatus_to_exitcode(status) == 0
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), UUID(sys.argv[3]), UUID(sys.argv[4]))
