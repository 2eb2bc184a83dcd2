"""For pytest: nothing that was missing goes unnoticed.

The last lines of a run name the judges of PDFs and workbooks that were absent. Under CI=true a skipped test is a
failed one, unless it was skipped for a judge that this machine cannot have: a Java judge whose registry cannot be
reached, LibreOffice where only root could install it, the papers' fingerprints where other parts set them.

Registered in `tests/conftest.py`.
"""

import os
from collections.abc import Generator

import pytest

from tests.judges.absence import EXCUSED, missing


def skips_are_failures() -> bool:
    """Whether this run may not skip: CI=true, as continuous integration sets it."""
    return os.environ.get("CI", "").lower() in {"true", "1"}


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skipped report into a failed one, unless it is excused (or an expected failure, which is no skip)."""
    if not report.skipped or hasattr(report, "wasxfail") or not skips_are_failures():
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if reason.removeprefix("Skipped: ").startswith(EXCUSED):
        return
    report.outcome = "failed"
    report.longrepr = f"No test may be skipped under CI=true. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Refuse skips of tests."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Refuse skips of whole modules."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the judges that were absent, just above pytest's closing line."""
    absent = missing()
    if not absent:
        return
    terminalreporter.section("absent judges: what they would have said was not tested", sep="=")
    for absence in absent:
        terminalreporter.line(str(absence))
