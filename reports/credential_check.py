"""Whether a credential that a stranger hands in was signed by somebody we trust. Runs in quarantine only.

Its certificates are judged at the time that the credential states; inside a sealed paper that time is as good as the
seal's. What the issuers say of revocation lies in the paper and speaks of the seal, which is made with the same keys.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509 as asn1  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError

from reports.authority import is_demonstration
from reports.credential import KIND
from reports.findings import CredentialState
from reports.jose import Malformed, Signed, read
from reports.sealers import common_name
from reports.struck import counts, fingerprint

Answer = dict[str, Any]


def judged(data: bytes, *, roots: Sequence[str], struck: Mapping[str, str] | None = None, proven: str = "") -> Answer:
    """What can be said of a credential by itself, and its claims.

    Args:
        data: the credential.
        roots: whom to trust (DER, base64).
        struck: fingerprints of keys → from when on they are struck.
        proven: the time before which it is proven to have been there, in a paper with a trusted stamp; empty: none.
    """
    try:
        found = read(data)
        at = _stated(found)
    except Malformed:
        return _finding(CredentialState.BROKEN, "malformed")
    if not found.holds:
        return _finding(CredentialState.BROKEN, "signature-wrong")
    fault = _fault(found, at, [base64.b64decode(root) for root in roots])
    since = (struck or {}).get(fingerprint(found.chain[0]))
    counted = counts(
        datetime.fromisoformat(since) if since else None, datetime.fromisoformat(proven) if proven else None
    )
    fault = fault or (None if counted else "key-struck")
    demonstration = any(is_demonstration(each) for each in found.chain)
    told = _finding(CredentialState.UNTRUSTED, fault) if fault else _intact(demonstration=demonstration)
    return {
        **told,
        "issuer": _text(found.claims.get("iss")),
        "signer": common_name(found.chain[0])[:300],
        "signed_at": at.isoformat(),
        "is_demonstration": demonstration,
        "claims": dict(found.claims),
    }


def _intact(*, demonstration: bool) -> Answer:
    return _finding(CredentialState.INTACT, "demonstration" if demonstration else "intact")


def _finding(state: CredentialState, code: str) -> Answer:
    return {"state": state.value, "code": code}


def _text(value: object) -> str | None:
    return value[:300] if isinstance(value, str) else None


def _stated(found: Signed) -> datetime:
    at = found.claims.get("iat")
    if found.header.get("typ") != KIND or "vc" in found.claims or type(at) is not int or not 0 < at < 1 << 33:
        raise Malformed
    return datetime.fromtimestamp(at, UTC)


def _fault(found: Signed, at: datetime, roots: Sequence[bytes]) -> str | None:
    """Why nobody we trust stands behind it; None: somebody does."""
    context = ValidationContext(
        trust_roots=[asn1.Certificate.load(root) for root in roots],
        allow_fetching=False,
        moment=at,
        revocation_mode="soft-fail",
    )
    leaf, *others = (asn1.Certificate.load(each.public_bytes(Encoding.DER)) for each in found.chain)
    validator = CertificateValidator(leaf, others, validation_context=context)
    try:
        asyncio.run(validator.async_validate_path())
    except PathBuildingError:
        return "unknown-issuer"
    except ValidationError:
        return "certificate-invalid"
    return None if _signs(found.chain[0]) else "certificate-invalid"


def _signs(certificate: x509.Certificate) -> bool:
    """Whether the certificate is one for sealing: it issues no others, and its key may sign."""
    try:
        if certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
    except x509.ExtensionNotFound:
        pass
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment
