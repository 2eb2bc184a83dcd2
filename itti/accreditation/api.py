"""Assessment bodies, assessors and accreditations over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response, status
from sqlmodel import Session

from itti.accounts.errors import LinksNotSent, WrongRole
from itti.accounts.schemas import OpenedAccountView, PersonView
from itti.accreditation import granting, service
from itti.accreditation.errors import (
    AccreditationEnded,
    AccreditationOverlaps,
    AccreditationUnknown,
    AssessorUnknown,
    BodyUnknown,
    NotSuspended,
    SuspendedBefore,
)
from itti.accreditation.schemas import (
    AccreditationInput,
    AccreditationView,
    AccreditedBodyView,
    AssessorInput,
    BodyInput,
    BodyView,
    NameSort,
    ReinstatementInput,
    SuspensionInput,
    WithdrawalInput,
)
from itti.accreditation.tables import Accreditation
from itti.acts import Act
from itti.http.bearer import ENTRY, FRESH_ENTRY, ReadsRegister, SettingsOf, SignedIn, Stranger
from itti.http.errors import InvalidInput, PreconditionRequired, Stale, Taken
from itti.http.etags import ExpectedVersion, MalformedTag, etag, tagged
from itti.http.openapi import problems
from itti.http.paging import PAGED, SORT, MalformedCursor, Page, PagingOf, link_next
from itti.http.sparse import Fields, fields_of
from itti.http.transactions import Transaction

router = APIRouter(tags=["accreditation"])

PersonFields = Annotated[Fields, Depends(fields_of(PersonView))]

BodyFields = Annotated[Fields, Depends(fields_of(BodyView))]

_LIST = problems(*ENTRY, WrongRole, MalformedCursor)


@router.get(
    "/assessment-bodies",
    operation_id="listBodies",
    summary="List the assessment bodies",
    responses=_LIST | PAGED,
    response_model=Page[BodyView],
)
def list_bodies(
    request: Request,
    response: Response,
    session: Transaction,
    act: ReadsRegister,
    paging: PagingOf,
    *,
    fields: BodyFields,
    sort: Annotated[NameSort, SORT] = NameSort.NAME,
) -> Page[BodyView] | Response:
    """By name. Assessors see their own."""
    found = service.bodies(session, act, paging, sort)
    link_next(request, response, found.after)
    return fields.shown(Page[BodyView](items=[BodyView.of(row) for row in found.rows]), response)


@router.post(
    "/assessment-bodies",
    status_code=status.HTTP_201_CREATED,
    operation_id="registerBody",
    summary="Register an assessment body",
    responses=problems(*ENTRY, WrongRole, Taken) | tagged(201),
)
def register_body(new: BodyInput, response: Response, session: Transaction, act: SignedIn) -> BodyView:
    """Programme office."""
    made = service.register_body(session, act, new)
    response.headers["ETag"] = etag(made.version)
    response.headers["Location"] = f"/api/v1/assessment-bodies/{made.id}"
    return BodyView.of(made)


@router.get(
    "/assessment-bodies/{body_id}",
    operation_id="readBody",
    summary="Read one assessment body",
    responses=problems(*ENTRY, WrongRole, BodyUnknown) | tagged(200),
)
def read_body(body_id: UUID, response: Response, session: Transaction, act: ReadsRegister) -> BodyView:
    """With its entity tag, which a change has to name."""
    found = service.body(session, act, body_id)
    response.headers["ETag"] = etag(found.version)
    return BodyView.of(found)


@router.put(
    "/assessment-bodies/{body_id}",
    operation_id="changeBody",
    summary="Change the entry of an assessment body",
    responses=problems(*ENTRY, WrongRole, BodyUnknown, Taken, Stale, PreconditionRequired, MalformedTag) | tagged(200),
)
def change_body(
    body_id: UUID,
    change: BodyInput,
    response: Response,
    session: Transaction,
    act: SignedIn,
    expected: ExpectedVersion,
) -> BodyView:
    """Programme office. All fields are replaced."""
    changed = service.change_body(session, act, body_id, change, expected=expected)
    response.headers["ETag"] = etag(changed.version)
    return BodyView.of(changed)


@router.get(
    "/assessors",
    operation_id="listAssessors",
    summary="List the assessors",
    responses=_LIST | PAGED,
    response_model=Page[PersonView],
)
def list_assessors(
    request: Request,
    response: Response,
    session: Transaction,
    act: ReadsRegister,
    paging: PagingOf,
    *,
    fields: PersonFields,
    sort: Annotated[NameSort, SORT] = NameSort.NAME,
    email: Annotated[str | None, Query(max_length=254, description="Only the one with this e-mail address.")] = None,
    body_id: Annotated[UUID | None, Query(description="Only those of this assessment body.")] = None,
) -> Page[PersonView] | Response:
    """By name. Assessors see those of their own body."""
    found = service.assessors(session, act, paging, service.AssessorFilters(body_id, email), sort)
    link_next(request, response, found.after)
    return fields.shown(Page[PersonView](items=[PersonView.of(row) for row in found.rows]), response)


@router.post(
    "/assessors",
    status_code=status.HTTP_201_CREATED,
    operation_id="registerAssessor",
    summary="Open an account for an assessor",
    responses=problems(*ENTRY, WrongRole, Taken, InvalidInput, LinksNotSent),
)
def register_assessor(
    new: AssessorInput, response: Response, session: Transaction, act: SignedIn, settings: SettingsOf
) -> OpenedAccountView:
    """Programme office. With an invitation, or with a password given or made up; that is shown in this answer only."""
    opened = service.register_assessor(session, act, settings, new)
    response.headers["Location"] = f"/api/v1/assessors/{opened.user.id}"
    return OpenedAccountView.opened(opened)


@router.get(
    "/assessors/{assessor_id}",
    operation_id="readAssessor",
    summary="Read one assessor",
    responses=problems(*ENTRY, WrongRole, AssessorUnknown),
)
def read_assessor(assessor_id: UUID, session: Transaction, act: ReadsRegister) -> PersonView:
    """Assessors see those of their own body."""
    return PersonView.of(service.assessor(session, act, assessor_id))


@router.get(
    "/assessors/{assessor_id}/accreditations",
    operation_id="listAccreditations",
    summary="List the accreditations of an assessor",
    responses=problems(*ENTRY, WrongRole, AssessorUnknown),
)
def list_accreditations(assessor_id: UUID, session: Transaction, act: ReadsRegister) -> list[AccreditationView]:
    """Past, present and withdrawn ones, latest first."""
    return [AccreditationView.of(each, act.today) for each in granting.accreditations(session, act, assessor_id)]


@router.post(
    "/assessors/{assessor_id}/accreditations",
    status_code=status.HTTP_201_CREATED,
    operation_id="accreditAssessor",
    summary="Accredit an assessor",
    responses=problems(*ENTRY, WrongRole, AssessorUnknown, AccreditationOverlaps),
)
def accredit(assessor_id: UUID, new: AccreditationInput, session: Transaction, act: SignedIn) -> AccreditationView:
    """Programme office. Holds from the first day to the last, both included."""
    return _view(session, act, granting.accredit(session, act, assessor_id, new))


@router.get(
    "/assessment-bodies/{body_id}/accreditations",
    operation_id="listBodyAccreditations",
    summary="List the accreditations of an assessment body",
    responses=problems(*ENTRY, WrongRole, BodyUnknown),
)
def list_body_accreditations(body_id: UUID, session: Transaction, act: ReadsRegister) -> list[AccreditationView]:
    """Past, present and withdrawn ones, latest first."""
    return [AccreditationView.of(each, act.today) for each in granting.accreditations_of_body(session, act, body_id)]


@router.post(
    "/assessment-bodies/{body_id}/accreditations",
    status_code=status.HTTP_201_CREATED,
    operation_id="accreditBody",
    summary="Accredit an assessment body",
    responses=problems(*ENTRY, WrongRole, BodyUnknown, AccreditationOverlaps),
)
def accredit_body(body_id: UUID, new: AccreditationInput, session: Transaction, act: SignedIn) -> AccreditationView:
    """Programme office. People act only under a body that is accredited too."""
    return _view(session, act, granting.accredit_body(session, act, body_id, new))


@router.post(
    "/accreditations/{accreditation_id}/withdrawal",
    operation_id="withdrawAccreditation",
    summary="Withdraw an accreditation",
    responses=problems(*FRESH_ENTRY, WrongRole, AccreditationUnknown, AccreditationEnded),
)
def withdraw(
    accreditation_id: UUID, withdrawal: WithdrawalInput, session: Transaction, act: SignedIn
) -> AccreditationView:
    """Programme office. It ends at once."""
    return _view(session, act, granting.withdraw(session, act, accreditation_id, withdrawal.reason))


@router.post(
    "/accreditations/{accreditation_id}/suspensions",
    operation_id="suspendAccreditation",
    summary="Suspend an accreditation",
    responses=problems(*FRESH_ENTRY, WrongRole, AccreditationUnknown, AccreditationEnded, SuspendedBefore),
)
def suspend(accreditation_id: UUID, new: SuspensionInput, session: Transaction, act: SignedIn) -> AccreditationView:
    """Programme office. It does not hold on these days."""
    return _view(session, act, granting.suspend(session, act, accreditation_id, new))


@router.post(
    "/accreditations/{accreditation_id}/reinstatement",
    operation_id="reinstateAccreditation",
    summary="Lift the suspension of an accreditation",
    responses=problems(*ENTRY, WrongRole, AccreditationUnknown, AccreditationEnded, NotSuspended),
)
def reinstate(
    accreditation_id: UUID, given: ReinstatementInput, session: Transaction, act: SignedIn
) -> AccreditationView:
    """Programme office. It holds again at once."""
    return _view(session, act, granting.reinstate(session, act, accreditation_id, given.reason))


@router.get(
    "/accredited-bodies",
    operation_id="listAccreditedBodies",
    summary="The public register of accredited assessment bodies",
)
def list_accredited_bodies(session: Transaction, act: Stranger) -> list[AccreditedBodyView]:
    """Public. By name, with all accreditations that each ever had: state, scope, suspensions, withdrawals."""
    return [AccreditedBodyView.of(each.body, each.grants, act.today) for each in granting.public_register(session)]


def _view(session: Session, act: Act, found: Accreditation) -> AccreditationView:
    return AccreditationView.of(granting.grant(session, found), act.today)
