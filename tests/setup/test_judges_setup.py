"""Fetching the judges: absent only when their registry cannot be reached, and never other than pinned."""

from tests.setup.shell import Machine


def test_an_unreachable_registry_is_noted_and_the_tests_go_on(machine: Machine) -> None:
    machine.stand_in("mvn", 'echo "[ERROR] Could not transfer artifact x: Connection timed out"; exit 1')

    said = machine.sh("ensure_judges")

    assert said.code == 0
    assert "The judges of PDFs and workbooks cannot be had: Maven cannot reach its registry." in said.messages
    assert "cannot reach its registry" in (machine.here / ".judges" / "absent").read_text("utf-8")
    assert machine.sh("judges_are_ready").code == 1, "the next start must try again"


def test_any_other_fault_of_maven_ends_the_run(machine: Machine) -> None:
    machine.stand_in("mvn", 'echo "[ERROR] The build could not read 1 project"; exit 1')

    said = machine.sh("ensure_judges")

    assert said.code == 1
    assert "The build could not read 1 project" in said.messages
    assert "FAILED: Maven could not fetch the judges of PDFs and workbooks." in said.messages
    assert not (machine.here / ".judges" / "absent").exists()


def test_a_jar_that_is_not_the_pinned_one_ends_the_run(machine: Machine) -> None:
    fetch = 'for word; do case $word in -DoutputDirectory=*) jars=${word#*=} ;; esac; done; mkdir -p "$jars"'
    machine.stand_in("mvn", f'{fetch}; echo changed >"$jars/ecj-3.46.0.jar"')
    machine.stand_in("java", 'echo "java must not run" >&2; exit 3')

    said = machine.sh("ensure_judges")

    assert said.code == 1
    assert "are not those of tests/judges/jars.lock" in said.messages
    assert "java must not run" not in said.messages
    assert machine.sh("judges_are_ready").code == 1


def test_an_unreachable_registry_of_npm_is_noted_and_the_tests_go_on(machine: Machine) -> None:
    machine.stand_in("npm", 'echo "npm error code ENOTFOUND"; exit 1')

    said = machine.sh("ensure_npm_judges")

    assert said.code == 0
    assert (
        "The judges of the API (Redocly) and of workbooks (Open XML SDK) cannot be had: npm cannot reach its registry."
        in said.messages
    )
    assert "cannot reach its registry" in (machine.here / ".judges/npm/absent").read_text("utf-8")
    assert machine.sh("npm_judges_are_ready").code == 1, "the next start must try again"


def test_a_package_that_is_not_the_locked_one_ends_the_run(machine: Machine) -> None:
    machine.stand_in("npm", 'echo "npm error code EINTEGRITY"; exit 1')

    said = machine.sh("ensure_npm_judges")

    assert said.code == 1
    assert "FAILED: npm could not fetch the judges of the API and of workbooks." in said.messages
    assert not (machine.here / ".judges/npm/absent").exists()


def test_judges_that_npm_fetched_stay(machine: Machine) -> None:
    machine.stand_in("npm", "exit 0")

    assert machine.sh("ensure_npm_judges && npm_judges_are_ready").code == 0
