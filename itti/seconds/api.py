"""Second assessments over HTTP."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from itti.accounts.errors import WrongRole
from itti.assessments.errors import DefinitionChanged, NoSuchAssessment, NotPlannable
from itti.assessments.move_errors import NotAccredited, NotApart, NotIndependent, RotationDue
from itti.http.bearer import ENTRY, SignedIn
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from itti.seconds import agreeing, service, sheet
from itti.seconds.errors import AssignedAlready, ChosenAlready, NoSuchChoice, NotChoosable
from itti.seconds.schemas import AgreementView, AssignInput, ChooseInput, PairView

router = APIRouter(tags=["second assessments"])

_CSV: Final = "text/csv"


@router.get(
    "/second-assessments",
    operation_id="listSecondAssessments",
    summary="List the assessments chosen for a blind second one",
    responses=problems(*ENTRY, WrongRole),
)
def list_second_assessments(session: Transaction, act: SignedIn) -> list[PairView]:
    """Programme office. The newest first."""
    return [PairView.of(pair) for pair in service.listed(session, act)]


@router.post(
    "/second-assessments",
    status_code=status.HTTP_201_CREATED,
    operation_id="chooseForSecondAssessment",
    summary="Choose an assessment for a blind second one",
    responses=problems(*ENTRY, WrongRole, NoSuchAssessment, NotChoosable, ChosenAlready),
)
def choose(given: ChooseInput, session: Transaction, act: SignedIn) -> PairView:
    """Programme office, beside the draw: once the first is submitted."""
    return PairView.of(service.chosen_of(session, act, service.choose(session, act, given).id))


@router.post(
    "/second-assessments/{choice_id}/assignment",
    status_code=status.HTTP_201_CREATED,
    operation_id="assignSecondAssessment",
    summary="Plan the second assessment with another body",
    responses=problems(
        *ENTRY,
        WrongRole,
        NoSuchChoice,
        AssignedAlready,
        NotApart,
        NotPlannable,
        NotAccredited,
        NotIndependent,
        RotationDue,
        DefinitionChanged,
    ),
)
def assign(choice_id: UUID, given: AssignInput, session: Transaction, act: SignedIn) -> PairView:
    """Programme office. Nobody, and no body, takes part in both."""
    service.assign(session, act, choice_id, given)
    return PairView.of(service.chosen_of(session, act, choice_id))


@router.get(
    "/agreement",
    operation_id="readAgreement",
    summary="How far first and second assessments agree",
    response_model=list[AgreementView],
    responses=problems(*ENTRY, WrongRole) | {200: {"content": {_CSV: {}}}},
)
def read_agreement(
    request: Request,
    session: Transaction,
    act: SignedIn,
    *,
    form: Annotated[
        Literal["json", "csv"] | None, Query(alias="format", description="Else the header `Accept` decides.")
    ] = None,
) -> list[AgreementView] | Response:
    """Programme office. Over all pairs in which both are submitted, each as it was first submitted."""
    found = agreeing.agreements(session, act)
    if form == "csv" or (form is None and _CSV in request.headers.get("accept", "")):
        return Response(sheet.to_csv(found), media_type=_CSV, headers=sheet.ATTACHED)
    return [AgreementView.of(each) for each in found]
