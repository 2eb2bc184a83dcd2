"""Webhooks as pages: added, tried, looked at, sent again, paused, given another secret, removed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from itti.acts import now
from itti.queue.rows import JobState
from itti.webhooks import service
from itti.webhooks.tables import Delivery
from tests.itti.assessments.story import tell
from tests.itti.conftest import World
from tests.itti.events.test_feed import take_in
from tests.itti.webhooks.receiver import receiving
from tests.itti.webhooks.test_webhooks import deliver, opened

SECRET = r"whsec_[\w+/=]+"


def added(browser: TestClient, address: str, **more: str) -> tuple[str, str]:
    """The page of a new webhook, and its secret."""
    answer = browser.post("/webhooks", data={"address": address, **more})
    assert answer.status_code == 201, answer.text
    found = re.search(r'action="(/webhooks/[^"/]+)/test"', answer.text)
    assert found is not None
    return found[1], re.findall(SECRET, answer.text)[0]


def test_whole_way(world: World) -> None:
    opened(world)
    story = tell(world)
    browser = world.browser(story.owner)
    with receiving() as receiver:
        page, secret = added(browser, receiver.address, label="<b>ERP", **{"type.assessment.started": "1"})
        shown = browser.get(page).text
        assert secret not in shown
        assert "<b>ERP" not in shown
        assert "Assessment begun" in shown
        assert browser.post(f"{page}/test").headers["location"] == page
        receiver.answers.append(500)
        assert deliver(world) == 1
        failed = browser.get(f"{page}?state=waiting").text
        assert "Test event" in failed
        assert "HTTP 500" in failed
        story.started()
        take_in(world)
        retry = re.findall(rf'action="({page}/deliveries/[^"]+/retry)"', failed)[0]
        assert browser.post(retry).status_code == 303
        assert deliver(world) == 2
        assert len(receiver.taken) == 3
        assert browser.get(f"{page}?state=failed").text.count("/retry") == 0
        today = now().date()
        days = {"first": str(today - timedelta(days=1)), "last": str(today + timedelta(days=1))}
        assert browser.post(f"{page}/replay", data=days).status_code == 303
        assert deliver(world) == 1
    renewed = browser.post(f"{page}/secret")
    assert renewed.status_code == 201
    assert re.findall(SECRET, renewed.text)[0] != secret
    assert browser.post(f"{page}/pause").status_code == 303
    assert f'action="{page}/resumption"' in browser.get(page).text
    assert browser.post(f"{page}/resumption").status_code == 303
    colleague = world.browser(world.create_user(role=story.owner.role, factory=story.factory))
    assert colleague.get(page).status_code == 200
    assert world.browser(story.office).get(page).status_code == 404
    for language in ("en", "ar"):
        browser.post("/account/language", data={"language": language})
        for path in (page, f"{page}/change", "/webhooks"):
            assert browser.get(path).status_code == 200
    assert browser.post(f"{page}/removal").headers["location"] == "/webhooks"
    assert browser.get(page).status_code == 404


def test_it_is_led_elsewhere(world: World) -> None:
    opened(world)
    browser = world.browser(world.create_assessor())
    page, _ = added(browser, "http://127.0.0.1:9/", label="ERP", **{"type.assessment.started": "1"})
    form = browser.get(f"{page}/change").text
    assert re.search(r'name="type.assessment.started" value="1" checked', form)
    assert 'name="version" value="1"' in form
    entered = {"address": "http://127.0.0.1:9/", "label": "Energy", "type.certificate.issued": "1"}
    assert (
        browser.post(f"{page}/change", data=entered | {"version": "1", "address": "ftp://a.example/"}).status_code
        == 422
    )
    assert browser.post(f"{page}/change", data=entered | {"version": "1"}).headers["location"] == page
    late = browser.post(f"{page}/change", data=entered | {"version": "1", "label": "Late"})
    assert late.status_code == 412
    assert re.search(r'name="label"[^>]* value="Late"', late.text)
    assert 'name="version" value="2"' in late.text
    assert "Energy" in browser.get(page).text
    assert world.browser(world.create_assessor()).get(f"{page}/change").status_code == 404


def test_refusals_keep_what_was_typed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = world.browser(world.create_assessor())
    unsafe = browser.post("/webhooks", data={"address": "https://10.0.0.7/in", "type.certificate.issued": "1"})
    assert unsafe.status_code == 422
    assert "https://10.0.0.7/in" in unsafe.text
    assert re.search(r'name="type.certificate.issued" value="1" checked', unsafe.text)
    assert browser.post("/webhooks", data={"address": ""}).status_code == 422
    assert browser.post("/webhooks", data={"address": "https://a.example/", "type.x": "1"}).status_code == 422
    page, _ = added(browser, "https://receiver.example/in")
    wrongs = (("", ""), ("03/04/2026", "2026-01-02"), ("2026-01-02", "2026-01-01"), ("0001-01-01", "9999-12-31"))
    for first, last in wrongs:
        assert browser.post(f"{page}/replay", data={"first": first, "last": last}).status_code == 422
    stale = world.browser()
    monkeypatch.setattr(service, "MOST", 1)
    assert browser.post("/webhooks", data={"address": "https://b.example/"}).status_code == 409
    user = world.create_assessor()
    stale.cookies.set("itti", world.sign_in_secret(user, datetime.now(UTC) - timedelta(hours=1)))
    for path in ("/webhooks", f"{page}/secret", f"{page}/change"):
        assert stale.post(path, data={"address": "https://c.example/"}).status_code in {401, 404}
    assert 'action="/prove"' in stale.post("/webhooks", data={"address": "https://c.example/"}).text


def test_dead_letters_are_seen_in_the_list(world: World) -> None:
    user = world.create_assessor()
    browser = world.browser(user)
    page, _ = added(browser, "https://receiver.example/in")
    browser.post(f"{page}/test")

    def give_up(session: Session) -> None:
        row = session.exec(select(Delivery)).one()
        row.state = JobState.FAILED

    assert "One event given up" not in browser.get("/webhooks").text
    world.write(give_up)
    assert "One event given up" in browser.get("/webhooks").text
    assert "One event given up" not in world.browser(world.create_assessor()).get("/webhooks").text
