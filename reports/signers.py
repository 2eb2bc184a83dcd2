"""Keys as the signing library takes them. Imported only where something is signed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from asn1crypto import keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports.tokens import TokenKey


class _OnToken(Signer):
    """Signs on a token; pyHanko's own signer for tokens asks for more than ECDSA tokens offer."""

    def __init__(self, key: TokenKey, leaf: asn1.Certificate, store: SimpleCertificateStore) -> None:
        super().__init__(signing_cert=leaf, cert_registry=store, embed_roots=False)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002
        """See the library; the digest is always SHA-256, as :mod:`reports.seal` asks for."""
        if dry_run:
            return b"0" * 512
        if digest_algorithm.lower() != "sha256":
            raise NotImplementedError(digest_algorithm)
        return await asyncio.to_thread(self._key.sign, data)


def on_token(key: TokenKey, chain: Sequence[x509.Certificate]) -> Signer:
    """A key on a token, with its certificate and the issuers of that."""
    return _OnToken(key, in_asn1(chain[0]), _store(chain[1:]))


def in_memory(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, chain: Sequence[x509.Certificate]) -> Signer:
    """A key in memory, with its certificate and the issuers of that."""
    plain = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return SimpleSigner(
        signing_cert=in_asn1(chain[0]),
        signing_key=keys.PrivateKeyInfo.load(plain),
        cert_registry=_store(chain[1:]),
        embed_roots=False,
    )


def in_asn1(certificate: x509.Certificate) -> asn1.Certificate:
    """The certificate as the signing library takes it."""
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _store(certificates: Sequence[x509.Certificate]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([in_asn1(each) for each in certificates])
    return store
