"""What a plan keeps of the assessments that it scored: it changes no result, only how soon it is there."""

from __future__ import annotations

from typing import Any, Final

MOST_KEPT: Final = 30_000
"""Outcomes, shares and small nodes that are kept of one plan, of about a kilobyte each; then it starts anew."""

FEW_QUESTIONS: Final = 8
"""Nodes over more questions hardly ever meet the same answers in another assessment, but they do in the same one."""

MOST_LARGE: Final = 32
"""Outcomes that are kept of each node over more questions, for an assessor who changes one answer at a time."""


class Memory:
    """What is kept of one plan; see :mod:`scoring.single`."""

    __slots__ = ("kept", "program")

    def __init__(self) -> None:
        self.program: Any = None
        """The plan made ready, with all that was worked out so far."""

        self.kept = 0
        """How much that is."""
