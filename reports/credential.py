"""A certificate as a W3C Verifiable Credential (Data Model 2.0), in the shape of an Open Badges 3.0 achievement.

The credential says of a factory what the public register says: who was assessed, by which questionnaire, with which
result, from when until when. It names the attached scorecard and answers by their digests, and the bit in the
register's status list that is set when the certificate is revoked. It is the same for the same report; only signing
adds the time.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote, urlsplit

from questionnaires import wording
from questionnaires.model import Definition
from reports.attached import ANSWERS, SCORECARD, attachments
from reports.jose import packed
from reports.report import Report

CREDENTIALS: Final = "https://www.w3.org/ns/credentials/v2"
_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_SCHEMA: Final = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"

MEDIA_TYPE: Final = "application/vc+jwt"
KIND: Final = "vc+jwt"
LANGUAGE: Final = "en"
"""Credentials are written in one language: those who read them are machines."""

LEAST_BITS: Final = 131_072
"""Least length of a status list (Bitstring Status List 1.0): who asks for one gives away nothing about whom it is."""


@dataclass(frozen=True)
class Place:
    """Where the register and the keys of the issuer are found: everything that follows from the public address."""

    base: str
    """The public address, without a slash at its end."""

    zone: tzinfo = UTC
    """The zone in which the issuer's days begin and end."""

    @classmethod
    def at(cls, address: str, zone: tzinfo = UTC) -> Place:
        """The place at a public address."""
        return cls(address.rstrip("/"), zone)

    @property
    def issuer(self) -> str:
        """The issuer by the method ``did:web``, which finds the issuer's keys at this address."""
        parts = urlsplit(self.base)
        path = [quote(part, safe="") for part in parts.path.split("/") if part]
        return ":".join(["did:web", quote(parts.netloc, safe=""), *path])

    def certificate(self, number: str) -> str:
        """The register entry, for machines."""
        return f"{self.base}/api/v1/certificates/{quote(number)}"

    def status_list(self, name: str) -> str:
        """A status list."""
        return f"{self.base}/api/v1/certificates/status-lists/{name}"


@dataclass(frozen=True)
class Bit:
    """The place of a certificate in the status lists: one list a year, in the order of the numbers."""

    list: str
    index: int

    @classmethod
    def of(cls, number: str) -> Bit:
        """Of a certificate number such as ``TI-2026-00001``: the second bit of the list ``2026``."""
        _, year, count = number.rsplit("-", 2)
        return cls(year, int(count))


def credential(report: Report, definition: Definition, place: Place) -> dict[str, Any]:
    """The claims of the credential of a report with a number and days.

    Beside the credential itself they hold the registered claims by which readers of JSON Web Tokens go (RFC 7519).
    """
    number, begins, ends = report.number, report.issued_on, report.expires_on
    assert number is not None and begins is not None and ends is not None  # noqa: S101, PT018 - it was approved
    identifier = f"{place.certificate(number)}/credential"
    title = definition.words(LANGUAGE).title
    start, end = _moment(begins, time.min, place), _moment(ends, time(23, 59, 59), place)
    return {
        "@context": [CREDENTIALS, _BADGES],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": identifier,
        "name": _say(f"credential.name.{report.standing.value}", number=number, title=title),
        "issuer": {"type": ["Profile"], "id": place.issuer, "name": report.programme.name, "url": place.base},
        "validFrom": _written(start),
        "validUntil": _written(end),
        "credentialSubject": _subject(report, definition, place),
        "credentialSchema": [{"id": _SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": _status(place, Bit.of(number)),
        "relatedResource": _related(report, place.certificate(number)),
        "iss": place.issuer,
        "jti": identifier,
        "nbf": int(start.timestamp()),
        "exp": int(end.timestamp()),
    }


def _subject(report: Report, definition: Definition, place: Place) -> dict[str, Any]:
    words, headline = definition.words(LANGUAGE), report.scorecard.headline
    address = f"{place.base}/questionnaires/{quote(definition.family)}/{quote(definition.version)}"
    result = f"{address}#{definition.index}"
    issuer = {"id": place.issuer, "type": ["Profile"]}
    achievement: dict[str, Any] = {
        "id": address,
        "type": ["Achievement"],
        "achievementType": "Assessment",
        "name": words.title,
        "description": words.summary,
        "criteria": {"id": address, "narrative": words.method},
        "creator": issuer,
        "version": definition.version,
    }
    named = {"type": "IdentityObject", "hashed": False, "identityHash": report.factory.name, "identityType": "name"}
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": [named],
        "source": issuer,
        "activityEndDate": _written(_moment(report.assessed_on, time.min, place)),
        "achievement": achievement,
    }
    if headline.value is not None:
        name = words.nodes[definition.index].title
        achievement["resultDescription"] = [
            {"id": result, "type": ["ResultDescription"], "name": name, "resultType": "RawScore"}
        ]
        subject["result"] = [{"type": ["Result"], "resultDescription": result, "value": headline.value}]
    if headline.band is not None:
        subject["narrative"] = _say("credential.band", band=words.bands[headline.band].title)
    return subject


def _status(place: Place, bit: Bit) -> dict[str, str]:
    address = place.status_list(bit.list)
    return {
        "id": f"{address}#{bit.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": Purpose.REVOCATION.value,
        "statusListIndex": str(bit.index),
        "statusListCredential": address,
    }


def _related(report: Report, entry: str) -> list[dict[str, str]]:
    held = attachments(report)
    return [
        {"id": f"{entry}/{name}", "mediaType": "application/json", "digestSRI": integrity(held[name])}
        for name in (SCORECARD, ANSWERS)
    ]


def integrity(data: bytes) -> str:
    """The digest of ``data`` as Subresource Integrity writes it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(data).digest()).decode()}"


class Purpose(StrEnum):
    """What a set bit says (Bitstring Status List 1.0)."""

    REVOCATION = "revocation"
    """The certificate does not hold any more, for ever."""

    SUPERSEDED = "superseded"
    """There is a later certificate in its place; that takes nothing from the older one, and is for ever too.

    A word of our own, as the recommendation allows: its ``refresh`` promises an update by a refresh service.
    """


def status_list(
    place: Place, name: str, indices: Iterable[int], since: datetime, purpose: Purpose = Purpose.REVOCATION
) -> dict[str, Any]:
    """The claims of a status list: a credential whose bits say which certificates were revoked, or superseded.

    Args:
        place: where the register is.
        name: of the list.
        indices: the places of those certificates in the list.
        since: when it last changed; UTC.
        purpose: what a set bit says.
    """
    address = place.status_list(name)
    return {
        "@context": [CREDENTIALS],
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "id": address,
        "issuer": place.issuer,
        "validFrom": _written(since.astimezone(UTC)),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": _encoded(set(indices)),
        },
        "iss": place.issuer,
        "jti": address,
    }


def _encoded(indices: set[int]) -> str:
    """The bits, the first one leftmost, packed (gzip) and as multibase base64url."""
    length = LEAST_BITS
    while indices and max(indices) >= length:
        length *= 2
    bits = bytearray(length // 8)
    for index in indices:
        bits[index // 8] |= 0x80 >> index % 8
    return f"u{packed(gzip.compress(bytes(bits), mtime=0))}"


def said_otherwise(claims: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether a credential says another thing than the paper that carries it.

    ``facts``: ``number``, ``value`` (None: none), ``issued_on`` and ``expires_on`` (days as ISO writes them), and under
    ``digests`` what the digests of the attached files have to be.
    """
    try:
        subject = claims["credentialSubject"]
        results = subject.get("result") or [{"value": None}]
        told = (
            claims["id"].rsplit("/", 2)[1],
            results[0]["value"],
            claims["validFrom"][:10],
            claims["validUntil"][:10],
            {each["digestSRI"] for each in claims["relatedResource"]},
        )
    except (AttributeError, IndexError, KeyError, TypeError):
        return True
    return told != (facts["number"], facts["value"], facts["issued_on"], facts["expires_on"], set(facts["digests"]))


def _moment(day: date, hour: time, place: Place) -> datetime:
    return datetime.combine(day, hour, tzinfo=place.zone)


def _written(moment: datetime) -> str:
    """With its distance to UTC, so that the first ten signs are the day that the paper states."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _say(key: str, **details: object) -> str:
    return wording.say("reports", key, LANGUAGE, **details)
