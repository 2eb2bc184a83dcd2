"""The record at the doors: heads and proofs for everybody, acts for those concerned."""

from __future__ import annotations

import base64
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments.tables import Answer
from itti.audit import service
from itti.audit.keys import signer_of
from itti.audit.tables import Event, RecordHead
from itti.certificates.tables import Certificate
from reports.merkle import is_consistent, is_included
from reports.notes import Head, Signer, Verifier
from tests.itti.assessments.story import QUESTIONS, Story
from tests.itti.expect import problem


def decoded(text: str) -> bytes:
    return base64.b64decode(text)


def heads(story: Story) -> list[RecordHead]:
    """All heads, the smallest first."""
    with story.world.database.reading() as session:
        return list(session.exec(select(RecordHead).order_by(col(RecordHead.size))).all())


def number(story: Story) -> str:
    with story.world.database.reading() as session:
        return session.exec(select(Certificate.number)).one()


def test_a_stranger_checks_everything_alone(sound: Story) -> None:
    """Head, consistency with an earlier head, and the acts on a certificate, by nothing but what the API gives."""
    stranger = sound.world.api()
    told = stranger.get("/record").json()
    head, key = Head.parse(told["note"]), Verifier.parse(told["key"])
    assert head.signed_by(key)
    assert (head.size, head.root) == (told["size"], decoded(told["root"]))
    assert told["waiting"] >= 0
    kept = Head.parse(heads(sound)[0].note)
    chain = stranger.get("/record/consistency", params={"old": kept.size, "new": head.size}).json()
    proof = [decoded(each) for each in chain["proof"]]
    assert decoded(chain["old_root"]) == kept.root
    assert is_consistent(kept.size, head.size, kept.root, head.root, proof)
    entry = stranger.get(f"/certificates/{number(sound)}/record").json()
    assert (entry["state"], [act["act"] for act in entry["acts"]]) == ("included", ["certificate.issued"])
    under = Head.parse(entry["note"])
    for act in entry["acts"]:
        path = [decoded(each) for each in act["proof"]]
        assert is_included(decoded(act["leaf_hash"]), act["index"], under.size, path, under.root)
    problem(stranger.get("/record/consistency", params={"old": 1, "new": 10**6}), 404, "no-such-head")
    problem(stranger.get("/certificates/TI-1999-00001/record"), 404, "no-such-certificate")
    plain = sound.world.browser().get("/record/checkpoint")
    assert plain.text == told["note"]
    assert plain.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_kept_head_is_compared(sound: Story, language: str) -> None:
    browser = sound.world.browser()

    def tone(text: str) -> str:
        page = browser.get(f"/record?{urlencode({'head': text, 'language': language})}").text
        found = re.search(r'class="note (\w+)"', page)
        assert found
        return found[1]

    kept = heads(sound)[0]
    signer = signer_of(sound.world.settings)
    assert tone(kept.note) == "good"
    assert tone(f"\n{kept.note}".replace("\n", "\r\n")) == "good", "as browsers send it"
    assert tone("nonsense") == "warn"
    assert tone(Signer.new("else/record").sign(1, bytes(32), kept.signed_at)) == "warn"
    assert tone(signer.sign(kept.size, bytes(32), kept.signed_at)) == "bad"
    assert tone(signer.sign(10**6, bytes(32), kept.signed_at)) == "bad"


def test_the_office_finds_acts(sound: Story) -> None:
    office = sound.api(sound.office)

    def found(**filters: str) -> list[dict[str, Any]]:
        answer = office.get("/record/acts", params={"limit": 200, **filters})
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    whole = found()
    assert [act["id"] for act in whole] == sorted((act["id"] for act in whole), reverse=True)
    saved = found(action="answer.saved", person=sound.assessor.email)
    assert len(saved) == len(QUESTIONS)
    assert all(act["actor"] == str(sound.assessor.id) and act["assessment_id"] == str(sound.id) for act in saved)
    assert found(action="answer.saved", person=str(sound.assessor.id)) == saved
    assert found(person="nobody@example.org") == []
    assert {act["act"] for act in found(thing=str(sound.id))} >= {
        "assessment.planned",
        "answer.saved",
        "certificate.issued",
    }
    assert found(thing="nothing") == []
    today = str(saved[0]["at"])[:10]
    assert found(action="answer.saved", day=today)
    assert found(day="2001-01-01") == []
    page = office.get("/record/acts", params={"limit": 2})
    assert len(page.json()["items"]) == 2
    assert page.links["next"]["url"]


def test_acts_are_not_for_everybody(sound: Story) -> None:
    for user in (sound.assessor, sound.owner):
        problem(sound.api(user).get("/record/acts"), 403, "wrong-role")
        assert sound.world.browser(user).get("/record/acts").status_code == 403
    stranger = sound.world.create_assessor()
    problem(sound.world.api(stranger).get(f"{sound.path}/acts"), 404, "no-such-assessment")
    assert sound.world.browser().get("/record/acts").status_code == 303


def test_its_people_see_the_acts_on_an_assessment(sound: Story) -> None:
    for user in (sound.owner, sound.assessor, sound.reviewer):
        told = sound.api(user).get(f"{sound.path}/acts", params={"limit": 200}).json()["items"]
        assert {act["act"] for act in told} >= {"assessment.planned", "answer.saved", "evidence.attached"}
        assert not any({"details", "actor", "request"} & act.keys() for act in told)
        page = sound.world.browser(user).get(f"/assessments/{sound.id}/record")
        assert page.status_code == 200
        assert "Answer saved" in page.text
        assert "Aisha Rahman" not in page.text.partition("<main")[2]
    office = sound.world.browser(sound.office).get(f"/assessments/{sound.id}/record")
    assert "Aisha Rahman" in office.text
    assert (
        f'href="/assessments/{sound.id}/record"'
        in sound.world.browser(sound.owner).get(f"/assessments/{sound.id}").text
    )


def test_the_page_of_acts(sound: Story) -> None:
    browser = sound.world.browser(sound.office)
    page = browser.get("/record/acts", params={"action": "assessment.moved", "day": "nonsense"})
    assert "Assessment moved on" in page.text
    assert "Answer saved</th>" not in page.text
    arabic = browser.get("/record/acts", params={"language": "ar"})
    assert "انتقال تقييم" in arabic.text
    assert "No acts found" in browser.get("/record/acts", params={"thing": "nothing"}).text
    more = browser.get("/record/acts", params={"limit": 3, "person": sound.assessor.email}).text
    after = re.search(r'href="(/record/acts\?[^"]*after=[^"]+)"', more)
    assert after
    assert browser.get(unescape(after[1])).text.count("<tr>") == 4


def test_the_register_page_tells_what_the_record_says(story: Story) -> None:
    world, address = story.world, f"/verify/{number(story)}"

    def card() -> str:
        page = world.browser().get(address).text
        found = re.search(r'<li class="(\w+)"><h2><svg[^>]*><use href="[^"]*#record"', page)
        assert found
        return found[1]

    assert card() == "good"
    assert (
        story.api(story.office)
        .post(f"/certificates/{number(story)}/revocation", json={"reason": "A test."})
        .status_code
        == 200
    )
    assert card() == "warn", "the revocation waits to be taken in"
    assert world.api().get(f"/certificates/{number(story)}/record").json()["state"] == "waiting"
    world.write(lambda session: setattr(session.exec(select(Certificate)).one(), "index_value", "5.00"))
    assert card() == "bad"
    assert world.api().get(f"/certificates/{number(story)}/record").json()["state"] == "broken"


def test_an_act_that_was_changed_breaks_the_entry(story: Story) -> None:
    def change(session: Session) -> None:
        session.exec(select(Event).where(Event.action == "certificate.issued")).one().request_id = "another"

    story.world.write(change)
    assert story.world.api().get(f"/certificates/{number(story)}/record").json()["state"] == "broken"


def test_erased_details_are_said_to_be(story: Story) -> None:
    def erase(session: Session) -> None:
        rows = session.exec(select(Event).where(Event.action == "answer.saved")).all()
        service.forget(session, Act(None), rows)
        assert session.exec(select(Answer)).first()

    story.world.write(erase)
    acts = story.api(story.office).get("/record/acts", params={"action": "answer.saved"}).json()["items"]
    assert all(act["details_erased"] and act["details"] == {} for act in acts)
    page = story.world.browser(story.office).get("/record/acts", params={"action": "answer.saved"}).text
    assert "The details were erased for good." in page
