"""What pages say at the places where a stranger got lost: on a phone, at a limit, and after going back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.scene import Scene
from tests.browser.steps import enter, visit

pytestmark = pytest.mark.browser

Open = Callable[..., BrowserContext]
Shoot = Callable[[Page, str], None]

PHONE = {"width": 390, "height": 844}

_TOO_WIDE = """() => [...document.querySelectorAll(".chart, .narrow, .table")]
    .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className)"""
"""Parts of the page that hold more than they show."""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_phone_shows_the_whole_scorecard(scene: Scene, open_context: Open, shoot: Shoot, language: str) -> None:
    reader = enter(open_context(viewport=PHONE), scene.site, language, scene.factory)
    reader.go(f"/assessments/{scene.assessments['certified']}/scorecard")
    assert reader.page.evaluate(_TOO_WIDE) == []
    bars = reader.page.locator(".bar-list > li")
    expect(bars.first).to_be_visible()
    assert len({bar.inner_text() for bar in bars.all()}) > 1
    for bar in bars.all():
        value, drawn = float(bar.locator("b").inner_text()), bar.locator("progress")
        assert drawn.get_attribute("value") == bar.locator("b").inner_text().rstrip("0").rstrip(".")
        assert 0 <= value < float(drawn.get_attribute("max") or 0)
    expect(reader.page.locator(".bands .here")).to_be_visible()
    expect(reader.page.locator(".chart.wide").first).to_be_hidden()
    expect(reader.page.locator("#next .next-steps > li").first).to_be_visible()
    shoot(reader.page, f"scorecard-phone-{language}")


def test_a_desk_shows_the_drawn_charts_and_the_reasons(scene: Scene, open_context: Open, shoot: Shoot) -> None:
    reader = enter(open_context(), scene.site, "en", scene.factory)
    reader.go(f"/assessments/{scene.assessments['certified']}/scorecard")
    expect(reader.page.locator(".chart.wide svg").first).to_be_visible()
    expect(reader.page.locator(".bar-list")).to_be_hidden()
    reasons = reader.page.locator("td .free[dir='auto']")
    expect(reasons.first).to_contain_text("Work orders are planned from run hours")
    shoot(reader.page, "scorecard-desk-en")


def test_a_reason_near_its_limit_says_how_much_is_left(scene: Scene, open_context: Open) -> None:
    writer = enter(open_context(), scene.site, "en", scene.assessor)
    writer.go(f"/assessments/{scene.assessments['assessment']}/answers/quality")
    reason, left = writer.page.locator("#reason"), writer.page.locator("[data-left]")
    full = writer.page.locator("[data-full]")
    reason.fill("x" * 3500)
    expect(left).to_be_hidden()
    reason.fill("x" * 3990)
    expect(left).to_have_text(writer.say("answer.left", count=10))
    expect(full).to_be_empty()
    reason.press("End")
    writer.page.keyboard.insert_text("y" * 20)
    expect(reason).to_have_value("x" * 3990 + "y" * 10)
    expect(full).to_have_text(writer.say("answer.full", most="4,000"))
    expect(left).to_be_hidden()
    reason.fill("short")
    expect(full).to_be_empty()
    writer.saved()


@pytest.mark.parametrize(
    ("state", "who", "key"),
    [
        ("review", "assessor", "submit.submitted.assessed"),
        ("certified", "factory", "submit.submitted.self"),
    ],
)
def test_what_was_submitted_is_not_offered_again(
    scene: Scene, open_context: Open, state: str, who: str, key: str
) -> None:
    visitor = enter(open_context(), scene.site, "en", getattr(scene, who))
    visitor.go(f"/assessments/{scene.assessments[state]}/submit")
    visitor.sees(visitor.say(key))
    expect(visitor.page.locator("#content form button")).to_have_count(0)
    visitor.click("submit.to-assessment")
    visitor.page.wait_for_url(f"**/assessments/{scene.assessments[state]}")


def test_beginning_early_warns_that_the_factory_is_cut_off(scene: Scene, open_context: Open) -> None:
    visitor = enter(open_context(), scene.site, "en", scene.assessor)
    visitor.go(f"/assessments/{scene.assessments['self_assessment']}")
    visitor.sees(visitor.say("move.start.about-early"))
    visitor.go(f"/assessments/{scene.assessments['planned']}")
    visitor.sees(visitor.say("move.start.about"))


def test_a_wrong_password_points_at_no_field(scene: Scene, open_context: Open) -> None:
    stranger = visit(open_context(), scene.site, "en")
    stranger.go("/sign-in")
    stranger.fill(email=scene.assessor, password="not the password at all")
    stranger.click("nav.sign-in")
    note = stranger.page.locator(".note.bad")
    expect(note).to_be_visible()
    expect(note).not_to_contain_text(stranger.say("form.faulty"))


def test_an_accreditation_that_ends_before_it_begins_marks_the_end(scene: Scene, open_context: Open) -> None:
    office = enter(open_context(), scene.site, "en", scene.office)
    office.go(f"/assessors/{scene.assessor_id}")
    form = office.page.locator("form", has=office.page.locator("[name='valid_until']"))
    if not form.is_visible():
        office.page.locator("details", has=form).locator("summary").click()
    for choice in form.locator("select[name='family']").all():
        choice.select_option(index=1)
    form.locator("[name='valid_from']").fill("2031-05-01")
    form.locator("[name='valid_until']").fill("2031-04-01")
    form.locator("button").last.click()
    office.sees(office.say("form.faulty"))
    expect(office.page.locator("[name='valid_until']")).to_have_attribute("aria-invalid", "true")
