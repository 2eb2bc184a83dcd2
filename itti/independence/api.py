"""Engagements and declarations over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from itti.accounts.errors import WrongRole
from itti.assessments import reading
from itti.assessments.errors import NoSuchAssessment
from itti.factories.errors import FactoryUnknown
from itti.http.bearer import ENTRY, SignedIn
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from itti.independence import service
from itti.independence.errors import DeclarationForbidden, EngagementStruck, EngagementUnknown, HolderUnknown
from itti.independence.schemas import (
    DeclarationInput,
    DeclarationView,
    EngagementInput,
    EngagementView,
    StrikeInput,
)

router = APIRouter(tags=["independence"])


@router.get(
    "/factories/{factory_id}/engagements",
    operation_id="listEngagements",
    summary="What ties assessors and bodies to a factory",
    responses=problems(*ENTRY, WrongRole, FactoryUnknown),
)
def list_engagements(factory_id: UUID, session: Transaction, act: SignedIn) -> list[EngagementView]:
    """Programme office. Entered and declared ones, struck ones too, the newest first."""
    return [EngagementView.of(each) for each in service.engagements(session, act, factory_id)]


@router.post(
    "/factories/{factory_id}/engagements",
    status_code=status.HTTP_201_CREATED,
    operation_id="enterEngagement",
    summary="Enter what ties an assessor or a body to a factory",
    responses=problems(*ENTRY, WrongRole, FactoryUnknown, HolderUnknown),
)
def enter_engagement(factory_id: UUID, new: EngagementInput, session: Transaction, act: SignedIn) -> EngagementView:
    """Programme office. From then on, and for the programme's period after its end, they may not act there."""
    return EngagementView.of(service.engage(session, act, factory_id, new))


@router.post(
    "/engagements/{engagement_id}/strike",
    operation_id="strikeEngagement",
    summary="Take back an entry that was wrong",
    responses=problems(*ENTRY, WrongRole, EngagementUnknown, EngagementStruck),
)
def strike_engagement(engagement_id: UUID, given: StrikeInput, session: Transaction, act: SignedIn) -> EngagementView:
    """Programme office. It stays readable and binds nobody any more."""
    return EngagementView.of(service.strike(session, act, engagement_id, given.reason))


@router.get(
    "/assessments/{assessment_id}/declarations",
    operation_id="listDeclarations",
    summary="What was declared for an assessment",
    responses=problems(*ENTRY, WrongRole, NoSuchAssessment),
)
def list_declarations(assessment_id: UUID, session: Transaction, act: SignedIn) -> list[DeclarationView]:
    """The programme office reads all of them, an assessor the own ones. Oldest first."""
    one = reading.assessment(session, act, assessment_id)
    return [DeclarationView.of(*each) for each in service.declarations(session, act, one)]


@router.post(
    "/assessments/{assessment_id}/declarations",
    status_code=status.HTTP_201_CREATED,
    operation_id="declareIndependence",
    summary="Declare what ties one to the factory of an assessment",
    responses=problems(*ENTRY, NoSuchAssessment, DeclarationForbidden),
)
def declare(assessment_id: UUID, given: DeclarationInput, session: Transaction, act: SignedIn) -> DeclarationView:
    """Needed before one starts, takes a review or hears an appeal. What was declared counts in later ones too."""
    one = reading.assessment(session, act, assessment_id)
    made = service.declare(session, act, one, given)
    return DeclarationView.of(*next(each for each in service.declarations(session, act, one) if each[0].id == made.id))
