"""Seal a paper: PAdES B-B, as a certification signature that allows no change.

The visible seal is drawn by the page; the signature field over it stays empty, which keeps PDF/A and PDF/UA.
A :class:`Sealer` is loaded once per process (checking a key costs far more than using it).
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from reports.authority import DEMONSTRATION, DemonstrationAuthority, is_demonstration
from reports.errors import NotSealable, SealKeyUnusable

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

__all__ = ["DEMONSTRATION", "DemonstrationAuthority", "SealKey", "Sealer", "load_pkcs12", "seal"]

FIELD: Final = "Seal"
"""Name of the signature field; the one the renderer puts over the drawn seal."""

SealKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Sealer:
    """A key that seals, with its certificates."""

    key: SealKey
    chain: tuple[x509.Certificate, ...]
    """The sealing certificate first, then its issuers up to the root."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate that the seal names."""
        return self.chain[0]

    @property
    def root(self) -> x509.Certificate:
        """The last certificate of the chain: what a verifier has to trust."""
        return self.chain[-1]

    @property
    def is_demonstration(self) -> bool:
        """True when any certificate of the chain says that it is for demonstrations only."""
        return any(is_demonstration(certificate) for certificate in self.chain)

    def signer(self) -> SimpleSigner:
        """The key as the signing library takes it."""
        from asn1crypto import keys  # type: ignore[import-untyped]
        from asn1crypto import x509 as asn1
        from pyhanko.sign.signers import SimpleSigner
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        plain = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        ders = [certificate.public_bytes(serialization.Encoding.DER) for certificate in self.chain]
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([asn1.Certificate.load(der) for der in ders[1:]])
        return SimpleSigner(
            signing_cert=asn1.Certificate.load(ders[0]),
            signing_key=keys.PrivateKeyInfo.load(plain),
            cert_registry=store,
            embed_roots=False,
        )


def demonstration_sealer(folder: Path) -> Sealer:
    """The sealer of the demonstration authority kept in ``folder`` (made there at first use)."""
    authority = DemonstrationAuthority(folder)
    return Sealer(key=authority.seal_key, chain=(authority.seal_certificate, authority.root))


def load_pkcs12(path: Path, passphrase: str | None) -> Sealer:
    """The sealer in a PKCS#12 file with an EC or RSA key and its certificate chain.

    Raises:
        SealKeyUnusable: no such file, wrong passphrase, no key, or a key of another kind.
    """
    try:
        held = pkcs12.load_pkcs12(path.read_bytes(), passphrase.encode() if passphrase else None)
    except OSError as error:
        raise SealKeyUnusable(path=path, reason="missing") from error
    except ValueError as error:
        raise SealKeyUnusable(path=path, reason="passphrase") from error
    if held.cert is None or not isinstance(held.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise SealKeyUnusable(path=path, reason="kind")
    others = [extra.certificate for extra in held.additional_certs]
    return Sealer(key=held.key, chain=_in_order(held.cert.certificate, others))


def _in_order(leaf: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    chain = [leaf]
    while chain[-1].issuer != chain[-1].subject:
        issuer = next((each for each in others if each.subject == chain[-1].issuer), None)
        if issuer is None or issuer in chain:
            break
        chain.append(issuer)
    return tuple(chain)


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
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import fields, signers

    if at.tzinfo is None:
        raise ValueError("a time zone is missing")
    ready = _with_field(pdf)
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        location=location,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(ready))
        signed: Any = _timed(at)(about, sealer.signer(), stamp_style=_empty_stamp()).sign_pdf(
            writer, existing_fields_only=True
        )
    except PdfError as error:
        raise NotSealable(reason=type(error).__name__) from error
    return bytes(signed.getbuffer())


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
