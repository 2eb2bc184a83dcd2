"""Footprints and partners as pages."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest

from itti.accounts.tables import Role
from itti.footprints import sending
from tests.itti.conftest import World
from tests.itti.expect import problem
from tests.itti.footprints.stage import CLOUD, event, staged
from tests.itti.webhooks.receiver import receiving


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_whole_way(world: World, language: str) -> None:
    stage = staged(world)
    first = stage.enter(productNameCompany="<b>Tiles", pcf={"geographyCountry": None})
    made = stage.enter(replaces=first["id"])
    browser = world.browser(stage.owner)
    browser.headers["Accept-Language"] = language
    assert world.browser().get("/footprints").headers["location"].startswith("/sign-in")
    assert world.browser(world.create_user()).get("/footprints").status_code == 403
    listed = browser.get("/footprints").text
    assert "&lt;b&gt;Tiles" in listed
    assert "<b>Tiles" not in listed
    assert f'href="/footprints/{made["id"]}"' in listed
    shown = browser.get(f"/footprints/{first['id']}")
    assert (shown.status_code, "/deprecation" in shown.text) == (200, False)
    path = f"/footprints/{made['id']}"
    page = browser.get(path).text
    assert "0.43" in page
    assert f'href="/footprints/{first["id"]}"' in page
    for stranger in (world.create_user(Role.FACTORY), world.create_assessor()):
        assert world.browser(stranger).get(path).status_code == 404
        assert world.browser(stranger).post(f"{path}/partners", data={"x": ""}).status_code == 404
        assert world.browser(stranger).post(f"{path}/deprecation").status_code == 404

    partner = browser.post("/footprint-partners", data={"name": "<i>Mill", "signs_in": "1"})
    assert partner.status_code == 201
    assert "<i>" not in partner.text
    secret = re.findall(r"itti_[\w-]{43}", partner.text)[0]
    again = browser.get("/footprint-partners").text
    assert secret not in again
    identifier = re.findall(r'/footprint-partners/([^/"]+)/removal', again)
    assert len(identifier) == 2
    shared = browser.post(f"{path}/partners", data={f"partner.{stage.partner['id']}": "1", "partner.x": "1"})
    assert shared.headers["location"] == path
    assert "checked" in browser.get(path).text
    assert stage.partner_client().get(f"3/footprints/{made['id']}").status_code == 200
    assert browser.post(f"{path}/deprecation").status_code == 303
    assert browser.post(f"{path}/deprecation").status_code == 409
    assert browser.post(f"/footprint-partners/{stage.partner['id']}/removal").status_code == 303
    assert stage.ask_token().status_code == 401


def test_what_was_typed_wrongly_is_shown_again(world: World) -> None:
    stage = staged(world)
    world.app.state.settings = world.settings.model_copy(update={"webhook_private": False})
    sent = {"name": "Builders & Sons", "base_url": "https://10.0.0.7", "client_secret": "known to both"}
    refused = world.browser(stage.owner).post("/footprint-partners", data=sent)
    assert refused.status_code == 422
    assert "Builders &amp; Sons" in refused.text
    assert "https://10.0.0.7" in refused.text
    assert "known to both" not in refused.text
    assert "field-error" in refused.text or "aria-invalid" in refused.text


def test_what_partners_sent_and_what_became_of_it(world: World) -> None:
    with receiving() as receiver:
        receiver.body = json.dumps({"access_token": "theirs"}).encode()
        service = {"base_url": f"http://127.0.0.1:{receiver.port}", "client_id": "itti", "client_secret": "known"}
        stage = staged(world, name="<b>Mill", **service)
        stage.share(stage.enter())
        api, browser = world.api(stage.owner), world.browser(stage.owner)
        asked = api.post(f"/footprint-partners/{stage.partner['id']}/requests", json={"comment": "For 2025."})
        odd = {"id": "no id", "productNameCompany": "<i>Bricks", "pcf": {"pcfExcludingBiogenicUptake": ["1"]}}
        partner = stage.partner_client()
        for kind, data in (
            ("PublishedEvent", {"pfIds": [str(uuid4())]}),
            ("RequestCreatedEvent", {"geography": ["<u>AE", "ae"], "comment": "Please"}),
            ("RequestCreatedEvent", {"productId": ["urn:none:1"]}),
            ("RequestFulfilledEvent", {"requestEventId": asked.json()["id"], "pfs": [odd, {}]}),
            ("RequestRejectedEvent", {"requestEventId": "x", "error": {"code": "Busy", "message": "<s>Later"}}),
        ):
            sent = partner.post("3/events", content=json.dumps(event(kind, data)), headers={"Content-Type": CLOUD})
            assert sent.status_code == 200, sent.text
        receiver.answers = [200, 500]
        while (taken := sending.take(world.database)) is not None:
            sending.send(world.database, world.settings, taken)
    told = {(one["name"], len(one["data"])): one for one in api.get("/footprint-events").json()["items"]}
    assert len(told) == 5
    answer = told["requested", 2]["answer"]
    assert (answer["name"], answer["partner_id"], told["requested", 1]["answer"]["name"]) == (
        "fulfilled",
        stage.partner["id"],
        "rejected",
    )
    assert told["fulfilled", 2]["request_id"] == asked.json()["id"]
    assert (told["rejected", 2]["request_id"], told["published", 1]["answer"]) == (None, None)
    page = browser.get("/footprint-events").text
    for words in ("Answered with one footprint", "Answered: nothing that fits", "Names one footprint", "do not hold"):
        assert words in page
    for language in ("en", "ar"):
        browser.post("/account/language", data={"language": language})
        for one in told.values():
            path = f"/footprint-events/{one['id']}"
            assert api.get(path).json() == one
            shown = browser.get(path)
            assert shown.status_code == 200
            assert not any(mark in shown.text for mark in ("<b>Mill", "<i>Bricks", "<s>Later", "<u>AE"))
            problem(world.api(world.create_user(Role.FACTORY)).get(path), 404, "no-such-footprint-event")
            assert world.browser(world.create_assessor()).get(path).status_code == 404
        of_partner = browser.get(f"/footprint-partners/{stage.partner['id']}")
        assert "HTTP 500" in of_partner.text
    problem(world.api(world.create_user()).get(f"/footprint-events/{uuid4()}"), 403, "wrong-role")
    problem(world.api().get(f"/footprint-events/{uuid4()}"), 401, "sign-in-needed")
    retries = re.findall(rf'action="(/footprint-partners/{stage.partner["id"]}/messages/[^"]+/retry)"', of_partner.text)
    assert len(retries) == 4
    assert browser.post(retries[0]).status_code == 303
    held = sending.take(world.database)
    assert held is not None
    busy = browser.post(f"/footprint-partners/{stage.partner['id']}/messages/{held.row.id}/retry")
    assert "delivery-under-way" in busy.headers["set-cookie"]
    assert browser.post(f"/footprint-partners/{stage.partner['id']}/messages/{uuid4()}/retry").status_code == 404
    assert world.browser(world.create_assessor()).get(f"/footprint-partners/{stage.partner['id']}").status_code == 404
    browser.post(f"/footprint-partners/{stage.partner['id']}/removal")
    assert "&lt;b&gt;Mill" in browser.get("/footprint-events").text, "events of who was removed stay"
