"""Machines over HTTP: registered by people, and signing in themselves."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, status
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from itti.acts import Act
from itti.http.bearer import ENTRY, FRESH_ENTRY, SettingsOf, SignedIn
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from itti.machines import oauth, service
from itti.machines.errors import GrantRefused, MachineRevoked, MachineUnknown, TooManyMachines
from itti.machines.schemas import KeysInput, MachineInput, MachineView, NewSecretView, RotationInput
from itti.machines.tables import Machine
from itti.settings import Settings

router = APIRouter(tags=["machines"])


@router.get("/machines", operation_id="listMachines", summary="List machines", responses=problems(*ENTRY))
def list_machines(session: Transaction, act: SignedIn) -> list[MachineView]:
    """Those that act for who asks, or that they see to; for the office all. Those in force first, then by name."""
    return [MachineView.of(each) for each in service.machines(session, act)]


@router.post(
    "/machines",
    status_code=status.HTTP_201_CREATED,
    operation_id="registerMachine",
    summary="Register a machine that acts for somebody",
    responses=problems(*FRESH_ENTRY, TooManyMachines),
)
def register(new: MachineInput, session: Transaction, act: SignedIn, settings: SettingsOf) -> NewSecretView:
    """Assessors and people of factories for themselves, the office for any assessor; the secret is shown this once.

    Who sees to the tools of a body, for its assessors. Machines of factories may deal with footprints alone.
    """
    return NewSecretView.given(service.register(session, act, settings, new))


@router.get(
    "/machines/{machine_id}",
    operation_id="readMachine",
    summary="Read a machine",
    responses=problems(*ENTRY, MachineUnknown),
)
def read(machine_id: UUID, session: Transaction, act: SignedIn) -> MachineView:
    """Never with its secrets: nobody can read them."""
    return MachineView.of(service.machine(session, act, machine_id))


@router.post(
    "/machines/{machine_id}/secrets",
    status_code=status.HTTP_201_CREATED,
    operation_id="rotateSecret",
    summary="Give a machine another secret",
    responses=problems(*FRESH_ENTRY, MachineUnknown, MachineRevoked),
)
def rotate(
    machine_id: UUID, given: RotationInput, session: Transaction, act: SignedIn, settings: SettingsOf
) -> NewSecretView:
    """Shown in this answer alone. The last one is good for some hours more; any before it ends at once."""
    return NewSecretView.given(service.rotate(session, act, settings, machine_id, given))


@router.put(
    "/machines/{machine_id}/keys",
    operation_id="setMachineKeys",
    summary="Say by which keys a machine may prove itself",
    responses=problems(*FRESH_ENTRY, MachineUnknown, MachineRevoked),
)
def set_keys(
    machine_id: UUID, given: KeysInput, session: Transaction, act: SignedIn, settings: SettingsOf
) -> MachineView:
    """It then signs instead of sending a secret (RFC 7523). Those of before are good no more; neither: it has none."""
    return MachineView.of(service.set_keys(session, act, settings, machine_id, given))


@router.post(
    "/machines/{machine_id}/revocation",
    operation_id="revokeMachine",
    summary="Revoke a machine",
    responses=problems(*ENTRY, MachineUnknown, MachineRevoked),
)
def revoke(machine_id: UUID, session: Transaction, act: SignedIn) -> MachineView:
    """At once and for good: its secrets and its tokens end."""
    return MachineView.of(service.revoke(session, act, machine_id))


# Not in the description, whose errors are problem documents: these two speak as RFC 6749 wants.


@router.post(oauth.TOKEN_PATH, include_in_schema=False)
async def token(request: Request) -> Response:
    """Give a machine a token for its secret (RFC 6749, section 4.4)."""

    def grant(session: Session, act: Act, settings: Settings, machine: Machine) -> tuple[str, str]:
        return service.grant(session, act, settings, machine, sent.get("scope"))

    try:
        sent = await oauth.grant_fields(request)
        secret, scopes = await oauth.proven(request, sent, grant)
    except GrantRefused as fault:
        return oauth.refusal(fault)
    seconds = int(service.TOKEN_GOOD_FOR.total_seconds())
    body = {"access_token": secret, "token_type": "Bearer", "expires_in": seconds, "scope": scopes}
    return JSONResponse(body, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


@router.post(oauth.REVOCATION_PATH, include_in_schema=False)
async def give_back(request: Request) -> Response:
    """End a token of the machine that asks (RFC 7009)."""

    def end(session: Session, act: Act, settings: Settings, machine: Machine) -> None:
        service.give_back(session, act, settings, machine, sent["token"])

    try:
        sent = await oauth.fields(request, "token")
        await oauth.proven(request, sent, end)
    except GrantRefused as fault:
        return oauth.refusal(fault)
    return Response(status_code=status.HTTP_200_OK)
