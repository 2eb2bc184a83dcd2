"""The sign-in page once more, after a sign-in of any kind was refused."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from itti.passkeys.ceremonies import available
from itti.web.forms import Form
from itti.web.languages import language_of
from itti.web.visits import draw, local
from questionnaires.errors import Fault


def refused_page(request: Request, fault: Fault, to: str, email: str = "") -> Response:
    """The form again, with what was wrong.

    Args:
        request: of somebody who is not signed in.
        fault: why not.
        to: where the person wanted to be.
        email: the address typed.
    """
    language = language_of(request)
    page = draw(
        request, None, language, "accounts/sign_in.html", getattr(fault, "status", 422),
        form=Form({"email": email}, {"": (fault.sentence(language),)}), to=local(to, ""), needed=False,
        passkeys=available(request.app.state.settings), providers=request.app.state.settings.providers,
    )  # fmt: skip
    for name, value in getattr(fault, "headers", {}).items():
        page.headers.setdefault(name, value)
    return page
