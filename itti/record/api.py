"""The record over HTTP: its head and proofs for everybody, its acts for those concerned."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime

from itti.accounts.errors import WrongRole
from itti.assessments.errors import NoSuchAssessment
from itti.audit.errors import NoSuchHead, RecordKeyUnusable
from itti.audit.proving import consistency
from itti.certificates.api import NumberOf
from itti.certificates.errors import NoSuchCertificate
from itti.certificates.office import OfficeOf
from itti.http.bearer import ENTRY, ReadsAssessments, SignedIn
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.paging import PAGED, SORT, MalformedCursor, Page, PagingOf, link_next
from itti.http.sparse import Fields, fields_of
from itti.http.transactions import Transaction
from itti.record import service
from itti.record.schemas import ActView, ConsistencyView, EntryRecordView, FullActView, RecordHeadView

router = APIRouter(tags=["record"])

ActFields = Annotated[Fields, Depends(fields_of(ActView))]

FullActFields = Annotated[Fields, Depends(fields_of(FullActView))]

_SIZE = {"ge": 0, "le": 2**53 - 1}


@router.get(
    "/record",
    operation_id="readRecordHead",
    summary="Read the newest signed head of the record of acts",
    responses=problems(RecordKeyUnusable),
)
def read_head(session: Transaction, office: OfficeOf) -> RecordHeadView:
    """Public. Keep heads: later ones have to be consistent with them."""
    return RecordHeadView.of(service.standing(session, office))


@router.get(
    "/record/consistency",
    operation_id="proveConsistency",
    summary="Prove that the record of one size begins with that of another",
    responses=problems(NoSuchHead),
)
def prove_consistency(
    session: Transaction,
    old: Annotated[int, Query(description="Acts in the smaller one.", examples=[300], **_SIZE)],
    new: Annotated[int, Query(description="Acts in the larger one.", examples=[417], **_SIZE)],
) -> ConsistencyView:
    """Public. The roots are those of the two sizes; compare them with the heads you keep."""
    return ConsistencyView.of(consistency(session, old, new))


@router.get(
    "/record/acts",
    operation_id="listActs",
    summary="List the acts on record",
    responses=problems(*ENTRY, WrongRole, MalformedCursor) | PAGED,
    response_model=Page[FullActView],
)
def list_acts(
    request: Request,
    response: Response,
    session: Transaction,
    act: SignedIn,
    paging: PagingOf,
    *,
    fields: FullActFields,
    sort: Annotated[service.ActSort, SORT] = service.ActSort.LATEST,
    since: Annotated[AwareDatetime | None, Query(description="Only acts at this moment or later.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Only acts before this moment.")] = None,
    person: Annotated[str | None, Query(max_length=254, description="Id or e-mail address of who acted.")] = None,
    thing: Annotated[
        str | None, Query(max_length=64, description="Id of the thing, or of the assessment the act belongs to.")
    ] = None,
    action: Annotated[str | None, Query(max_length=64, description="What was done, such as `answer.saved`.")] = None,
    day: Annotated[date | None, Query(description="The day (UTC).")] = None,
) -> Page[FullActView] | Response:
    """Programme office. The newest first."""
    found = service.acts(session, act, service.Filters(person, thing, action, day, since, until), paging, sort)
    link_next(request, response, found.after)
    return fields.shown(Page[FullActView](items=[FullActView.of(event) for event in found.rows]), response)


@router.get(
    "/assessments/{assessment_id}/acts",
    operation_id="listActsOfAssessment",
    summary="List the acts on record that belong to an assessment",
    responses=problems(*ENTRY, NoSuchAssessment, MalformedCursor) | PAGED,
    response_model=Page[ActView],
)
def list_acts_of_assessment(
    assessment_id: UUID,
    request: Request,
    response: Response,
    session: Transaction,
    act: ReadsAssessments,
    paging: PagingOf,
    *,
    fields: ActFields,
    sort: Annotated[service.ActSort, SORT] = service.ActSort.LATEST,
) -> Page[ActView] | Response:
    """For whoever may read the assessment: what was done, when and in which role. The newest first."""
    found = service.acts_of_assessment(session, act, assessment_id, paging, sort)
    link_next(request, response, found.after)
    return fields.shown(Page[ActView](items=[ActView.of(event) for event in found.rows]), response)


@router.get(
    "/certificates/{number}/record",
    operation_id="proveCertificate",
    summary="Prove that all acts on a certificate are in the record",
    responses=problems(NoSuchCertificate, RecordKeyUnusable),
)
def prove_certificate(number: NumberOf, request: Request, session: Transaction, office: OfficeOf) -> EntryRecordView:
    """Public. Issue, supersession, revocation and archive stamps, each with the proof that it is in the tree.

    The act that ordered the certificate is proven by the paper itself (`record.json` inside).
    """
    certificate, found = service.entry(session, office, number)
    return EntryRecordView.of(certificate, found, request_language(request))
