"""Receiving one file in a multipart form, with its size limit enforced while reading."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from itti.files.errors import FileMissing, FileTooLarge, MalformedUpload, NotMultipart

_FORM_BYTES: Final = 65_536
"""Allowance for the form around the file: part headers and small fields."""

_DRAINED: Final = 4
"""How many times the limit is read and thrown away before the connection is cut: a client that is still sending
does not read the answer, and would report a broken connection instead of what is wrong."""


@dataclass(frozen=True)
class Upload:
    """A received file. ``content`` is a temporary file, open at its start; it vanishes when closed."""

    name: str
    """As sent; not to be trusted (:func:`itti.files.names.clean`)."""

    content: BinaryIO
    size: int
    """In bytes."""

    fields: dict[str, str]
    """The other fields of the form."""


async def receive(request: Request, limit: int, field: str = "file") -> Upload:
    """Read a multipart form with one file of at most ``limit`` bytes in ``field``.

    Raises:
        NotMultipart, MalformedUpload, FileMissing, FileTooLarge: in that order of looking.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise NotMultipart
    parser = MultiPartParser(
        request.headers, _limited(request, limit), max_files=1, max_fields=10, max_part_size=_FORM_BYTES
    )
    try:
        form = await parser.parse()
    except (MultiPartException, ClientDisconnect, UnicodeError, KeyError) as error:
        raise MalformedUpload from error
    file = form.get(field)
    if not isinstance(file, UploadFile):
        _close(parser)
        raise FileMissing(field=field)
    size = file.size or 0
    if not size or size > limit:
        _close(parser)
        raise FileTooLarge(limit=megabytes(limit)) if size else FileMissing(field=field)
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    return Upload(file.filename or "", file.file, size, fields)


def _close(parser: MultiPartParser) -> None:
    """Close what came, with a file that broke off before its end: the form does not know of that."""
    for begun in parser._files_to_close_on_error:  # noqa: SLF001 - the parser closes them only after errors of its own
        begun.close()


def megabytes(size: int) -> str:
    """A size in megabytes (10^6 bytes) as people read it, at most one decimal."""
    whole, tenth = divmod((size + 50_000) // 100_000, 10)
    return f"{whole}.{tenth}" if tenth else f"{whole}"


async def _limited(request: Request, limit: int) -> AsyncGenerator[bytes]:
    """The body as it arrives; too much of it is drained within reason and then refused."""
    received, most = 0, limit + _FORM_BYTES
    async for chunk in request.stream():
        received += len(chunk)
        if received <= most:
            yield chunk
        elif received > most * _DRAINED:
            break
    if received > most:
        raise FileTooLarge(limit=megabytes(limit))


def form_schema(field: str, **others: dict[str, Any]) -> dict[str, Any]:
    """How a route that calls :func:`receive` describes its body (``openapi_extra=``); ``others`` may be left out."""
    properties: dict[str, Any] = {field: {"type": "string", "format": "binary"}, **others}
    schema = {"type": "object", "required": [field], "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}
