"""The zip file around a workbook, opened so that nothing in it can take the process down.

Everything is judged by what the file declares before a byte is unpacked, and by what really comes out while it
is. Only parts that are asked for are unpacked, one at a time and in pieces; nothing is ever written to disk.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from questionnaires.workbook.faults import (
    NotAWorkbook,
    WorkbookEncrypted,
    WorkbookHostile,
    WorkbookTooLarge,
    WorkbookWithMacros,
)

LARGEST_FILE: Final = 8_000_000
"""Most bytes of an .xlsx file."""

LARGEST_PART: Final = 12_000_000
"""Most bytes of one part (a sheet, the shared texts), unpacked."""

LARGEST_WHOLE: Final = 32_000_000
"""Most bytes of all parts together, unpacked."""

MOST_PARTS: Final = 500
_LARGEST_DIRECTORY: Final = MOST_PARTS * 300
_PIECE: Final = 64 * 1024
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_LARGE_MARK: Final = b"PK\x06\x07"
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")


class Container:
    """The parts of one .xlsx file by name.

    Raises:
        WorkbookRefused: the file is none, or more than this project reads.
    """

    def __init__(self, content: bytes) -> None:
        if len(content) > LARGEST_FILE:
            raise WorkbookTooLarge(what=f"{len(content)} B", limit=f"{LARGEST_FILE} B")
        if content.startswith(_OLE):
            raise WorkbookEncrypted
        _check_directory(content)
        try:
            self._zip = ZipFile(BytesIO(content))
        except (BadZipFile, ValueError, OverflowError, NotImplementedError, struct.error) as error:
            raise NotAWorkbook(problem=_problem(error)) from error
        self._parts = _checked(self._zip.infolist())
        if "[content_types].xml" not in self._parts:
            raise NotAWorkbook(problem="[Content_Types].xml")

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a part, in pieces; never more than it declared.

        Raises:
            NotAWorkbook: there is no such part, or it is damaged.
        """
        part = self._parts.get(name.lower())
        if part is None:
            raise NotAWorkbook(problem=name[:100])
        try:
            with self._zip.open(part) as stream:
                while piece := stream.read(_PIECE):
                    yield piece
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            raise NotAWorkbook(problem=_problem(error)) from error


def _problem(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:100]


def _check_directory(content: bytes) -> None:
    """Judge the list of parts by its stated size before anything reads it."""
    at = content.rfind(_END_MARK, max(0, len(content) - _END.size - 65_535))
    if at < 0 or at + _END.size > len(content):
        raise NotAWorkbook(problem="zip")
    _, _, _, _, parts, size, _, _ = _END.unpack_from(content, at)
    if _LARGE_MARK in content[max(0, at - 20) : at] or parts > MOST_PARTS or size > _LARGEST_DIRECTORY:
        raise WorkbookTooLarge(what=f"{parts} parts", limit=f"{MOST_PARTS}")


def _checked(listed: list[ZipInfo]) -> dict[str, ZipInfo]:
    if len(listed) > MOST_PARTS:
        raise WorkbookTooLarge(what=f"{len(listed)} parts", limit=f"{MOST_PARTS}")
    parts: dict[str, ZipInfo] = {}
    for part in listed:
        name = part.filename.lower().lstrip("/")
        if name in parts:
            raise WorkbookHostile(what=part.filename[:100])
        if part.flag_bits & 0x1:
            raise WorkbookEncrypted
        if part.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise WorkbookHostile(what=part.filename[:100])
        if name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/"):
            raise WorkbookWithMacros
        if part.file_size > LARGEST_PART:
            raise WorkbookTooLarge(what=f"{part.filename[:100]}: {part.file_size} B", limit=f"{LARGEST_PART} B")
        parts[name] = part
    whole = sum(part.file_size for part in listed)
    if whole > LARGEST_WHOLE:
        raise WorkbookTooLarge(what=f"{whole} B", limit=f"{LARGEST_WHOLE} B")
    return parts
