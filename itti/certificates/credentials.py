"""Verifiable credentials of certificates: each one's own, the status lists, and the issuer's public keys."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from itti.calendar.zones import end_of
from itti.certificates import jobs, register
from itti.certificates.errors import NoCredential, NoSuchStatusList
from itti.certificates.keys import KeySource
from itti.certificates.office import Office
from itti.certificates.register import Download
from itti.certificates.tables import Certificate, CertificateState, CredentialKey, NumberSeries
from itti.programme import day_of, rules
from reports import jose
from reports.credential import MEDIA_TYPE, Bit, Place, Purpose, status_list
from reports.struck import Struck, fingerprint

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


SUPERSEDED: Final = "-superseded"
"""How the name of a list ends that says what was superseded; before it stands the year."""


@dataclass(frozen=True)
class Listed:
    """What a status list says."""

    name: str
    indices: tuple[int, ...]
    since: datetime
    """When it last changed, or the beginning of its year."""

    purpose: Purpose = Purpose.REVOCATION


def status_of(session: Session, name: str, struck: Struck) -> Listed:
    """What a list says: the revoked certificates of one year (``2026``), or the superseded (``2026-superseded``).

    A certificate whose credential was signed with a struck key, on the day from which it is struck or later, counts
    as revoked, whoever issued it. One that was superseded and revoked is in both lists.

    Args:
        session: where the register is.
        name: of the list.
        struck: keys that seal nothing any more.

    Raises:
        NoSuchStatusList: no certificate has a number of that year.
    """
    year = name.removesuffix(SUPERSEDED)
    if not (year.isascii() and year.isdigit() and len(year) == 4) or session.get(NumberSeries, int(year)) is None:
        raise NoSuchStatusList(name=name)
    begins = datetime(int(year), 1, 1, tzinfo=UTC)
    found = dict(_superseded(session, year, begins) if name != year else _revoked(session, year))
    if name == year:
        found |= _under_struck_keys(session, year, struck)
    return Listed(
        name,
        tuple(sorted(found)),
        max(found.values(), default=begins),
        Purpose.REVOCATION if name == year else Purpose.SUPERSEDED,
    )


def _revoked(session: Session, year: str) -> Iterator[tuple[int, datetime]]:
    statement = select(Certificate.number, Certificate.revoked_at).where(
        Certificate.state == CertificateState.REVOKED, col(Certificate.number).like(f"%-{year}-%")
    )
    for number, at in session.exec(statement).all():
        if at is not None and Bit.of(number).list == year:
            yield Bit.of(number).index, at


def _superseded(session: Session, year: str, begins: datetime) -> Iterator[tuple[int, datetime]]:
    """Those with a later one in their place, and when that was issued."""
    later = aliased(Certificate)
    statement = (
        select(Certificate.number, sa.func.coalesce(later.issued_on, Certificate.issued_on))
        .join(later, col(later.number) == Certificate.superseded_by, isouter=True)
        .where(col(Certificate.superseded_by).is_not(None), col(Certificate.number).like(f"%-{year}-%"))
    )
    for number, day in session.exec(statement).all():
        if Bit.of(number).list == year:
            yield Bit.of(number).index, max(begins, end_of(day - timedelta(days=1), rules(session).zone))


def _under_struck_keys(session: Session, year: str, struck: Struck) -> Iterator[tuple[int, datetime]]:
    if not struck:
        return
    statement = select(CredentialKey.thumbprint, CredentialKey.certificate)
    since = {
        thumbprint: struck[mark]
        for thumbprint, certificate in session.exec(statement).all()
        if (mark := fingerprint(x509.load_pem_x509_certificate(certificate.encode()))) in struck
    }
    if not since:
        return
    rows = session.exec(
        select(Certificate.number, Certificate.credential).where(
            col(Certificate.credential).is_not(None),
            col(Certificate.number).like(f"%-{year}-%"),
            col(Certificate.issued_on) >= day_of(session, min(since.values())) - timedelta(days=1),
        )
    )
    for number, signed in rows.all():
        signed_with = jose.key_of(signed or "")
        at = since.get(signed_with[0].rpartition("#")[2]) if signed_with else None
        if signed_with and at is not None and signed_with[1] >= at and Bit.of(number).list == year:
            yield Bit.of(number).index, at


class StatusLists:
    """Signed status lists; one is signed anew when it says another thing, or with another key."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[object, str]] = {}
        self._one_at_a_time = threading.Lock()

    def signed(self, office: Office, told: Listed) -> bytes:
        """The list as a signed credential.

        Raises:
            NoSuchStatusList: the key is of a kind that signs none.
            Fault: the key does not sign.
        """
        made_from = (told, office.key, office.place)
        with self._one_at_a_time:
            held = self._held.get(told.name)
            if held is None or held[0] != made_from:
                claims = status_list(office.place, told.name, told.indices, told.since, told.purpose)
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
    """The issuer's public document (DID Core 1.0): every key that signs credentials, or ever did.

    A key that was struck stays in it with the moment from which on it is (``revoked``), and asserts nothing any more.
    """
    rows = session.exec(select(CredentialKey).order_by(col(CredentialKey.first_used_at))).all()
    used = [x509.load_pem_x509_certificate(row.certificate.encode()) for row in rows]
    return _document(office.place, [*used, *_present(office)], office.settings.seal_struck)


def _present(office: Office) -> list[x509.Certificate]:
    sources = dict.fromkeys([office.key, *KeySource.known(office.settings).values()])
    sealers = [source.sealer() for source in sources]
    return [sealer.certificate for sealer in sealers if jose.algorithm_of(sealer) is not None]


def _document(place: Place, certificates: list[x509.Certificate], struck: Struck) -> dict[str, Any]:
    keys = {key["kid"]: (key, each) for each in certificates for key in [jose.public_jwk(each)]}
    methods = [
        {
            "id": f"{place.issuer}#{name}",
            "type": "JsonWebKey",
            "controller": place.issuer,
            "publicKeyJwk": {**key, "x5t#S256": jose.packed(hashlib.sha256(each.public_bytes(Encoding.DER)).digest())},
            **({"revoked": _written(struck[fingerprint(each)])} if fingerprint(each) in struck else {}),
        }
        for name, (key, each) in keys.items()
    ]
    return {
        "@context": _CONTEXTS,
        "id": place.issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods if "revoked" not in method],
    }


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
