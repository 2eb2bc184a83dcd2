"""qpdf: is a file whole?"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.judges.absence import need


@dataclass(frozen=True)
class QpdfResult:
    """qpdf's verdict on a file's structure."""

    path: Path
    passed: bool  # neither errors nor warnings
    output: str


def qpdf_check(path: Path) -> QpdfResult:
    """Ask qpdf whether the file's cross references, objects and streams are in order.

    The test is skipped when qpdf is absent.
    """
    need("qpdf")
    run = subprocess.run(["qpdf", "--check", str(path)], check=False, capture_output=True, text=True)
    return QpdfResult(path, run.returncode == 0, run.stdout + run.stderr)
