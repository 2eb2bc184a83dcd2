"""Factories and their people over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response, status

from itti.accounts.errors import LinksNotSent, WrongRole
from itti.accounts.schemas import OpenedAccountView, PersonInput, PersonView
from itti.factories import service
from itti.factories.errors import FactoryUnknown
from itti.factories.schemas import FactoryInput, FactorySort, FactoryView
from itti.factories.tables import Sector
from itti.http.bearer import ENTRY, ReadsRegister, SettingsOf, SignedIn
from itti.http.errors import PreconditionRequired, Stale, Taken
from itti.http.etags import ExpectedVersion, MalformedTag, etag, tagged
from itti.http.openapi import problems
from itti.http.paging import PAGED, SORT, MalformedCursor, Page, PagingOf, link_next
from itti.http.sparse import Fields, fields_of
from itti.http.transactions import Transaction

router = APIRouter(tags=["factories"])

FactoryFields = Annotated[Fields, Depends(fields_of(FactoryView))]


@router.get(
    "/factories",
    operation_id="listFactories",
    summary="List the factories",
    responses=problems(*ENTRY, MalformedCursor) | PAGED,
    response_model=Page[FactoryView],
)
def list_factories(
    request: Request,
    response: Response,
    session: Transaction,
    act: ReadsRegister,
    paging: PagingOf,
    *,
    fields: FactoryFields,
    sort: Annotated[FactorySort, SORT] = FactorySort.NAME,
    sector: Annotated[Sector | None, Query(description="Only those of this sector.")] = None,
    region: Annotated[str | None, Query(max_length=100, description="Only those in this region.")] = None,
    licence: Annotated[str | None, Query(max_length=64, description="Only the one with this licence number.")] = None,
) -> Page[FactoryView] | Response:
    """By name, unless sorted otherwise. People of a factory see their own."""
    found = service.factories(session, act, paging, service.Filters(sector, region, licence), sort)
    link_next(request, response, found.after)
    return fields.shown(Page[FactoryView](items=[FactoryView.of(row) for row in found.rows]), response)


@router.post(
    "/factories",
    status_code=status.HTTP_201_CREATED,
    operation_id="registerFactory",
    summary="Register a factory",
    responses=problems(*ENTRY, WrongRole, Taken) | tagged(201),
)
def register_factory(new: FactoryInput, response: Response, session: Transaction, act: SignedIn) -> FactoryView:
    """Programme office."""
    made = service.register_factory(session, act, new)
    response.headers["ETag"] = etag(made.version)
    response.headers["Location"] = f"/api/v1/factories/{made.id}"
    return FactoryView.of(made)


@router.get(
    "/factories/{factory_id}",
    operation_id="readFactory",
    summary="Read one factory",
    responses=problems(*ENTRY, FactoryUnknown) | tagged(200),
)
def read_factory(factory_id: UUID, response: Response, session: Transaction, act: ReadsRegister) -> FactoryView:
    """With its entity tag, which a change has to name."""
    found = service.factory(session, act, factory_id)
    response.headers["ETag"] = etag(found.version)
    return FactoryView.of(found)


@router.put(
    "/factories/{factory_id}",
    operation_id="changeFactory",
    summary="Change the entry of a factory",
    responses=problems(*ENTRY, WrongRole, FactoryUnknown, Taken, Stale, PreconditionRequired, MalformedTag)
    | tagged(200),
)
def change_factory(
    factory_id: UUID,
    change: FactoryInput,
    response: Response,
    session: Transaction,
    act: SignedIn,
    expected: ExpectedVersion,
) -> FactoryView:
    """Programme office. All fields are replaced; certificates that were issued keep the name they were issued to."""
    changed = service.change_factory(session, act, factory_id, change, expected=expected)
    response.headers["ETag"] = etag(changed.version)
    return FactoryView.of(changed)


@router.get(
    "/factories/{factory_id}/people",
    operation_id="listFactoryPeople",
    summary="List the people of a factory",
    responses=problems(*ENTRY, WrongRole, FactoryUnknown),
)
def list_people(factory_id: UUID, session: Transaction, act: SignedIn) -> list[PersonView]:
    """By name. Programme office and the factory itself."""
    return [PersonView.of(user) for user in service.people(session, act, factory_id)]


@router.post(
    "/factories/{factory_id}/people",
    status_code=status.HTTP_201_CREATED,
    operation_id="registerFactoryPerson",
    summary="Open an account for somebody of a factory",
    responses=problems(*ENTRY, WrongRole, FactoryUnknown, Taken, LinksNotSent),
)
def register_person(
    factory_id: UUID, new: PersonInput, session: Transaction, act: SignedIn, settings: SettingsOf
) -> OpenedAccountView:
    """Programme office. With an invitation, or with a password given or made up; that is shown in this answer only."""
    return OpenedAccountView.opened(service.register_person(session, act, settings, factory_id, new))
