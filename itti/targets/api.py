"""Targets over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from itti.assessments import reading
from itti.assessments.errors import DefinitionChanged, NoSuchAssessment
from itti.assessments.move_errors import DeclarationMissing, NotAccredited
from itti.http.bearer import ENTRY, ReadsAssessments, SignedIn
from itti.http.errors import PreconditionRequired, Stale
from itti.http.etags import ExpectedVersion, MalformedTag, etag, tagged
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from itti.targets import service
from itti.targets.errors import NotYourTargets, TargetsClosed, TargetsInvalid
from itti.targets.schemas import TargetsInput, TargetsView

router = APIRouter(tags=["targets"])


@router.get(
    "/assessments/{assessment_id}/targets",
    operation_id="readTargets",
    summary="What the factory aims at",
    responses=problems(*ENTRY, NoSuchAssessment) | tagged(200),
)
def read_targets(assessment_id: UUID, response: Response, session: Transaction, act: ReadsAssessments) -> TargetsView:
    """Whoever reads the assessment. Without any yet the entity tag is `"0"`, which the first write names."""
    one = reading.assessment(session, act, assessment_id)
    sheet = service.sheet_of(session, one)
    response.headers["ETag"] = etag(0 if sheet is None else sheet.version)
    earlier = service.earlier_targets(session, one)
    return TargetsView.of(sheet, earlier, may_change=service.may_change(session, act, one))


@router.put(
    "/assessments/{assessment_id}/targets",
    operation_id="enterTargets",
    summary="Enter what the factory aims at",
    responses=problems(
        *ENTRY, NoSuchAssessment, NotYourTargets, TargetsClosed, NotAccredited, DeclarationMissing, DefinitionChanged,
        TargetsInvalid, Stale, PreconditionRequired, MalformedTag,
    ) | tagged(200),
)  # fmt: skip
def enter_targets(
    assessment_id: UUID,
    given: TargetsInput,
    response: Response,
    session: Transaction,
    act: SignedIn,
    *,
    expected: ExpectedVersion,
) -> TargetsView:
    """The factory until its reply ends, and its assessor while assessing. All targets at once, for those before."""
    sheet = service.enter(session, act, assessment_id, given, expected=expected)
    response.headers["ETag"] = etag(sheet.version)
    one = reading.assessment(session, act, assessment_id)
    return TargetsView.of(sheet, service.earlier_targets(session, one), may_change=True)
