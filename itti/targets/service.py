"""Entering targets. They stand beside the score on page and paper, and move no score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from uuid import UUID

from sqlmodel import Session

from itti.acts import Act
from itti.assessments import answers, conditions, library, reading
from itti.assessments.errors import AnswersClosed
from itti.assessments.move_errors import DeclarationMissing, NotAccredited
from itti.assessments.moves import Relation
from itti.assessments.tables import Assessment, AssessmentState, Phase
from itti.audit.service import record
from itti.database import flush_checked, stale
from itti.errors import FieldMistake
from itti.http.errors import Stale
from itti.targets.errors import ROOM, NotYourTargets, TargetsClosed, TargetsInvalid
from itti.targets.parts import Aimed, parts_of
from itti.targets.reading import EarlierTargets, earlier_targets, sheet_of
from itti.targets.schemas import TargetsInput
from itti.targets.tables import TargetSheet
from questionnaires import Definition
from scoring.answers import decimal_text

__all__ = ["EarlierTargets", "earlier_targets", "ends", "enter", "may_change", "parts_of", "sheet_of"]

S = AssessmentState

MOST_PLACES: Final = 4
"""Decimals of a target; nobody aims more finely, and paper has no room for more."""

_OPEN_TO_FACTORY: Final = frozenset({S.PLANNED, S.SELF_ASSESSMENT, S.SELF_ASSESSED, S.ASSESSMENT, S.REVIEW, S.REPLY})


def check_hand(session: Session, act: Act, one: Assessment) -> None:
    """Whether the actor may change the targets now.

    The factory until its reply ends, its assessor while assessing; after that nobody, so that what was approved stays.

    Raises:
        NotYourTargets: somebody else may.
        TargetsClosed: not now.
        NotAccredited, DeclarationMissing: as for the assessor's answers.
    """
    held = conditions.relations(reading.person(act), one)
    if Relation.FACTORY in held:
        late = one.state is S.REPLY and one.reply_until is not None and act.today > one.reply_until
        if one.state not in _OPEN_TO_FACTORY or late:
            raise TargetsClosed
    elif Relation.ASSESSOR in held:
        try:
            answers.check_hands(session, act, one, Phase.ASSESSED)
        except AnswersClosed as fault:
            raise TargetsClosed from fault
    else:
        raise NotYourTargets


def may_change(session: Session, act: Act, one: Assessment) -> bool:
    """Whether :func:`enter` would take targets from the actor now."""
    try:
        check_hand(session, act, one)
    except (NotYourTargets, TargetsClosed, NotAccredited, DeclarationMissing):
        return False
    return True


def enter(session: Session, act: Act, identifier: UUID, given: TargetsInput, *, expected: int) -> TargetSheet:
    """Enter the targets of an assessment in place of those before.

    Args:
        session: a writing session.
        act: by the factory or the assessor.
        identifier: which assessment.
        given: all of the targets.
        expected: the version that the actor saw; 0: none was entered yet.

    Raises:
        NoSuchAssessment: none, or none for this person.
        NotYourTargets, TargetsClosed, NotAccredited, DeclarationMissing: as :func:`check_hand` says.
        DefinitionChanged: the library no longer holds the pinned questionnaire.
        Stale: somebody entered others meanwhile.
        TargetsInvalid: with a JSON Pointer to each place that is wrong.
    """
    one = reading.assessment(session, act, identifier, lock="update")
    check_hand(session, act, one)
    definition = library.pinned(one).definition
    sheet = sheet_of(session, one)
    if expected != (0 if sheet is None else sheet.version):
        raise Stale.against(version=0) if sheet is None else stale(sheet)
    parts = {part.id: part for part in parts_of(definition)}
    mistakes = [*_wrong_aims(definition, parts, given), *_wrong_horizon(act, given)]
    if mistakes:
        raise TargetsInvalid.naming(mistakes)
    aims = given.aims
    ordered = {name: aims[name] for name in parts if name in aims}
    return _store(session, act, one, sheet, ordered, given)


def _store(  # noqa: PLR0913, PLR0917 - what a sheet is made of
    session: Session, act: Act, one: Assessment, sheet: TargetSheet | None, aims: dict[str, str], given: TargetsInput
) -> TargetSheet:
    if sheet is None:
        sheet = TargetSheet(assessment_id=one.id, aims={}, author_id=reading.person(act).id, updated_at=act.at)
    sheet.aims, sheet.by, sheet.note = aims, given.by if aims else None, given.note if aims else ""
    sheet.days = {part: day for part, day in given.days.items() if part in aims}
    sheet.notes = {part: note for part, note in given.notes.items() if part in aims}
    sheet.author_id, sheet.updated_at = reading.person(act).id, act.at
    session.add(sheet)
    flush_checked(session, sheet)
    by = None if sheet.by is None else sheet.by.isoformat()
    own = {"days": sheet.days} if sheet.days else {}
    record(session, act, "targets.entered", "assessment", one.id, targets=aims, by=by, **own)
    return sheet


def _wrong_aims(definition: Definition, parts: dict[str, Aimed], given: TargetsInput) -> list[FieldMistake]:
    found: list[FieldMistake] = []
    seen: set[str] = set()
    for place, target in enumerate(given.targets):
        part = parts.get(target.part)
        if part is None:
            known = ", ".join(parts)
            found.append(_mistake(place, "part", "unknown-part", part=target.part, known=known, of=definition.name))
        elif target.part in seen:
            found.append(_mistake(place, "part", "part-twice", part=target.part))
        elif (target.value * 10**MOST_PLACES).denominator != 1:
            found.append(_mistake(place, "value", "too-many-places", places=MOST_PLACES))
        elif not _lies_on(part, target.value):
            within = ends(part)
            found.append(_mistake(place, "value", f"beyond-{within.name}", **within.details))
        seen.add(target.part)
    return found


def _lies_on(part: Aimed, value: Fraction) -> bool:
    low, high = part.scale.low, part.scale.high
    return (low is None or value >= low) and (high is None or value <= high) and abs(value) < 10**15


@dataclass(frozen=True)
class Ends:
    """The ends of a part's scale: ``low-high``, ``low``, ``high`` or ``none``, and the text of each there is."""

    name: str
    details: Mapping[str, object]


def ends(part: Aimed) -> Ends:
    """Between which values a target of the part has to lie."""
    texts = {name: end_text(end) for name, end in (("low", part.scale.low), ("high", part.scale.high))}
    found = {name: text for name, text in texts.items() if text}
    return Ends("-".join(found) or "none", found)


def end_text(end: Fraction | None) -> str:
    """An end of a scale in at most four decimals; empty where there is none."""
    return "" if end is None else decimal_text(Fraction(round(end * 10**MOST_PLACES), 10**MOST_PLACES))


def _wrong_horizon(act: Act, given: TargetsInput) -> list[FieldMistake]:
    found = [
        _mistake(place, "by", "horizon-past", day=target.by.isoformat())
        for place, target in enumerate(given.targets)
        if target.by is not None and target.by < act.today
    ]
    if given.by is None:
        return [*found, FieldMistake("/by", "horizon-missing", {}, ROOM)] if given.targets else found
    if given.by < act.today:
        found.append(FieldMistake("/by", "horizon-past", {"day": given.by.isoformat()}, ROOM))
    return found


def _mistake(place: int, field: str, key: str, **details: object) -> FieldMistake:
    return FieldMistake(f"/targets/{place}/{field}", key, details, ROOM)
