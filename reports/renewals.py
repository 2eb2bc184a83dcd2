"""Whether what follows a sealed paper in a file is archive stamps and nothing else. Runs in quarantine only.

The file begins with the sealed paper, byte for byte; what follows may add stamps and data for checking them, and must
not touch anything that a reader sees. Every object of the paper is compared with its successor.
"""

from __future__ import annotations

import hashlib
import io
import re
from functools import partial
from typing import Any, Final

import pikepdf
from asn1crypto import cms  # type: ignore[import-untyped]
from pyhanko.pdf_utils.reader import PdfFileReader

from reports.soundness import Answer, Brought, Stamp, Trust, stamp_of
from reports.stamps import Level

_RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_MOST: Final = 100
"""Archive stamps that are looked at: one a year for a century."""


def archive_copy(data: bytes, sealed: int, trust: Trust) -> Answer | None:
    """What to add to the finding about the first ``sealed`` bytes, if the rest is archive stamps; else None."""
    try:
        if not _only_stamps_added(data[:sealed], data):
            return None
        stamps = _stamps(data, sealed, trust)
    except Exception:  # noqa: BLE001 - whatever a stranger's file does to the parser is a finding
        return None
    if not stamps or not all(each.trusted for each in stamps):
        return None
    last = stamps[-1]
    assert last.at is not None  # noqa: S101 - a trusted stamp has a time
    return {"level": Level.LTA.value, "archived_at": last.at.isoformat(), "archived_by": last.by}


def _stamps(data: bytes, sealed: int, trust: Trust) -> list[Stamp]:
    """The stamps in their order; each covers its revision whole, and the last one ends the file. Else none."""
    ranges = sorted((tuple(map(int, found)) for found in _RANGE.findall(data)), key=lambda each: each[2] + each[3])
    later = [each for each in ranges if each[2] + each[3] > sealed]
    if not later or len(later) > _MOST or later[-1][2] + later[-1][3] != len(data):
        return []
    brought = Brought(PdfFileReader(io.BytesIO(data), strict=True))
    found = []
    for first, hole, after, rest in later:
        if first != 0 or not sealed <= hole < after:
            return []
        packed = bytes.fromhex(data[hole + 1 : after - 1].decode("ascii"))
        length = 4 + int.from_bytes(packed[2:4], "big")
        if packed[:2] != b"\x30\x82" or any(packed[length:]):
            return []
        covered = data[:hole] + data[after : after + rest]
        content = cms.ContentInfo.load(packed[:length])["content"]
        found.append(stamp_of(content, brought, trust, partial(_digest, covered)))
    return found


def _digest(covered: bytes, name: str) -> bytes:
    return hashlib.new(name, covered).digest()


def _only_stamps_added(before: bytes, after: bytes) -> bool:
    with (
        pikepdf.open(io.BytesIO(before), attempt_recovery=False) as old,
        pikepdf.open(io.BytesIO(after), attempt_recovery=False) as new,
    ):
        if old.Root.objgen != new.Root.objgen or old.trailer.get("/Info") is None or "/Encrypt" in new.trailer:
            return False
        if old.trailer.Info.objgen != new.trailer.Info.objgen:
            return False
        was, became = _objects(old), _objects(new)
        changed = [name for name, content in was.items() if became.get(name) != content]
        pages = {page.obj.objgen: number for number, page in enumerate(old.pages)}
        store = old.Root.get("/DSS")
        free = set() if store is None or not store.is_indirect else {store.objgen}
        for name in changed:
            if name == old.Root.objgen:
                right = _catalog_grew(old.Root, new.Root)
            elif name in pages:
                number = pages[name]
                right = _grew(old.pages[number].obj, new.pages[number].obj, "/Annots")
            else:
                right = name in free
            if not right:
                return False
        return True


def _objects(document: pikepdf.Pdf) -> dict[tuple[int, int], bytes]:
    found: dict[tuple[int, int], bytes] = {}
    for thing in document.objects:
        if isinstance(thing, pikepdf.Stream):
            about = pikepdf.Dictionary(dict(thing.stream_dict.items())).unparse()
            found[thing.objgen] = about + b"\0" + thing.read_raw_bytes()
        else:
            found[thing.objgen] = thing.unparse(resolved=True)
    return found


def _catalog_grew(old: Any, new: Any) -> bool:
    """The catalogue with further stamp fields and with data for checking, and otherwise the same."""
    allowed = {"/DSS", "/AcroForm", "/Extensions"}
    return _same(old, new, allowed) and _grew(old.get("/AcroForm"), new.get("/AcroForm"), "/Fields")


def _grew(old: Any, new: Any, part: str) -> bool:
    """A dictionary whose list ``part`` has further stamp fields at its end, and which is otherwise the same."""
    if old is None or new is None or not _same(old, new, {part, "/SigFlags"}):
        return False
    before, after = list(old.get(part, [])), list(new.get(part, []))
    if [each.objgen for each in before] != [each.objgen for each in after[: len(before)]]:
        return False
    return all(_holds_a_stamp(each) for each in after[len(before) :])


def _same(old: Any, new: Any, but: set[str]) -> bool:
    keys = {*old.keys(), *new.keys()} - but
    return all(key in old and key in new and _text(old[key]) == _text(new[key]) for key in keys)


def _text(value: Any) -> str:
    """A value as it stands in the file; small ones come as Python's own."""
    return repr(value.unparse() if isinstance(value, pikepdf.Object) else value)


def _holds_a_stamp(field: Any) -> bool:
    """An invisible signature field with a document time stamp in it."""
    return (
        set(field.keys()) <= {"/F", "/FT", "/P", "/Rect", "/Subtype", "/T", "/TU", "/Type", "/V"}
        and field.get("/FT") == "/Sig"
        and [float(each) for each in field.Rect] == [0, 0, 0, 0]
        and field.V.get("/Type") == "/DocTimeStamp"
    )
