"""Starting from an earlier assessment, over HTTP: what there is, what would become of it, and doing it."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from itti.assessments import service as assessments
from itti.assessments.errors import (
    AnswersClosed,
    DefinitionChanged,
    ItemsAnswered,
    NoSuchAssessment,
    NoSuchItem,
    NoSuchQuestion,
    NotOpenToYou,
    NotYourAnswers,
)
from itti.assessments.move_errors import DeclarationMissing, NotAccredited
from itti.carrying import service
from itti.carrying.errors import AnswersChanged, AnswersInTheWay, NoEarlierAssessment
from itti.carrying.schemas import (
    CarriedOverView,
    CarryOverInput,
    CarryOverPreviewInput,
    CarryOverPreviewView,
    SourcesView,
    SourceView,
)
from itti.http.bearer import ENTRY, ReadsAssessments, WritesAnswers
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.transactions import Transaction

router = APIRouter(tags=["assessments"])

_READ: Final = (*ENTRY, NoSuchAssessment, DefinitionChanged)


@router.get(
    "/assessments/{assessment_id}/carry-over",
    operation_id="listEarlierAssessments",
    summary="List the earlier assessments that this one may start from",
    responses=problems(*_READ),
)
def list_earlier(assessment_id: UUID, session: Transaction, act: ReadsAssessments) -> SourcesView:
    """Of the same factory and questionnaire family, in this version or in one from which migrations lead to it.

    Only assessments that the caller may read, and only answers that are final.
    """
    one = assessments.assessment(session, act, assessment_id)
    found = service.listed(session, act, assessment_id)
    items = [SourceView.of(each, assessments.parties_of(session, each.assessment).assessor) for each in found]
    return SourcesView(writable=service.writable(session, act, one), items=items)


@router.post(
    "/assessments/{assessment_id}/carry-over/preview",
    operation_id="previewCarryOver",
    summary="See what would become of the answers of an earlier assessment",
    responses=problems(*_READ, NotOpenToYou, NoEarlierAssessment),
)
def preview(
    assessment_id: UUID,
    wanted: CarryOverPreviewInput,
    request: Request,
    response: Response,
    *,
    session: Transaction,
    act: ReadsAssessments,
) -> CarryOverPreviewView:
    """Every question of either version, with its old and new answer and what a person must look at again.

    Changes nothing.
    """
    language = request_language(request)
    response.headers["Content-Language"] = language
    return CarryOverPreviewView.of(service.preview(session, act, assessment_id, wanted.source, wanted.which), language)


@router.post(
    "/assessments/{assessment_id}/carry-over",
    operation_id="carryOver",
    summary="Start from the answers of an earlier assessment",
    responses=problems(
        *_READ,
        NotOpenToYou,
        NotYourAnswers,
        NotAccredited,
        DeclarationMissing,
        AnswersClosed,
        NoSuchQuestion,
        NoSuchItem,
        ItemsAnswered,
        NoEarlierAssessment,
        AnswersInTheWay,
        AnswersChanged,
    ),
)
def carry_over(
    assessment_id: UUID, wanted: CarryOverInput, session: Transaction, act: WritesAnswers
) -> CarriedOverView:
    """All at once or not at all; the earlier assessment stays as it is, and sending it again changes nothing.

    The factory carries its `own` answers while it answers for itself, the assessor the `assessed` ones while he
    assesses. Where a question is answered already, nothing is carried (409) unless it is named: in `keep` to stay, or
    in `overwrite` with the version that was seen. Answers that must be looked at again carry `look_again`.
    """
    done = service.carry(
        session, act, assessment_id, wanted.source, wanted.which, overwrite=wanted.overwrite, keep=wanted.keep
    )
    return CarriedOverView.of(done)
