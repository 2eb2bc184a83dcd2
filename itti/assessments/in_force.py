"""The answers in force of several assessments, read at once and without making objects of rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from itti.assessments.tables import Answer, Phase
from scoring import Answer as GivenAnswer
from scoring.sheet import SheetAnswer

OF_PHASE: Final = col(Answer.phase) == sa.bindparam("phase")
"""Answers of one phase."""

ASKED: Final[sa.BindParameter[Sequence[UUID]]] = sa.bindparam("assessments", expanding=True)
"""The assessments asked for."""

_IN_FORCE: Final = sa.select(
    sa.type_coerce(col(Answer.assessment_id), sa.String),  # as the database has it: there are many rows
    col(Answer.question),
    sa.cast(col(Answer.given), sa.Text),
    col(Answer.reason),
    col(Answer.look_again).is_not(None),
).where(col(Answer.assessment_id).in_(ASKED), OF_PHASE)
"""All answers of the assessments."""


@dataclass(frozen=True)
class InForce:
    """One of the answers of an assessment."""

    question: str
    given: Mapping[str, Any] | None
    answer: GivenAnswer | None
    """As the engine takes it; None: it holds only a reason so far."""

    marked: bool

    @property
    def not_applicable(self) -> bool:
        """Whether the answer is that the question does not apply."""
        return bool((self.given or {}).get("not_applicable"))


def in_force(session: Session, phase: Phase, assessments: Iterable[UUID]) -> dict[UUID, list[InForce]]:
    """All answers of assessments, each by its assessment."""
    rows = session.connection().execute(_IN_FORCE, {"assessments": list(assessments), "phase": phase})
    found: dict[Any, list[InForce]] = {}
    for assessment, question, given, reason, marked in rows:
        found.setdefault(assessment, []).append(InForce(question, *_understood(given, reason), marked))
    return {name if isinstance(name, UUID) else UUID(name): each for name, each in found.items()}


def _understood(given: str | None, reason: str) -> tuple[Mapping[str, Any] | None, GivenAnswer | None]:
    """What was answered, as the table and as the engine has it."""
    if given is None:
        return None, None
    return _said(given, reason if "not_applicable" in given else "")


@lru_cache(maxsize=4096)
def _said(given: str, reason: str) -> tuple[Mapping[str, Any], GivenAnswer | None]:
    """The same, remembered: most answers say one of few things. The reason matters where something does not apply."""
    said = json.loads(given)
    return said, SheetAnswer.model_validate({**said, "reason": reason}).answer()
