"""The page that asks for the code of a second factor, after the password was right."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from itti.factors.errors import CodeNeeded
from itti.web.forms import Form
from itti.web.languages import language_of
from itti.web.visits import draw, local
from questionnaires.errors import Fault


def code_page(request: Request, ticket: str, to: str, needed: CodeNeeded, fault: Fault | None = None) -> Response:
    """The form for the code or the passkey, and what was wrong with the last one.

    Args:
        request: of somebody who is not signed in yet.
        ticket: what stands for address and password, which are not asked for again.
        to: where the person wanted to be.
        needed: what lets in.
        fault: why the last code was refused.
    """
    language = language_of(request)
    form = Form({}, {} if fault is None else {"": (fault.sentence(language),)})
    status = 200 if fault is None else getattr(fault, "status", 422)
    page = draw(
        request, None, language, "factors/code.html", status, form=form, ticket=ticket, to=local(to, ""),
        by_code=needed.by_code, by_passkey=needed.or_passkey,
    )  # fmt: skip
    for name, value in getattr(fault, "headers", {}).items():
        page.headers.setdefault(name, value)
    return page
