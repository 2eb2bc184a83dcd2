"""LibreOffice, the spreadsheet program that others wrote: opens and saves what we write."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def resaved(content: bytes, folder: Path, form: str = "xlsx") -> bytes:
    """The workbook after LibreOffice opened it and saved it as ``form``; skipped where there is no LibreOffice.

    ``./run test`` installs it; under CI=true a skipped test is a failed one.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not here, so nobody opened our workbooks; start the tests with ./run test")
    given, saved = folder / "given", folder / "saved"
    given.mkdir(exist_ok=True)
    file = given / "workbook.xlsx"
    file.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = [program, profile, "--headless", "--convert-to", form, "--outdir", str(saved), str(file)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=180, check=False)
    made = saved / f"workbook.{form}"
    assert made.exists(), done.stderr
    return made.read_bytes()
