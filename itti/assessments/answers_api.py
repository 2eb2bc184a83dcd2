"""Answers over HTTP: what is asked, reading and saving one answer, and looking at a carried one."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from fastapi import Path as PathParameter

from itti.assessments import service
from itti.assessments.errors import (
    AnswerInvalid,
    AnswersClosed,
    AnswerStale,
    DefinitionChanged,
    ItemsAnswered,
    NoSuchAssessment,
    NoSuchItem,
    NoSuchQuestion,
    NotAnswered,
    NotOpenToYou,
    NotYourAnswers,
)
from itti.assessments.move_errors import DeclarationMissing, NotAccredited
from itti.assessments.questions import AskedView, asked_views
from itti.assessments.schemas import AnswerGiven, AnswersView, AnswerView, SavedView
from itti.assessments.tables import Phase
from itti.http.bearer import ENTRY, ReadsAssessments, SignedIn, WritesAnswers
from itti.http.errors import PreconditionRequired
from itti.http.etags import ExpectedState, ExpectedVersion, MalformedTag, etag, tagged
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from questionnaires.model import Identifier
from questionnaires.questions import MOST_ITEMS
from questionnaires.words import LONGEST_KEY

router = APIRouter()

_READ: Final = (*ENTRY, NoSuchAssessment)
_QUESTION: Final = "Id of the question; of one that is asked of every item of a list: `lines.line-1.output`."
PhaseOf = Annotated[Phase, Query(description="Whose answers: the factory's own (`self`) or the assessor's.")]
QuestionOf = Annotated[str, PathParameter(max_length=LONGEST_KEY, description=_QUESTION, examples=["maintenance"])]


@router.get(
    "/assessments/{assessment_id}/questions",
    operation_id="listQuestions",
    summary="List what is asked, item by item",
    responses=problems(*_READ, NotOpenToYou),
)
def list_questions(
    assessment_id: UUID, request: Request, session: Transaction, act: ReadsAssessments, phase: PhaseOf = Phase.ASSESSED
) -> list[AskedView]:
    """In the order of the form, with the questions of every item that the lists name; in the reader's language."""
    one = service.assessment(session, act, assessment_id)
    answers = service.open_answers(session, act, one, phase)
    return asked_views(service.shown(one).asked(answers.values()), answers, request_language(request))


@router.get(
    "/assessments/{assessment_id}/answers",
    operation_id="listAnswers",
    summary="Read all answers of a phase",
    responses=problems(*_READ, NotOpenToYou),
)
def list_answers(
    assessment_id: UUID, session: Transaction, act: ReadsAssessments, phase: PhaseOf = Phase.ASSESSED
) -> AnswersView:
    """Only questions that have been answered, in the order of the questionnaire."""
    one = service.assessment(session, act, assessment_id)
    answers = service.open_answers(session, act, one, phase)
    asked = service.shown(one).asked(answers.values()).definition.questions
    scores = service.scores(one, answers.values())
    found = [AnswerView.of(answers[each.id], scores[each.id]) for each in asked if each.id in answers]
    return AnswersView(phase=phase, answers=found)


@router.get(
    "/assessments/{assessment_id}/answers/{question}",
    operation_id="readAnswer",
    summary="Read one answer",
    responses=problems(*_READ, NotOpenToYou, NoSuchQuestion, NoSuchItem, NotAnswered) | tagged(200),
)
def read_answer(
    assessment_id: UUID,
    question: QuestionOf,
    response: Response,
    session: Transaction,
    act: ReadsAssessments,
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
        NoSuchItem,
        NotYourAnswers,
        NotAccredited,
        DeclarationMissing,
        AnswersClosed,
        DefinitionChanged,
        AnswerInvalid,
        AnswerStale,
        ItemsAnswered,
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
    act: WritesAnswers,
    expected: ExpectedState,
    phase: PhaseOf = Phase.ASSESSED,
    removing: Annotated[
        list[Identifier],
        Query(max_length=MOST_ITEMS, description="Of a list: items that may leave it with their answers and files."),
    ] = [],  # noqa: B006 - never changed
) -> SavedView:
    """The whole answer is replaced; it names the one field of its question's kind.

    A list is answered with its `items`. What is asked of an item is answered at `list.item.question`, such as
    `lines.line-1.output`, and stays with the item's id whatever its name. An item that something is answered or
    attached for leaves the list only if `removing` names it.

    `If-None-Match: *` for the first write, `If-Match` with its tag afterwards.

    A write that was made against another state is refused with 412, and the problem carries the answer in force
    as `current`. Sending again what is stored already does nothing and succeeds.
    """
    saved = service.save(
        session, act, assessment_id, question, phase, given, expected=expected.version, removing=removing
    )
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
        NoSuchItem,
        NotAnswered,
        NotYourAnswers,
        NotAccredited,
        DeclarationMissing,
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
