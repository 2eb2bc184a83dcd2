"""What a plan keeps of the assessments that it scored: it changes no result, only how soon it is there."""

from __future__ import annotations

from typing import Any, Final

MOST_KEPT: Final = 30_000
"""Outcomes, shares and small nodes that are kept of one plan, of about a kilobyte each; then it starts anew."""

FEW_QUESTIONS: Final = 8
"""Nodes over more questions hardly ever meet the same answers in another assessment, but they do in the same one."""

MOST_LARGE: Final = 32
"""Outcomes that are kept of each node over more questions, for an assessor who changes one answer at a time."""


FEW_OPEN: Final = 4
"""While answers are missing, nodes over more questions hardly ever come to the same in another assessment."""

MOST_OPEN: Final = 120
"""Entries of one table of what came out while answers are missing."""

MOST_OPEN_LARGE: Final = 8
"""The same of nodes over more than :data:`FEW_OPEN` questions, and whole outcomes of each node: for those who change
one answer at a time. More would take longer to look after (by Python's collector) than to work out."""


class Memory:
    """What is kept of one plan; see :mod:`scoring.single`."""

    __slots__ = ("kept", "program")

    def __init__(self) -> None:
        self.program: Any = None
        """The plan made ready, with all that was worked out so far."""

        self.kept = 0
        """How much that is."""
