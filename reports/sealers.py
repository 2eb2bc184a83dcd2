"""Who seals: a key with its certificates, from a PKCS#12 file, a PKCS#11 token or a demonstration authority.

A :class:`Sealer` is loaded once per process (checking a key costs far more than using it).
"""

# ruff: noqa: PLC0415 - heavy libraries load when they are used, so that entering this room stays cheap
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from reports.authority import DemonstrationAuthority, is_demonstration
from reports.errors import SealCertificateNotValid, SealKeyUnusable, SealTokenUnusable
from reports.stamps import DemonstrationStamps, Level, Stamps, offers_revocation
from reports.tokens import TokenKey

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

SealKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | TokenKey


@dataclass(frozen=True)
class Sealer:
    """A key that seals, with its certificates."""

    key: SealKey
    chain: tuple[x509.Certificate, ...]
    """The sealing certificate first, then its issuers up to the root."""

    stamps: Stamps | None = None
    """Who stamps the time; None: the seal's time is the sealer's word."""

    @property
    def level(self) -> Level:
        """What its seals prove."""
        if self.stamps is None:
            return Level.B
        return Level.LT if self.is_demonstration or offers_revocation(self.chain) else Level.T

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

    def check(self, at: datetime) -> None:
        """See that every certificate of the chain holds at ``at``.

        Raises:
            SealCertificateNotValid: one has ended or not yet begun.
        """
        for each in self.chain:
            start, end = each.not_valid_before_utc, each.not_valid_after_utc
            if not start <= at <= end:
                raise SealCertificateNotValid(
                    subject=common_name(each), at=at.date(), start=start.date(), end=end.date()
                )

    def signer(self) -> Signer:
        """The key as the signing library takes it."""
        from reports import signers

        if isinstance(self.key, TokenKey):
            return signers.on_token(self.key, self.chain)
        return signers.in_memory(self.key, self.chain)


def common_name(certificate: x509.Certificate) -> str:
    """The common name of a certificate's subject, or the whole subject where it has none."""
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def demonstration_sealer(folder: Path) -> Sealer:
    """The sealer of the demonstration authority kept in ``folder`` (made there at first use)."""
    authority = DemonstrationAuthority(folder)
    chain = (authority.seal_certificate, authority.root)
    return Sealer(key=authority.seal_key, chain=chain, stamps=DemonstrationStamps(folder))


def load_pkcs12(path: Path, passphrase: str | None) -> Sealer:
    """The sealer in a PKCS#12 file with an EC or RSA key and its certificate chain.

    Raises:
        SealKeyUnusable: no such file, wrong passphrase, no key, a key of another kind or of another certificate.
    """
    try:
        held = pkcs12.load_pkcs12(path.read_bytes(), passphrase.encode() if passphrase else None)
    except OSError as error:
        raise SealKeyUnusable(path=path, reason="missing") from error
    except ValueError as error:
        raise SealKeyUnusable(path=path, reason="passphrase") from error
    if held.cert is None or not isinstance(held.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise SealKeyUnusable(path=path, reason="kind")
    leaf = held.cert.certificate
    if leaf.public_key() != held.key.public_key():
        raise SealKeyUnusable(path=path, reason="mismatch")
    others = [extra.certificate for extra in held.additional_certs]
    return Sealer(key=held.key, chain=_in_order(leaf, others))


def load_token(key: TokenKey, above: Path | None = None) -> Sealer:
    """The sealer whose key lies on a token, with the certificate of the same label.

    Args:
        key: where it lies.
        above: PEM file of certificates that are not on the token: the sealing one, its issuers, or all of them.

    Raises:
        SealKeyUnusable: the PEM file cannot be read.
        SealTokenUnusable: no such module, token, key or certificate, the PIN is refused, or they do not fit.
        SealTokenUnavailable: the token does not answer.
    """
    try:
        import pkcs11  # noqa: F401 - the question is whether it is there
    except ImportError as error:
        raise SealTokenUnusable(token=key.token, key=key.key, reason="python-pkcs11") from error
    try:
        beside = [] if above is None else x509.load_pem_x509_certificates(above.read_bytes())
    except (OSError, ValueError) as error:
        raise SealKeyUnusable(path=above, reason="chain") from error
    named, others = key.certificates()
    probe = key.sign(b"probe")
    leaf = next((each for each in (named, *beside) if each is not None and _made_by(each, probe, b"probe")), None)
    if leaf is None:
        raise SealTokenUnusable(token=key.token, key=key.key, reason="certificate")
    return Sealer(key=key, chain=_in_order(leaf, [*others, *beside]))


def _made_by(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    """Whether the key of ``certificate`` made ``signature``."""
    public = certificate.public_key()
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _in_order(leaf: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    chain = [leaf]
    while chain[-1].issuer != chain[-1].subject:
        issuer = next((each for each in others if each.subject == chain[-1].issuer), None)
        if issuer is None or issuer in chain:
            break
        chain.append(issuer)
    return tuple(chain)
