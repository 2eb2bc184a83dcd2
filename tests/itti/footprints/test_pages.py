"""Footprints and partners as pages."""

from __future__ import annotations

import re

import pytest

from itti.accounts.tables import Role
from tests.itti.conftest import World
from tests.itti.footprints.stage import staged


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
