"""The lock files: everything by version and hash, nothing by address, and in step with each other and pyproject."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.setup.shell import CHECKOUT

LOCKS = [*sorted(CHECKOUT.glob("*.lock")), CHECKOUT / "tests" / "judges" / "jars.lock"]
PYTHON_LOCKS = [CHECKOUT / name for name in ("requirements.lock", "requirements-test.lock", "bootstrap.lock")]


def locked(lock: Path) -> dict[str, dict[str, str]]:
    """Package → the line that locks it ("name==version ; marker") → its hashes and comments, of one Python lock.

    A package may be locked twice, with markers that part the Python versions.
    """
    found: dict[str, dict[str, str]] = {}
    for entry in re.split(r"\n(?=\w)", lock.read_text("utf-8").strip()):
        line, _, rest = entry.partition("\\\n")
        of_package = found.setdefault(canonicalize_name(Requirement(line).name), {})
        of_package[line.strip()] = rest
    return found


def test_the_locks_are_these() -> None:
    assert set(PYTHON_LOCKS) < set(LOCKS)
    assert (CHECKOUT / "uv.lock") not in LOCKS, "uv.lock records addresses; it stays out of the project"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
@pytest.mark.parametrize("trace", ["://", "--index", "--extra-index", "--find-links", "--trusted-host", " @ ", "file:"])
def test_no_lock_records_where_packages_come_from(lock: Path, trace: str) -> None:
    assert trace not in lock.read_text("utf-8")


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda path: path.name)
def test_every_package_is_pinned_and_hashed(lock: Path) -> None:
    packages = locked(lock)

    assert packages
    for lines in packages.values():
        for line, rest in lines.items():
            assert [specifier.operator for specifier in Requirement(line).specifier] == ["=="], line
            assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", rest), line


def test_both_locks_agree_on_every_version() -> None:
    application, tests = locked(CHECKOUT / "requirements.lock"), locked(CHECKOUT / "requirements-test.lock")

    assert {name: set(tests[name]) for name in application} == {name: set(found) for name, found in application.items()}
    assert len(tests) > len(application)


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("requirements.lock", ["postgres", "analysis", "token"]),
        ("requirements-test.lock", ["postgres", "analysis", "token", "test"]),
    ],
)
def test_the_locks_hold_what_pyproject_asks_for(lock: str, extras: list[str]) -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = locked(CHECKOUT / lock)

    asked = [*project["dependencies"]]
    for extra in extras:
        asked += project["optional-dependencies"][extra]
    for requirement in map(Requirement, asked):
        for line in packages[canonicalize_name(requirement.name)]:
            (pin,) = Requirement(line).specifier
            assert pin.version in requirement.specifier, f"{requirement} is locked as {line}: ./run lock"


def test_the_application_does_not_ship_the_tests() -> None:
    packages = locked(CHECKOUT / "requirements.lock")

    assert not {"pytest", "playwright", "mypy", "ruff", "hypothesis"} & set(packages)
