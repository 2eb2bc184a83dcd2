"""./run at its front door: what it says, what it refuses, what it starts."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.setup.shell import CHECKOUT, PARTS


def run(*arguments: str, cwd: Path = CHECKOUT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([CHECKOUT / "run", *arguments], check=False, capture_output=True, text=True, cwd=cwd)


@pytest.mark.parametrize("script", [CHECKOUT / "run", *PARTS], ids=lambda path: path.name)
def test_the_scripts_are_plain_shell(script: Path) -> None:
    checked = subprocess.run(["/bin/sh", "-n", script], check=False, capture_output=True, text=True)

    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_the_entries_can_be_started(script: str) -> None:
    assert os.access(CHECKOUT / script, os.X_OK)


@pytest.mark.parametrize("arguments", [[], ["help"], ["--help"], ["-h"]])
def test_help_names_every_command(arguments: list[str], tmp_path: Path) -> None:
    said = run(*arguments, cwd=tmp_path)

    assert said.returncode == 0
    for command in ("demo", "serve", "test", "setup", "lock", "help"):
        assert f"\n  {command} " in said.stdout


@pytest.mark.parametrize("command", ["tset", "--demo", "demo; true", ""])
def test_an_unknown_command_gets_the_usage_and_exit_code_2(command: str) -> None:
    said = run(command)

    assert said.returncode == 2
    assert said.stdout == ""
    assert said.stderr.startswith("usage: ./run COMMAND")


def test_ci_calls_run_test_from_the_checkout_and_keeps_its_exit_code(tmp_path: Path) -> None:
    checkout = tmp_path / "a fresh clone"
    (checkout / ".ci").mkdir(parents=True)
    shutil.copy(CHECKOUT / ".ci" / "run", checkout / ".ci" / "run")
    stand_in = checkout / "run"
    stand_in.write_text('#!/bin/sh\necho "in $(pwd) with $*"\nexit 7\n', "utf-8")
    stand_in.chmod(0o755)

    called = subprocess.run(
        ["bash", checkout / ".ci" / "run"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
    )

    assert called.returncode == 7
    assert called.stdout == f"in {checkout} with test\n"
