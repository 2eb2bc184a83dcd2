"""The words of OAuth 2: how a machine proves itself, and what it is answered (RFC 6749, 6750, 7009, 8414)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, unquote_plus

from anyio.to_thread import run_sync
from fastapi import Request
from sqlmodel import Session
from starlette.responses import JSONResponse

from itti.accounts.scopes import Scope
from itti.acts import Act
from itti.audit.service import record
from itti.http.bearer import stranger
from itti.http.transactions import turnstile
from itti.machines import assertions, keeping, service
from itti.machines.assertions import Unproven
from itti.machines.errors import ROOM, GrantRefused
from itti.machines.keys import ALGORITHMS
from itti.machines.tables import Machine
from itti.settings import Settings
from questionnaires import wording

FORM: Final = "application/x-www-form-urlencoded"
TOKEN_PATH: Final = "/oauth/token"  # noqa: S105 - an address
REVOCATION_PATH: Final = "/oauth/revocation"
_MOST_FIELDS: Final = 20
_LONGEST: Final = 200

ResultT = TypeVar("ResultT")


def description(settings: Settings) -> dict[str, Any]:
    """What a machine finds out by itself (RFC 8414)."""
    base = settings.base_url.rstrip("/")
    ways = ["client_secret_basic", "client_secret_post", "private_key_jwt"]
    return {
        "issuer": base,
        "token_endpoint": token_address(settings),
        "token_endpoint_auth_methods_supported": ways,
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "revocation_endpoint": f"{base}/api/v1{REVOCATION_PATH}",
        "revocation_endpoint_auth_methods_supported": ways,
        "revocation_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": [scope.value for scope in Scope],
    }


def token_address(settings: Settings) -> str:
    """Where machines ask for tokens; what they sign is for this address (RFC 7523, section 3)."""
    return f"{settings.base_url.rstrip('/')}/api/v1{TOKEN_PATH}"


def refusal(fault: GrantRefused) -> JSONResponse:
    """A refusal in the shape of RFC 6749, section 5.2. Its text is English: no other signs are allowed there."""
    body = {"error": fault.error, "error_description": wording.say(ROOM, f"oauth.{fault.error}", "en")}
    if fault.error != "invalid_client":
        return JSONResponse(body, 400)
    return JSONResponse(body, 401, {"WWW-Authenticate": 'Basic realm="itti", charset="UTF-8"'})


async def fields(request: Request, needed: str) -> dict[str, str]:
    """The fields of the form that was sent.

    Raises:
        GrantRefused: ``invalid_request``: it is no form, a field is there twice (RFC 6749, 3.2), or ``needed`` is not.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise GrantRefused("invalid_request")
    try:
        text = (await request.body()).decode()
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError as error:  # not UTF-8, or too many fields
        raise GrantRefused("invalid_request") from error
    if len({name for name, _ in pairs}) < len(pairs):
        raise GrantRefused("invalid_request")
    sent = {name: value for name, value in pairs if value}  # sent empty is not sent (RFC 6749, 3.2)
    if needed not in sent:
        raise GrantRefused("invalid_request")
    return sent


async def grant_fields(request: Request) -> dict[str, str]:
    """The fields of a form that asks for a token.

    Raises:
        GrantRefused: ``unsupported_grant_type``: for something else than a secret; or as :func:`fields` says.
    """
    sent = await fields(request, "grant_type")
    if sent["grant_type"] != "client_credentials":
        raise GrantRefused("unsupported_grant_type")
    return sent


async def proven(
    request: Request, sent: dict[str, str], then: Callable[[Session, Act, Settings, Machine], ResultT]
) -> ResultT:
    """Let a machine prove itself, and do ``then`` in the same transaction. Tries are limited.

    Raises:
        TooManyRequests: too many tries for this machine from this address, or from the address.
        GrantRefused: it proved nothing, or as ``then`` says.
    """
    claim = _credentials(request, sent)
    name = claim.machine
    address = request.client.host if request.client else "unknown"
    limit, settings = request.app.state.sign_in_limit, request.app.state.settings
    # Counted for both: else anybody who knows its name, which is no secret, could shut a machine out.
    counted = f"machine {name[:64]} {address}"
    limit.begin(counted, address)
    if isinstance(claim, Unproven):
        await _read_keys(request, claim)

    def enter(session: Session) -> tuple[bool, ResultT | GrantRefused]:
        act = stranger(request)
        try:
            if isinstance(claim, Unproven):
                found = service.authenticate_by_key(session, act, settings, claim, token_address(settings))
            else:
                found = service.authenticate(session, act, settings, name, claim.secret)
        except GrantRefused as fault:
            record(session, act, "sign-in.refused", "sign_in", "-", address=address)
            return False, fault  # not raised here: what was recorded stays
        try:
            return True, then(session, act, settings, found)
        except GrantRefused as fault:
            return True, fault  # nor here: what it proved itself by has counted

    has_proven, entered = await turnstile(request).write(enter)
    if has_proven:
        limit.succeeded(counted)
    else:
        limit.failed(address)
    if isinstance(entered, GrantRefused):
        raise entered
    return entered


async def _read_keys(request: Request, signed: Unproven) -> None:
    """Read the keys of a machine anew from where they lie, if need be; no transaction waits for that."""
    act, gate = stranger(request), turnstile(request)
    found = await gate.read(lambda session: keeping.address_of(session, act.at, signed))
    if found is None:
        return
    machine_id, address = found
    await gate.write(lambda session: keeping.note(session, act, machine_id, address, None))  # tried, whatever comes
    keys = await run_sync(keeping.read_from, request.app.state.settings, address, limiter=request.app.state.key_places)
    if keys is not None:
        await gate.write(lambda session: keeping.note(session, act, machine_id, address, keys))


@dataclass(frozen=True)
class _Secret:
    """A secret, and what the machine that sent it calls itself."""

    machine: str
    secret: str


def _credentials(request: Request, sent: dict[str, str]) -> _Secret | Unproven:
    """By what a machine wants to prove itself.

    Signed, in the header or in the form, and never in two ways at once (RFC 6749, 2.3; RFC 7521, 4.2).
    """
    way, _, given = request.headers.get("authorization", "").partition(" ")
    in_header, in_form = way.lower() == "basic", "client_secret" in sent
    signed = {"client_assertion", "client_assertion_type"} & sent.keys()
    if in_header + in_form + bool(signed) > 1:
        raise GrantRefused("invalid_request")
    if signed:
        return _signed(sent)
    if not in_header:
        return _Secret(sent.get("client_id", "")[:_LONGEST], sent.get("client_secret", "")[:_LONGEST])
    try:
        name, _, secret = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise GrantRefused("invalid_client") from error
    return _Secret(unquote_plus(name)[:_LONGEST], unquote_plus(secret)[:_LONGEST])


def _signed(sent: dict[str, str]) -> Unproven:
    if sent.get("client_assertion_type") != assertions.KIND or "client_assertion" not in sent:
        raise GrantRefused("invalid_request")
    found = assertions.read(sent["client_assertion"])
    if sent.get("client_id", found.machine) != found.machine:
        raise GrantRefused("invalid_client")
    return found
