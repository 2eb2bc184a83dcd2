"""What the machine lacks is named, installed only when missing, and never silently done without."""

import sys

from tests.setup.shell import Machine

RECORDING = 'echo "$0 $*" >>"$here/installed"'


def installed(machine: Machine) -> list[str]:
    """The calls that stand-ins recorded, each as program and arguments."""
    lines = (machine.here / "installed").read_text("utf-8").splitlines()
    return [line.replace(f"{machine.programs}/", "") for line in lines]


def test_without_apt_the_missing_packages_and_the_remedy_are_named(machine: Machine) -> None:
    machine.without("apt-get")

    said = machine.sh("install_packages 'the tests' qpdf chromium", only_stand_ins=True)

    assert said.code == 1
    assert "Missing for the tests, and there is no apt-get here." in said.messages
    assert "What to do: Install what these Debian packages hold, then start again: qpdf chromium" in said.messages


def test_root_installs_what_is_missing_without_upgrading_the_rest(machine: Machine) -> None:
    machine.stand_in("id", "echo 0")
    machine.stand_in("apt-get", RECORDING)

    said = machine.sh("install_packages 'the tests' qpdf chromium")

    assert said.code == 0, said.messages
    assert "Installing for the tests with apt-get: qpdf chromium" in said.messages
    update, install = installed(machine)
    assert update == "apt-get -q update"
    assert install.endswith(" install qpdf chromium")
    assert "--no-upgrade" in install
    assert "--no-install-recommends" in install


def test_a_plain_user_with_passwordless_sudo_uses_it(machine: Machine) -> None:
    machine.stand_in("id", "echo 1000")
    machine.stand_in("sudo", '[ "$1" = -n ] || exit 9; shift; echo sudo >>"$here/installed"; exec "$@"')
    machine.stand_in("apt-get", RECORDING)

    said = machine.sh("install_packages 'the tests' qpdf")

    assert said.code == 0, said.messages
    assert installed(machine)[-2] == "sudo"
    assert installed(machine)[-1].endswith(" install qpdf")


def test_a_plain_user_whose_sudo_asks_for_a_password_installs_nothing_in_the_system(machine: Machine) -> None:
    machine.stand_in("id", "echo 1000")
    machine.stand_in("sudo", "exit 1")
    machine.stand_in("apt-get", f"{RECORDING}; exit 100")

    said = machine.sh("install_packages 'the tests' qpdf")

    assert said.code == 1
    assert "unpacking for the tests into .syslibs: qpdf" in said.messages
    assert "Install as root, then start again: qpdf" in said.messages
    assert [line.split()[-1] for line in installed(machine)] == ["update"]
    assert "Dir::State::Lists=" in installed(machine)[0]


def test_a_failing_install_says_what_could_not_be_had(machine: Machine) -> None:
    machine.stand_in("id", "echo 0")
    machine.stand_in("apt-get", '[ "$2" = update ]')

    said = machine.sh("install_packages 'the tests' qpdf")

    assert said.code == 1
    assert "apt-get could not install: qpdf" in said.messages


def test_a_python_that_is_too_old_is_not_taken(machine: Machine) -> None:
    machine.without("python3", "python3.11", "python3.12", "python3.13", "python3.14")
    machine.stand_in("python3", "exit 1")  # as `sys.version_info < (3, 11)` ends

    assert machine.sh("find_python", only_stand_ins=True).code == 1


def test_the_python_that_is_asked_for_is_taken(machine: Machine) -> None:
    machine.stand_in("my-python", "exit 0")  # as a Python that has all it takes

    said = machine.sh('ITTI_PYTHON="$programs/my-python"; find_python; echo "$python"')

    assert said.output.strip() == str(machine.programs / "my-python")


def test_a_library_counts_only_if_it_loads(machine: Machine) -> None:
    good = machine.sh(f"loadable '{sys.executable}' libc.so.6")
    bad = machine.sh(f"loadable '{sys.executable}' libc.so.6 libno-such-thing.so.1")

    assert (good.code, bad.code) == (0, 1)


def test_what_is_unpacked_for_one_release_is_not_used_on_the_next(machine: Machine) -> None:
    (machine.here / ".syslibs").mkdir()
    (machine.here / ".syslibs" / "made-on").write_text("PRETTY_NAME=Debian 11\n", "utf-8")

    said = machine.sh('use_local_packages; echo "${LD_LIBRARY_PATH:-}"')

    assert str(machine.here) not in said.output


def test_without_libreoffice_the_tests_ask_for_it_and_with_it_they_do_not(machine: Machine) -> None:
    script = "loadable() { true; }; judges_are_ready() { true; }; missing_test_packages python"
    for program in ("chromium", "curl", "pdfsig", "qpdf", "softhsm2-util", "initdb", "java"):
        machine.stand_in(program, "exit 0")

    machine.without("soffice")
    machine.stand_in("id", "echo 0")
    assert machine.sh(script, only_stand_ins=True).output.split() == ["libreoffice-calc"]

    machine.stand_in("soffice", "exit 0")
    assert machine.sh(script, only_stand_ins=True).output.split() == []


def test_without_root_the_tests_do_not_ask_for_libreoffice_which_would_not_start(machine: Machine) -> None:
    script = "loadable() { true; }; judges_are_ready() { true; }; missing_test_packages python"
    for program in ("chromium", "curl", "pdfsig", "qpdf", "softhsm2-util", "initdb", "java"):
        machine.stand_in(program, "exit 0")
    machine.without("soffice")
    machine.stand_in("id", "echo 1000")

    assert machine.sh(script, only_stand_ins=True).output.split() == []


def test_either_chromium_will_do_and_debian_gives_the_one_without_windows(machine: Machine) -> None:
    (machine.here / "debian").write_text('NAME="Debian GNU/Linux"\nID=debian\n', "utf-8")
    (machine.here / "ubuntu").write_text("ID=ubuntu\nID_LIKE=debian\n", "utf-8")
    for file, package in (("debian", "chromium-headless-shell"), ("ubuntu", "chromium"), ("none", "chromium")):
        assert machine.sh(f'browser_package "$here/{file}"').output.split() == [package]

    machine.without("chromium", "chromium-headless-shell")
    script = "browser_is_here && echo here"
    assert machine.sh(script, only_stand_ins=True).output.split() == []
    for program in ("chromium", "chromium-headless-shell"):
        machine.stand_in(program, "exit 0")
        assert machine.sh(script, only_stand_ins=True).output.split() == ["here"]
        (machine.programs / program).unlink()


def test_a_chromium_with_windows_is_joined_by_the_quicker_one_where_it_can_be_had(machine: Machine) -> None:
    machine.without("chromium-headless-shell")
    machine.stand_in("chromium", "exit 0")
    machine.stand_in("id", "echo 0")
    machine.stand_in("env", 'exec /usr/bin/env "$@"')
    machine.stand_in("apt-get", RECORDING)
    script = "browser_package() { echo chromium-headless-shell; }; prefer_quick_browser"

    said = machine.sh(script, only_stand_ins=True)

    assert said.code == 0, said.messages
    assert installed(machine)[-1].endswith(" install chromium-headless-shell")

    machine.stand_in("apt-get", "exit 100")
    said = machine.sh(script, only_stand_ins=True)
    assert said.code == 0
    assert "Going on with the Chromium that is here." in said.messages

    machine.stand_in("chromium-headless-shell", "exit 0")
    assert machine.sh(script, only_stand_ins=True).messages == ""
