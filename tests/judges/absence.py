"""Which judges cannot be asked on this machine, and why."""

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

import pytest

from tests.reports import golden

JavaJudge: TypeAlias = Literal["verapdf", "dss", "poi"]
Judge: TypeAlias = Literal[
    "verapdf",
    "dss",
    "poi",
    "s3proxy",
    "redocly",
    "openxml",
    "typescript",
    "credentials",
    "qpdf",
    "pdfsig",
    "softhsm",
    "libreoffice",
    "fingerprints",
]

PROGRAMS: Final[Mapping[JavaJudge, str]] = {"verapdf": "VeraJudge", "dss": "DssJudge", "poi": "PoiJudge"}
"""Our programs that ask the Java judges (java/*.java)."""

CHECKOUT = Path(__file__).parents[2]
JUDGES = CHECKOUT / ".judges"
NPM = JUDGES / "npm"
SET_UP = "start the tests with ./run test, which sets it up"

# The beginning of a skip's reason; `tests.judges.plugin` knows excused skips by it.
EXCUSED = "absent judge: "


@dataclass(frozen=True)
class Absence:
    """One judge that cannot be asked."""

    judge: Judge
    reason: str
    excused: bool  # True only where this machine cannot have it: no registry of Maven or npm, no root, other parts

    def __str__(self) -> str:
        """For the last lines of a test run."""
        return f"{self.judge}: {self.reason}"


@cache
def missing() -> tuple[Absence, ...]:
    """The judges that cannot be asked here, each with the reason and what to do; empty when all are here."""
    java = [_java_judge(judge) for judge in PROGRAMS]
    programs = [_program("qpdf"), _program("pdfsig"), _softhsm(), _libreoffice()]
    npm = [_of_npm("redocly", "@redocly/openapi-core"), _of_npm("typescript", "typescript"), _openxml()]
    npm.append(_of_npm("credentials", "@digitalbazaar/vc"))
    found = [*java, _s3proxy(), *npm, *programs, _fingerprints()]
    return tuple(absence for absence in found if absence is not None)


def need(judge: Judge) -> None:
    """Skip the running test if that judge is absent. Every question to a judge calls this by itself."""
    for absence in missing():
        if absence.judge == judge:
            pytest.skip(f"{EXCUSED if absence.excused else ''}{absence}")


def _program(judge: Literal["qpdf", "pdfsig"]) -> Absence | None:
    if shutil.which(judge):
        return None
    return Absence(judge, f"the program {judge} is not here; {SET_UP}", excused=False)


def softhsm() -> Path | None:
    """The PKCS#11 module of SoftHSM, a token made of software."""
    folders = [Path("/usr/lib/softhsm"), Path("/opt/homebrew/lib/softhsm"), Path("/usr/local/lib/softhsm")]
    folders.append(CHECKOUT / ".syslibs/usr/lib/softhsm")
    return next((path for folder in folders if (path := folder / "libsofthsm2.so").is_file()), None)


def _softhsm() -> Absence | None:
    if softhsm() and shutil.which("softhsm2-util"):
        return None
    return Absence("softhsm", f"the token made of software is not here; {SET_UP}", excused=False)


def _libreoffice() -> Absence | None:
    if shutil.which("soffice"):
        return None
    if _becomes_root():
        return Absence("libreoffice", f"the program soffice is not here; {SET_UP}", excused=False)
    reason = "only root can install it here; as root: apt-get install --no-install-recommends libreoffice-calc"
    return Absence("libreoffice", reason, excused=True)


def _becomes_root() -> bool:
    """Whether ./run could install packages: with root, or with sudo that asks for no password."""
    if os.geteuid() == 0:
        return True
    sudo = shutil.which("sudo")
    return sudo is not None and not subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode


def _fingerprints() -> Absence | None:
    """Papers have the bytes that are known of them only where the same parts set them."""
    others = golden.otherwise()
    return Absence("fingerprints", f"papers are set with other parts here: {others}", excused=True) if others else None


def s3proxy() -> Path | None:
    """The jar of a server that speaks S3."""
    return next((JUDGES / "jars").glob("s3proxy-*.jar"), None)


def _s3proxy() -> Absence | None:
    return _of_maven("s3proxy", is_here=s3proxy() is not None)


def _java_judge(judge: JavaJudge) -> Absence | None:
    return _of_maven(judge, is_here=(JUDGES / "classes" / f"{PROGRAMS[judge]}.class").exists())


def openxml_program() -> Path | None:
    """The program that asks Microsoft's Open XML SDK, where there is one for this kind of machine."""
    return next((NPM / "node_modules" / "@xarsh").glob("ooxml-validator-*/ooxml-validator"), None)


def _openxml() -> Absence | None:
    absence = _of_npm("openxml", "@redocly")
    if absence is None and openxml_program() is None:
        return Absence("openxml", f"it is not made for this kind of machine ({platform.machine()})", excused=True)
    return absence


def _of_npm(judge: Judge, package: str) -> Absence | None:
    why = NPM / "absent"  # written by ./run test when npm could not reach its registry
    if why.exists():
        return Absence(judge, why.read_text("utf-8").strip(), excused=True)
    if not (NPM / "made-from").exists() or not (NPM / "node_modules" / package).exists():
        return Absence(judge, f".judges/npm is not set up; {SET_UP}", excused=False)
    return None


def _of_maven(judge: Judge, *, is_here: bool) -> Absence | None:
    why = JUDGES / "absent"  # written by ./run test when Maven could not reach its registry
    if why.exists():
        return Absence(judge, why.read_text("utf-8").strip(), excused=True)
    if not (JUDGES / "made-from").exists() or not is_here:
        return Absence(judge, f".judges is not set up; {SET_UP}", excused=False)
    if not shutil.which("java"):
        return Absence(judge, f"there is no java; {SET_UP}", excused=False)
    return None
