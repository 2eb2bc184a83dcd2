"""The verifiable credential of a certificate: what it says, how it is signed, and what others make of it."""

import base64
import gzip
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc import jwk, jws

from questionnaires import load
from reports import jose
from reports.attached import ANSWERS, CREDENTIAL, SCORECARD, attachments
from reports.credential import KIND, LEAST_BITS, Bit, Place, credential, integrity, said_otherwise, status_list
from reports.findings import CredentialState, Examination
from reports.report import Report, Standing
from reports.seal import Sealer, seal
from reports.verify import examine
from tests.judges.credentials import against
from tests.reports.conftest import AT
from tests.reports.papers import itti, report
from tests.reports.programme import Period, Programme

PLACE = Place.at("https://index.example.org/")
NUMBER = "TI-2026-00417"


@cache
def certified(**changes: object) -> Report:
    """A report as it is issued."""
    return report().model_copy(update={"number": NUMBER, **changes})


def claims(told: Report | None = None) -> dict[str, Any]:
    return credential(told or certified(), itti(), PLACE)


def signed(sealer: Sealer, said: dict[str, Any] | None = None, at: datetime = AT, kind: str = KIND) -> str:
    key_id = f"{PLACE.issuer}#{jose.public_jwk(sealer.certificate)['kid']}"
    return jose.sign({**(said or claims()), "iat": int(at.timestamp())}, sealer, kind=kind, key_id=key_id)


def examined(
    sealer: Sealer, token: str, *roots: x509.Certificate, struck: Mapping[str, datetime] | None = None
) -> Examination:
    """What is found in a sealed file that carries what the paper carries, and ``token``."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, content in {**attachments(certified()), CREDENTIAL: token.encode()}.items():
            document.attachments[name] = content
        document.save(out)
    paper = seal(out.getvalue(), sealer, reason="Issued", at=AT)
    return examine(paper, roots or [sealer.root], load, struck=struck)


def own(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, programme: Programme | None = None) -> Sealer:
    """A programme's sealer with that key."""
    chosen = programme or Programme()
    return Sealer(key, (chosen.issue("Programme seal", key.public_key()), chosen.root))


def test_its_days_begin_and_end_in_the_zone_of_the_issuer() -> None:
    place = Place.at("https://index.example.org", ZoneInfo("Asia/Dubai"))
    said = credential(certified(), itti(), place)
    assert (said["validFrom"], said["validUntil"]) == ("2026-06-18T00:00:00+04:00", "2029-06-17T23:59:59+04:00")
    assert said["nbf"] == datetime(2026, 6, 17, 20, tzinfo=UTC).timestamp()
    assert said["exp"] == datetime(2029, 6, 17, 19, 59, 59, tzinfo=UTC).timestamp()
    facts = {"number": NUMBER, "value": said["credentialSubject"]["result"][0]["value"]}
    facts |= {"issued_on": "2026-06-18", "expires_on": "2029-06-17"}
    digests = [each["digestSRI"] for each in said["relatedResource"]]
    assert not said_otherwise(said, {**facts, "digests": digests})
    assert said_otherwise(said, {**facts, "digests": digests, "issued_on": "2026-06-17"})


def test_it_says_what_the_register_says() -> None:
    said = claims()
    card = certified().scorecard
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["id"] == f"https://index.example.org/api/v1/certificates/{NUMBER}/credential"
    assert (said["validFrom"], said["validUntil"]) == ("2026-06-18T00:00:00Z", "2029-06-17T23:59:59Z")
    subject = said["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == "Al Waha Dates Packing"
    assert subject["result"][0]["value"] == card.headline.value == "2.25"
    assert subject["narrative"] == "Band: Guided by data"
    held = attachments(certified())
    assert [each["digestSRI"] for each in said["relatedResource"]] == [
        integrity(held[SCORECARD]),
        integrity(held[ANSWERS]),
    ]
    assert "Maryam" not in json.dumps(said), "no names of people"


def test_the_same_report_gives_the_same_claims() -> None:
    again = Report.model_validate_json(certified().model_dump_json())
    assert json.dumps(claims(again)) == json.dumps(claims())
    assert credential(certified(credential="x"), itti(), PLACE) == claims()


def test_a_demonstration_says_so_in_its_name() -> None:
    assert claims(certified(standing=Standing.DEMONSTRATION))["name"].startswith("Demonstration, not a certificate")


def test_without_a_figure_there_is_no_result() -> None:
    card = certified().scorecard
    nodes = tuple(
        node.model_copy(update={"value": None, "band": None}) if node.id == itti().index else node
        for node in card.nodes
    )
    said = claims(certified(scorecard=card.model_copy(update={"nodes": nodes})))
    assert not {"result", "narrative"} & set(said["credentialSubject"])


@pytest.mark.parametrize(
    ("address", "issuer"),
    [
        ("https://index.example.org", "did:web:index.example.org"),
        ("https://example.org:8443/", "did:web:example.org%3A8443"),
        ("https://example.org/schemes/index/", "did:web:example.org:schemes:index"),
    ],
)
def test_the_issuer_is_found_at_the_public_address(address: str, issuer: str) -> None:
    assert Place.at(address).issuer == issuer


@pytest.mark.parametrize("kind", ["ES256", "ES384", "ES512", "RS256"])
def test_others_can_check_the_signature(kind: str) -> None:
    curves = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
    sealer = own(ec.generate_private_key(curves[kind]) if kind in curves else rsa.generate_private_key(65537, 2048))
    read = elsewhere(signed(sealer), sealer, kind)
    assert json.loads(read.payload or b"") == {**claims(), "iat": int(AT.timestamp())}
    assert (read.headers()["typ"], read.headers()["cty"]) == ("vc+jwt", "vc")
    assert len(read.headers()["x5c"]) == 1, "the root is the reader's to know"


def test_strangers_take_the_credential_and_refuse_a_broken_one(sealer: Sealer) -> None:
    key = jose.public_jwk(sealer.certificate)
    good = signed(sealer)
    assert against(good, key, PLACE.issuer, AT) == []
    head, said, signature = good.split(".")
    changed = f"{head}.{'e30' if said != 'e30' else said}.{signature}"
    assert "jose: ERR_JWS_SIGNATURE_VERIFICATION_FAILED" in against(changed, key, PLACE.issuer, AT)
    assert "jose: ERR_JWT_CLAIM_VALIDATION_FAILED" in against(good, key, "did:web:others.example", AT)
    assert "jose: ERR_JWT_EXPIRED" in against(good, key, PLACE.issuer, AT + timedelta(days=4000))
    shapeless = {name: value for name, value in claims().items() if name != "credentialSubject"}
    assert against(signed(sealer, shapeless), key, PLACE.issuer, AT) == [
        'vc: "credentialSubject" property is required.'
    ]


def elsewhere(token: str, sealer: Sealer, kind: str) -> jws.CompactSignature:
    """As another library reads it, with the key as the issuer publishes it."""
    told = jose.public_jwk(sealer.certificate)
    key = jwk.import_key({name: value for name, value in told.items() if name != "kid"})
    assert key.thumbprint() == told["kid"]
    registry = jws.JWSRegistry(algorithms=[kind])
    registry.max_header_length = 10_000  # certificates are longer than what it allows
    return jws.deserialize_compact(token, key, registry=registry)


def test_a_key_of_another_kind_signs_none() -> None:
    assert jose.algorithm_of(own(ec.generate_private_key(ec.SECP256K1()))) is None


def test_a_paper_with_its_credential_is_found_right(sealer: Sealer) -> None:
    found = examined(sealer, signed(sealer))
    assert (found.seal.state.value, found.score.state.value) == ("intact", "reproduced")
    assert (found.credential.state, found.credential.code) == (CredentialState.INTACT, "demonstration")
    assert (found.credential.issuer, found.credential.signer) == (PLACE.issuer, "Demonstration seal")
    assert found.credential.signed_at == AT
    assert found.credential.is_demonstration


def test_a_credential_is_judged_at_the_time_of_its_signature(sealer: Sealer) -> None:
    """Also when its certificate has ended since, or when another key sealed the paper."""
    past = Programme(Period(AT - timedelta(days=900), AT - timedelta(days=30)))
    old = own(ec.generate_private_key(ec.SECP256R1()), past)
    good = examined(sealer, signed(old, at=AT - timedelta(days=60)), old.root, sealer.root)
    assert (good.credential.state, good.credential.code) == (CredentialState.INTACT, "intact")
    late = examined(sealer, signed(old, at=AT), old.root, sealer.root)
    assert (late.credential.state, late.credential.code) == (CredentialState.UNTRUSTED, "certificate-invalid")
    stranger = examined(sealer, signed(old, at=AT - timedelta(days=60)))
    assert (stranger.credential.state, stranger.credential.code) == (CredentialState.UNTRUSTED, "unknown-issuer")


def test_a_certificate_that_issues_others_signs_nothing(sealer: Sealer) -> None:
    programme = Programme()
    issuer = Sealer(programme.root_key, (programme.root,))
    found = examined(sealer, signed(issuer), sealer.root, programme.root).credential
    assert (found.state, found.code) == (CredentialState.UNTRUSTED, "certificate-invalid")


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("validUntil", "2039-06-17T23:59:59Z"),
        ("id", f"{PLACE.certificate('TI-2026-00418')}/credential"),
        ("relatedResource", []),
        ("credentialSubject", {"result": [{"value": "4.25"}]}),
        ("credentialSubject", {}),
        ("credentialSubject", "nobody"),
        ("id", 7),
    ],
)
def test_a_credential_of_another_paper_is_named(sealer: Sealer, change: str, value: object) -> None:
    found = examined(sealer, signed(sealer, {**claims(), change: value})).credential
    assert (found.state, found.code) == (CredentialState.DIFFERS, "says-otherwise")


def _with(token: str, header: dict[str, object]) -> str:
    """The token with another header, and its old signature."""
    first, *rest = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(first + "=="))
    return ".".join([jose.packed(json.dumps({**told, **header}).encode()), *rest])


def test_what_is_none_is_named_and_breaks_nothing(sealer: Sealer) -> None:
    token = signed(sealer)
    header, body, signature = token.split(".")
    other = own(ec.generate_private_key(ec.SECP256R1()))
    swapped = _with(token, {"x5c": json.loads(base64.urlsafe_b64decode(signed(other).split(".")[0] + "=="))["x5c"]})
    flipped = f"{header}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    wrong = {swapped, flipped, f"{header}.{body}.", _with(token, {"kid": "did:web:elsewhere.example#key"})}
    malformed = {
        "",
        "a.b",
        "{}.{}.{}",
        f"{body}.{body}.{signature}",
        _with(token, {"alg": "none"}),
        _with(token, {"alg": "HS256"}),
        _with(token, {"crit": ["b64"]}),
        _with(token, {"x5c": []}),
        _with(token, {"x5c": ["AAAA"]}),
        _with(token, {"x5c": 7}),
        "x" * (jose.MOST_SIGNS + 1),
        signed(sealer, {**claims(), "vc": {}}),
        signed(sealer, kind="jwt"),
        jose.sign(claims(), sealer, kind=KIND, key_id="x"),
    }
    for text, code in [*((each, "signature-wrong") for each in wrong), *((each, "malformed") for each in malformed)]:
        found = examined(sealer, text).credential
        assert (found.state, found.code) == (CredentialState.BROKEN, code), text[:60]
        assert found.sentence("en") != found.sentence("ar")


def test_a_certificate_number_names_a_bit() -> None:
    assert Bit.of(NUMBER) == Bit("2026", 417)
    status = claims()["credentialStatus"]
    assert status["type"] == "BitstringStatusListEntry"
    assert status["statusListIndex"] == "417"
    assert status["statusListCredential"] == "https://index.example.org/api/v1/certificates/status-lists/2026"


@pytest.mark.parametrize("revoked", [(), (0,), (1, 417, LEAST_BITS - 1), (LEAST_BITS + 3,)])
def test_a_status_list_has_the_bits_of_what_was_revoked(revoked: tuple[int, ...]) -> None:
    since = datetime(2026, 7, 1, 12, tzinfo=UTC)
    said = status_list(PLACE, "2026", revoked, since)
    assert said == status_list(PLACE, "2026", reversed(revoked), since), "the same bytes for the same bits"
    assert (said["validFrom"], said["credentialSubject"]["statusPurpose"]) == ("2026-07-01T12:00:00Z", "revocation")
    packed = said["credentialSubject"]["encodedList"]
    assert packed.startswith("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)))
    assert len(bits) * 8 >= LEAST_BITS
    text = "".join(f"{byte:08b}" for byte in bits)
    assert {place for place, bit in enumerate(text) if bit == "1"} == set(revoked)


def test_the_key_is_named_the_same_under_a_new_certificate() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    first, second = own(key), own(key)
    assert first.certificate != second.certificate
    assert jose.public_jwk(first.certificate) == jose.public_jwk(second.certificate)
    assert jose.algorithm_of(replace(first, key=second.key)) is not None
