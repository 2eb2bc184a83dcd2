"""Pictures without what cameras write into them: place, time, device, thumbnails, captions.

A picture is a row of segments (JPEG, ITU-T T.81 annex B) or chunks (PNG, third edition, 5.3; WebP, RFC 9649, 2.3).
Segments are taken over or left out as they are; nothing is decoded, so no pixel changes, and nothing can be bombed.
What is kept is on a list, since makers invent new segments. How the picture is to be turned is kept too, or photos
would lie on their side. What follows the end of the picture (phones append films) is left out.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from itti.files.errors import FileIncomplete, PictureTooLarge
from itti.files.kinds import JPEG, PNG, WEBP, Kind

MOST_PIXELS: Final = 200_000_000
"""Largest picture taken: that of the best phones. A kilobyte can claim a thousand times more."""

_UPRIGHT: Final = 1
_TURNED: Final = range(2, 9)
"""Values of the Exif tag Orientation (JEITA CP-3451, 4.6.4 A)."""


class _Broken(Exception):
    """The segments do not hold together."""


@dataclass(frozen=True)
class Picture:
    """A picture without what was left out of it."""

    content: bytes
    width: int
    height: int


def stripped(content: bytes, kind: Kind, name: str) -> bytes:
    """A picture without anything but the picture and its orientation.

    Raises:
        FileIncomplete: its segments do not hold together.
        PictureTooLarge: it has more pixels than are taken.
    """
    return _examined(content, kind, name).content


def check(content: bytes, kind: Kind, name: str) -> None:
    """Whether a picture would be taken as it is.

    Raises:
        as :func:`stripped`.
    """
    _examined(content, kind, name)


def is_picture(kind: Kind) -> bool:
    """Whether files of a kind are pictures."""
    return kind in _WALKS


def _examined(content: bytes, kind: Kind, name: str) -> Picture:
    try:
        found = _WALKS[kind](content)
    except (_Broken, struct.error, IndexError) as error:
        raise FileIncomplete(file=name, kind=kind.name.upper()) from error
    if found.width * found.height > MOST_PIXELS:
        raise PictureTooLarge(file=name, most=MOST_PIXELS // 1_000_000)
    if not found.width or not found.height:
        raise FileIncomplete(file=name, kind=kind.name.upper())
    return found


_TAIL_OF_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""The end of entropy-coded data: a marker that neither stuffs nor restarts."""

_KEPT_APPS: Final[Mapping[int, bytes]] = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""Application segments that decoders need, by marker and beginning."""

_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_COMMENT, _SCAN, _END, _EXIF = 0xFE, 0xDA, 0xD9, 0xE1


def _jpeg(content: bytes) -> Picture:
    kept: list[bytes] = []
    size, turned = (0, 0), _UPRIGHT
    for marker, segment in _segments(content):
        body = segment[4:]
        if marker in _FRAMES and len(body) >= 5:
            size = struct.unpack(">HH", body[1:5])
        if marker == _EXIF and body.startswith(b"Exif\0\0"):
            turned = _orientation(body[6:])
        elif marker == _COMMENT or (0xE0 <= marker <= 0xEF and not _is_needed(marker, body)):
            continue
        else:
            kept.append(segment)
    if turned in _TURNED:
        exif = b"Exif\0\0" + _only_orientation(turned)
        after = 1 if kept and kept[0].startswith(b"\xff\xe0") else 0
        kept.insert(after, struct.pack(">BBH", 0xFF, _EXIF, len(exif) + 2) + exif)
    return Picture(b"\xff\xd8" + b"".join(kept) + b"\xff\xd9", size[1], size[0])


def _is_needed(marker: int, body: bytes) -> bool:
    return marker in _KEPT_APPS and body.startswith(_KEPT_APPS[marker])


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and whole segment, a scan with its data; without start and end of the picture."""
    place = 2
    while True:
        if content[place] != 0xFF:
            raise _Broken
        while content[place + 1] == 0xFF:  # fill bytes
            place += 1
        marker = content[place + 1]
        if marker == _END:
            return
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        end = place + 2 + length
        if length < 2 or end > len(content) or marker < 0xC0:
            raise _Broken
        if marker == _SCAN:
            tail = _TAIL_OF_SCAN.search(content, end)
            if tail is None:
                raise _Broken
            end = tail.start()
        yield marker, content[place:end]
        place = end


_PNG_KEPT: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI"}
    | {b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"}
)


def _png(content: bytes) -> Picture:
    kept = [content[:8]]
    place, turned, size = 8, _UPRIGHT, (0, 0)
    while True:
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        end = place + 12 + length
        if end > len(content):
            raise _Broken
        body = content[place + 8 : end - 4]
        if kind == b"IHDR":
            size = struct.unpack(">II", body[:8])
        if kind == b"eXIf":
            turned = _orientation(body)
        elif kind in _PNG_KEPT:
            kept.append(content[place:end])
        elif kind == b"IEND":
            break
        place = end
    if turned in _TURNED:
        kept.insert(2, _png_chunk(b"eXIf", _only_orientation(turned)))
    return Picture(b"".join(kept) + _png_chunk(b"IEND", b""), *size)


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


_WEBP_KEPT: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"})
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def _webp(content: bytes) -> Picture:
    (declared,) = struct.unpack("<I", content[4:8])
    kept: list[tuple[bytes, bytes]] = []
    place, last, turned = 12, declared + 8, _UPRIGHT
    while place + 8 <= last:
        kind, length = struct.unpack("<4sI", content[place : place + 8])
        body = content[place + 8 : place + 8 + length]
        if len(body) < length:
            raise _Broken
        if kind == b"EXIF":
            turned = _orientation(body.removeprefix(b"Exif\0\0"))
        elif kind in _WEBP_KEPT:
            kept.append((kind, body))
        place += 8 + length + length % 2
    if not kept:
        raise _Broken
    keeps_turn = turned in _TURNED and kept[0][0] == b"VP8X"
    if kept[0][0] == b"VP8X":
        flags = kept[0][1][0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if keeps_turn else 0)
        kept[0] = (b"VP8X", bytes([flags]) + kept[0][1][1:])
    if keeps_turn:
        kept.append((b"EXIF", _only_orientation(turned)))
    parts = [struct.pack("<4sI", kind, len(body)) + body + b"\0" * (len(body) % 2) for kind, body in kept]
    whole = b"WEBP" + b"".join(parts)
    return Picture(b"RIFF" + struct.pack("<I", len(whole)) + whole, *_webp_size(*kept[0]))


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int]:
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", body[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    raise _Broken


_WALKS: Final[Mapping[Kind, Callable[[bytes], Picture]]] = {JPEG: _jpeg, PNG: _png, WEBP: _webp}

_ORIENTATION: Final = 0x0112
_SHORT: Final = 3
_MOST_ENTRIES: Final = 1_000


def _orientation(tiff: bytes) -> int:
    """How a picture is to be turned, from the first directory of its Exif data; upright where that cannot be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return _UPRIGHT
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for number in range(min(count, _MOST_ENTRIES)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
            if (tag, kind) == (_ORIENTATION, _SHORT):
                return int(value)
    except struct.error:
        pass
    return _UPRIGHT


def _only_orientation(turned: int) -> bytes:
    """Exif data that say how to turn the picture and nothing else."""
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, _ORIENTATION, _SHORT, 1, turned, 0, 0)
