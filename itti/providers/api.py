"""Sign-ins elsewhere over HTTP. They begin in a browser: see the pages."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, status

from itti.http.bearer import ENTRY, FRESH_ENTRY, SettingsOf, SignedIn
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from itti.providers import service
from itti.providers.errors import IdentityUnknown, LastWayIn
from itti.providers.schemas import IdentityView

router = APIRouter(tags=["accounts"])


@router.get(
    "/me/identities",
    operation_id="listIdentities",
    summary="List one's own sign-ins elsewhere",
    responses=problems(*ENTRY),
)
def list_own(session: Transaction, act: SignedIn) -> list[IdentityView]:
    """The oldest first. They are linked on the page of the account."""
    return [IdentityView.of(row) for row in service.own(session, act)]


@router.delete(
    "/me/identities/{identity_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="unlinkIdentity",
    summary="Take one of one's own sign-ins elsewhere away",
    responses=problems(*FRESH_ENTRY, IdentityUnknown, LastWayIn),
)
def unlink(identity_id: UUID, session: Transaction, act: SignedIn, settings: SettingsOf) -> None:
    """It lets nobody in from now on."""
    service.unlink(session, act, settings, identity_id)
