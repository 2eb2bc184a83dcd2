"""Verifying papers at the public door: genuine ones, tampered ones, and everything else people hand in."""

import io
from collections.abc import Callable
from typing import Any

import httpx2
import pikepdf
import pytest
import sqlalchemy as sa
from sqlmodel import Session

from itti.certificates import service
from itti.certificates.office import Office
from itti.certificates.press import Press
from itti.certificates.service import RegisterState
from tests.itti.certificates.conftest import Certified
from tests.itti.conftest import World
from tests.itti.expect import problem
from tests.itti.files import samples


def hand_in(world: World, pdf: bytes, **headers: str) -> httpx2.Response:
    """Send a file to the public door."""
    return world.api().post("/verifications", files={"pdf": ("paper.pdf", pdf)}, headers=headers)


def verified(world: World, pdf: bytes, **headers: str) -> dict[str, Any]:
    """What the door says of a file."""
    answer = hand_in(world, pdf, **headers)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def states(document: dict[str, Any]) -> tuple[str, str, str]:
    """The three findings in a word each."""
    return document["seal"]["state"], document["register"]["state"], document["score"]["state"]


def test_genuine(certified: Certified) -> None:
    found = verified(certified.world, certified.english)
    assert states(found) == ("intact", "valid", "reproduced")
    assert found["holds"]
    assert found["is_demonstration"]
    assert found["register"]["number"] == certified.number
    assert found["register"]["factory"] == "Gulf Foods LLC"
    assert certified.number in found["register"]["sentence"]


def test_arabic_paper_and_reader(certified: Certified) -> None:
    story = certified.story
    paper = story.api(story.owner).get(f"{certified.path}/report.pdf", params={"language": "ar"}).content
    found = verified(certified.world, paper, **{"Accept-Language": "ar"})
    assert found["holds"]
    assert "سارية" in found["register"]["sentence"]


def flipped(pdf: bytes) -> bytes:
    """One bit of a page's content is different."""
    place = pdf.index(b"stream\n", len(pdf) // 4) + 40
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def appended(pdf: bytes) -> bytes:
    """Something was written behind the end."""
    return pdf + b"% a remark\n"


def annotated(pdf: bytes) -> bytes:
    """Saved again by another program, with another title."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.docinfo["/Title"] = "A better certificate"
        document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("tamper", [flipped, appended, annotated])
def test_tampered(certified: Certified, tamper: Callable[[bytes], bytes]) -> None:
    found = verified(certified.world, tamper(certified.english))
    assert not found["holds"]
    assert found["seal"]["state"] != "intact"
    assert found["register"]["state"] in {"altered", "unknown"}


def test_truncated(certified: Certified) -> None:
    for length in (0.1, 0.5, 0.99):
        found = verified(certified.world, certified.english[: int(len(certified.english) * length)])
        assert not found["holds"]
        assert found["seal"]["state"] in {"unreadable", "broken", "absent"}


def test_no_certificate_at_all(certified: Certified) -> None:
    found = verified(certified.world, samples.pdf())
    assert states(found) == ("absent", "unknown", "impossible")
    found = verified(certified.world, b"not a PDF, but a letter")
    assert states(found) == ("unreadable", "unknown", "impossible")
    assert not found["holds"]


def test_a_paper_of_another_installation(certified: Certified, world: World) -> None:
    found = verified(world, certified.english)
    assert states(found) == ("untrusted", "unknown", "reproduced")
    assert not found["holds"]


def test_expired_and_revoked(certified: Certified) -> None:
    def expire(session: Session) -> None:
        session.execute(sa.text("UPDATE certificate SET expires_on = '2026-01-31'"))

    certified.world.write(expire)
    found = verified(certified.world, certified.english)
    assert states(found) == ("intact", "expired", "reproduced")
    assert not found["holds"]
    assert "2026-01-31" in found["register"]["sentence"]

    story = certified.story
    story.api(story.office).post(f"{certified.path}/revocation", json={"reason": "Wrong site."})
    found = verified(certified.world, certified.english)
    assert states(found) == ("intact", "revoked", "reproduced")
    assert found["register"]["revocation_reason"] == "Wrong site."


def test_a_register_that_was_tampered_with(certified: Certified) -> None:
    def forge(session: Session) -> None:
        session.execute(sa.text("""UPDATE certificate SET scorecard = replace(scorecard, '3.00', '5.00')"""))

    certified.world.write(forge)
    found = verified(certified.world, certified.english)
    assert found["register"]["state"] == "altered"
    assert not found["holds"]


def test_malformed_requests(certified: Certified) -> None:
    client = certified.world.api()
    problem(client.post("/verifications", json={}), 415, "not-multipart")
    problem(client.post("/verifications", files={"file": ("a.pdf", b"x")}), 422, "file-missing")
    problem(hand_in(certified.world, b""), 422, "file-missing")
    limit = certified.world.settings.upload_bytes
    problem(hand_in(certified.world, b"%PDF-1.7" + bytes(limit)), 413, "file-too-large")


def test_a_file_that_takes_too_long(certified: Certified, monkeypatch: pytest.MonkeyPatch) -> None:
    class Impatient(Office):
        @property
        def examiner(self) -> Press:
            return Press(workers=1, seconds=0.0001, waiting=1)

    monkeypatch.setattr(certified.world.app.state, "office", Impatient(certified.world.settings), raising=False)
    problem(hand_in(certified.world, certified.english), 422, "examination-failed")


def test_without_a_register(certified: Certified) -> None:
    """As the command line does on a machine without the database."""
    found = service.verify(None, Office(certified.world.settings), certified.english)
    assert found.register.state is RegisterState.NOT_ASKED
    assert not found.holds


def test_with_the_register_and_no_http(certified: Certified) -> None:
    with certified.world.database.reading() as session:
        found = service.verify(session, Office(certified.world.settings), certified.english)
    assert found.holds
    assert found.register.sentence("ar")
