"""Answers as the scoring engine takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class LevelAnswer(BaseModel):
    """A level picked for a question."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    level: Annotated[int, Field(strict=True)]


class NotApplicableAnswer(BaseModel):
    """The question does not apply to this factory, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


Answer = LevelAnswer | NotApplicableAnswer
Answers = Mapping[str, Answer]
"""Question id → answer. A question that is not in the mapping is missing."""
