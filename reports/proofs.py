"""What a seal takes with it so that it can be checked later: a time stamp, and the word of the certificates' issuers.

Imported only where something is signed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asn1crypto import x509  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import (
    InsufficientRevinfoError,
    InvalidCertificateError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
)

from reports.authority import DemonstrationAuthority
from reports.errors import RevocationUnavailable, SealCertificateRefused, TimestampUnavailable
from reports.sealers import Sealer, common_name
from reports.signers import in_asn1
from reports.stamping import HttpStamper, LocalStamper, OtherCertificate
from reports.stamps import DemonstrationStamps, Level, StampAuthority

# Its warning that demonstrations fetch nothing is true and meant; who configures logging may still read it.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())

IN_ONE_REVISION: Final = DSSContentSettings(
    placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE, include_vri=False
)
"""All that proves lies in the revision that is sealed: nothing is appended afterwards."""


@dataclass(frozen=True)
class Proof:
    """What goes into a seal beside the signature."""

    stamper: TimeStamper | None = None
    context: ValidationContext | None = None
    """Gathers certificates and what is said of their revocation; None: none of it goes in."""


def gathered(sealer: Sealer, at: datetime) -> Proof:
    """What the seal of ``sealer`` at that time takes with it."""
    stamps = sealer.stamps
    if isinstance(stamps, DemonstrationStamps):
        authority = DemonstrationAuthority(stamps.folder)
        return Proof(LocalStamper(authority, at), offline(authority, at))
    if isinstance(stamps, StampAuthority):
        context = online(sealer, stamps) if sealer.level is Level.LT else None
        return Proof(HttpStamper(stamps, at), context)
    return Proof()


def for_archive(sealer: Sealer, at: datetime) -> tuple[TimeStamper, ValidationContext]:
    """Who stamps a copy for the archive, and what is said of the stamp's certificates."""
    stamps = sealer.stamps
    if isinstance(stamps, DemonstrationStamps):
        authority = DemonstrationAuthority(stamps.folder)
        return LocalStamper(authority, at), offline(authority, at)
    assert isinstance(stamps, StampAuthority)  # noqa: S101 - whoever calls has seen to it
    return HttpStamper(stamps, at), online(sealer, stamps)


class Additional(IncrementalPdfFileWriter):
    """Adds a revision, and leaves what the file says of itself (title, dates) as it was."""

    def _update_meta(self) -> None:
        """Nothing: a reader compares the revisions and finds the additions alone."""


def offline(authority: DemonstrationAuthority, at: datetime) -> ValidationContext:
    """The demonstration's: its own list of revocations, made for that time."""
    moment = at.replace(microsecond=0)
    return ValidationContext(
        trust_roots=[in_asn1(authority.root)],
        moment=moment,
        allow_fetching=False,
        crls=[authority.revocations(moment).public_bytes(Encoding.DER)],
        revocation_mode="require",
    )


def online(sealer: Sealer, stamps: StampAuthority) -> ValidationContext:
    """Asks the addresses that the certificates name."""
    return ValidationContext(
        trust_roots=[in_asn1(sealer.root), *(x509.Certificate.load(root) for root in stamps.roots)],
        other_certs=[in_asn1(each) for each in sealer.chain[1:]],
        allow_fetching=True,
        revocation_mode="hard-fail",
    )


def told_apart(sign: Callable[[], bytes], sealer: Sealer) -> bytes:
    """What ``sign`` gives, or a fault that says whether trying again may help.

    Raises:
        RevocationUnavailable, TimestampUnavailable: it may.
        SealCertificateRefused: it will not.
    """
    try:
        try:
            return sign()
        except OtherCertificate:
            return sign()  # the authority has changed its certificate since we learnt it
    except OtherCertificate as error:
        address = sealer.stamps.address if isinstance(sealer.stamps, StampAuthority) else ""
        raise TimestampUnavailable(address=address, reason="certificate-changes") from error
    except (SigningError, PathBuildingError, PathValidationError, InvalidCertificateError) as error:
        cause = error.__cause__ if isinstance(error, SigningError) and error.__cause__ is not None else error
        if isinstance(cause, InsufficientRevinfoError):
            raise RevocationUnavailable(reason=type(cause).__name__) from error
        reason = "revoked" if isinstance(cause, RevokedError) else type(cause).__name__
        raise SealCertificateRefused(subject=common_name(sealer.certificate), reason=reason) from error
