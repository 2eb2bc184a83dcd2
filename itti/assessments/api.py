"""Assessments over HTTP: planning, answering, moving, reading."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from fastapi import Path as PathParameter
from sqlmodel import Session

from itti.acts import Act
from itti.assessments import service, taking
from itti.assessments.errors import (
    AnswerInvalid,
    AnswersClosed,
    AnswerStale,
    DefinitionChanged,
    EvidenceMissing,
    IndexWithheld,
    LookAgainLeft,
    MoveNotOpen,
    MoveNotYours,
    NoSuchAssessment,
    NoSuchQuestion,
    NotAccredited,
    NotAnswered,
    NoteMissing,
    NotOpenToYou,
    NotPlannable,
    NotYourAnswers,
    OpenQuestions,
    OwnAssessment,
    PlanningForbidden,
    ReasonsMissing,
    ReviewTaken,
    UnknownMove,
)
from itti.assessments.moving import Possible
from itti.assessments.schemas import (
    AnswerGiven,
    AnswersView,
    AnswerView,
    AssessmentView,
    CommentView,
    MoveInput,
    PartyView,
    PassageView,
    PlanInput,
    PossibleMoveView,
    SavedView,
    WholeAssessmentView,
)
from itti.assessments.standing import WholeStanding
from itti.assessments.tables import Assessment, AssessmentState, Phase
from itti.certificates import register
from itti.certificates.office import OfficeOf
from itti.http.bearer import ENTRY, SignedIn
from itti.http.errors import NotAcceptable, PreconditionRequired, Stale
from itti.http.etags import ExpectedState, ExpectedVersion, MalformedTag, etag, tagged
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.paging import PAGED, MalformedCursor, Page, PagingOf, link_next
from itti.http.transactions import Transaction
from itti.papers.schemas import PreparationView
from itti.papers.service import on_the_way
from reports import spreadsheet, table

router = APIRouter(tags=["assessments"])

_READ: Final = (*ENTRY, NoSuchAssessment)
PhaseOf = Annotated[Phase, Query(description="Whose answers: the factory's own (`self`) or the assessor's.")]
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
QuestionOf = Annotated[str, PathParameter(max_length=64, description="Id of the question.", examples=["maintenance"])]


@router.get(
    "/assessments",
    operation_id="listAssessments",
    summary="List the assessments one may read",
    responses=problems(*ENTRY, MalformedCursor) | PAGED,
)
def list_assessments(
    request: Request,
    response: Response,
    session: Transaction,
    act: SignedIn,
    paging: PagingOf,
    *,
    state: Annotated[list[AssessmentState] | None, Query(description="Only those in one of these states.")] = None,
    factory_id: Annotated[UUID | None, Query(description="Only those of this factory.")] = None,
    assessor_id: Annotated[UUID | None, Query(description="Only those of this assessor.")] = None,
    reviewer_id: Annotated[UUID | None, Query(description="Only those this person reviews.")] = None,
) -> Page[AssessmentView]:
    """Newest first. Assessors see those they assess or review, and those in review that they could take."""
    filters = service.Filters(tuple(state) if state else None, factory_id, assessor_id, reviewer_id)
    found = service.listed(session, act, filters, paging)
    link_next(request, response, found.after)
    return Page[AssessmentView](items=[AssessmentView.of(line) for line in found.rows])


@router.post(
    "/assessments",
    status_code=status.HTTP_201_CREATED,
    operation_id="planAssessment",
    summary="Plan an assessment",
    responses=problems(*ENTRY, PlanningForbidden, NotAccredited, NotPlannable) | tagged(201),
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
    assessment_id: UUID, request: Request, response: Response, session: Transaction, act: SignedIn
) -> WholeAssessmentView:
    """Its entity tag is what a move has to name."""
    return _whole(request, response, session, act, service.assessment(session, act, assessment_id))


@router.post(
    "/assessments/{assessment_id}/moves",
    operation_id="moveAssessment",
    summary="Move an assessment on: start, submit, review, return, approve, withdraw",
    responses=problems(
        *_READ,
        UnknownMove,
        NoteMissing,
        MoveNotOpen,
        MoveNotYours,
        OwnAssessment,
        NotAccredited,
        OpenQuestions,
        LookAgainLeft,
        ReasonsMissing,
        EvidenceMissing,
        IndexWithheld,
        ReviewTaken,
        DefinitionChanged,
        NoSuchQuestion,
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
    expected: ExpectedVersion,
    office: OfficeOf,
) -> WholeAssessmentView:
    """`approve` answers 202: the decision stands, and the papers of the certificate are being made.

    The header `Location` leads to their progress, and from there to the certificate.
    """
    one = service.move(
        session,
        act,
        assessment_id,
        wanted.move,
        office=office,
        expected=expected,
        note=wanted.note,
        comments=wanted.comments,
    )
    if one.state is AssessmentState.CERTIFIED:
        response.status_code = status.HTTP_202_ACCEPTED
        response.headers["Location"] = f"/api/v1/assessments/{one.id}/papers"
    return _whole(request, response, session, act, one)


@router.get(
    "/assessments/{assessment_id}/answers",
    operation_id="listAnswers",
    summary="Read all answers of a phase",
    responses=problems(*_READ, NotOpenToYou),
)
def list_answers(
    assessment_id: UUID, session: Transaction, act: SignedIn, phase: PhaseOf = Phase.ASSESSED
) -> AnswersView:
    """Only questions that have been answered, in the order of the questionnaire."""
    one = service.assessment(session, act, assessment_id)
    answers = service.open_answers(session, act, one, phase)
    asked = service.shown(one).definition.questions
    scores = service.scores(one, answers.values())
    found = [AnswerView.of(answers[each.id], scores[each.id]) for each in asked if each.id in answers]
    return AnswersView(phase=phase, answers=found)


@router.get(
    "/assessments/{assessment_id}/answers/{question}",
    operation_id="readAnswer",
    summary="Read one answer",
    responses=problems(*_READ, NotOpenToYou, NoSuchQuestion, NotAnswered) | tagged(200),
)
def read_answer(
    assessment_id: UUID,
    question: QuestionOf,
    response: Response,
    session: Transaction,
    act: SignedIn,
    *,
    phase: PhaseOf = Phase.ASSESSED,
) -> AnswerView:
    """Its entity tag is what the next write has to name."""
    one = service.assessment(session, act, assessment_id)
    answer = service.open_answer(session, act, one, phase, question)
    response.headers["ETag"] = etag(answer.version)
    scores = service.scores(one, service.open_answers(session, act, one, phase).values())
    return AnswerView.of(answer, scores[question])


@router.put(
    "/assessments/{assessment_id}/answers/{question}",
    operation_id="saveAnswer",
    summary="Save one answer",
    responses=problems(
        *_READ,
        NoSuchQuestion,
        NotYourAnswers,
        NotAccredited,
        AnswersClosed,
        DefinitionChanged,
        AnswerInvalid,
        AnswerStale,
        PreconditionRequired,
        MalformedTag,
    )
    | tagged(200)
    | {201: {"model": SavedView, "description": "The first answer to the question.", **tagged(201)[201]}},
)
def save_answer(
    assessment_id: UUID,
    question: QuestionOf,
    given: AnswerGiven,
    response: Response,
    *,
    session: Transaction,
    act: SignedIn,
    expected: ExpectedState,
    phase: PhaseOf = Phase.ASSESSED,
) -> SavedView:
    """The whole answer is replaced; it names the one field of its question's kind.

    `If-None-Match: *` for the first write, `If-Match` with its tag afterwards.

    A write that was made against another state is refused with 412, and the problem carries the answer in force
    as `current`. Sending again what is stored already does nothing and succeeds.
    """
    saved = service.save(session, act, assessment_id, question, phase, given, expected=expected.version)
    response.headers["ETag"] = etag(saved.answer.version)
    if saved.created:
        response.status_code = status.HTTP_201_CREATED
    return saved.view


@router.post(
    "/assessments/{assessment_id}/answers/{question}/looked-at",
    operation_id="lookAtAnswer",
    summary="Say that one has looked at a carried answer",
    responses=problems(
        *_READ,
        NoSuchQuestion,
        NotAnswered,
        NotYourAnswers,
        NotAccredited,
        AnswersClosed,
        DefinitionChanged,
        AnswerStale,
        PreconditionRequired,
        MalformedTag,
    )
    | tagged(200),
)
def look_at(
    assessment_id: UUID,
    question: QuestionOf,
    response: Response,
    *,
    session: Transaction,
    act: SignedIn,
    expected: ExpectedVersion,
    phase: PhaseOf = Phase.ASSESSED,
) -> SavedView:
    """The answer stays as it is, and its mark `look_again` goes. Any change of the answer clears the mark too.

    Saying it again, or of an answer without a mark, does nothing and succeeds.
    """
    saved = service.looked_at(session, act, assessment_id, question, phase, expected=expected)
    response.headers["ETag"] = etag(saved.answer.version)
    return saved.view


@router.get(
    "/assessments/{assessment_id}/standing",
    operation_id="readStanding",
    summary="Progress, provisional indices, and what they may still become",
    responses=problems(*_READ, NotOpenToYou, DefinitionChanged),
)
def read_standing(
    assessment_id: UUID, session: Transaction, act: SignedIn, phase: PhaseOf = Phase.ASSESSED
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
    act: SignedIn,
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
    return taking.taken(chosen, scorecard, service.pinned(one).definition, request_language(request))


@router.get(
    "/assessments/{assessment_id}/comments",
    operation_id="listComments",
    summary="Read the remarks of reviewers",
    responses=problems(*_READ, NotOpenToYou),
)
def list_comments(assessment_id: UUID, session: Transaction, act: SignedIn) -> list[CommentView]:
    """Oldest first. They pass between assessor, reviewer and programme; the factory does not read them."""
    one = service.assessment(session, act, assessment_id)
    return [CommentView.of(remark) for remark in service.comments(session, act, one)]


def _whole(request: Request, response: Response, session: Session, act: Act, one: Assessment) -> WholeAssessmentView:
    response.headers["ETag"] = etag(one.version)
    parties = service.parties_of(session, one)
    certificate = register.of_assessment(session, act, one)
    papers = on_the_way(session, one)
    planner = service.planner(session, one)
    language = request_language(request)
    answered, total = service.progress(session, one)
    return WholeAssessmentView.model_validate(
        {
            **AssessmentView.fields(one, parties, answered, total),
            "moves": [_possible(each, language) for each in service.possible(session, act, one)],
            "planned_by": None if planner is None else PartyView.of(planner),
            "history": [PassageView.of(passage) for passage in service.history(session, act, one)],
            "certificate": None if certificate is None else certificate.number,
            "papers": None if papers is None else PreparationView.of(papers, language),
        }
    )


def _possible(each: Possible, language: str) -> PossibleMoveView:
    return PossibleMoveView(
        move=each.rule.move,
        to=each.rule.target,
        open=each.blocked is None,
        needs_note=each.needs_note,
        code=each.blocked.code if each.blocked else None,
        reason=each.blocked.sentence(language) if each.blocked else None,
    )
