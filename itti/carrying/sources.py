"""Which earlier assessments of a factory a new one may start from, for somebody who may read them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments import library, reading
from itti.assessments.errors import DefinitionChanged, NotOpenToYou
from itti.assessments.tables import APPROVED, Answer, Assessment, AssessmentState, Phase
from questionnaires import Definition, loading
from questionnaires.loading import UnknownDefinition, version_key
from questionnaires.mistakes import Mistaken
from questionnaires.shelf import Leg, NoWay, Shelf

S = AssessmentState


class Which(StrEnum):
    """Which answers of the earlier assessment; they become the same answers of the new one."""

    OWN = "own"
    """What the factory said of itself: for its next self-assessment."""

    ASSESSED = "assessed"
    """What the assessor found: for the next assessment."""

    @property
    def phase(self) -> Phase:
        """Whose answers they are in both assessments."""
        return Phase.SELF if self is Which.OWN else Phase.ASSESSED


_FINAL: Final = {
    Which.OWN: frozenset(S) - {S.PLANNED, S.SELF_ASSESSMENT},
    Which.ASSESSED: APPROVED | {S.WITHDRAWN},
}
"""States in which those answers change no more; only then are they carried."""


@dataclass(frozen=True)
class Source:
    """An earlier assessment, with how many questions are answered in what may be carried from it."""

    assessment: Assessment
    answered: dict[Which, int]


def sources(session: Session, act: Act, one: Assessment) -> list[Source]:
    """What ``one`` may start from, newest first: earlier assessments of the same factory and questionnaire family.

    Only those that the actor may read, whose answers are final, and for which migrations lead from their version to
    that of ``one``.

    Raises:
        DefinitionChanged: the library no longer holds the questionnaire that ``one`` was planned with.
    """
    new = library.pinned(one).definition
    statement = (
        select(Assessment)
        .where(
            reading.readable(session, act),
            Assessment.factory_id == one.factory_id,
            Assessment.family == one.family,
            Assessment.id != one.id,
            col(Assessment.created_at) < one.created_at,
            col(Assessment.second_of).is_(None),
        )
        .order_by(col(Assessment.created_at).desc(), col(Assessment.id))
    )
    earlier = [row for row in session.exec(statement).all() if way(row, new) is not None]
    counted = _answered(session, [row.id for row in earlier])
    found = [
        Source(
            row,
            {
                which: counted[row.id, which.phase]
                for which in Which
                if (row.id, which.phase) in counted and _open(act, row, which)
            },
        )
        for row in earlier
    ]
    return [source for source in found if source.answered]


def way(earlier: Assessment, new: Definition) -> tuple[Leg, ...] | None:
    """The version steps from an earlier assessment to ``new``; none for the same version, None: no way leads there."""
    try:
        old = library.pinned(earlier).definition
    except DefinitionChanged:
        return None
    if old.version == new.version:
        return ()
    return _way(loading.PUBLISHED, old.family, old.version, new.version)


@cache
def _way(root: Path, family: str, old: str, new: str) -> tuple[Leg, ...] | None:
    """Published versions never change, so a way is looked up once."""
    if version_key(old) >= version_key(new):
        return None
    shelf = Shelf(root)
    try:
        return shelf.way(shelf.definition(family, old), shelf.definition(family, new), shelf.folder(family, new))
    except (NoWay, UnknownDefinition, Mistaken):
        return None


def _open(act: Act, row: Assessment, which: Which) -> bool:
    if row.state not in _FINAL[which]:
        return False
    try:
        if which is Which.ASSESSED:
            reading.check_open(act, row)
    except NotOpenToYou:
        return False
    return True


def _answered(session: Session, identifiers: Collection[UUID]) -> dict[tuple[UUID, Phase], int]:
    """How many questions are answered in each phase, in one query."""
    statement = (
        select(Answer.assessment_id, Answer.phase, sa.func.count())
        .where(col(Answer.assessment_id).in_(identifiers), col(Answer.given).is_not(None))
        .group_by(col(Answer.assessment_id), col(Answer.phase))
    )
    rows = session.exec(statement).all() if identifiers else ()
    return {(identifier, Phase(phase)): number for identifier, phase, number in rows}
