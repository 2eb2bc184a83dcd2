"""Giving a file to somebody: as an attachment, never shown inside our pages, and asked for again only if changed.

Or to everybody, where tools of others read it.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from itti.files import names

_PIECE: Final = 1 << 16


def attachment(
    request: Request, content: bytes | Callable[[], bytes | BinaryIO], *, media_type: str, name: str, sha256: str
) -> Response:
    """``content`` under ``name``, or 304 when the asker already has it; a function is called only when it is needed.

    What a function opens goes out piece by piece, and is closed.

    The media type stands as given (no sniffing), and a sandbox keeps anything active from running. ``private`` keeps
    it out of shared caches. ``no-cache`` lets a browser keep it and makes it ask each time: the content of a stored
    file never changes, but whether this person may read it does, and the answer to that costs no reading of the file.
    """
    etag = f'"{sha256}"'
    headers = {
        "Content-Disposition": names.disposition(name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
        "ETag": etag,
    }
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if etag in known:
        return Response(status_code=304, headers=headers)
    # Set through headers: Starlette would add a charset to text types, and CSV files are UTF-8 by our word.
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    body = content if isinstance(content, bytes) else content()
    headers["Content-Type"] = f"{media_type}{charset}"
    if isinstance(body, bytes):
        return Response(body, headers=headers)
    headers["Content-Length"] = str(body.seek(0, os.SEEK_END))
    body.seek(0)
    return StreamingResponse(_pieces(body), headers=headers)


def _pieces(content: BinaryIO) -> Iterator[bytes]:
    with content:
        while piece := content.read(_PIECE):
            yield piece


def shown_small(request: Request, content: bytes) -> Response:
    """A preview that our own program drew (WebP), to be shown on a page of ours; or 304 to who has it already."""
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
        "ETag": etag,
    }
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if etag in known:
        return Response(status_code=304, headers=headers)
    return Response(content, headers={**headers, "Content-Type": "image/webp"})


PUBLISHED_SECONDS: Final = 300
"""So long may a cache show what is published unasked: a change is seen everywhere after this time."""


def published(request: Request, content: bytes, media_type: str) -> Response:
    """``content`` that tools everywhere read, also from other people's pages; or 304 to who has it already."""
    tag = f'"{hashlib.sha256(content).hexdigest()}"'
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": f"public, max-age={PUBLISHED_SECONDS}, must-revalidate",
        "Content-Security-Policy": "default-src 'none'",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "ETag": tag,
        "X-Content-Type-Options": "nosniff",
    }
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(content, headers={**headers, "Content-Type": media_type})
