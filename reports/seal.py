"""Seal a paper: PAdES, as a certification signature that allows no change.

With a time-stamp authority the seal is B-LT: time stamp, certificates and what was said of their revocation all lie
in the one sealed revision, so that "the whole file is signed" holds by any tool's measure. Without one it is B-B.

The visible seal is drawn by the page; the signature field over it stays empty, which keeps PDF/A and PDF/UA.
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import io
from datetime import datetime
from typing import Any, Final

from reports.authority import DEMONSTRATION, DemonstrationAuthority
from reports.errors import NotSealable
from reports.sealers import Sealer, SealKey, demonstration_sealer, load_pkcs12, load_token
from reports.stamps import DemonstrationStamps, Level, StampAuthority
from reports.tokens import TokenKey

__all__ = [
    "DEMONSTRATION",
    "DemonstrationAuthority",
    "DemonstrationStamps",
    "Level",
    "SealKey",
    "Sealer",
    "StampAuthority",
    "TokenKey",
    "demonstration_sealer",
    "load_pkcs12",
    "load_token",
    "seal",
]

FIELD: Final = "Seal"
"""Name of the signature field; the one the renderer puts over the drawn seal."""


def seal(pdf: bytes, sealer: Sealer, *, reason: str, at: datetime, location: str | None = None) -> bytes:
    """``pdf`` with a certification signature over all of it.

    Args:
        pdf: an unsealed PDF; the one from :func:`reports.render.render` carries the tagged field for the seal.
        sealer: whose key it is.
        reason: why it is sealed, as viewers show it.
        at: the time the seal states; with a time zone.
        location: the place the seal states.

    Raises:
        NotSealable: not a PDF, or sealed already.
        SealCertificateNotValid: the sealing certificate or one above it does not hold at that time.
        SealTokenUnavailable, SealTokenUnusable: the key lies on a token, and that does not sign.
        TimestampUnavailable, RevocationUnavailable: an authority does not answer; try again later.
        TimestampRefused: the time stamp is not one to rely on.
        SealCertificateRefused: an authority says that a certificate must not be used.
    """
    from pyhanko.pdf_utils.misc import PdfError

    if at.tzinfo is None:
        raise ValueError("a time zone is missing")
    sealer.check(at)
    ready = _with_field(pdf)
    try:
        return _signed(ready, sealer, at, reason, location)
    except PdfError as error:
        raise NotSealable(reason=type(error).__name__) from error


def _signed(ready: bytes, sealer: Sealer, at: datetime, reason: str, location: str | None) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    from reports import proofs

    def once() -> bytes:
        proof = proofs.gathered(sealer, at)
        about = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            reason=reason,
            location=location,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            subfilter=fields.SigSeedSubFilter.PADES,
            embed_validation_info=proof.context is not None,
            validation_context=proof.context,
            dss_settings=proofs.IN_ONE_REVISION,
        )
        signer: Any = _timed(at)(about, sealer.signer(), stamp_style=_empty_stamp(), timestamper=proof.stamper)
        writer = IncrementalPdfFileWriter(io.BytesIO(ready))
        return bytes(signer.sign_pdf(writer, existing_fields_only=True).getbuffer())

    return proofs.told_apart(once, sealer)


def _with_field(pdf: bytes) -> bytes:
    import pikepdf

    from reports import archival

    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            if "/Perms" in document.Root or archival.is_signed(document):
                raise NotSealable(reason="sealed-already")
            archival.add_seal_field(document, FIELD)
            return archival.saved(document)
    except pikepdf.PdfError as error:
        raise NotSealable(reason="not-a-pdf") from error


def _timed(at: datetime) -> Any:
    """The library's signer, with the time taken from the caller and not from the clock."""
    from pyhanko.sign.signers import PdfSigner

    class Timed(PdfSigner):
        def init_signing_session(self, *args: Any, **named: Any) -> Any:
            session = super().init_signing_session(*args, **named)
            session.system_time = at
            return session

    return Timed


def _empty_stamp() -> Any:
    from pyhanko.pdf_utils.content import RawContent
    from pyhanko.pdf_utils.layout import BoxConstraints
    from pyhanko.stamp import StaticStampStyle

    return StaticStampStyle(
        background=RawContent(b"", box=BoxConstraints(width=1, height=1)), border_width=0, background_opacity=1
    )
