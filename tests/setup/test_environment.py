"""The virtual environment: found again at once, made anew when what it was made from changed, started from anywhere."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.setup.shell import Machine, Outcome


@pytest.fixture
def start_script(machine: Machine) -> Path:
    """`.venv/bin/itti` with a Python that prints its arguments."""
    programs = machine.here / ".venv" / "bin"
    programs.mkdir(parents=True)
    machine.stand_in("python", 'printf "<%s>" "$@"; pwd; echo "libraries: ${LD_LIBRARY_PATH:-}"')
    (machine.programs / "python").rename(programs / "python")
    assert machine.sh("use_local_packages; write_start_script") == Outcome(0, "", "")
    return programs / "itti"


def test_the_start_script_works_from_any_folder_and_hands_on_every_argument(start_script: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [start_script, "score", "my answers.yaml", ""], check=False, capture_output=True, text=True, cwd=tmp_path
    )

    assert said.stdout.startswith(f"<-P><-m><itti><score><my answers.yaml><>{tmp_path}\n"), said


def test_the_start_script_finds_unpacked_libraries_by_itself(machine: Machine, tmp_path: Path) -> None:
    libraries = machine.here / ".syslibs" / "usr" / "lib" / "x86_64-linux-gnu"
    libraries.mkdir(parents=True)
    programs = machine.here / ".venv" / "bin"
    programs.mkdir(parents=True)
    machine.stand_in("python", 'echo "$LD_LIBRARY_PATH"')
    (machine.programs / "python").rename(programs / "python")
    machine.sh('this_release >"$local_root/made-on"; use_local_packages; write_start_script')

    said = subprocess.run([programs / "itti"], check=False, capture_output=True, text=True, cwd=tmp_path, env={})

    assert said.stdout == f"{libraries}\n", said


def test_the_checkout_is_on_the_path_of_its_environment(machine: Machine) -> None:
    packages = machine.here / ".venv" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)

    assert machine.sh("write_path_file").code == 0

    relative = (packages / "itti-checkout.pth").read_text("utf-8").strip()
    assert (packages / relative).resolve() == machine.here.resolve()


def test_an_environment_for_the_tests_also_serves_the_application(machine: Machine, start_script: Path) -> None:
    machine.sh('libraries_load() { :; }; stamp test >"$venv/holds-test"')

    assert machine.sh("libraries_load() { :; }; runtime_is_set_up").code == 0


@pytest.mark.parametrize("changed", ["requirements.lock", "bootstrap.lock", "tools/python.sh"])
def test_a_change_of_what_it_was_made_from_is_noticed(machine: Machine, start_script: Path, changed: str) -> None:
    assert machine.sh('stamp runtime >"$venv/holds-runtime"; holds runtime').code == 0

    with (machine.here / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")

    assert machine.sh("holds runtime").code == 1


def test_an_environment_in_a_moved_checkout_is_not_taken_for_whole(machine: Machine, start_script: Path) -> None:
    machine.sh('stamp runtime >"$venv/holds-runtime"')
    moved = Machine(machine.here.rename(machine.here.with_name("moved")), machine.programs)

    assert moved.sh("holds runtime").code == 1


def test_where_uv_cannot_be_had_pip_installs(machine: Machine) -> None:
    said = machine.sh('install_uv() { return 1; }; pip() { echo "$*"; }; install_requirements some.lock')

    assert said.code == 0
    assert "uv could not do it; trying pip." in said.messages
    assert said.output == "install --require-hashes --no-deps --only-binary :all: -r some.lock\n"


def test_where_neither_can_install_the_run_ends_with_a_remedy(machine: Machine) -> None:
    said = machine.sh("install_uv() { return 1; }; pip() { return 1; }; install_requirements some.lock")

    assert said.code == 1
    assert "The Python packages could not be installed." in said.messages
    assert "Is the package index reachable?" in said.messages


def test_a_second_run_waits_for_the_first(machine: Machine) -> None:
    waiting = "start_setting_up; echo mine; stop_setting_up"
    lock = machine.here / ".setting-up"
    lock.mkdir()
    (lock / "pid").write_text(str(os.getpid()), "utf-8")  # alive

    begun = time.monotonic()
    said = machine.sh(f'(sleep 1; rm -r "$here/.setting-up") & {waiting}')

    assert said.output == "mine\n"
    assert time.monotonic() - begun >= 1
    assert f"Another ./run (process {os.getpid()}) is setting up; waiting." in said.messages
    assert not lock.exists()


def test_a_run_that_was_killed_holds_up_nobody(machine: Machine) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    lock = machine.here / ".setting-up"
    lock.mkdir()
    (lock / "pid").write_text(str(dead.pid), "utf-8")

    assert machine.sh("start_setting_up; echo mine").output == "mine\n"
    assert not lock.exists()
