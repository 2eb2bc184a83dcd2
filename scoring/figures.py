"""Figures of a cohort as a file and a scorecard carry them: which cohort, and the exact number of each.

:mod:`scoring.sample` works them out; :func:`scoring.compiling.compile_plan` takes them in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Annotated, Final, Literal

import rfc8785
from pydantic import BaseModel, ConfigDict, Field

FORMAT: Final = "itti-cohort/1"

_NUMBER: Final = r"\d+(?:\.\d+|/[1-9]\d*)?"
_ROOT: Final = re.compile(r"root\((.*)\)", re.ASCII)

ExactText = Annotated[str, Field(pattern=rf"^(?:-?{_NUMBER}|root\({_NUMBER}\))$", max_length=4000)]
"""An exact number as text: ``3``, ``2.5``, ``35/12``, or ``root(35/12)`` for a square root that is no fraction."""


Count = Annotated[int, Field(ge=0)]


class TakenFigure(BaseModel):
    """A number that was taken of a cohort, or of one group of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: ExactText | None
    """The number; None where too few members state what it is taken of."""

    counted: Count
    """How many members state it (and count, where the figure says which do)."""

    part: Annotated[Count | None, Field(exclude_if=lambda value: value is None)] = None
    """How many of them are in the part that the figure is taken of; None: it is taken of all."""

    @property
    def square(self) -> Fraction | None:
        """The number under the root, where the value is a root."""
        found = _ROOT.fullmatch(self.value or "")
        return Fraction(found[1]) if found else None

    @property
    def number(self) -> Fraction | None:
        """The number where it is a fraction; None where it is a root, or there is none."""
        return None if self.value is None or _ROOT.fullmatch(self.value) else Fraction(self.value)


class GroupFigure(TakenFigure):
    """The figure for the members of one group."""

    by: Annotated[tuple[str, ...], Field(min_length=1, max_length=4)]
    """What they answer to the questions that tell groups apart."""

    over: tuple[str, ...] | None
    """What those answer of whom it is taken: the same, or fewer facts, where the group has too few; None: of nobody."""


class FigureValue(TakenFigure):
    """One figure of a cohort; where there is one for each group, its own number is that of all together."""

    id: Annotated[str, Field(max_length=64)]
    """Id of the figure in the definition."""

    groups: Annotated[tuple[GroupFigure, ...], Field(exclude_if=lambda value: not value)] = ()
    """The figure for each group that there may be."""

    def for_group(self, by: Sequence[str | None]) -> TakenFigure | None:
        """The figure for who answers ``by``: one for all, or that of the group; None: there is no such group."""
        if not self.groups:
            return self
        return next((group for group in self.groups if group.by == tuple(by)), None)


class CohortFigures(BaseModel):
    """All figures of one cohort."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["itti-cohort/1"] = FORMAT
    family: Annotated[str, Field(max_length=64)]
    version: Annotated[str, Field(max_length=20)]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Digest of the definition that says which figures there are."""

    on: date | None = None
    """The day they were worked out."""

    members: Annotated[int, Field(ge=0)]
    """How large the cohort was."""

    figures: tuple[FigureValue, ...]

    def to_json(self) -> bytes:
        """Canonical JSON (RFC 8785): the same bytes for the same figures on every machine."""
        return rfc8785.dumps(self.model_dump(mode="json"))
