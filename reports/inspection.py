"""What is done to a stranger's file in quarantine. Runs only in a fork with limits; answers in plain JSON values."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from reports.findings import SealState

if TYPE_CHECKING:
    import pikepdf

_RANGE: Final = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_ATTACHED_LIMIT: Final = 4_000_000

Answer = dict[str, Any]


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
    """Import what the work needs, once, before the first fork."""
    import pikepdf  # noqa: F401
    import pyhanko.pdf_utils.reader
    import pyhanko.sign.validation  # noqa: F401
    from pyhanko_certvalidator import ValidationContext

    ValidationContext(trust_roots=[], allow_fetching=False)


def seal(data: bytes, *, roots: Sequence[str]) -> Answer:
    """What can be said of the seal; ``roots`` are trusted certificates (DER, base64)."""
    covers = sorted((Cover(*map(int, found)) for found in _RANGE.findall(data)), key=lambda cover: cover.end)
    if not covers:
        return _without_seal(data)
    cover = covers[0]
    if cover.end > len(data):
        return _finding(SealState.UNREADABLE, "truncated")
    whole = cover.end == len(data)
    signature = _signature(data[: cover.end], cover, roots)
    if not whole:
        changes = _changes(data[: cover.end], data, signatures=len(covers))
        return {**signature, **_finding(SealState.BROKEN, "changed-after-sealing", changes=changes)}
    if len(covers) > 1:
        return {**signature, **_finding(SealState.BROKEN, "several-signatures")}
    return {**signature, "whole": True}


def _finding(state: SealState, code: str, **more: Any) -> Answer:
    return {"state": state.value, "code": code, **more}


def _without_seal(data: bytes) -> Answer:
    import pikepdf

    tail = data[-1100:].rstrip()
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as document:
            if document.is_encrypted:
                return _finding(SealState.UNREADABLE, "encrypted")
            from reports.archival import is_signed

            if is_signed(document):
                return _finding(SealState.BROKEN, "signature-damaged")
            return _finding(SealState.ABSENT, "absent")
    except pikepdf.PasswordError:
        return _finding(SealState.UNREADABLE, "encrypted")
    except Exception:  # noqa: BLE001 - whatever a stranger's file does to the parser is a finding
        return _finding(SealState.UNREADABLE, "damaged" if b"%%EOF" in tail else "truncated")


def _signature(data: bytes, cover: Cover, roots: Sequence[str]) -> Answer:
    """The seal of one revision, checked by itself."""
    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    hole = data[cover.hole : cover.after] if cover.first == 0 else b""
    if not _tight(hole):
        return _finding(SealState.BROKEN, "signature-damaged")
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=True)
        if reader.encrypted:
            return _finding(SealState.UNREADABLE, "encrypted")
        signatures = reader.embedded_regular_signatures
        if len(signatures) != 1:
            return _finding(SealState.BROKEN, "several-signatures" if signatures else "signature-damaged")
        found = signatures[0]
        certificate = found.signer_cert
        stated = found.self_reported_timestamp
        details = _details(certificate, stated)
    except Exception:  # noqa: BLE001 - see above
        return _finding(SealState.BROKEN, "signature-damaged" if _opens(data) else "content-changed")
    try:
        context = ValidationContext(
            trust_roots=[x509.Certificate.load(base64.b64decode(root)) for root in roots],
            allow_fetching=False,
            moment=stated,
            revocation_mode="soft-fail",
        )
        status = validate_pdf_signature(found, signer_validation_context=context, skip_diff=True)
        certifies = found.docmdp_level is MDPPerm.NO_CHANGES and _is_certification(reader, found)
    except Exception:  # noqa: BLE001 - see above
        return {**details, **_finding(SealState.BROKEN, "signature-damaged")}
    if not status.intact or not status.valid:
        return {**details, **_finding(SealState.BROKEN, "content-changed")}
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return {**details, **_finding(SealState.BROKEN, "changed-after-sealing")}
    if not certifies:
        return {**details, **_finding(SealState.BROKEN, "not-certifying")}
    if not status.trusted:
        known = _issued_by_known(certificate, roots)
        return {**details, **_finding(SealState.UNTRUSTED, "certificate-invalid" if known else "unknown-issuer")}
    return {**details, **_finding(SealState.INTACT, "demonstration" if details["is_demonstration"] else "intact")}


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
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as document:
            return len(document.pages) > 0
    except Exception:  # noqa: BLE001 - see above
        return False


def _details(certificate: Any, stated: datetime | None) -> Answer:
    from reports.authority import DEMONSTRATION

    subject = certificate.subject.native
    names = (*subject.values(), *certificate.issuer.native.values())
    return {
        "signer": str(subject.get("common_name", ""))[:300] or None,
        "organisation": str(subject.get("organization_name", ""))[:300] or None,
        "sealed_at": stated.isoformat() if stated else None,
        "is_demonstration": any(DEMONSTRATION in str(name) for name in names),
    }


def _is_certification(reader: Any, found: Any) -> bool:
    permissions = reader.root.get("/Perms", {})
    return "/DocMDP" in permissions and permissions.raw_get("/DocMDP") == found.sig_field.raw_get("/V")


def _issued_by_known(certificate: Any, roots: Sequence[str]) -> bool:
    from asn1crypto import x509

    issuer = certificate.issuer.dump()
    return any(x509.Certificate.load(base64.b64decode(root)).subject.dump() == issuer for root in roots)


def _changes(before: bytes, after: bytes, *, signatures: int) -> list[str]:
    """What later revisions touched, coarsely: enough to say in words what happened."""
    import pikepdf

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
    return [_fingerprint(page.obj, {"/Annots", "/Parent", "/StructParents"}) for page in document.pages]


def _annotations(document: pikepdf.Pdf) -> list[str]:
    return [
        _fingerprint(mark, {"/P", "/Parent", "/V", "/AP", "/Popup"})
        for page in document.pages
        for mark in page.obj.get("/Annots", [])
        if mark.get("/FT") != "/Sig"
    ]


def _attached(document: pikepdf.Pdf) -> Mapping[str, str]:
    names = document.Root.get("/Names", {}).get("/EmbeddedFiles")
    return {} if names is None else {"": _fingerprint(names, set())}


_LOOKS: Final[Mapping[str, Callable[[Any], object]]] = {
    "page": _pages,
    "annotation": _annotations,
    "attachment": _attached,
}


def _fingerprint(thing: Any, without: set[str], depth: int = 0) -> str:
    """A digest of an object and what it refers to, a few steps deep; streams raw, never unpacked."""
    import pikepdf

    digest = hashlib.sha256()
    if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)) and depth < 8:
        for key in sorted(thing.keys()):
            if key not in without:
                digest.update(str(key).encode() + b"=" + _fingerprint(thing[key], without, depth + 1).encode())
        if isinstance(thing, pikepdf.Stream):
            digest.update(thing.read_raw_bytes())
    elif isinstance(thing, pikepdf.Array) and depth < 8:
        for part in thing:
            digest.update(_fingerprint(part, without, depth + 1).encode())
    else:
        digest.update(str(thing).encode())
    return digest.hexdigest()


def attachments(data: bytes, *, names: Sequence[str]) -> dict[str, str]:
    """The attached files of those names (base64); one that is too large is left out."""
    import pikepdf

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


JOBS: Final[Mapping[str, Callable[..., Any]]] = {"seal": seal, "attachments": attachments}
"""What the porter may be asked for."""
