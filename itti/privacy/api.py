"""Personal data over HTTP."""

import hashlib
from uuid import UUID

from fastapi import APIRouter, Request, Response

from itti.accounts.errors import UserUnknown, WrongRole
from itti.accounts.schemas import PersonView
from itti.files.downloads import attachment
from itti.http.bearer import ENTRY, FRESH_ENTRY, SignedIn
from itti.http.errors import Stale
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from itti.privacy import service
from itti.privacy.errors import AlreadyErased, StillOpen

router = APIRouter(tags=["accounts"])


@router.get(
    "/me/data",
    operation_id="readOwnData",
    summary="Everything the service holds about oneself",
    responses=problems(*ENTRY)
    | {200: {"content": {"application/json": {"schema": {"type": "object"}}}, "description": "Table → rows."}},
    response_class=Response,
)
def own_data(request: Request, session: Transaction, act: SignedIn) -> Response:
    """Table → rows, each with the columns (`as`) by which it points to the person. Secrets are left out."""
    content = service.own_data(session, act)
    return attachment(
        request,
        content,
        media_type="application/json",
        name="personal-data.json",
        sha256=hashlib.sha256(content).hexdigest(),
    )


@router.post(
    "/people/{user_id}/erasure",
    operation_id="erasePerson",
    summary="Erase who somebody was, and keep what they did under a pseudonym",
    responses=problems(*FRESH_ENTRY, WrongRole, UserUnknown, StillOpen, AlreadyErased, Stale),
)
def erase(user_id: UUID, session: Transaction, act: SignedIn) -> PersonView:
    """Programme office. For closed accounts. Cannot be undone; certificates and the record stay valid."""
    return PersonView.of(service.erase(session, act, user_id))
