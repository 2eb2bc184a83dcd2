"""What is wrong with a formula: found by parsing and checking, told as mistakes by whoever knows the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a formula. Its sentence is in the catalogue under ``mistake.<code>``.

    ``details`` are the values of the sentence's placeholders; ``position`` (counted from 1, as people count) is
    always among them.
    """

    code: str
    at: int
    """0-based position in the text of the formula."""

    details: Mapping[str, object] = field(default_factory=dict)


def short(text: str) -> str:
    """A text that somebody wrote, in a length that fits a sentence."""
    return text if len(text) <= 60 else text[:57] + "…"


def problem(code: str, at: int, **details: object) -> Problem:
    """A problem at a 0-based position, which is told to people counted from 1."""
    return Problem(code, at, {"position": at + 1, **details})


class FormulaMistaken(Exception):
    """A formula cannot be used; all that is wrong with it is in ``problems`` (at least one), in reading order.

    It never leaves this room: :mod:`questionnaires.checking` makes a mistake of each problem. ``code``, ``position``
    (0-based) and ``details`` are those of the first one.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{found.code} at {found.at}: {dict(found.details)}" for found in problems))
        self.problems = tuple(sorted(problems, key=lambda found: found.at))
        first = self.problems[0]
        self.code, self.position, self.details = first.code, first.at, first.details
