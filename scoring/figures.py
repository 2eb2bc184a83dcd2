"""Figures of a cohort as a file and a scorecard carry them: which cohort, and the exact number of each.

:mod:`scoring.sample` works them out; :func:`scoring.compiling.compile_plan` takes them in.
"""

from __future__ import annotations

import re
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


class FigureValue(BaseModel):
    """One figure of a cohort."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(max_length=64)]
    """Id of the figure in the definition."""

    value: ExactText | None
    """The number; None where too few members state what it is taken of."""

    counted: Annotated[int, Field(ge=0)]
    """How many members state it."""

    @property
    def square(self) -> Fraction | None:
        """The number under the root, where the value is a root."""
        found = _ROOT.fullmatch(self.value or "")
        return Fraction(found[1]) if found else None

    @property
    def number(self) -> Fraction | None:
        """The number where it is a fraction; None where it is a root, or there is none."""
        return None if self.value is None or _ROOT.fullmatch(self.value) else Fraction(self.value)


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
