"""What a filled workbook says, as plain data in the form answers have as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from questionnaires.mistakes import Mistake

Answer = Mapping[str, object]
"""One answer in sheet form: ``{"level": 3, "reason": "…"}``, ``{"grid": {"row": "option"}}`` and so on."""


@dataclass(frozen=True)
class Filled:
    """The answers and the cover of a workbook, and every cell that is not as it must be."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    """Question id → its answer; a question without an answer, reason and evidence is not among them."""

    cover: Mapping[str, str | int | date] = field(default_factory=dict)
    """Field of the cover (``factory.name``) → what stands there."""

    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class Stated:
    """What a workbook says it is."""

    family: str
    version: str
    digest: str
    language: str
