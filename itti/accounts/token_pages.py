"""Personal tokens as pages: seen, made, revoked."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.accounts import personal, service
from itti.accounts.schemas import PersonalTokenInput
from itti.accounts.scopes import open_to
from itti.web.forms import Form, Posted, taken, typed
from itti.web.visits import Member, Visit
from questionnaires.errors import Fault

router = APIRouter()

PAGE: Final = "/account/tokens"
_FIELDS: Final = ("label", "days")
_SCOPE: Final = "scope."
_WHOLE: Final = "whole"
_USUAL_DAYS: Final = 30


@router.get(PAGE)
def list_tokens(visit: Member) -> Response:
    """One's own tokens that let in, and a form for another one."""
    return _list(visit)


@router.post(PAGE)
def make_token(posted: Posted, visit: Member) -> Response:
    """Make one; its secret is shown on the page that answers, and never again."""
    chosen = [name.removeprefix(_SCOPE) for name in posted if name.startswith(_SCOPE)]
    whole = bool(posted.get(_WHOLE))
    try:
        scopes = None if whole else chosen
        new = taken(PersonalTokenInput, posted, _FIELDS, numbers=("days",), defaults={"scopes": scopes})
        issued = personal.make(visit.session, visit.act, visit.settings, new)
    except Fault as fault:
        visit.undo(fault)
        values = typed(posted, _FIELDS) | {"scopes": chosen, _WHOLE: whole}
        return _list(visit, getattr(fault, "status", 422), Form.refused(values, fault, visit.language))
    return _list(visit, 201, secret=issued.secret)


@router.post(f"{PAGE}/{{token_id}}/revocation")
def revoke_token(token_id: UUID, visit: Member) -> Response:
    """Revoke one; it lets nobody in from now on."""
    service.revoke_token(visit.session, visit.act, token_id)
    return visit.go(PAGE, "token-revoked")


def _list(visit: Visit, status: int = 200, form: Form | None = None, secret: str | None = None) -> Response:
    limits = {limited: personal.most_days(visit.settings, limited=limited) for limited in (True, False)}
    return visit.show(
        "accounts/tokens.html",
        status,
        tokens=service.tokens_of(visit.session, visit.act),
        scopes=[(scope.value, visit.say(f"scope.{scope.value}")) for scope in open_to(visit.role)],
        most_days=limits[True],
        most_whole_days=limits[False],
        form=form or Form({"days": min(_USUAL_DAYS, limits[False]), "scopes": []}),
        new_token=secret,
    )
