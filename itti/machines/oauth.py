"""The words of OAuth 2: how a machine proves itself, and what it is answered (RFC 6749, 6750, 7009, 8414)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, unquote_plus

from fastapi import Request
from sqlmodel import Session
from starlette.responses import JSONResponse

from itti.accounts.scopes import Scope
from itti.acts import Act
from itti.audit.service import record
from itti.http.bearer import stranger
from itti.http.transactions import turnstile
from itti.machines import service
from itti.machines.errors import ROOM, GrantRefused
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
    ways = ["client_secret_basic", "client_secret_post"]
    return {
        "issuer": base,
        "token_endpoint": f"{base}/api/v1{TOKEN_PATH}",
        "token_endpoint_auth_methods_supported": ways,
        "revocation_endpoint": f"{base}/api/v1{REVOCATION_PATH}",
        "revocation_endpoint_auth_methods_supported": ways,
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": [scope.value for scope in Scope],
    }


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
    name, secret = _credentials(request, sent)
    address = request.client.host if request.client else "unknown"
    limit, settings = request.app.state.sign_in_limit, request.app.state.settings
    # Counted for both: else anybody who knows its name, which is no secret, could shut a machine out.
    counted = f"machine {name[:64]} {address}"
    limit.begin(counted, address)

    def enter(session: Session) -> ResultT | GrantRefused:
        act = stranger(request)
        try:
            found = service.authenticate(session, act, settings, name, secret)
        except GrantRefused as fault:
            record(session, act, "sign-in.refused", "sign_in", "-", address=address)
            return fault  # not raised here: what was recorded stays
        return then(session, act, settings, found)

    entered = await turnstile(request).write(enter)
    if isinstance(entered, GrantRefused):
        limit.failed(address)
        raise entered
    limit.succeeded(counted)
    return entered


def _credentials(request: Request, sent: dict[str, str]) -> tuple[str, str]:
    """What the machine calls itself, and its secret: by the header or in the form, never both (RFC 6749, 2.3)."""
    way, _, given = request.headers.get("authorization", "").partition(" ")
    if way.lower() != "basic":
        return sent.get("client_id", "")[:_LONGEST], sent.get("client_secret", "")[:_LONGEST]
    if "client_secret" in sent:
        raise GrantRefused("invalid_request")
    try:
        name, _, secret = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise GrantRefused("invalid_client") from error
    return unquote_plus(name)[:_LONGEST], unquote_plus(secret)[:_LONGEST]
