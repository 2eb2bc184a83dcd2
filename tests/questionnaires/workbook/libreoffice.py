"""LibreOffice, the spreadsheet program that others wrote: opens and saves what we write."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.judges.absence import need


def resaved(content: bytes, folder: Path, form: str = "xlsx") -> bytes:
    """The workbook after LibreOffice opened it and saved it as ``form``; skipped, and named, where it cannot be had."""
    need("libreoffice")
    program = shutil.which("soffice") or "soffice"
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
