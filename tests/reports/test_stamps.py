"""Time stamps by RFC 3161 and the word of the certificates' issuers, from an authority on loopback."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import TimeStamper

from questionnaires.loading import load
from reports import authority, stamping
from reports.errors import (
    ReportFault,
    RevocationUnavailable,
    SealCertificateRefused,
    TimestampRefused,
    TimestampUnavailable,
)
from reports.findings import SealFinding, SealState
from reports.seal import DemonstrationStamps, Level, Sealer, StampAuthority, demonstration_sealer, load_pkcs12, seal
from reports.verify import examine
from tests.judges import dss, pdfsig, qpdf_check
from tests.reports.conftest import AT
from tests.reports.loopback import Loopback
from tests.reports.programme import Period, Programme


@pytest.fixture(scope="session")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    made = Loopback(tmp_path_factory.mktemp("loopback"))
    yield made
    made.close()


@pytest.fixture
def own(loopback: Loopback) -> Sealer:
    return stamped(load_pkcs12(loopback.packed(), None), loopback.stamps())


def stamped(sealer: Sealer, address: str, *roots: bytes, drift: float = 300, **more: str) -> Sealer:
    """The sealer with an authority for stamps; the seal's own root is trusted for them too."""
    known = (*roots, sealer.root.public_bytes(Encoding.DER))
    return replace(sealer, stamps=StampAuthority(address, roots=known, seconds=2, drift=drift, **more))


def now() -> datetime:
    return datetime.now(UTC)


def sealed_now(paper: bytes, sealer: Sealer) -> bytes:
    return seal(paper, sealer, reason="Issued", at=now())


def test_a_seal_brings_what_is_needed_to_check_it_later(
    loopback: Loopback, own: Sealer, papers: Mapping[str, bytes]
) -> None:
    assert own.level is Level.LT
    stamping._kinds.clear()
    loopback.asked.clear()
    first, second = sealed_now(papers["en"], own), sealed_now(papers["ar"], own)
    assert loopback.asked["tsa"] == 3, "one stamp to learn their kind, then one a paper"
    loopback.asked.clear()
    for paper in (first, second):
        found = examine(paper, [own.root], load).seal
        assert (found.state, found.code, found.level, found.whole) == (SealState.INTACT, "intact", Level.LT, True)
        assert (found.stamped_by, found.stamp_trusted) == ("Test time stamps", True)
        assert found.stamped_at is not None
        assert abs(found.stamped_at - now()) < timedelta(minutes=1)
        for language in ("en", "ar"):
            assert "Test time stamps" in (found.stamp_sentence(language) or "")
    assert not loopback.asked, "verification asks nobody"


@pytest.mark.judge
def test_judges_find_the_stamped_seal_sound(
    loopback: Loopback, own: Sealer, papers: Mapping[str, bytes], folder: Path
) -> None:
    path = folder / "stamped.pdf"
    path.write_bytes(sealed_now(papers["ar"], own))
    (said,) = pdfsig(path).signatures
    assert said.valid
    assert said.whole_document
    assert qpdf_check(path).passed
    (verdict,) = dss(path, trusted=(loopback.pem("root"),)).signatures
    # Passed with nothing but what the file brings. DSS names a level LT only where these data were appended later,
    # which would end "the whole file is signed"; so it names the stamp.
    assert (verdict.indication, verdict.format) == ("TOTAL_PASSED", "PAdES-BASELINE-T")
    assert verdict.scopes == ("FULL",)
    assert not verdict.changed_after


@pytest.mark.judge
def test_a_seal_is_good_after_its_certificates_have_ended(
    papers: Mapping[str, bytes], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authority, "_UNTIL", AT + timedelta(days=10))
    ended = demonstration_sealer(folder / "keys")
    path = folder / "paper.pdf"
    path.write_bytes(seal(papers["en"], ended, reason="Issued", at=AT))
    assert ended.certificate.not_valid_after_utc < now()
    assert examine(path.read_bytes(), [ended.root], load).seal.state is SealState.INTACT
    root = folder / "root.pem"
    root.write_bytes(ended.root.public_bytes(Encoding.PEM))
    (verdict,) = dss(path, trusted=(root,)).signatures
    assert verdict.intact
    assert verdict.indication != "TOTAL_FAILED"


@pytest.mark.parametrize(
    ("services", "kind"),
    [(("tsa",), TimestampUnavailable), (("ocsp",), RevocationUnavailable), (("crls",), RevocationUnavailable)],
)
def test_an_authority_that_is_down_may_be_tried_again(
    loopback: Loopback, own: Sealer, papers: Mapping[str, bytes], services: tuple[str, ...], kind: type[ReportFault]
) -> None:
    with loopback.without(*services), pytest.raises(kind) as caught:
        sealed_now(papers["en"], own)
    assert caught.value.retryable
    assert examine(sealed_now(papers["en"], own), [own.root], load).seal.state is SealState.INTACT


def test_nobody_at_the_address_and_nobody_who_answers(own: Sealer, papers: Mapping[str, bytes]) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(TimestampUnavailable, match="ConnectionRefused"):
            sealed_now(papers["en"], stamped(own, address))
        silent.listen()
        with pytest.raises(TimestampUnavailable, match="imeout"):
            sealed_now(papers["en"], stamped(own, address))


def wrong_password(loopback: Loopback, own: Sealer) -> Sealer:
    return stamped(own, loopback.stamps(), user="office", password="wrong")


Change = tuple[Callable[[Loopback, Sealer], Sealer], str]


@pytest.mark.parametrize(
    "case",
    [
        (lambda loopback, own: stamped(own, loopback.stamps("foreign")), "unknown-authority"),
        (lambda loopback, own: stamped(own, loopback.stamps("nothing")), "404"),
        (lambda loopback, own: stamped(own, loopback.stamps(), policy="1.2.3.4"), "policy"),
        (wrong_password, "401"),
    ],
)
def test_a_stamp_to_rely_on_or_none(
    loopback: Loopback,
    own: Sealer,
    papers: Mapping[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    case: Change,
) -> None:
    change, reason = case
    monkeypatch.setattr(loopback, "password", "right" if reason == "401" else None)
    with pytest.raises(TimestampRefused) as caught:
        sealed_now(papers["en"], change(loopback, own))
    assert str(caught.value.details["reason"]) == reason
    assert not caught.value.retryable


def test_name_and_password_are_sent(
    loopback: Loopback, own: Sealer, papers: Mapping[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loopback, "password", "right")
    known = stamped(own, loopback.stamps(), user="office", password="right")
    assert sealed_now(papers["en"], known).startswith(b"%PDF")
    assert "right" not in repr(known)


def test_a_stamp_far_from_the_stated_time_is_refused(
    loopback: Loopback, own: Sealer, papers: Mapping[str, bytes]
) -> None:
    sealed_now(papers["en"], own)  # so that it is the stamp of this very seal that is off
    with loopback.at(now() + timedelta(minutes=20)), pytest.raises(TimestampRefused, match="time"):
        sealed_now(papers["en"], own)


def test_a_seal_that_states_another_time_than_its_stamp_is_not_trusted(
    loopback: Loopback, own: Sealer, papers: Mapping[str, bytes]
) -> None:
    lax = stamped(own, loopback.stamps(), drift=10**7)
    found = examine(seal(papers["en"], lax, reason="Issued", at=now() - timedelta(days=3)), [own.root], load).seal
    assert (found.state, found.code) == (SealState.UNTRUSTED, "stamp-apart")


def test_stamps_of_a_demonstration_are_refused_in_earnest(
    own: Sealer, papers: Mapping[str, bytes], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = demonstration_sealer(folder)
    stamper = stamping.LocalStamper(authority.DemonstrationAuthority(folder), now())

    async def stamp(_: object, digest: bytes, name: str) -> cms.ContentInfo:
        return await stamper.async_timestamp(digest, name)

    monkeypatch.setattr(TimeStamper, "async_timestamp", stamp)
    earnest = stamped(own, "http://demonstration.invalid/", played.root.public_bytes(Encoding.DER))
    with pytest.raises(TimestampRefused, match="demonstration"):
        sealed_now(papers["en"], earnest)
    # Another authority under the very same names: a name is nothing to trust.
    namesake = demonstration_sealer(folder / "namesake").root.public_bytes(Encoding.DER)
    with pytest.raises(TimestampRefused, match="unknown-authority"):
        sealed_now(papers["en"], stamped(own, "http://demonstration.invalid/", namesake))
    assert isinstance(played.stamps, DemonstrationStamps)


def test_an_authority_that_changes_its_certificate_is_learnt_anew(
    loopback: Loopback, own: Sealer, papers: Mapping[str, bytes]
) -> None:
    other = stamped(own, loopback.stamps("stamps-2"))
    sealed_now(papers["en"], other)
    assert isinstance(own.stamps, StampAuthority)
    assert isinstance(other.stamps, StampAuthority)
    stamping._kinds[own.stamps] = stamping._kinds[other.stamps]
    found = examine(sealed_now(papers["en"], own), [own.root], load).seal
    assert (found.state, found.level) == (SealState.INTACT, Level.LT)


def test_a_revoked_certificate_seals_nothing(loopback: Loopback, papers: Mapping[str, bytes]) -> None:
    revoked = stamped(load_pkcs12(loopback.packed("revoked"), None), loopback.stamps())
    with pytest.raises(SealCertificateRefused, match="revoked"):
        sealed_now(papers["en"], revoked)


def test_whom_to_trust_for_stamps_is_no_trust_for_seals(
    loopback: Loopback, own: Sealer, papers: Mapping[str, bytes]
) -> None:
    foreign = loopback.certificate("foreign-root")
    paper = sealed_now(papers["en"], stamped(own, loopback.stamps("foreign"), foreign.public_bytes(Encoding.DER)))

    def look(*stamp_roots: object) -> SealFinding:
        return examine(paper, [own.root], load, stamp_roots).seal  # type: ignore[arg-type]

    assert (look(foreign).state, look(foreign).stamp_trusted, look(foreign).level) == (SealState.INTACT, True, Level.LT)
    assert (look().state, look().stamp_trusted, look().level) == (SealState.INTACT, False, Level.B)
    assert "does not know" in (look().stamp_sentence() or "")
    assert examine(paper, [], load, [own.root]).seal.state is SealState.UNTRUSTED


def test_without_addresses_for_revocation_the_stamp_alone_goes_in(
    loopback: Loopback, papers: Mapping[str, bytes], folder: Path
) -> None:
    period = Period(now() - timedelta(days=1), now() + timedelta(days=1))
    bare = load_pkcs12(Programme(period).packed(folder / "programme.p12"), "secret")
    bare = stamped(bare, loopback.stamps(), loopback.certificate("root").public_bytes(Encoding.DER))
    assert bare.level is Level.T
    found = examine(sealed_now(papers["en"], bare), [bare.root], load, [loopback.certificate("root")]).seal
    assert (found.state, found.level, found.stamp_trusted) == (SealState.INTACT, Level.T, True)


def test_a_stamp_of_another_seal_is_named(sealer: Sealer, sealed: Mapping[str, bytes]) -> None:
    """The stamp is the one part of a seal that the seal does not cover; it covers the seal instead."""
    english, arabic = (Container(sealed[language]) for language in ("en", "ar"))
    english.signer["unsigned_attrs"] = arabic.signer["unsigned_attrs"]
    found = examine(english.put_back(), [sealer.root], load).seal
    assert (found.state, found.code, found.whole) == (SealState.BROKEN, "stamp-damaged", True)


class Container:
    """The signature inside a sealed paper, to be changed and put back."""

    def __init__(self, paper: bytes) -> None:
        self.paper = paper
        found = re.search(rb"/ByteRange ?\[0 (\d+) (\d+) \d+ *\]", paper)
        assert found
        self.start, self.end = int(found[1]), int(found[2])
        (signature,) = PdfFileReader(io.BytesIO(paper)).embedded_regular_signatures
        self.content = cms.ContentInfo.load(signature.pkcs7_content)
        self.signer = self.content["content"]["signer_infos"][0]

    def put_back(self) -> bytes:
        packed: bytes = self.content.dump().hex().encode()
        assert packed not in self.paper
        room = self.end - self.start - 2
        return self.paper[: self.start + 1] + packed.ljust(room, b"0") + self.paper[self.end - 1 :]
