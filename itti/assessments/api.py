"""Assessments over HTTP: planning, answering, moving, reading."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response, status
from sqlmodel import Session

from itti.acts import Act
from itti.assessments import answers_api, offline_api, service, taking
from itti.assessments.answers_api import PhaseOf
from itti.assessments.errors import (
    DefinitionChanged,
    NoSuchAssessment,
    NoSuchQuestion,
    NotOpenToYou,
    NotPlannable,
    PlanningForbidden,
    SuccessorRefused,
)
from itti.assessments.move_errors import (
    AppealedBefore,
    AppealOver,
    AppealTaken,
    CertificateOver,
    ClockBehind,
    CommentsOpen,
    DeclarationMissing,
    EvidenceMissing,
    IndexWithheld,
    LookAgainLeft,
    MoveNotOpen,
    MoveNotYours,
    NoAppeals,
    NoRightOfReply,
    NotAccredited,
    NotApart,
    NoteMissing,
    NotHeard,
    NotIndependent,
    NotIssued,
    OpenQuestions,
    OwnAssessment,
    ReasonsMissing,
    ReplyOver,
    ReviewTaken,
    RotationDue,
    SameBody,
    SecondAssessment,
    TookPart,
    UnknownMove,
)
from itti.assessments.moves import MoveName
from itti.assessments.moving import Possible
from itti.assessments.reading import AssessmentSort
from itti.assessments.revising import revision_of
from itti.assessments.schemas import (
    AssessmentView,
    CommentView,
    MoveInput,
    PartyView,
    PassageView,
    PlanInput,
    PossibleMoveView,
    WholeAssessmentView,
)
from itti.assessments.standing import WholeStanding
from itti.assessments.tables import Assessment, AssessmentState, Phase
from itti.certificates import register
from itti.certificates.office import OfficeOf
from itti.http.bearer import ENTRY, FRESH_ENTRY, ReadsAssessments, SignedIn
from itti.http.errors import NotAcceptable, PreconditionRequired, Stale
from itti.http.etags import ExpectedRead, MalformedTag, etag, tagged
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.paging import PAGED, SORT, MalformedCursor, Page, PagingOf, link_next
from itti.http.sparse import Fields, fields_of
from itti.http.transactions import Transaction
from itti.papers.schemas import PreparationView
from itti.papers.service import on_the_way
from itti.review.errors import ContentChanged, ContentUnseen
from itti.targets.reading import targets_of
from reports import spreadsheet, table

router = APIRouter(tags=["assessments"])

AssessmentFields = Annotated[Fields, Depends(fields_of(AssessmentView))]

_READ: Final = (*ENTRY, NoSuchAssessment)
_APPROVED: Final = "Approved; the papers of the certificate are being made."
_LEADS_ON: Final[dict[str, Any]] = {
    "headers": {
        **tagged(202)[202]["headers"],
        "Location": {
            "description": "Where to see how far the papers are.",
            "schema": {"type": "string", "example": "/api/v1/assessments/0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11/papers"},
        },
    }
}


@router.get(
    "/assessments",
    operation_id="listAssessments",
    summary="List the assessments one may read",
    responses=problems(*ENTRY, MalformedCursor) | PAGED,
    response_model=Page[AssessmentView],
)
def list_assessments(
    request: Request,
    response: Response,
    session: Transaction,
    act: ReadsAssessments,
    paging: PagingOf,
    *,
    fields: AssessmentFields,
    sort: Annotated[AssessmentSort, SORT] = AssessmentSort.CREATED_LATEST,
    family: Annotated[
        str | None, Query(max_length=64, description="Only those by questionnaires of this family.")
    ] = None,
    body_id: Annotated[UUID | None, Query(description="Only those made by this assessment body.")] = None,
    planned_from: Annotated[date | None, Query(description="Only those planned for this day or later.")] = None,
    planned_to: Annotated[date | None, Query(description="Only those planned for this day or earlier.")] = None,
    state: Annotated[list[AssessmentState] | None, Query(description="Only those in one of these states.")] = None,
    factory_id: Annotated[UUID | None, Query(description="Only those of this factory.")] = None,
    assessor_id: Annotated[UUID | None, Query(description="Only those of this assessor.")] = None,
    reviewer_id: Annotated[UUID | None, Query(description="Only those this person reviews.")] = None,
) -> Page[AssessmentView] | Response:
    """Newest first. Assessors see those they assess or review, and those in review that they could take."""
    filters = service.Filters(
        tuple(state) if state else None,
        factory_id,
        assessor_id,
        reviewer_id,
        family,
        body_id,
        planned_from,
        planned_to,
    )
    found = service.listed(session, act, filters, paging, sort)
    link_next(request, response, found.after)
    return fields.shown(Page[AssessmentView](items=[AssessmentView.of(line) for line in found.rows]), response)


@router.post(
    "/assessments",
    status_code=status.HTTP_201_CREATED,
    operation_id="planAssessment",
    summary="Plan an assessment",
    responses=problems(*FRESH_ENTRY, PlanningForbidden, NotAccredited, NotIndependent, RotationDue, NotPlannable)
    | tagged(201),
)
def plan(
    request: Request, response: Response, planned: PlanInput, session: Transaction, act: SignedIn
) -> WholeAssessmentView:
    """The programme office, or an accredited assessor for himself. Version and digest are pinned for good."""
    one = service.plan(session, act, planned)
    response.headers["Location"] = f"/api/v1/assessments/{one.id}"
    return _whole(request, response, session, act, one)


@router.get(
    "/assessments/{assessment_id}",
    operation_id="readAssessment",
    summary="Read one assessment, with the moves open to the caller",
    responses=problems(*_READ) | tagged(200),
)
def read_assessment(
    assessment_id: UUID, request: Request, response: Response, session: Transaction, act: ReadsAssessments
) -> WholeAssessmentView:
    """Its entity tag is what a move has to name."""
    return _whole(request, response, session, act, service.assessment(session, act, assessment_id))


@router.post(
    "/assessments/{assessment_id}/moves",
    operation_id="moveAssessment",
    summary="Move an assessment on: start, hand over, submit, review, reply, approve, appeal, revoke",
    responses=problems(
        *_READ,
        UnknownMove,
        SuccessorRefused,
        NoteMissing,
        MoveNotOpen,
        MoveNotYours,
        OwnAssessment,
        NotAccredited,
        DeclarationMissing,
        NotIndependent,
        RotationDue,
        SameBody,
        NotApart,
        SecondAssessment,
        OpenQuestions,
        LookAgainLeft,
        ReasonsMissing,
        EvidenceMissing,
        IndexWithheld,
        ReviewTaken,
        TookPart,
        CommentsOpen,
        NotHeard,
        NoRightOfReply,
        ReplyOver,
        NotIssued,
        CertificateOver,
        NoAppeals,
        AppealOver,
        AppealedBefore,
        AppealTaken,
        ClockBehind,
        DefinitionChanged,
        NoSuchQuestion,
        ContentUnseen,
        ContentChanged,
        Stale,
        PreconditionRequired,
        MalformedTag,
    )
    | tagged(200)
    | {202: {"model": WholeAssessmentView, "description": _APPROVED, **_LEADS_ON}},
)
def move(
    assessment_id: UUID,
    wanted: MoveInput,
    request: Request,
    response: Response,
    *,
    session: Transaction,
    act: SignedIn,
    expected: ExpectedRead,
    office: OfficeOf,
) -> WholeAssessmentView:
    """`approve` names in `If-Match` the tag of the review that was read, and refuses if anything in it changed.

    It answers 202: the decision stands, and the papers of the certificate are being made.

    The header `Location` leads to their progress, and from there to the certificate.
    """
    one = service.move(
        session,
        act,
        assessment_id,
        wanted.move,
        office=office,
        expected=expected.version,
        seen=expected.digest,
        note=wanted.note,
        comments=wanted.comments,
        successor=wanted.assessor_id,
    )
    if wanted.move == MoveName.APPROVE:
        response.status_code = status.HTTP_202_ACCEPTED
        response.headers["Location"] = f"/api/v1/assessments/{one.id}/papers"
    return _whole(request, response, session, act, one)


router.include_router(answers_api.router)
router.include_router(offline_api.router)


@router.get(
    "/assessments/{assessment_id}/standing",
    operation_id="readStanding",
    summary="Progress, provisional indices, and what they may still become",
    responses=problems(*_READ, NotOpenToYou, DefinitionChanged),
)
def read_standing(
    assessment_id: UUID, session: Transaction, act: ReadsAssessments, phase: PhaseOf = Phase.ASSESSED
) -> WholeStanding:
    """A missing answer is never a zero: it widens what is still possible."""
    return service.whole_standing(session, act, service.assessment(session, act, assessment_id), phase)


@router.get(
    "/assessments/{assessment_id}/scorecard",
    operation_id="readScorecard",
    summary="The scorecard over the answers given so far",
    response_class=Response,
    responses=problems(*_READ, NotOpenToYou, DefinitionChanged, NotAcceptable)
    | {
        200: {
            "description": "The scorecard.",
            "content": {"application/json": {}, table.MEDIA_TYPE: {}, spreadsheet.MEDIA_TYPE: {}},
        }
    },
)
def read_scorecard(
    assessment_id: UUID,
    request: Request,
    session: Transaction,
    act: ReadsAssessments,
    *,
    phase: PhaseOf = Phase.ASSESSED,
    form: Annotated[
        taking.Form | None,
        Query(
            alias="format",
            description="Canonical JSON (RFC 8785), or a table as CSV or a workbook; else the header `Accept` decides.",
        ),
    ] = None,
) -> Response:
    """With the reason for every number; `complete` says whether answers are missing."""
    one = service.assessment(session, act, assessment_id)
    chosen = form or taking.negotiated(request.headers.get("accept", "*/*"))
    scorecard = service.current_scorecard(session, act, one, phase)
    asked = service.asked_of(session, one, phase).definition
    return taking.taken(chosen, scorecard, asked, request_language(request), targets_of(session, one))


@router.get(
    "/assessments/{assessment_id}/comments",
    operation_id="listComments",
    summary="Read the remarks of reviewers and the replies to them",
    responses=problems(*_READ, NotOpenToYou),
)
def list_comments(assessment_id: UUID, session: Transaction, act: ReadsAssessments) -> list[CommentView]:
    """Oldest first, replies too. They pass between assessor, reviewer and programme; the factory reads those for it."""
    one = service.assessment(session, act, assessment_id)
    return [CommentView.of(remark) for remark in service.comments(session, act, one)]


def _whole(request: Request, response: Response, session: Session, act: Act, one: Assessment) -> WholeAssessmentView:
    response.headers["ETag"] = etag(one.version)
    parties = service.parties_of(session, one)
    certificate = register.of_assessment(session, act, one)
    papers = on_the_way(session, one)
    revision = revision_of(session, one)
    planner = service.planner(session, one)
    language = request_language(request)
    answered, total = service.progress(session, one)
    return WholeAssessmentView.model_validate(
        {
            **AssessmentView.fields(one, parties, answered, total),
            "moves": [_possible(each, one.state, language) for each in service.possible(session, act, one)],
            "planned_by": None if planner is None else PartyView.of(planner),
            "history": [PassageView.of(passage) for passage in service.history(session, act, one)],
            "certificate": None if certificate is None else certificate.number,
            "revision": None if revision is None else revision.id,
            "papers": None if papers is None else PreparationView.of(papers, language),
        }
    )


def _possible(each: Possible, state: AssessmentState, language: str) -> PossibleMoveView:
    return PossibleMoveView(
        move=each.rule.move,
        to=each.rule.leads_to(state),
        open=each.blocked is None,
        needs_note=each.needs_note,
        needs_person=each.needs_person,
        code=each.blocked.code if each.blocked else None,
        reason=each.blocked.sentence(language) if each.blocked else None,
    )
