"""The last certified assessment of the same factory, in the words of the questionnaire that is asked now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from itti.assessments import library, reading, refusals
from itti.assessments.errors import AnswerInvalid, DefinitionChanged
from itti.assessments.marks import marked
from itti.assessments.tables import Assessment, AssessmentState, Phase
from itti.carrying import lists
from itti.carrying.composing import Carried, carried
from itti.carrying.service import as_given
from itti.carrying.sources import way
from questionnaires.upgrading import Mark
from scoring import Answer as GivenAnswer
from scoring.sheet import SheetAnswer

_STOOD: Final = (
    AssessmentState.CERTIFIED,
    AssessmentState.APPEAL,
    AssessmentState.UPHELD,
    AssessmentState.EXPIRED,
    AssessmentState.SUPERSEDED,
)
"""What was approved and not revoked since."""


@dataclass(frozen=True)
class LastAnswer:
    """One answer of the last certified assessment, as the version asked now takes it."""

    given: GivenAnswer
    reason: str
    is_converted: bool
    """A migration made another answer of it."""


@dataclass(frozen=True)
class Last:
    """The last certified assessment."""

    assessment: Assessment
    answers: Mapping[str, LastAnswer]
    """By question of the version asked now; what has no place in it, or cannot be taken over unseen, is not there."""


def last_certified(session: Session, one: Assessment) -> Last | None:
    """The newest assessment of the same factory and family that was approved before ``one`` was planned.

    None: there is none, or no way of migrations leads from its version to that of ``one``. Checks no rights.

    Raises:
        DefinitionChanged: the library no longer holds the questionnaire of ``one``.
    """
    statement = (
        select(Assessment)
        .where(
            Assessment.factory_id == one.factory_id,
            Assessment.family == one.family,
            Assessment.id != one.id,
            col(Assessment.state).in_(_STOOD),
            col(Assessment.decided_at) <= one.created_at,
        )
        .order_by(col(Assessment.decided_at).desc(), col(Assessment.id))
        .limit(1)
    )
    earlier = session.exec(statement).one_or_none()
    return None if earlier is None else _told(session, one, earlier)


def _told(session: Session, one: Assessment, earlier: Assessment) -> Last | None:
    published = library.pinned(one)
    steps = way(earlier, published.definition)
    if steps is None:
        return None
    answers = reading.answers_of(session, earlier.id, Phase.ASSESSED)
    try:
        old = library.pinned(earlier).asked(answers.values()).definition
    except DefinitionChanged:
        return None
    entries = {name: {**(answer.given or {}), "reason": answer.reason} for name, answer in answers.items()}
    found = carried(old, published.definition, steps, entries, marked(answers.values()))
    current = reading.answers_of(session, one.id, Phase.ASSESSED)
    asked = lists.asked_then(published, current, found)
    told = {
        str(each.question): answer
        for each in lists.placed(asked, found)
        if each.question is not None and (answer := _answer(asked, each)) is not None
    }
    return Last(earlier, told)


def _answer(asked: library.Questionnaire, each: Carried) -> LastAnswer | None:
    """What arrives at a question; None: nothing, or something that the version asked now does not take."""
    if each.question is None or not each.answer.answered:
        return None
    given = as_given(each.answer)
    try:
        refusals.check(asked, each.question, given)
    except AnswerInvalid:
        return None
    made = SheetAnswer.model_validate({**(given.stored or {}), "reason": given.reason}).answer()
    return None if made is None else LastAnswer(made, given.reason, each.mark is not Mark.CARRIED)
