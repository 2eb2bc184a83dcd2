"""Recognising what a file is from its content: an allow-list of signatures, never the name or the sender's word.

Contents are looked at, not parsed: a parser for PDF or images has no place in the serving process. Archives
are opened far enough to tell a workbook from any other zip and to add up what it declares to unpack to.
"""

import codecs
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from itti.files import names
from itti.files.errors import FileIncomplete, FileTypeRefused, FileUnsafe

UNPACKED_BYTES: Final = 200_000_000
"""Most that the parts of an office file may declare to unpack to: a 0.8 MB workbook can claim gigabytes."""

ARCHIVE_PARTS: Final = 5_000
_CONTENT_TYPES_BYTES: Final = 1_000_000
_CHUNK: Final = 1 << 16


@dataclass(frozen=True)
class Kind:
    """A type of file that is taken as evidence."""

    name: str
    """Short id; its words are in the catalogue under ``kind.<name>``."""

    media_type: str
    extensions: tuple[str, ...]
    """The first one is given to files that come without any of them."""


PDF: Final = Kind("pdf", "application/pdf", ("pdf",))
PNG: Final = Kind("png", "image/png", ("png",))
JPEG: Final = Kind("jpeg", "image/jpeg", ("jpg", "jpeg"))
WEBP: Final = Kind("webp", "image/webp", ("webp",))
XLSX: Final = Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
DOCX: Final = Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
CSV: Final = Kind("csv", "text/csv", ("csv",))
TEXT: Final = Kind("txt", "text/plain", ("txt",))

KINDS: Final = (PDF, PNG, JPEG, WEBP, XLSX, DOCX, CSV, TEXT)
ACCEPTED: Final = ", ".join(kind.name.upper() for kind in KINDS)
"""The list as shown to people."""

_OFFICE_MAIN: Final = (
    (b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", XLSX),
    (b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", DOCX),
)


def recognise(content: BinaryIO, name: str) -> tuple[Kind, str]:
    """What ``content`` is, and ``name`` (already cleaned) with an extension that fits.

    Leaves the position anywhere.

    Raises:
        FileTypeRefused: nothing on the list.
        FileIncomplete: begins like something on the list and breaks off.
        FileUnsafe: an office file with macros, a password, or parts that unpack to far too much.
    """
    content.seek(0)
    head = content.read(16)
    for signature, look in _SIGNATURES:
        if head.startswith(signature):
            return _fitting(look(content, name), name)
    return _text(content, name)


def _fitting(kind: Kind, name: str) -> tuple[Kind, str]:
    """Append the right extension where the name carries another: what opens the file is decided by it."""
    if names.extension(name) in kind.extensions:
        return kind, name
    return kind, names.clean(f"{name[: names.LONGEST - 6]}.{kind.extensions[0]}")


def _tail(content: BinaryIO, length: int) -> bytes:
    size = content.seek(0, 2)
    content.seek(max(0, size - length))
    return content.read(length)


def _pdf(content: BinaryIO, name: str) -> Kind:
    if b"%%EOF" not in _tail(content, 2048):
        raise FileIncomplete(file=name, kind="PDF")
    return PDF


def _png(content: BinaryIO, name: str) -> Kind:
    content.seek(8)
    if content.read(8)[4:] != b"IHDR" or b"IEND" not in _tail(content, 64):
        raise FileIncomplete(file=name, kind="PNG")
    return PNG


def _jpeg(content: BinaryIO, name: str) -> Kind:
    # Phones append data behind the end marker, so it is looked for in the last part, not at the very end.
    if b"\xff\xd9" not in _tail(content, _CHUNK):
        raise FileIncomplete(file=name, kind="JPEG")
    return JPEG


def _riff(content: BinaryIO, name: str) -> Kind:
    content.seek(0)
    header = content.read(12)
    if len(header) < 12 or header[8:] != b"WEBP":
        raise FileTypeRefused(file=name, accepted=ACCEPTED)
    declared: int = struct.unpack("<I", header[4:8])[0]
    if content.seek(0, 2) < declared + 8:
        raise FileIncomplete(file=name, kind="WEBP")
    return WEBP


def _office(content: BinaryIO, name: str) -> Kind:
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            return _office_kind(archive, name)
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise FileIncomplete(file=name, kind="XLSX/DOCX") from error


def _office_kind(archive: zipfile.ZipFile, name: str) -> Kind:
    parts = archive.infolist()
    if len(parts) > ARCHIVE_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise FileUnsafe(file=name)
    if any(part.flag_bits & 1 or "vbaproject" in part.filename.lower() for part in parts):
        raise FileUnsafe(file=name)
    if "[Content_Types].xml" not in archive.namelist():
        raise FileTypeRefused(file=name, accepted=ACCEPTED)
    with archive.open("[Content_Types].xml") as stream:
        listing = stream.read(_CONTENT_TYPES_BYTES)
    for main, kind in _OFFICE_MAIN:
        if main in listing:
            return kind
    raise FileTypeRefused(file=name, accepted=ACCEPTED)


def _text(content: BinaryIO, name: str) -> tuple[Kind, str]:
    """Plain text in UTF-8, told into CSV and text by the name.

    Any other name is refused, or a web page or a script would be kept and given out under a name that opens it.
    """
    kind = next((kind for kind in (CSV, TEXT) if names.extension(name) in kind.extensions), None)
    if kind is None or not _readable(content):
        raise FileTypeRefused(file=name, accepted=ACCEPTED)
    return kind, name


def _readable(content: BinaryIO) -> bool:
    """Whether all of it is UTF-8 without control characters other than line ends, tabs and form feeds."""
    allowed = frozenset("\t\n\r\f")
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    content.seek(0)
    try:
        while True:
            chunk = content.read(_CHUNK)
            text = decoder.decode(chunk, final=not chunk)
            if any((character < " " or character == "\x7f") and character not in allowed for character in text):
                return False
            if not chunk:
                return True
    except UnicodeDecodeError:
        return False


_SIGNATURES: Final[tuple[tuple[bytes, Callable[[BinaryIO, str], Kind]], ...]] = (
    (b"%PDF-1.", _pdf),
    (b"%PDF-2.", _pdf),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8\xff", _jpeg),
    (b"RIFF", _riff),
    (b"PK\x03\x04", _office),
)
