"""Which tests run on one worker, one after the other, when several workers share a run.

The tests of a file always do, so what a file makes once is made once. The tests of a folder named in `TOGETHER` do too:
they share something that takes seconds to make. What takes longest starts first, so that no worker is left waiting for
another at the end.

pytest-xdist's own marks (`xdist_group`) are not used: pytest 9.2 no longer reads the names that pytest-xdist 3.8 writes
them into, and every test went its own way.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOGETHER: Final = (
    "tests/judges",  # judges started once, and sealed papers for them
    "tests/reports",  # papers of every form, set once and sealed once
    "tests/itti/demonstration",  # everything the demonstration holds
    "tests/itti/certificates",  # a certificate with its papers
    "tests/itti/record",  # an assessment from the plan to the certificate
)
"""Folders whose tests share what takes seconds to make."""

FIRST: Final = ("tests/browser", "tests/house", *TOGETHER)
"""Folders that take longest, in the order in which they start."""


def unit_of(test: str) -> str:
    """What a test goes with: its folder, where that is named in `TOGETHER`, else its file."""
    file = test.partition("::")[0]
    folders = {str(folder) for folder in PurePosixPath(file).parents}
    return next((folder for folder in TOGETHER if folder in folders), file)


def place_of(test: str) -> int:
    """The place of a test in the order of starting: that of its folder in `FIRST`, else after all of them."""
    return next((place for place, folder in enumerate(FIRST) if test.startswith(f"{folder}/")), len(FIRST))


class _ByUnits(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first; else as it was found."""
    items.sort(key=lambda item: place_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _ByUnits:
    """Hand out whole units, in the order in which they were found."""
    config.option.loadscopereorder = False
    return _ByUnits(config, log)
