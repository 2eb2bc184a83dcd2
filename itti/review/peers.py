"""The factories that an assessment is compared with, and how they stand: whole groups, never single ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.assessments.tables import Answer, Assessment, AssessmentState, Phase
from itti.factories.tables import Factory
from scoring.benchmark.groups import size_class
from scoring.benchmark.release import LEAST

SIZES: Final = (10, 50, 250)
"""Where size classes begin, in people who work there: those of the European statistics of enterprises."""

_MOST: Final = 1000
"""The newest so many factories are compared with, which is more than enough for a median."""

_COUNTED: Final = (
    AssessmentState.CERTIFIED,
    AssessmentState.APPEAL,
    AssessmentState.EXPIRED,
    AssessmentState.SUPERSEDED,
)
"""What was approved and neither revoked nor found wrong by an appeal."""


class Circle(StrEnum):
    """What the factories of a group have in common with the one assessed; words under ``circle.<name>``."""

    SECTOR_AND_SIZE = "sector-and-size"
    SECTOR = "sector"
    ALL = "all"


@dataclass(frozen=True)
class Spread:
    """How the other factories of a group answered one question with levels."""

    counts: Mapping[int, int]
    """Level → factories."""

    @property
    def count(self) -> int:
        """Factories that answered it."""
        return sum(self.counts.values())

    @property
    def median(self) -> Fraction:
        """The middle level; half way between the middle two where they differ."""
        levels = sorted(level for level, count in self.counts.items() for _ in range(count))
        middle = len(levels) // 2
        return Fraction(levels[middle]) if len(levels) % 2 else Fraction(levels[middle - 1] + levels[middle], 2)

    def at_least(self, level: int) -> int:
        """How many of them stand on that level or above."""
        return sum(count for each, count in self.counts.items() if each >= level)

    def at_most(self, level: int) -> int:
        """How many of them stand on that level or below."""
        return sum(count for each, count in self.counts.items() if each <= level)


@dataclass(frozen=True)
class Peers:
    """The group compared with, and how it answered; questions that too few of it answered are not there."""

    circle: Circle
    factories: int
    spreads: Mapping[str, Spread]


def peers_of(session: Session, one: Assessment, least: int = LEAST) -> Peers | None:
    """The narrowest group of other certified factories that has at least ``least`` of them; None: there is none.

    Compared is what was asked in the very same version of the questionnaire, each factory by its newest certificate.
    Checks no rights: what it returns tells of nobody alone.
    """
    factory = session.get_one(Factory, one.factory_id)
    others = _others(session, one)
    same_sector = [each for each in others if each.sector == factory.sector]
    own_size = size_class(factory.employees, SIZES)
    circles: tuple[tuple[Circle, Sequence[_Other]], ...] = (
        (Circle.SECTOR_AND_SIZE, [each for each in same_sector if size_class(each.employees, SIZES) == own_size]),
        (Circle.SECTOR, same_sector),
        (Circle.ALL, others),
    )
    for circle, members in circles:
        if len(members) >= max(least, 1):
            return Peers(circle, len(members), _spreads(session, [each.assessment for each in members], least))
    return None


@dataclass(frozen=True)
class _Other:
    assessment: UUID
    sector: str
    employees: int


def _others(session: Session, one: Assessment) -> list[_Other]:
    """The newest approved assessment of every other factory, the newest first."""
    statement = (
        sa.select(col(Assessment.id), col(Assessment.factory_id), col(Factory.sector), col(Factory.employees))
        .join(Factory, col(Factory.id) == col(Assessment.factory_id))
        .where(
            col(Assessment.digest) == one.digest,
            col(Assessment.factory_id) != one.factory_id,
            col(Assessment.state).in_(_COUNTED),
        )
        .order_by(col(Assessment.decided_at).desc(), col(Assessment.id))
    )
    found: dict[UUID, _Other] = {}
    for identifier, factory, sector, employees in session.connection().execute(statement):
        found.setdefault(factory, _Other(identifier, sector, employees))
        if len(found) == _MOST:
            break
    return list(found.values())


def _spreads(session: Session, assessments: Sequence[UUID], least: int) -> Mapping[str, Spread]:
    """How they answered each question with levels, counted by the database."""
    level = sa.type_coerce(col(Answer.given), sa.JSON)["level"].as_integer()
    statement = (
        select(Answer.question, level, sa.func.count())
        .where(
            col(Answer.assessment_id).in_(assessments),
            Answer.phase == Phase.ASSESSED,
            col(Answer.given).is_not(None),
            level.is_not(None),
        )
        .group_by(col(Answer.question), level)
    )
    found: dict[str, Counter[int]] = {}
    for question, value, count in session.exec(statement).all():
        found.setdefault(question, Counter())[int(value)] += count
    return {name: spread for name, counts in found.items() if (spread := Spread(counts)).count >= max(least, 1)}
