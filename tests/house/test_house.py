"""The house stands: floors, style and types hold, everywhere, tests included."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent

FORGETFUL = ["--no-incremental"] if os.environ.get("CI") else []
"""Where nobody asks a second time, the checker of types writes down nothing for the next time."""


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["lint-imports"], id="floors"),
        pytest.param(["ruff", "check", "."], id="style"),
        pytest.param(["ruff", "format", "--check", "."], id="format"),
        pytest.param(["mypy", *FORGETFUL], id="types"),
    ],
)
def test_clean(command: list[str]) -> None:
    found = subprocess.run([TOOLS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, f"{found.stdout}\n{found.stderr}"


def test_the_engine_is_usable_alone() -> None:
    """Scoring loads no web framework, no database, no template engine and no PDF library."""
    script = (
        "import sys, scoring, questionnaires\n"
        "heavy = {'fastapi', 'sqlalchemy', 'sqlmodel', 'jinja2', 'weasyprint', 'itti', 'reports'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or None)"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("room", ["reports", "itti.cli"])
def test_importing_a_room_makes_no_pdf_library_load(room: str) -> None:
    script = f"import sys, {room}\nsys.exit(', '.join(sorted({{'weasyprint', 'pyhanko'}} & set(sys.modules))) or None)"
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
