"""The page that asks for a fresh proof, and the one that goes on with what was being done; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.responses import Response

from itti.proofs.service import Way
from itti.web.forms import Form
from itti.web.languages import language_of
from itti.web.visits import Reader, draw, local
from questionnaires.errors import Fault

KEPT: Final = "kept-"
"""Sets the fields of the form that waits apart from those of the proof."""


@dataclass(frozen=True)
class Waiting:
    """What goes on once the proof is given."""

    target: str
    """Where the form that waits was sent to, or the page that waits."""

    kept: Mapping[str, str]
    """What was typed in that form."""

    is_form: bool = True


def proof_page(request: Request, ways: Collection[Way], waiting: Waiting, fault: Fault | None = None) -> Response:
    """The form for the proof.

    Args:
        request: of the person.
        ways: what is taken.
        waiting: what goes on then.
        fault: why the last proof was refused.
    """
    language, reader = _reader(request)
    form = Form({}, {} if fault is None else {"": (fault.sentence(language),)})
    status = 401 if fault is None else getattr(fault, "status", 422)
    page = draw(
        request, reader, language, "proofs/ask.html", status,
        form=form, ways=[way.value for way in ways], waiting=waiting, kept=KEPT,
    )  # fmt: skip
    for name, value in getattr(fault, "headers", {}).items():
        page.headers.setdefault(name, value)
    return page


def go_on_page(request: Request, waiting: Waiting) -> Response:
    """Sends the form that waited: by itself where scripts run, else with one click."""
    language, reader = _reader(request)
    return draw(request, reader, language, "proofs/go_on.html", 200, waiting=waiting)


def waiting_in(posted: Mapping[str, str], otherwise: str) -> Waiting:
    """What waits, out of the fields of the proof's form; nowhere but on this site."""
    kept = {name.removeprefix(KEPT): value for name, value in posted.items() if name.startswith(KEPT)}
    return Waiting(local(posted.get("target"), otherwise), kept, bool(posted.get("is_form")))


def _reader(request: Request) -> tuple[str, Reader | None]:
    reader: Reader | None = getattr(request.state, "reader", None)
    return language_of(request, reader.language if reader else None), reader
