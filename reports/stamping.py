"""Time stamps as the signing library asks for them; each is checked before it is put into a seal.

A stamp is refused that is for other data, far from the time the seal states, of another policy, by an authority
that is not trusted, or by a demonstration authority when the seal is none.
"""

from __future__ import annotations

import asyncio
import base64
import secrets
import threading
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any, Final

from asn1crypto import algos, cms, tsp, x509  # type: ignore[import-untyped]
from pyhanko.sign.general import CMSExtractionError, extract_certificate_info
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, dummy_digest
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from reports.authority import DEMONSTRATION, DemonstrationAuthority
from reports.errors import TimestampRefused, TimestampUnavailable
from reports.signers import in_memory
from reports.stamps import StampAuthority

_ANSWER_LIMIT: Final = 100_000
"""Largest answer taken (bytes); one with a whole chain has less than ten thousand."""

_POLICY: Final = "2.999.1"
"""The policy that stamps of a demonstration name, in the arc that is kept for examples: nobody stands behind it."""

_kinds: Final[dict[StampAuthority, Any]] = {}
"""Authority → a stamp it gave: how large its stamps are and by which certificate, learnt once a process."""
_turn: Final = threading.Lock()


class OtherCertificate(Exception):
    """The authority stamped with another certificate than the one that the file will bring data for."""


class HttpStamper(TimeStamper):
    """Asks an authority, and checks what it gives."""

    def __init__(self, authority: StampAuthority, at: datetime) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._authority = authority
        self._at = at

    def request_cms(self, message_digest: bytes, md_algorithm: str) -> tuple[Any, tsp.TimeStampReq]:
        """The request, with the policy that the settings ask for."""
        nonce, request = super().request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call]
        if self._authority.policy:
            request["req_policy"] = self._authority.policy
        return nonce, request

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """One exchange over HTTP.

        Raises:
            TimestampUnavailable: no answer, or none that is one.
        """
        return await asyncio.to_thread(_exchange, self._authority, req.dump())

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A stamp that was checked.

        Raises:
            TimestampUnavailable, TimestampRefused: see there.
            OtherCertificate: begin again.
        """
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
        except TimestampRequestError as error:
            raise TimestampRefused(address=self._authority.address, reason="not-granted") from error
        except (ValueError, TypeError, KeyError) as error:
            raise TimestampRefused(address=self._authority.address, reason="unreadable") from error
        certificate = await check(token, message_digest, self._authority, self._at)
        if self._certs and certificate.issuer_serial not in self._certs:
            with _turn:
                _kinds.pop(self._authority, None)
            raise OtherCertificate
        return token

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        """A stamp of the kind to come: asked for once a process, since authorities count and charge."""
        with _turn:
            known = _kinds.get(self._authority)
        if known is None:
            known = await self.async_timestamp(dummy_digest(md_algorithm), md_algorithm)
            with _turn:
                _kinds[self._authority] = known
        self._register_dummy(md_algorithm, known)  # type: ignore[no-untyped-call]
        return known


async def check(token: cms.ContentInfo, digest: bytes, authority: StampAuthority, at: datetime) -> x509.Certificate:
    """The certificate that made a stamp, once all about the stamp was found right.

    Raises:
        TimestampRefused: something is not (``reason``).
    """

    def refused(reason: str) -> TimestampRefused:
        return TimestampRefused(address=authority.address, reason=reason)

    data = token["content"]
    roots = [x509.Certificate.load(root) for root in authority.roots]
    try:
        said = data["encap_content_info"]["content"].parsed
        certs = extract_certificate_info(data)
        context = ValidationContext(
            trust_roots=roots, moment=said["gen_time"].native, allow_fetching=False, revocation_mode="soft-fail"
        )
        found = TimestampSignatureStatus(**await validate_tst_signed_data(data, context, lambda _: digest))
    except (SignatureValidationError, CMSExtractionError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise refused("unreadable") from error
    if not (found.intact and found.valid):
        raise refused("damaged")
    if abs((said["gen_time"].native - at).total_seconds()) > authority.drift:
        raise refused("time")
    if authority.policy and said["policy"].dotted != authority.policy:
        raise refused("policy")
    if not found.trusted:
        raise refused("unknown-authority")
    names = (*certs.signer_cert.subject.native.values(), *certs.signer_cert.issuer.native.values())
    if any(DEMONSTRATION in str(each) for each in names):
        raise refused("demonstration")
    return certs.signer_cert


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A request with data would be repeated without it."""

    def redirect_request(self, *_: Any) -> None:
        """Never."""


def _exchange(authority: StampAuthority, body: bytes) -> tsp.TimeStampResp:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    if authority.user:
        packed = base64.b64encode(f"{authority.user}:{authority.password}".encode()).decode()
        headers["Authorization"] = f"Basic {packed}"

    def unavailable(reason: object) -> TimestampUnavailable:
        return TimestampUnavailable(address=authority.address, reason=reason)

    if not authority.address.startswith(("https://", "http://")):
        raise TimestampRefused(address=authority.address, reason="address")
    request = urllib.request.Request(authority.address, body, headers)  # noqa: S310 - checked above
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=authority.seconds) as answer:
            content = answer.read(_ANSWER_LIMIT)
            kind = answer.headers.get_content_type()
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in {400, 401, 403, 404, 405, 410, 415}:
            raise TimestampRefused(address=authority.address, reason=error.code) from error
        raise unavailable(error.code) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None)
        raise unavailable(type(reason or error).__name__) from error
    if kind != "application/timestamp-reply":
        raise unavailable(kind)
    return tsp.TimeStampResp.load(content)


class LocalStamper(TimeStamper):
    """The demonstration authority's stamps: made here, for the time that the seal states."""

    def __init__(self, authority: DemonstrationAuthority, at: datetime) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._signer = in_memory(authority.stamp_key, [authority.stamp_certificate])
        self._at = at.replace(microsecond=0)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A stamp over the digest."""
        imprint = {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": md_algorithm}),
            "hashed_message": message_digest,
        }
        said = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": _POLICY,
                "message_imprint": imprint,
                "serial_number": secrets.randbits(63),
                "gen_time": self._at,
            }
        )
        content = cms.EncapsulatedContentInfo(
            {"content_type": "tst_info", "content": cms.ParsableOctetString(said.dump())}
        )
        return await self._signer.async_sign_general_data(
            content,
            "sha256",
            detached=False,
            use_cades=True,
            signed_attr_settings=PdfCMSSignedAttributes(signing_time=self._at),
        )
