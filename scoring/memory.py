"""What was worked out before: questions and small nodes come out the same wherever the same answers come again.

An assessor changes one answer at a time, and many assessments share the answers of a dimension. Each outcome has a
number of its own, so what a node rests on is told by a few numbers. The memory changes no result, only how soon it is
there; it is emptied when it gets large.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

MOST_KEPT: Final = 6_000
"""Outcomes that are kept of one plan; a node's takes some kilobytes, so that a plan in use takes some 50 MiB."""

FEW_QUESTIONS: Final = 8
"""Nodes over more questions hardly ever meet the same answers in another assessment, but they do in the same one."""

MOST_LARGE: Final = 300
"""Outcomes of nodes over more questions that are kept."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What one question or node came out as."""

    number: int
    """Its own, never used again."""

    value: Any
    now: Any
    possible: Any
    told: Any
    """Its part of the scorecard."""


class Memory:
    """The outcomes of one plan."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Learnt] = {}
        self._large: dict[Hashable, Learnt] = {}
        self._numbers = count()

    def recall(self, key: Hashable) -> Learnt | None:
        """The outcome kept under a key."""
        return self._kept.get(key) or self._large.get(key)

    def number(self) -> int:
        """A number that no outcome had before."""
        return next(self._numbers)

    def keep(self, key: Hashable, learnt: Learnt, *, questions: int = 1) -> None:
        """Keep an outcome that rests on so many questions."""
        if questions > FEW_QUESTIONS:
            if len(self._large) >= MOST_LARGE:
                self._large = {}
            self._large[key] = learnt
            return
        if len(self._kept) >= MOST_KEPT:
            self._kept = {}
        self._kept[key] = learnt
