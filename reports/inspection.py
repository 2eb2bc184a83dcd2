"""What is done to a stranger's file in quarantine: runs only in a fork with limits, answers in plain JSON values.

Imported by the porter alone, so its libraries stay out of the processes that serve.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko_certvalidator import ValidationContext

from reports import credential_check
from reports.archival import is_signed
from reports.findings import SealState
from reports.renewals import archive_copy
from reports.soundness import Answer, Trust, details, finding, judged

_RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_ATTACHED_LIMIT: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Cover:
    """Which bytes the first seal covers."""

    first: int
    hole: int
    after: int
    rest: int

    @property
    def end(self) -> int:
        """Where the covered part ends."""
        return self.after + self.rest


def warm_up() -> None:
    """Do once what the libraries do at first use, before the first fork."""
    ValidationContext(trust_roots=[], allow_fetching=False)


def seal(
    data: bytes, *, roots: Sequence[str], stamp_roots: Sequence[str] = (), struck: Mapping[str, str] | None = None
) -> Answer:
    """What can be said of the seal.

    ``roots`` are trusted certificates (DER, base64), ``stamp_roots`` those trusted for time stamps alone,
    ``struck`` fingerprints of keys and from when on they are struck.
    """
    since = {key: datetime.fromisoformat(at) for key, at in (struck or {}).items()}
    trust = Trust(roots, stamp_roots, since)
    covers = sorted((Cover(*map(int, found)) for found in _RANGE.findall(data)), key=lambda cover: cover.end)
    if not covers:
        return _without_seal(data)
    cover = covers[0]
    if cover.end > len(data):  # saved again and smaller by that, or cut off
        return (
            finding(SealState.BROKEN, "content-changed") if _opens(data) else finding(SealState.UNREADABLE, "truncated")
        )
    whole = cover.end == len(data)
    signature = _signature(data[: cover.end], cover, trust)
    if not whole:
        copied = archive_copy(data, cover.end, trust)
        if copied is not None:
            return {**signature, **copied} if signature["state"] == SealState.INTACT else signature
        changes = _changes(data[: cover.end], data, signatures=len(covers))
        return {**signature, **finding(SealState.BROKEN, "changed-after-sealing", changes=changes)}
    if len(covers) > 1:
        return {**signature, **finding(SealState.BROKEN, "several-signatures")}
    return {**signature, "whole": True}


def _without_seal(data: bytes) -> Answer:
    tail = data[-1100:].rstrip()
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as document:
            if document.is_encrypted:
                return finding(SealState.UNREADABLE, "encrypted")
            if is_signed(document):
                return finding(SealState.BROKEN, "signature-damaged")
            return finding(SealState.ABSENT, "absent")
    except pikepdf.PasswordError:
        return finding(SealState.UNREADABLE, "encrypted")
    except Exception:  # noqa: BLE001 - whatever a stranger's file does to the parser is a finding
        return finding(SealState.UNREADABLE, "damaged" if b"%%EOF" in tail else "truncated")


def _signature(data: bytes, cover: Cover, trust: Trust) -> Answer:
    """The seal of one revision, checked by itself."""
    hole = data[cover.hole : cover.after] if cover.first == 0 else b""
    if not _tight(hole):
        return finding(SealState.BROKEN, "signature-damaged")
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=True)
        if reader.encrypted:
            return finding(SealState.UNREADABLE, "encrypted")
        signatures = reader.embedded_regular_signatures
        if len(signatures) != 1:
            return finding(SealState.BROKEN, "several-signatures" if signatures else "signature-damaged")
        about = details(signatures[0])
    except Exception:  # noqa: BLE001 - whatever a stranger's file does to the parser is a finding
        return finding(SealState.BROKEN, "signature-damaged" if _opens(data) else "content-changed")
    try:
        return {**about, **judged(reader, signatures[0], trust, demonstration=about["is_demonstration"])}
    except Exception:  # noqa: BLE001 - see above
        return {**about, **finding(SealState.BROKEN, "signature-damaged")}


def _tight(hole: bytes) -> bool:
    """True when the hole is one hexadecimal string in one case: the signature, then nothing but zeros.

    The bytes in the hole are the only ones that no seal covers, so nothing else may be in them.
    """
    if not re.fullmatch(rb"<(?:(?:[0-9A-F]{2})+|(?:[0-9a-f]{2})+)>", hole):
        return False
    data = bytes.fromhex(hole[1:-1].decode())
    if len(data) < 4 or data[:2] != b"\x30\x82":
        return False
    length = 4 + int.from_bytes(data[2:4], "big")
    return length <= len(data) and not any(data[length:])


def _opens(data: bytes) -> bool:
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as document:
            return len(document.pages) > 0
    except Exception:  # noqa: BLE001 - see above
        return False


def _changes(before: bytes, after: bytes, *, signatures: int) -> list[str]:
    """What later revisions touched, coarsely: enough to say in words what happened."""
    changes = ["signature"] if signatures > 1 else []
    try:
        with (
            pikepdf.open(io.BytesIO(before), attempt_recovery=False) as old,
            pikepdf.open(io.BytesIO(after), attempt_recovery=False) as new,
        ):
            changes += [name for name, look in _LOOKS.items() if look(old) != look(new)]
    except Exception:  # noqa: BLE001 - see above
        changes = changes or ["other"]
    return changes or ["other"]


def _pages(document: pikepdf.Pdf) -> list[str]:
    known: dict[tuple[int, int], str] = {}
    return [_fingerprint(page.obj, {"/Annots", "/Parent", "/StructParents"}, known) for page in document.pages]


def _annotations(document: pikepdf.Pdf) -> list[str]:
    known: dict[tuple[int, int], str] = {}
    return [
        _fingerprint(mark, {"/P", "/Parent", "/V", "/AP", "/Popup", "/Dest"}, known)
        for page in document.pages
        for mark in page.obj.get("/Annots", [])
        if mark.get("/FT") != "/Sig"
    ]


def _attached(document: pikepdf.Pdf) -> str:
    names = document.Root.get("/Names")
    files = None if names is None else names.get("/EmbeddedFiles")
    return "" if files is None else _fingerprint(files, set(), {})


_LOOKS: Final[Mapping[str, Callable[[Any], object]]] = {
    "page": _pages,
    "annotation": _annotations,
    "attachment": _attached,
}


def _fingerprint(thing: Any, without: set[str], known: dict[tuple[int, int], str], depth: int = 0) -> str:
    """A digest of an object and what it refers to, some steps deep; streams raw, never unpacked.

    Each object is looked at once (``known``): pages share their resources, and those may refer to themselves.
    """
    name: tuple[int, int] = thing.objgen if isinstance(thing, pikepdf.Object) else (0, 0)
    if name in known:
        return known[name]
    if name != (0, 0):
        known[name] = str(name)
    digest = hashlib.sha256()
    if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)) and depth < 8:
        for key in sorted(thing.keys()):
            if key not in without:
                digest.update(str(key).encode() + b"=" + _fingerprint(thing[key], without, known, depth + 1).encode())
        if isinstance(thing, pikepdf.Stream):
            digest.update(thing.read_raw_bytes())
    elif isinstance(thing, pikepdf.Array) and depth < 8:
        for part in thing:
            digest.update(_fingerprint(part, without, known, depth + 1).encode())
    else:
        digest.update(str(thing).encode())
    if name != (0, 0):
        known[name] = digest.hexdigest()
    return digest.hexdigest()


def attachments(data: bytes, *, names: Sequence[str]) -> dict[str, str]:
    """The attached files of those names (base64); one that is too large is left out."""
    found: dict[str, str] = {}
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            for name in names:
                if name in document.attachments:
                    content = document.attachments[name].get_file().read_bytes()
                    if len(content) <= _ATTACHED_LIMIT:
                        found[name] = base64.b64encode(content).decode()
    except (pikepdf.PdfError, ValueError, KeyError, AttributeError, TypeError):
        return {}
    return found


JOBS: Final[Mapping[str, Callable[..., Any]]] = {
    "seal": seal,
    "attachments": attachments,
    "credential": credential_check.judged,
}
"""What the porter may be asked for."""
