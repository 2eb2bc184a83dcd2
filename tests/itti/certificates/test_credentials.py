"""Verifiable credentials at the front door: downloads, the issuer's keys, status lists, and what verification says."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from joserfc import jwk, jws
from sqlmodel import Session, select

from itti.certificates.credentials import status_of
from itti.certificates.office import Office
from itti.certificates.tables import Certificate, CredentialKey
from itti.papers import settling
from itti.papers.tables import Preparation
from itti.settings import Settings
from reports.struck import fingerprint
from tests.itti.assessments.story import Story, tell
from tests.itti.certificates.conftest import Certified
from tests.itti.certificates.quick import use_quick_press
from tests.itti.certificates.test_verification import verified
from tests.itti.conftest import World, make_settings, running_world
from tests.itti.expect import problem


def checked(world: World, token: bytes) -> dict[str, Any]:
    """What a credential says, its signature checked as others would: by the key that its issuer publishes."""
    document = world.browser().get("/.well-known/did.json").json()
    header = json.loads(base64.urlsafe_b64decode(token.split(b".")[0] + b"=="))
    (method,) = [each for each in document["verificationMethod"] if each["id"] == header["kid"]]
    assert method["id"] in document["assertionMethod"]
    registry = jws.JWSRegistry(algorithms=["ES256"])
    registry.max_header_length = 10_000
    read = jws.deserialize_compact(token.decode(), jwk.import_key(method["publicKeyJwk"]), registry=registry)
    said: dict[str, Any] = json.loads(read.payload or b"")
    assert said["iss"] == document["id"] == "did:web:testserver"
    return said


def test_a_certificate_comes_with_its_credential(certified: Certified) -> None:
    stranger = certified.world.api()
    answer = stranger.get(f"{certified.path}/credential")
    assert answer.headers["content-type"] == "application/vc+jwt"
    with pikepdf.open(io.BytesIO(certified.english)) as document:
        held = document.attachments["credential.jwt"].get_file()
        assert (held.read_bytes(), held.mime_type) == (answer.content, "application/vc+jwt")
    arabic = certified.story.api(certified.story.office).get(f"{certified.path}/report.pdf", params={"language": "ar"})
    with pikepdf.open(io.BytesIO(arabic.content)) as document:
        assert document.attachments["credential.jwt"].get_file().read_bytes() == answer.content, "one for all papers"
    said = checked(certified.world, answer.content)
    entry = stranger.get(certified.path).json()
    assert said["id"] == f"http://testserver/api/v1{certified.path}/credential"
    assert said["credentialSubject"]["result"][0]["value"] == entry["index"]
    assert said["name"].startswith("Demonstration, not a certificate")
    page = certified.world.browser(certified.story.owner).get(certified.path).text
    assert f"/api/v1{certified.path}/credential" in page


def test_what_it_names_can_be_fetched_and_has_its_digest(certified: Certified) -> None:
    client = certified.story.api(certified.story.owner)
    said = checked(certified.world, client.get(f"{certified.path}/credential").content)
    names = [each["id"].rpartition("/")[2] for each in said["relatedResource"]]
    assert names == ["scorecard.json", "answers.json"]
    for each, name in zip(said["relatedResource"], names, strict=True):
        answer = client.get(f"{certified.path}/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        digest = hashlib.sha256(answer.content).digest()
        assert each["digestSRI"] == f"sha256-{base64.b64encode(digest).decode()}"


def test_verification_names_it_apart(certified: Certified) -> None:
    found = verified(certified.world, certified.english)
    assert found["holds"] is True
    assert (found["credential"]["state"], found["credential"]["code"]) == ("intact", "demonstration")
    assert found["credential"]["issuer"] == "did:web:testserver"
    page = certified.world.browser().post("/verify", files={"file": ("c.pdf", certified.english, "application/pdf")})
    assert "Credential" in page.text
    assert "did:web:testserver" in page.text


def bits(world: World, purpose: str = "revocation") -> set[int]:
    """The places in this year's status list that are set."""
    year = f"{datetime.now(UTC).year}{'-superseded' if purpose == 'superseded' else ''}"
    answer = world.api().get(f"/certificates/status-lists/{year}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "public, max-age=300, must-revalidate"
    again = world.api().get(f"/certificates/status-lists/{year}", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304, "the same list is not signed anew"
    subject = checked(world, answer.content)["credentialSubject"]
    assert subject["statusPurpose"] == purpose
    packed = subject["encodedList"][1:]
    text = "".join(
        f"{byte:08b}" for byte in gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    )
    return {place for place, bit in enumerate(text) if bit == "1"}


def test_a_revocation_sets_the_bit(certified: Certified) -> None:
    world, story = certified.world, certified.story
    said = checked(world, world.api().get(f"{certified.path}/credential").content)
    status = said["credentialStatus"]
    assert (
        status["statusListCredential"] == f"http://testserver/api/v1/certificates/status-lists/{certified.number[3:7]}"
    )
    assert bits(world) == set()
    story.api(story.office).post(f"{certified.path}/revocation", json={"reason": "Forged."}).raise_for_status()
    assert bits(world) == {int(status["statusListIndex"])} == {int(certified.number[-5:])}
    assert world.api().get(f"{certified.path}/credential").status_code == 200, "it stays to be had, and to be refused"


def test_superseded_stands_in_a_list_of_its_own(certified: Certified) -> None:
    world, bit = certified.world, int(certified.number[-5:])
    assert bits(world, "superseded") == set()

    def superseded(session: Session) -> None:
        session.execute(sa.update(Certificate).values(state="superseded", superseded_by="TI-2099-00001"))

    world.write(superseded)
    assert (bits(world, "superseded"), bits(world)) == ({bit}, set()), "the older one was not wrong"
    certified.story.api(certified.story.office).post(f"{certified.path}/revocation", json={"reason": "Forged."})
    assert (bits(world, "superseded"), bits(world)) == ({bit}, {bit})


def test_a_struck_key_asserts_nothing_and_what_it_signed_since_counts_as_revoked(certified: Certified) -> None:
    folder, now = certified.world.settings.data_folder, datetime.now(UTC)
    (method,) = certified.world.browser().get("/did.json").json()["verificationMethod"]
    mark = fingerprint(Office(certified.world.settings).key.sealer().certificate)
    certified.world.write(lambda session: session.execute(sa.update(Certificate).values(issued_on=now.date())))
    for since, struck in ((now - timedelta(days=900), True), (now + timedelta(days=1), False)):
        with running_world(make_settings(folder, seal_struck={mark: since})) as world:
            document = world.browser().get("/did.json").json()
            assert document["assertionMethod"] == []
            assert document["verificationMethod"] == [{**method, "revoked": since.strftime("%Y-%m-%dT%H:%M:%SZ")}]
            with world.database.reading() as session:
                told = status_of(session, str(now.year), world.settings.seal_struck)
            assert bool(told.indices) is struck
            found = verified(world, certified.english)
            assert found["holds"] is not struck
            assert found["seal"]["code"] == ("key-struck" if struck else "before-struck")
            page = world.browser().post("/verify", files={"file": ("c.pdf", certified.english, "application/pdf")})
            assert ("its key was struck:" in page.text) is struck
            assert ("Its key was struck later" in page.text) is not struck
            answer = world.api().get(f"/certificates/status-lists/{now.year}")
            assert answer.status_code == (500 if struck else 200), "a struck key signs no list"


@pytest.mark.parametrize("name", ["1999", "x", "٢٠٢٦", "20260", "-superseded", "1999-superseded", "2026-"])
def test_there_is_no_other_list(certified: Certified, name: str) -> None:
    problem(certified.world.api().get(f"/certificates/status-lists/{name}"), 404, "no-such-status-list")


def test_a_certificate_from_before_there_were_credentials(certified: Certified) -> None:
    certified.world.write(lambda session: session.execute(sa.update(Certificate).values(credential=None)))
    problem(certified.world.api().get(f"{certified.path}/credential"), 404, "no-credential")
    page = certified.world.browser(certified.story.owner).get(certified.path).text
    assert "/credential" not in page
    problem(certified.world.api().get("/certificates/TI-2020-00001/credential"), 404, "no-such-certificate")


def test_a_key_that_signed_is_named_for_ever(certified: Certified, settings: Settings) -> None:
    """Also when another key has taken its place."""
    with certified.world.database.reading() as session:
        (used,) = session.exec(select(CredentialKey.thumbprint)).all()
    folder = certified.world.settings.data_folder / "keys"
    for path in folder.iterdir():
        path.unlink()
    from itti.certificates import keys

    keys._sealer.cache_clear()
    token = certified.world.api().get(f"{certified.path}/credential").content
    assert checked(certified.world, token)["id"]
    document = certified.world.browser().get("/did.json").json()
    names = [each["id"].partition("#")[2] for each in document["verificationMethod"]]
    assert names[0] == used
    assert len(names) == 2


def approved(world: World) -> Story:
    story = tell(world).under_review()
    assert story.move(story.reviewer, "approve").status_code == 202
    return story


def test_of_two_that_settle_at_once_one_is_right(both_worlds: World, monkeypatch: pytest.MonkeyPatch) -> None:
    use_quick_press(monkeypatch)
    approved(both_worlds)
    office, at = Office(both_worlds.settings), datetime.now(UTC)
    with both_worlds.database.reading() as session:
        row = session.exec(select(Preparation)).one()
        report = settling.complete(row).report
    first, second = (settling.make(office, report, at) for _ in range(2))
    assert first.credential != second.credential, "each signature is another one"
    with both_worlds.database.writing() as session:
        settling.store(session, row.id, first, at)
    with both_worlds.database.writing() as session:
        kept = settling.store(session, row.id, second, at)
    assert kept.report.credential == first.credential
    assert settling.settled(both_worlds.database, office, row.id, at).report.credential == first.credential
    assert both_worlds.make_papers() == 2
    with both_worlds.database.reading() as session:
        assert session.exec(select(Certificate.credential)).one() == first.credential
