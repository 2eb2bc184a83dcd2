"""Reading targets, for other rooms too. Checks no rights: whoever calls has read the assessment."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session, col, select

from itti.assessments.tables import APPROVED, Assessment, AssessmentState
from itti.targets.tables import TargetSheet
from reports.beside import Targets

_STOOD: Final = APPROVED - {AssessmentState.REVOKED}


@dataclass(frozen=True)
class EarlierTargets:
    """What was aimed at in an assessment before."""

    aims: dict[str, str]
    by: date
    days: dict[str, str]
    notes: dict[str, str]


def sheet_of(session: Session, one: Assessment) -> TargetSheet | None:
    """The sheet of an assessment; None: nothing was ever entered."""
    return session.exec(select(TargetSheet).where(TargetSheet.assessment_id == one.id)).one_or_none()


def targets_of(session: Session, one: Assessment) -> Targets | None:
    """The targets as reports take them; None: there are none."""
    sheet = sheet_of(session, one)
    if sheet is None or not sheet.aims:
        return None
    days = {part: date.fromisoformat(day) for part, day in sheet.days.items()}
    return Targets(values=sheet.aims, by=sheet.by, note=sheet.note, days=days, notes=sheet.notes)


def told(session: Session, one: Assessment) -> dict[str, Any] | None:
    """Part → what is aimed at, with the digest of the note, for the content that an approval names; None: nothing."""
    sheet = sheet_of(session, one)
    if sheet is None or not sheet.aims:
        return None
    by = None if sheet.by is None else sheet.by.isoformat()
    return {
        part: {
            "value": value,
            "by": sheet.days.get(part, by),
            "note": hashlib.sha256(sheet.note.encode()).hexdigest(),
            **({"own": hashlib.sha256(sheet.notes[part].encode()).hexdigest()} if part in sheet.notes else {}),
        }
        for part, value in sheet.aims.items()
    }


def earlier_targets(session: Session, one: Assessment) -> EarlierTargets | None:
    """Those of the newest certified assessment of the factory and family before ``one`` that had any."""
    statement = (
        select(TargetSheet)
        .join(Assessment, col(Assessment.id) == TargetSheet.assessment_id)
        .where(
            Assessment.factory_id == one.factory_id,
            Assessment.family == one.family,
            Assessment.id != one.id,
            col(Assessment.state).in_(_STOOD),
            col(Assessment.decided_at) <= one.created_at,
            col(TargetSheet.by).is_not(None),
        )
        .order_by(col(Assessment.decided_at).desc(), col(Assessment.id))
        .limit(1)
    )
    found = session.exec(statement).one_or_none()
    return None if found is None or found.by is None else EarlierTargets(found.aims, found.by, found.days, found.notes)


def take_over(session: Session, one: Assessment, made: Assessment) -> None:
    """Give the revision ``made`` the targets of ``one``: it corrects a score and not what is aimed at."""
    sheet = sheet_of(session, one)
    if sheet is not None and sheet.aims:
        values = sheet.model_dump(exclude={"id", "version", "assessment_id"})
        session.add(TargetSheet(assessment_id=made.id, **values))
