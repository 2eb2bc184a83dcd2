"""veraPDF: does a file keep PDF/A and PDF/UA?"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from tests.judges.absence import need
from tests.judges.conversation import conversation

Flavour: TypeAlias = Literal["3a", "3b", "3u", "ua1"]


@dataclass(frozen=True)
class Failure:
    """One broken rule."""

    rule: str  # clause and test, as in veraPDF's published rules: "7.1-10"
    message: str
    count: int  # how often it is broken
    context: str  # where in the file the first breach lies


@dataclass(frozen=True)
class VeraResult:
    """veraPDF's verdict on one file for one flavour. `assert result.passed, result` shows the broken rules."""

    path: Path
    flavour: Flavour
    passed: bool
    checks: int  # how many checks were made: a verdict on nothing would pass
    failures: tuple[Failure, ...]

    def __str__(self) -> str:
        """Every broken rule on a line."""
        lines = [f"  {f.rule} ({f.count} ×): {f.message} at {f.context}" for f in self.failures]
        return "\n".join([f"{self.path.name} as {self.flavour}: {'passed' if self.passed else 'failed'}", *lines])


def verapdf(path: Path, flavour: Flavour) -> VeraResult:
    """Ask veraPDF whether the file keeps that flavour.

    The test is skipped when veraPDF is absent.

    Raises:
        JudgeFailed: if veraPDF cannot read the file as a PDF.
    """
    need("verapdf")
    answer = conversation("verapdf").ask(path.resolve(strict=True), flavour)
    failures = tuple(Failure(**failure) for failure in answer["failures"])
    return VeraResult(path, flavour, answer["passed"], answer["checks"], failures)


def verapdf_all(paths: Iterable[Path], flavours: Iterable[Flavour] = ("3a", "ua1")) -> list[VeraResult]:
    """Ask about several files, each for every flavour; all verdicts in that order."""
    wanted = tuple(flavours)
    return [verapdf(path, flavour) for path in paths for flavour in wanted]
