"""Who stamps the time on a seal: an authority asked by RFC 3161 over HTTP, or the demonstration's own.

Values only: they travel to the process that seals. What they do is in :mod:`reports.stamping`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID


class Level(StrEnum):
    """What a seal proves by itself (ETSI EN 319 142-1), each with what the one before it has."""

    B = "PAdES-B-B"
    """Who sealed, and that nothing changed; the time is the sealer's word."""

    T = "PAdES-B-T"
    """An authority confirms the time."""

    LT = "PAdES-B-LT"
    """The file brings what is needed to check its certificates after they have ended."""

    LTA = "PAdES-B-LTA"
    """A later stamp over all of it keeps that good when algorithms and authorities end."""


@dataclass(frozen=True)
class StampAuthority:
    """A time-stamp authority (RFC 3161) at an address."""

    address: str
    user: str = ""
    password: str = field(default="", repr=False)
    policy: str = ""
    """The policy asked for, as an object identifier; empty: the authority's own choice."""

    seconds: float = 10.0
    """How long an answer may take."""

    drift: float = 300.0
    """How far, in seconds, the stamp may be from the time that the seal states."""

    roots: tuple[bytes, ...] = ()
    """Whom to trust for stamps: root certificates (DER)."""


@dataclass(frozen=True)
class DemonstrationStamps:
    """The time stamps of the demonstration authority kept in ``folder``: they say whatever time the seal states."""

    folder: Path


Stamps = StampAuthority | DemonstrationStamps


def offers_revocation(chain: tuple[x509.Certificate, ...]) -> bool:
    """True when every certificate below the root names an address that tells whether it was revoked."""
    below = [each for each in chain if each.issuer != each.subject]
    return bool(below) and all(_asks(each) for each in below)


def _asks(certificate: x509.Certificate) -> bool:
    try:
        certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    except x509.ExtensionNotFound:
        pass
    else:
        return True
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return False
    return any(each.access_method == AuthorityInformationAccessOID.OCSP for each in access)
