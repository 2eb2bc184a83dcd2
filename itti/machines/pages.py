"""Machines as pages: registered, given other secrets, revoked; and what machines find out by themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from itti.accounts.scopes import Scope
from itti.accounts.tables import Role
from itti.http.bearer import SettingsOf
from itti.machines import oauth, service
from itti.machines.keys import kept
from itti.machines.schemas import KeysInput, MachineInput, RotationInput
from itti.machines.shown import Shown
from itti.web.forms import Form, Posted, taken, typed
from itti.web.visits import Member, Visit
from questionnaires.errors import Fault

router = APIRouter()

PAGE: Final = "/machines"
_NEW: Final = ("name", "assessor_id", "secret_days")
_ROTATION: Final = ("overlap_hours", "secret_days")
_KEYS: Final = ("jwks", "jwks_uri")
_SCOPE: Final = "scope."


@router.get("/.well-known/oauth-authorization-server")
def describe(settings: SettingsOf) -> Response:
    """Where machines sign in, and how (RFC 8414)."""
    return JSONResponse(oauth.description(settings))


@router.get(PAGE)
def list_machines(visit: Member) -> Response:
    """One's machines, and a form for another one."""
    return _list(visit)


@router.post(PAGE)
def register(posted: Posted, visit: Member) -> Response:
    """Register one; its secret is shown on the page that answers, and never again."""
    chosen = [name.removeprefix(_SCOPE) for name in posted if name.startswith(_SCOPE)]
    try:
        new = taken(MachineInput, posted, _NEW, numbers=("secret_days",), defaults={"scopes": chosen})
        given = service.register(visit.session, visit.act, visit.settings, new)
    except Fault as fault:
        visit.undo(fault)
        values = typed(posted, _NEW) | {"scopes": chosen}
        return _list(visit, getattr(fault, "status", 422), Form.refused(values, fault, visit.language))
    return _one(visit, given.shown, 201, secret=given.secret)


@router.get(f"{PAGE}/{{machine_id}}")
def show(machine_id: UUID, visit: Member) -> Response:
    """One machine."""
    return _one(visit, service.machine(visit.session, visit.act, machine_id))


@router.post(f"{PAGE}/{{machine_id}}/secrets")
def rotate(machine_id: UUID, posted: Posted, visit: Member) -> Response:
    """Give it another secret; shown on the page that answers, and never again."""
    try:
        wanted = taken(RotationInput, posted, _ROTATION, numbers=_ROTATION)
        given = service.rotate(visit.session, visit.act, visit.settings, machine_id, wanted)
    except Fault as fault:
        visit.undo(fault)
        shown = service.machine(visit.session, visit.act, machine_id)
        form = Form.refused(typed(posted, _ROTATION), fault, visit.language)
        return _one(visit, shown, getattr(fault, "status", 422), form)
    return _one(visit, given.shown, 201, secret=given.secret)


@router.post(f"{PAGE}/{{machine_id}}/keys")
def set_keys(machine_id: UUID, posted: Posted, visit: Member) -> Response:
    """Say by which keys it may prove itself."""
    try:
        given = taken(
            KeysInput,
            posted,
            ("jwks_uri",),
            defaults={"jwks": _document(posted), "end_secrets": bool(posted.get("end_secrets"))},
        )
        service.set_keys(visit.session, visit.act, visit.settings, machine_id, given)
    except Fault as fault:
        visit.undo(fault)
        shown = service.machine(visit.session, visit.act, machine_id)
        form = Form.refused(typed(posted, _KEYS), fault, visit.language, "keys-")
        return _one(visit, shown, getattr(fault, "status", 422), keys_form=form)
    return visit.go(f"{PAGE}/{machine_id}", "machine-keys-changed")


def _document(posted: Mapping[str, str]) -> dict[str, Any] | None:
    """The keys as they were pasted; what is no such document is one without keys."""
    text = posted.get("jwks", "").strip()
    if not text:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


@router.post(f"{PAGE}/{{machine_id}}/revocation")
def revoke(machine_id: UUID, visit: Member) -> Response:
    """Let it in no more."""
    service.revoke(visit.session, visit.act, machine_id)
    return visit.go(f"{PAGE}/{machine_id}", "machine-revoked")


def _list(visit: Visit, status: int = 200, form: Form | None = None) -> Response:
    shown = service.machines(visit.session, visit.act)
    assessors = [(str(each.id), visit.called(each)) for each in service.assessors(visit.session, visit.act)]
    return visit.show(
        "machines/list.html",
        status,
        machines=shown,
        assessors=assessors,
        for_others=visit.role is Role.PROGRAMME or len(assessors) > 1,
        scopes=[
            (scope.value, visit.say(f"scope.{scope.value}"))
            for scope in Scope
            if visit.role is not Role.FACTORY or scope in service.OF_FACTORIES
        ],
        form=form or Form({"secret_days": 365, "scopes": []}),
    )


def _one(
    visit: Visit,
    shown: Shown,
    status: int = 200,
    form: Form | None = None,
    *,
    keys_form: Form | None = None,
    secret: str | None = None,
) -> Response:
    return visit.show(
        "machines/one.html",
        status,
        shown=shown,
        machine=shown.machine,
        scopes=shown.machine.scopes.split(),
        token_address=oauth.token_address(visit.settings),
        keys=kept(shown.machine.keys),
        keys_form=keys_form or Form({"jwks_uri": shown.machine.keys_address or ""}, key="keys-"),
        form=form or Form({"overlap_hours": 24, "secret_days": 365}),
        new_secret=secret,
    )
