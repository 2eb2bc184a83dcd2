"""What the record tells of an assessor's work: against factories' own answers, before submitting, and its proofs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from itti.assessments.tables import APPROVED, Answer, Assessment, Phase
from itti.audit.tables import Event
from itti.evidence.reading import of_assessment
from itti.evidence.tables import Evidence, EvidenceRevision

_PERIOD: Final = timedelta(days=3 * 366)
"""Assessments that were decided longer ago say little about how somebody works now."""


@dataclass(frozen=True)
class Gap:
    """By how many levels assessors stand above what factories said of themselves, on average over all answers."""

    own: Fraction
    """Of this assessor."""

    own_count: int
    """Approved assessments that it rests on, without the one in review."""

    others: Fraction
    """Of all other assessors together."""

    others_count: int


def gap_of(session: Session, one: Assessment) -> Gap | None:
    """How the assessor of ``one`` stands to self-assessments, and how all others do; None: nothing to compare.

    Over the approved assessments of the same family in the last three years whose factory had answered for itself.
    """
    own, given = aliased(Answer), aliased(Answer)
    assessed_level = sa.type_coerce(col(given.given), sa.JSON)["level"].as_integer()
    own_level = sa.type_coerce(col(own.given), sa.JSON)["level"].as_integer()
    since = (one.submitted_at or one.created_at) - _PERIOD
    statement = (
        sa.select(
            col(Assessment.assessor_id),
            sa.func.count(sa.distinct(col(Assessment.id))),
            sa.func.count(),
            sa.func.sum(assessed_level - own_level),
        )
        .join(given, sa.and_(col(given.assessment_id) == col(Assessment.id), col(given.phase) == Phase.ASSESSED))
        .join(
            own,
            sa.and_(
                col(own.assessment_id) == col(Assessment.id),
                col(own.phase) == Phase.SELF,
                col(own.question) == col(given.question),
            ),
        )
        .where(
            col(Assessment.family) == one.family,
            col(Assessment.id) != one.id,
            col(Assessment.state).in_(APPROVED),
            col(Assessment.decided_at) >= since,
            assessed_level.is_not(None),
            own_level.is_not(None),
        )
        .group_by(col(Assessment.assessor_id))
    )
    rows = {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in session.connection().execute(statement)}
    mine = rows.pop(one.assessor_id, None)
    if mine is None or not rows:
        return None
    assessments, answers, levels = (sum(row[place] for row in rows.values()) for place in range(3))
    return Gap(Fraction(mine[2], mine[1]), mine[0], Fraction(levels, answers), assessments)


def changed_before_submitting(session: Session, one: Assessment, within: timedelta) -> frozenset[str]:
    """The questions whose answer, and not only its reason, was another one shortly before the last submission."""
    if one.submitted_at is None:
        return frozenset()
    statement = select(Event).where(
        Event.assessment_id == one.id,
        Event.action == "answer.saved",
        col(Event.at) >= one.submitted_at - within,
        col(Event.at) <= one.submitted_at,
    )
    return frozenset(
        str(event.details["question"])
        for event in session.exec(statement).all()
        if event.details.get("phase") == Phase.ASSESSED.value and _says_something_else(event.details)
    )


def _says_something_else(details: Mapping[str, object]) -> bool:
    before, after = (_said(details.get(name)) for name in ("before", "after"))
    return bool(before) and before != after


def _said(content: object) -> dict[str, object]:
    """What was answered, without its reason; empty: nothing."""
    if not isinstance(content, dict):
        return {}
    found = {name: value for name, value in content.items() if name != "reason" and value is not None}
    if not found.get("not_applicable"):
        found.pop("not_applicable", None)
    return found


@dataclass(frozen=True)
class Proofs:
    """The evidence of one assessment, counted."""

    questions: Mapping[str, tuple[str, ...]]
    """SHA-256 → the questions it stands at."""

    names: Mapping[str, str]
    """SHA-256 → the name of one such file."""

    elsewhere: Mapping[str, int]
    """SHA-256 → how many other factories' assessments hold the very same content; only where some do."""


def proofs_of(session: Session, one: Assessment) -> Proofs:
    """Which proofs stand where, and which of them other factories have as well."""
    questions: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for question, files in of_assessment(session, one.id).items():
        for file in files:
            newest = file.newest
            names.setdefault(newest.sha256, newest.file_name)
            if question not in questions.setdefault(newest.sha256, []):
                questions[newest.sha256].append(question)
    return Proofs({sha: tuple(found) for sha, found in questions.items()}, names, _elsewhere(session, one, names))


def _elsewhere(session: Session, one: Assessment, names: Mapping[str, str]) -> Mapping[str, int]:
    if not names:
        return {}
    statement = (
        select(EvidenceRevision.sha256, sa.func.count(sa.distinct(col(Assessment.factory_id))))
        .join(Evidence, col(Evidence.id) == col(EvidenceRevision.evidence_id))
        .join(Assessment, col(Assessment.id) == col(Evidence.assessment_id))
        .where(
            col(EvidenceRevision.sha256).in_(sorted(names)),
            col(Evidence.removed_at).is_(None),
            col(Assessment.factory_id) != one.factory_id,
        )
        .group_by(col(EvidenceRevision.sha256))
    )
    return {sha: int(count) for sha, count in session.exec(statement).all()}
