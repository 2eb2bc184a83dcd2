"""A programme office's own keys for tests: a root, sealing certificates below it, a PKCS#12 file, a token."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from reports.seal import TokenKey
from tests.judges.absence import need, softhsm
from tests.reports.conftest import AT

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
PIN = "567890"


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def usage(*, seals: bool) -> x509.KeyUsage:
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


@dataclass(frozen=True)
class Period:
    """From when until when a certificate holds."""

    start: datetime = AT - timedelta(days=300)
    end: datetime = AT + timedelta(days=300)


class Programme:
    """A root that issues sealing certificates."""

    def __init__(self, period: Period = Period()) -> None:
        self.period = period
        self.root_key = ec.generate_private_key(ec.SECP256R1())

    @cached_property
    def root(self) -> x509.Certificate:
        return self.issue("Programme root", self.root_key.public_key(), self.period, seals=False)

    def issue(
        self, subject: str, key: PublicKey, period: Period | None = None, *, seals: bool = True
    ) -> x509.Certificate:
        chosen = period or self.period
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("Programme root"))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(chosen.start)
            .not_valid_after(chosen.end)
            .add_extension(x509.BasicConstraints(ca=not seals, path_length=None), critical=True)
            .add_extension(usage(seals=seals), critical=True)
            .sign(self.root_key, hashes.SHA256())
        )

    def packed(self, path: Path, *, passphrase: bytes = b"secret", period: Period | None = None) -> Path:
        """A PKCS#12 file with a new sealing key."""
        key = ec.generate_private_key(ec.SECP256R1())
        held = self.issue("Programme seal", key.public_key(), period)
        kind = BestAvailableEncryption(passphrase)
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, held, [self.root], kind))
        return path


LABELS: Final = ("office", "desk")
"""All tokens of a process."""

_configurations: Final[list[Path]] = []
"""Where the module of this process found its tokens: it looks once, so all are made before."""


class Token:
    """A SoftHSM token; all of one process lie in the ``folder`` of the first, where its module looks for them."""

    def __init__(self, folder: Path, label: str = "office") -> None:
        need("softhsm")
        self.label = label
        self.module = softhsm() or Path()
        if not _configurations:
            _configurations.append(_configured(folder))
        self.configuration = _configurations[0]

    def make(self, label: str, programme: Programme, *, kind: str = "ec", other: bool = False) -> x509.Certificate:
        """A key made on the token, with a certificate of the programme (of an ``other`` key, if it shall not fit)."""
        import pkcs11
        from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
        from pkcs11.util.rsa import encode_rsa_public_key

        token = pkcs11.lib(str(self.module)).get_token(token_label=self.label)
        with token.open(rw=True, user_pin=PIN) as session:
            if kind == "ec":
                curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
                domain = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
                made, _ = domain.generate_keypair(store=True, label=label)
                public = serialization.load_der_public_key(encode_ec_public_key(made))
            else:
                made, _ = session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label=label)
                public = serialization.load_der_public_key(encode_rsa_public_key(made))
            if other:
                public = ec.generate_private_key(ec.SECP256R1()).public_key()
            assert isinstance(public, (ec.EllipticCurvePublicKey, rsa.RSAPublicKey))
            certificate = programme.issue(f"Programme seal {label}", public)
            session.create_object(
                {
                    pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                    pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                    pkcs11.Attribute.TOKEN: True,
                    pkcs11.Attribute.LABEL: label,
                    pkcs11.Attribute.SUBJECT: certificate.subject.public_bytes(),
                    pkcs11.Attribute.VALUE: certificate.public_bytes(serialization.Encoding.DER),
                }
            )
        return certificate

    def key(self, label: str, *, pin: str = PIN, token: str | None = None) -> TokenKey:
        return TokenKey(self.module, token or self.label, label, pin)


def _configured(folder: Path) -> Path:
    """A new configuration of SoftHSM, with a folder that holds all tokens."""
    (folder / "tokens").mkdir(parents=True)
    path = folder / "softhsm2.conf"
    path.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(path)
    for label in LABELS:
        command = ["softhsm2-util", "--init-token", "--free", "--so-pin", "12345678", "--label", label, "--pin", PIN]
        subprocess.run(command, check=True, capture_output=True)
    return path
