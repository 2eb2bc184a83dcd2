"""Whether one signature holds: by its mathematics, by its certificates, by the time stamp on it.

Runs in quarantine only. Certificates are judged at the time of a trusted stamp, else at the time the seal states: a
paper sealed under an old key stays good. What the issuers said of revocation lies in the file; nothing is fetched.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from asn1crypto import x509  # type: ignore[import-untyped]
from asn1crypto.core import VOID  # type: ignore[import-untyped]
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import extract_certificate_info, find_cms_attribute_iter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from reports.authority import DEMONSTRATION
from reports.findings import SealState
from reports.stamps import Level
from reports.struck import Struck, counts

_APART: Final = timedelta(days=1)
"""How far the stamp may be from the time that the seal states; issuing keeps much closer."""

Answer = dict[str, Any]


@dataclass(frozen=True)
class Trust:
    """Whom to trust, as certificates in DER and base64."""

    seals: Sequence[str]
    stamps: Sequence[str] = ()
    """For time stamps alone; those trusted for seals are trusted for stamps too."""

    struck: Struck = field(default_factory=dict)
    """Keys that seal nothing any more."""

    def roots(self, *, stamps: bool) -> list[x509.Certificate]:
        """The certificates themselves."""
        chosen = [*self.seals, *self.stamps] if stamps else self.seals
        return [x509.Certificate.load(base64.b64decode(each)) for each in chosen]


class Brought:
    """What the file brings for checking its certificates: further certificates and lists of what was revoked."""

    def __init__(self, reader: PdfFileReader) -> None:
        try:
            self._store: DocumentSecurityStore | None = DocumentSecurityStore.read_dss(reader)
        except NoDSSFoundError:
            self._store = None

    @property
    def tells_revocation(self) -> bool:
        """Whether anything says what was revoked."""
        return self._store is not None and bool(self._store.crls or self._store.ocsps)

    def context(self, roots: Sequence[x509.Certificate], moment: datetime | None) -> ValidationContext:
        """Judge certificates at ``moment`` by what is here."""
        options: dict[str, Any] = {
            "trust_roots": roots,
            "allow_fetching": False,
            "moment": moment,
            "revocation_mode": "soft-fail",
            "retroactive_revinfo": True,  # what was true of a certificate later was not worse before
        }
        if self._store is None:
            return ValidationContext(**options)
        return self._store.as_validation_context(options)


def judged(reader: PdfFileReader, found: EmbeddedPdfSignature, trust: Trust, *, demonstration: bool) -> Answer:
    """The first thing that is wrong with a readable signature, or that it is intact; and what its stamp says."""
    brought = Brought(reader)
    stamp = _stamp(found, brought, trust)
    stated = found.self_reported_timestamp
    context = brought.context(trust.roots(stamps=False), stamp.at if stamp.trusted else stated)
    stamps = brought.context(trust.roots(stamps=True), stamp.at)
    status = validate_pdf_signature(
        found, signer_validation_context=context, ts_validation_context=stamps, skip_diff=True
    )
    known = _issued_by_known(found.signer_cert, trust.seals)

    since = trust.struck.get(hashlib.sha256(found.signer_cert.public_key.dump()).hexdigest())
    untrusted = "certificate-revoked" if status.revoked else "certificate-invalid" if known else "unknown-issuer"
    apart = stamp.at is not None and stamp.trusted and stated is not None and abs(stamp.at - stated) > _APART
    flaws = (
        (not (status.intact and status.valid), SealState.BROKEN, "content-changed"),
        (status.coverage is not SignatureCoverageLevel.ENTIRE_FILE, SealState.BROKEN, "changed-after-sealing"),
        (found.docmdp_level is not MDPPerm.NO_CHANGES, SealState.BROKEN, "not-certifying"),
        (not _is_certification(reader, found), SealState.BROKEN, "not-certifying"),
        (stamp.damaged, SealState.BROKEN, "stamp-damaged"),
        (not status.trusted, SealState.UNTRUSTED, untrusted),
        (not counts(since, stamp.at if stamp.trusted else None), SealState.UNTRUSTED, "key-struck"),
        (apart, SealState.UNTRUSTED, "stamp-apart"),
    )
    good = "before-struck" if since is not None else "demonstration" if demonstration else "intact"
    intact = finding(SealState.INTACT, good)
    level = Level.B if not stamp.trusted else Level.LT if brought.tells_revocation else Level.T
    verdict = next((finding(state, code) for wrong, state, code in flaws if wrong), intact)
    return {**verdict, **stamp.told(), "level": level.value}


def finding(state: SealState, code: str, **more: Any) -> Answer:
    """A finding about the seal as plain values."""
    return {"state": state.value, "code": code, **more}


def details(found: EmbeddedPdfSignature) -> Answer:
    """Who signed, and when by their own word."""
    certificate, stated = found.signer_cert, found.self_reported_timestamp
    return {
        "signer": _name(certificate, "common_name"),
        "organisation": _name(certificate, "organization_name"),
        "sealed_at": stated.isoformat() if stated else None,
        "is_demonstration": _is_demonstration(certificate),
    }


@dataclass(frozen=True)
class Stamp:
    """What the time stamp on a signature is worth."""

    at: datetime | None = None
    by: str | None = None
    trusted: bool = False
    damaged: bool = False

    def told(self) -> Answer:
        """For the finding."""
        stamped = self.at.isoformat() if self.at and not self.damaged else None
        return {"stamped_at": stamped, "stamped_by": self.by, "stamp_trusted": self.trusted}


def _stamp(found: EmbeddedPdfSignature, brought: Brought, trust: Trust) -> Stamp:
    unsigned = found.signer_info["unsigned_attrs"]
    tokens = [] if unsigned is VOID else list(find_cms_attribute_iter(unsigned, "signature_time_stamp_token"))
    if not tokens:
        return Stamp()
    signature: bytes = found.signer_info["signature"].native
    return stamp_of(tokens[0]["content"], brought, trust, lambda name: hashlib.new(name, signature).digest())


def stamp_of(data: Any, brought: Brought, trust: Trust, digest: Callable[[str], bytes]) -> Stamp:
    """What a time stamp is worth; ``digest`` gives what it must be over, by the name of a hash."""
    try:
        at: datetime = data["encap_content_info"]["content"].parsed["gen_time"].native
        certificate = extract_certificate_info(data).signer_cert
        context = brought.context(trust.roots(stamps=True), at)
        told = TimestampSignatureStatus(**asyncio.run(validate_tst_signed_data(data, context, digest)))
    except Exception:  # noqa: BLE001 - whatever a stranger's file does to the parser is a finding
        return Stamp(damaged=True)
    sound = told.intact and told.valid
    return Stamp(at, _name(certificate, "common_name"), sound and told.trusted, not sound)


def _name(certificate: x509.Certificate, part: str) -> str | None:
    return str(certificate.subject.native.get(part, ""))[:300] or None


def _is_demonstration(certificate: x509.Certificate) -> bool:
    names = (*certificate.subject.native.values(), *certificate.issuer.native.values())
    return any(DEMONSTRATION in str(name) for name in names)


def _is_certification(reader: Any, found: Any) -> bool:
    permissions = reader.root.get("/Perms", {})
    return "/DocMDP" in permissions and permissions.raw_get("/DocMDP") == found.sig_field.raw_get("/V")


def _issued_by_known(certificate: x509.Certificate, roots: Sequence[str]) -> bool:
    issuer = certificate.issuer.dump()
    return any(x509.Certificate.load(base64.b64decode(root)).subject.dump() == issuer for root in roots)
