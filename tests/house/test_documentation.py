"""The documentation cannot go stale: settings, commands, error codes and examples are checked against the code."""

from __future__ import annotations

import re
import subprocess
import sys
from argparse import ArgumentParser, _SubParsersAction
from pathlib import Path

import pytest

from itti.cli import parser
from itti.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def test_every_setting_is_described_and_no_other() -> None:
    described = set(re.findall(r"^\| `(ITTI_[A-Z_]+)`", (DOCS / "settings.md").read_text(), re.MULTILINE))
    assert described == {f"ITTI_{name.upper()}" for name in Settings.model_fields} | {"ITTI_LANGUAGE"}


def test_stated_defaults_are_the_defaults() -> None:
    text = (DOCS / "settings.md").read_text()
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, (int, str)) and not isinstance(field.default, bool):
            row = next(line for line in text.splitlines() if line.startswith(f"| `ITTI_{name.upper()}`"))
            stated = "empty" if field.default == "" else f"`{field.default}`"
            assert f"| {stated} |" in row


def commands(top: ArgumentParser, name: str = "itti") -> dict[str, ArgumentParser]:
    found = {name: top}
    for action in top._actions:
        if isinstance(action, _SubParsersAction):
            for word, child in action.choices.items():
                found |= commands(child, f"{name} {word}")
    return found


def test_every_command_and_option_is_described() -> None:
    text = (DOCS / "command-line.md").read_text()
    for name, command in commands(parser()).items():
        assert f"`{name}" in text, name
        for action in command._actions:
            for option in action.option_strings:
                assert option in {"-h", "--help"} or f"`{option}" in text, f"{name} {option}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if not target.startswith(("https://", "http://", "mailto:")):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_named_on_pages_are_there(page: Path) -> None:
    """Those of this house, named as code from its top: ``scoring/bounds.py``, ``itti/record/``."""
    named = re.findall(
        r"`((?:questionnaires|scoring|reports|itti|tests|benchmarks|alembic|docs)/[\w./-]+)`", page.read_text()
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


PYTHON_EXAMPLES = [
    pytest.param(code, id=f"{page.name}-{number}")
    for page in PAGES
    for number, code in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL))
]


@pytest.mark.parametrize("code", PYTHON_EXAMPLES)
def test_python_examples_run(code: str) -> None:
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    stated = re.findall(r"# prints: (.*)", code)
    assert found.stdout.splitlines() == stated
