"""A certificate authority for demonstrations, made at first use and plainly named so that nobody mistakes it.

It seals, stamps the time and says that nothing was revoked: all of it offline, at whatever time a demonstration
asks for, and therefore worth nothing outside one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from reports.keyfile import KeyFile, Pair

DEMONSTRATION: Final = "Demonstration – not for real use"
"""Stands in the name of every certificate of a demonstration authority; by it they are known."""

_FROM: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""Early enough for a demonstration whose history reaches back some years."""
_UNTIL: Final = datetime(2060, 1, 1, tzinfo=UTC)

_NOWHERE: Final = x509.DistributionPoint(
    [x509.UniformResourceIdentifier("http://demonstration.invalid/revoked.crl")], None, None, None
)
"""An address that cannot exist (RFC 2606): verifiers ask for one before they look at the list in the file itself."""


def is_demonstration(certificate: x509.Certificate) -> bool:
    """True when subject or issuer of the certificate say that it is for demonstrations only."""
    names = (*certificate.subject, *certificate.issuer)
    return any(DEMONSTRATION in str(part.value) for part in names)


class DemonstrationAuthority:
    """Root, sealing and time-stamp certificates kept in a folder; made there when they do not exist yet.

    Raises:
        SealKeyUnusable: a file is there and cannot be read, or the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._seals = KeyFile(folder / "demonstration-authority.pem", 2, _seals)
        self.path = self._seals.path

    @property
    def root(self) -> x509.Certificate:
        """The root certificate: what a verifier of demonstration papers has to trust."""
        return self._seals.certificates[0]

    @property
    def seal_certificate(self) -> x509.Certificate:
        """The certificate that seals papers."""
        return self._seals.certificates[1]

    @property
    def seal_key(self) -> ec.EllipticCurvePrivateKey:
        """The key that seals papers."""
        return self._seals.pairs[1][1]

    @property
    def stamp_certificate(self) -> x509.Certificate:
        """The certificate that stamps the time."""
        return self._stamps.certificates[0]

    @property
    def stamp_key(self) -> ec.EllipticCurvePrivateKey:
        """The key that stamps the time."""
        return self._stamps.pairs[0][1]

    @cached_property
    def _stamps(self) -> KeyFile:
        return KeyFile(self.path.with_name("demonstration-time-stamps.pem"), 1, self._make_stamps)

    def _make_stamps(self) -> Sequence[Pair]:
        key = ec.generate_private_key(ec.SECP256R1())
        stamps = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = _issued("Demonstration time stamps", key, *self._seals.pairs[0]).add_extension(stamps, critical=True)
        return [(builder.sign(self._seals.pairs[0][1], hashes.SHA256()), key)]

    def revocations(self, at: datetime) -> x509.CertificateRevocationList:
        """The list of the certificates revoked at that time: none."""
        root, key = self._seals.pairs[0]
        return (
            x509.CertificateRevocationListBuilder()
            .issuer_name(root.subject)
            .last_update(at)
            .next_update(at + timedelta(days=1))
            .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )


def _seals() -> Sequence[Pair]:
    root_key, seal_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _root(root_key)
    seal = _issued("Demonstration seal", seal_key, root, root_key).sign(root_key, hashes.SHA256())
    return [(root, root_key), (seal, seal_key)]


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, DEMONSTRATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, seals: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=seals,
        content_commitment=seals,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not seals,
        crl_sign=not seals,
        encipher_only=False,
        decipher_only=False,
    )


def _root(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = _name("Demonstration root authority")
    return (
        _builder(name, name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(_usage(seals=False), critical=True)
        .sign(key, hashes.SHA256())
    )


def _issued(
    subject: str, key: ec.EllipticCurvePrivateKey, root: x509.Certificate, root_key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    """A certificate that signs and issues no other."""
    return (
        _builder(_name(subject), root.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(seals=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .add_extension(x509.CRLDistributionPoints([_NOWHERE]), critical=False)
    )
