"""Archive stamps: a stamp over all of a sealed paper, put on a copy of it before what proves the seal grows weak.

The sealed paper stays as it is. Its archive copy begins with the very same bytes and adds one revision a stamp: the
stamp, and what the stamp's issuers say of revocation (PAdES-B-LTA).
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from reports.errors import NotSealable
from reports.seal import Sealer

ALGORITHM: Final = "sha256"
"""The hash that stamps are made over. Copies whose last stamp used another one are due."""

FIELD: Final = "Archive"
"""Beginning of the names of the fields that hold archive stamps."""


@dataclass(frozen=True)
class Archived:
    """An archive copy after a further stamp."""

    pdf: bytes
    stamped_at: datetime
    stamped_by: str
    ends: datetime
    """When the certificate that made the stamp ends: a further stamp is due before."""


def stamp(pdf: bytes, sealer: Sealer, at: datetime) -> Archived:
    """``pdf``, a sealed paper or an archive copy of one, with one more stamp over all of it.

    Args:
        pdf: what is to be kept.
        sealer: whose time stamps are taken.
        at: the present time, which the stamp has to agree with; with a time zone.

    Raises:
        NotSealable: no sealed paper, or nobody stamps.
        TimestampUnavailable, RevocationUnavailable: an authority does not answer; try again later.
        TimestampRefused, SealCertificateRefused: the stamp is not one to rely on.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings

    from reports import proofs

    if sealer.stamps is None:
        raise NotSealable(reason="no-stamps")

    def once() -> bytes:
        stamper, context = proofs.for_archive(sealer, at)
        signed = PdfFileReader(io.BytesIO(pdf))
        if not signed.embedded_regular_signatures:
            raise NotSealable(reason="not-sealed")
        name = f"{FIELD}{len(signed.embedded_timestamp_signatures) + 1}"
        settings = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
        out: Any = PdfTimeStamper(stamper, field_name=name).timestamp_pdf(
            proofs.Additional(io.BytesIO(pdf)), ALGORITHM, context, dss_settings=settings
        )
        return bytes(out.getbuffer())

    try:
        made = proofs.told_apart(once, sealer)
    except PdfError as error:
        raise NotSealable(reason=type(error).__name__) from error
    return _told(made)


def _told(made: bytes) -> Archived:
    from cryptography import x509
    from pyhanko.pdf_utils.reader import PdfFileReader

    from reports.sealers import common_name

    last = PdfFileReader(io.BytesIO(made)).embedded_timestamp_signatures[-1]
    certificate = x509.load_der_x509_certificate(last.signer_cert.dump())
    said = last.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    return Archived(made, said, common_name(certificate), certificate.not_valid_after_utc)
