"""Verifiable credentials of certificates: each one's own, the status lists, and the issuer's public keys."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from itti.certificates import jobs, register
from itti.certificates.errors import NoCredential, NoSuchStatusList
from itti.certificates.keys import KeySource
from itti.certificates.office import Office
from itti.certificates.register import Download
from itti.certificates.tables import Certificate, CertificateState, CredentialKey, NumberSeries
from reports import jose
from reports.credential import MEDIA_TYPE, Bit, Place, status_list

_CONTEXTS: Final = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"]


def credential(session: Session, number: str) -> Download:
    """The signed credential of a certificate; public, since it says what the register says.

    Raises:
        NoSuchCertificate: no such number.
        NoCredential: it was issued before there were any, or with a key that signs none.
    """
    found = register.entry(session, number)
    if found.credential is None:
        raise NoCredential(number=found.number)
    content = found.credential.encode()
    return Download(lambda: content, MEDIA_TYPE, f"{found.number}.jwt", hashlib.sha256(content).hexdigest())


@dataclass(frozen=True)
class Revoked:
    """What a status list says."""

    name: str
    indices: tuple[int, ...]
    since: datetime
    """When it last changed, or the beginning of its year."""


def revoked(session: Session, name: str) -> Revoked:
    """The revoked certificates of a list; a list has the certificates of one year.

    Raises:
        NoSuchStatusList: no certificate has a number of that year.
    """
    if not (name.isascii() and name.isdigit() and len(name) == 4) or session.get(NumberSeries, int(name)) is None:
        raise NoSuchStatusList(name=name)
    statement = select(Certificate.number, Certificate.revoked_at).where(
        Certificate.state == CertificateState.REVOKED, col(Certificate.number).like(f"%-{name}-%")
    )
    rows = [(Bit.of(number), at) for number, at in session.exec(statement).all()]
    begins = datetime(int(name), 1, 1, tzinfo=UTC)
    return Revoked(
        name,
        tuple(sorted(bit.index for bit, _ in rows if bit.list == name)),
        max((at for bit, at in rows if at is not None and bit.list == name), default=begins),
    )


class StatusLists:
    """Signed status lists; one is signed anew when it says another thing, or with another key."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[object, str]] = {}
        self._one_at_a_time = threading.Lock()

    def signed(self, office: Office, told: Revoked) -> bytes:
        """The list as a signed credential.

        Raises:
            NoSuchStatusList: the key is of a kind that signs none.
            Fault: the key does not sign.
        """
        made_from = (told, office.key, office.place)
        with self._one_at_a_time:
            held = self._held.get(told.name)
            if held is None or held[0] != made_from:
                claims = status_list(office.place, told.name, told.indices, told.since)
                work = jobs.Claims(claims, office.place.issuer, office.key, datetime.now(UTC))
                made = office.sealing.run(jobs.sign_claims, work)
                if made is None:
                    raise NoSuchStatusList(name=told.name)
                held = self._held[told.name] = (made_from, made[0])
            return held[1].encode()


def remember_key(session: Session, certificate: bytes, at: datetime) -> None:
    """Note that the key of a certificate (PEM) signs credentials; nothing, if that is known."""
    thumbprint = jose.public_jwk(x509.load_pem_x509_certificate(certificate))["kid"]
    statement = select(CredentialKey.id).where(CredentialKey.thumbprint == thumbprint)
    if session.exec(statement).first() is not None:
        return
    try:
        with session.begin_nested():
            session.add(CredentialKey(thumbprint=thumbprint, certificate=certificate.decode(), first_used_at=at))
    except IntegrityError:
        pass  # another process noted it at the same time


def issuer_document(session: Session, office: Office) -> dict[str, Any]:
    """The issuer's public document (DID Core 1.0): every key that signs credentials, or ever did."""
    rows = session.exec(select(CredentialKey).order_by(col(CredentialKey.first_used_at))).all()
    used = [x509.load_pem_x509_certificate(row.certificate.encode()) for row in rows]
    return _document(office.place, [*used, *_present(office)])


def _present(office: Office) -> list[x509.Certificate]:
    sources = dict.fromkeys([office.key, *KeySource.known(office.settings).values()])
    sealers = [source.sealer() for source in sources]
    return [sealer.certificate for sealer in sealers if jose.algorithm_of(sealer) is not None]


def _document(place: Place, certificates: list[x509.Certificate]) -> dict[str, Any]:
    keys = {key["kid"]: (key, each) for each in certificates for key in [jose.public_jwk(each)]}
    methods = [
        {
            "id": f"{place.issuer}#{name}",
            "type": "JsonWebKey",
            "controller": place.issuer,
            "publicKeyJwk": {**key, "x5t#S256": jose.packed(hashlib.sha256(each.public_bytes(Encoding.DER)).digest())},
        }
        for name, (key, each) in keys.items()
    ]
    return {
        "@context": _CONTEXTS,
        "id": place.issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
