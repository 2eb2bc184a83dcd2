"""The doors for partners: the HTTP API of PACT 3.0, below ``/api/pact``. They speak its words, not those of ours.

Errors are ``{code, message}``; the reasons are those of the rest of the service (:func:`refusal`). Real use goes over
TLS alone: a request without it is refused before its token or secret is looked at.
"""

from __future__ import annotations

import json
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session, select
from starlette.responses import JSONResponse, Response

from itti.accounts.errors import TokenInvalid
from itti.accounts.scopes import Scope
from itti.acts import Act
from itti.footprints import receiving
from itti.footprints.asking import MOST, Filters, stretch
from itti.footprints.discovery import challenge
from itti.footprints.errors import FilterInvalid, FootprintNotShared, FootprintUnknown, PlainConnection
from itti.footprints.messages import BASE, MEDIA_TYPE
from itti.footprints.schemas import wire_of
from itti.footprints.service import readable
from itti.footprints.tables import StoredFootprint
from itti.http.bearer import ReadsFootprints, SettingsOf, settings_of
from itti.http.errors import UnsupportedType
from itti.http.languages import request_language
from itti.http.problems import status_of
from itti.http.transactions import Transaction
from itti.machines import oauth
from itti.machines import service as machines
from itti.machines.errors import GrantRefused
from itti.machines.tables import Machine
from itti.settings import Settings
from questionnaires import wording
from questionnaires.errors import Fault

_CODES: Final = {401: "TokenExpired", 403: "AccessDenied", 404: "NotFound", 501: "NotImplemented"}
_BAD_REQUEST: Final = 400
_UNPROCESSABLE: Final = 422
_INTERNAL: Final = 500
_DIGITS: Final = 6
_CHALLENGE: Final = "WWW-Authenticate"


def secured(request: Request) -> None:
    """Refuse a request without TLS, where the service is for real use: where its public address has it.

    Raises:
        PlainConnection: it came without.
    """
    settings: Settings = request.app.state.settings
    if settings.base_url.startswith("https:") and request.url.scheme != "https":
        raise PlainConnection


async def _body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body)]
"""What was sent. Name it before who acts: it is then read before the transaction begins."""

router = APIRouter(prefix=BASE, dependencies=[Depends(secured)])


def refusal(request: Request, fault: Fault) -> Response:
    """An error in the words of PACT: a token that nobody knows is a bad request there."""
    status = _BAD_REQUEST if isinstance(fault, TokenInvalid) else status_of(fault)
    status = _BAD_REQUEST if status == _UNPROCESSABLE else status
    code = _CODES.get(status, "BadRequest" if status < _INTERNAL else "InternalError")
    language = request_language(request)
    told = [fault.sentence(language)]
    for each in getattr(fault, "mistakes", ()):
        words = wording.say(each.room, f"field.{each.key}", language, **each.details)
        told.append(f"{each.pointer or '/'}: {words}")
    answer = JSONResponse({"code": code, "message": " ".join(told)}, status)
    for name, value in getattr(fault, "headers", {}).items():
        answer.headers.setdefault(name, value)
    asked = answer.headers.get(_CHALLENGE)
    if asked is not None:
        answer.headers[_CHALLENGE] = challenge(settings_of(request), asked)
    return answer


@router.post("/auth/token")
async def token(request: Request) -> Response:
    """Give a machine a token for footprints, whatever more it may do (RFC 6749, section 4.4).

    Scopes that are asked for are those of PACT, where there is nothing to choose.
    """

    def grant(session: Session, act: Act, settings: Settings, machine: Machine) -> str:
        return machines.grant(session, act, settings, machine, Scope.FOOTPRINTS_READ.value)[0]

    try:
        sent = await oauth.grant_fields(request)
        secret = await oauth.proven(request, sent, grant)
    except GrantRefused as fault:
        return oauth.refusal(fault)
    seconds = int(machines.TOKEN_GOOD_FOR.total_seconds())
    body = {"access_token": secret, "token_type": "Bearer", "expires_in": seconds}
    return JSONResponse(body, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


@router.get("/3/footprints")
def list_footprints(request: Request, session: Transaction, act: ReadsFootprints, settings: SettingsOf) -> Response:
    """The footprints that were shared with who asks, or are their own, the oldest first."""
    query = request.query_params
    filters = Filters.read({name: query.getlist(name) for name in query})
    limit = _limit(query.get("limit"))
    found = stretch(session, readable(session, act), filters, limit, query.get("after"))
    answer = _json({"data": [wire_of(row) for row in found.rows]})
    if found.after is not None:
        kept = [(name, value) for name, value in query.multi_items() if name != "after"]
        after = [("after", found.after)] if found.after else []
        answer.headers["Link"] = f'<{_listed_at(settings)}?{urlencode(kept + after)}>; rel="next"'
    return answer


@router.get("/3/footprints/{identifier}")
def read_footprint(identifier: str, session: Transaction, act: ReadsFootprints) -> Response:
    """One of them; one that was replaced is given out too, as deprecated."""
    shared = readable(session, act)
    try:
        named = UUID(identifier)
    except ValueError as error:
        raise FootprintUnknown(footprint=identifier[:64]) from error
    if session.get(StoredFootprint, named) is None:
        raise FootprintUnknown(footprint=str(named))
    row = session.exec(select(StoredFootprint).where(StoredFootprint.id == named, shared)).one_or_none()
    if row is None:
        raise FootprintNotShared(footprint=str(named))
    return _json({"data": wire_of(row)})


@router.post("/3/events")
def take_event(request: Request, content: Body, session: Transaction, act: ReadsFootprints) -> Response:
    """An event of a partner: footprints of theirs were published, are asked for, sent, or not sent."""
    partner = receiving.sender(session, act)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise UnsupportedType
    receiving.receive(session, act, partner, content)
    return Response(status_code=200)


def _listed_at(settings: Settings) -> str:
    """Where the list lies for partners: proxies in between may have asked by another name."""
    return f"{settings.base_url.rstrip('/')}{BASE}/3/footprints"


def _limit(text: str | None) -> int:
    if not text:
        return MOST
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise FilterInvalid(name="limit")
    return min(int(text), MOST)


def _json(content: object) -> Response:
    return Response(json.dumps(content), media_type="application/json", headers={"Cache-Control": "no-store"})
