"""Which language a request is answered in."""

from __future__ import annotations

from starlette.requests import Request

from questionnaires.wording import LANGUAGES


def accepted_language(header: str) -> str:
    """The language of ours that an ``Accept-Language`` header likes best (RFC 9110, 12.5.4); English by default."""
    best, liking = LANGUAGES[0], 0.0
    for part in header.split(","):
        tag, _, parameter = part.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        quality = _quality(parameter)
        if primary in LANGUAGES and quality > liking:
            best, liking = primary, quality
    return best


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def request_language(request: Request) -> str:
    """The language to answer ``request`` in."""
    return accepted_language(request.headers.get("accept-language", ""))
