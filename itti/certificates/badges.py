"""The badge of a certificate: given to other people's pages, and the lines that put it there."""

import hashlib
from datetime import date
from html import escape
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from itti.certificates import register
from itti.certificates.register import Standing
from itti.certificates.tables import Certificate
from itti.settings import Settings
from itti.web.rendering import plain
from questionnaires.wording import LANGUAGES
from reports.badge import HEIGHT, WIDTH, Entry, State, badge

KEPT_SECONDS: Final = 300
"""So long may a cache show it unasked: a revocation is seen everywhere after this time."""


def given(request: Request, certificate: Certificate, today: date, settings: Settings, language: str) -> Response:
    """The badge as SVG that any page may show, or 304 to who has it already."""
    standing = register.standing(certificate, today)
    shown: State = standing.value
    if standing is Standing.VALID and certificate.standing == "demonstration":
        shown = "demonstration"
    drawn = badge(Entry(certificate.number, shown, certificate.expires_on, _page(certificate, settings)), language)
    tag = f'"{hashlib.sha256(drawn).hexdigest()}"'
    headers = {
        "Cache-Control": f"public, max-age={KEPT_SECONDS}, must-revalidate",
        "Content-Language": language,
        "Content-Security-Policy": "default-src 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "ETag": tag,
    }
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(drawn, headers=headers, media_type="image/svg+xml")


def snippets(certificate: Certificate, settings: Settings) -> dict[str, str]:
    """Language → the lines of HTML that show the badge and lead to the register; what they say never gets stale."""
    page = escape(_page(certificate, settings))
    alternatives = {language: plain(language, "badge.alt", number=certificate.number) for language in LANGUAGES}
    return {
        language: f'<a href="{page}"><img src="{page}/badge.svg?language={language}" width="{WIDTH}" height="{HEIGHT}"'
        f' alt="{escape(alternative)}"></a>'
        for language, alternative in alternatives.items()
    }


def _page(certificate: Certificate, settings: Settings) -> str:
    return f"{settings.base_url.rstrip('/')}/verify/{quote(certificate.number)}"
