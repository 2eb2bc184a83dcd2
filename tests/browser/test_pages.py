"""Every page in both languages: reached, free of faults for assistive technology, and fitting narrow screens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from questionnaires.wording import say
from tests.browser.faults import AXE, VENDOR, faults, overflows
from tests.browser.scene import Scene
from tests.browser.steps import Visitor, enter, visit

pytestmark = pytest.mark.browser

PAGES: dict[str, tuple[str, ...]] = {
    "": (
        "/", "/sign-in", "/verify", "/verify/{number}", "/verify/TI-1999-00001", "/questionnaires",
        "/record", "/questionnaires/itti/1.0.0", "/problems", "/problems/answer-stale", "/nowhere",
        "/forgotten-password",
    ),
    "office": (
        "/home", "/bodies", "/bodies/new", "/bodies/{body}", "/bodies/{body}/change", "/assessors", "/assessors/new",
        "/assessors/{assessor}", "/factories", "/factories/new", "/factories/{factory}",
        "/factories/{factory}/change", "/assessments", "/assessments?state=withdrawn", "/assessments/new",
        "/assessments/{planned}", "/assessments/{returned}", "/certificates", "/certificates/{number}", "/account",
        "/colleagues", "/record/acts", "/assessments/{certified}/record",
    ),
    "assessor": (
        "/home", "/assessments", "/assessments/{assessment}", "/assessments/{assessment}/answers/maintenance",
        "/assessments/{returned}/answers/maintenance", "/assessments/{assessment}/submit",
        "/assessments/{assessment}/scorecard", "/assessments/{certified}/answers/customer-service",
    ),
    "reviewer": (
        "/home", "/assessments/{review}", "/assessments/{review}/review", "/assessments/{review}/targets", "/webhooks",
    ),
    "lapsed": ("/home", "/assessments", "/footprints", "/footprint-partners", "/footprint-events"),
    "factory": (
        "/home", "/assessments/{planned}", "/assessments/{review}", "/assessments/{self_assessment}/answers/quality",
        "/assessments/{self_assessment}/submit", "/assessments/{certified}/scorecard", "/factories/{factory}",
        "/certificates/{number}", "/assessments/{certified}/record", "/assessments/{review}/targets", "/account/tokens",
    ),
}  # fmt: skip


def addresses(scene: Scene, role: str) -> list[str]:
    """The pages of a role with the ids of the scene."""
    ids = {
        **scene.assessments,
        "number": scene.number,
        "body": scene.body_id,
        "assessor": scene.assessor_id,
        "factory": scene.factory_id,
    }
    # "{assessor}" is the person; the assessment in hand is "{assessment}".
    return [path.format(**ids) for path in PAGES[role]]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("role", list(PAGES))
def test_pages_are_open_to_everybody(
    role: str, language: str, scene: Scene, open_context: Callable[..., BrowserContext],
    shoot: Callable[[Page, str], None],
) -> None:  # fmt: skip
    context = open_context()
    visitor = (
        enter(context, scene.site, language, getattr(scene, role)) if role else visit(context, scene.site, language)
    )
    context.add_init_script(path=AXE)
    complaints: list[str] = []
    visitor.page.on("console", lambda message: _note(message, complaints))
    visitor.page.on("pageerror", lambda error: complaints.append(str(error)))
    found: list[str] = []
    for path in addresses(scene, role):
        status = visitor.go(path).status
        assert status == (404 if "nowhere" in path or "1999" in path else 200), f"{path}: {status}"
        _check_language(visitor, path)
        found += [f"{path}: {fault}" for fault in (*faults(visitor.page), *overflows(visitor.page))]
        shoot(visitor.page, f"{role or 'stranger'}{path.split('?')[0].replace('/', '_')}-{language}")
    assert not found, "\n".join(found)
    assert not complaints, complaints


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error" and "404" not in message.text:
        complaints.append(message.text)


def _check_language(visitor: Visitor, path: str) -> None:
    html = visitor.page.locator("html")
    assert html.get_attribute("lang") == visitor.language, path
    assert html.get_attribute("dir") == ("rtl" if visitor.language == "ar" else "ltr"), path


def test_axe_is_the_file_that_was_vendored() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text("utf-8"))
    for name, entry in manifest.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == entry["sha256"]


def test_script_in_a_comment_is_text(scene: Scene, open_context: Callable[..., BrowserContext]) -> None:
    for who, paths in (
        (scene.assessor, ("/assessments/{}", "/assessments/{}/answers/maintenance")),
        (scene.reviewer, ("/assessments/{}",)),
    ):
        visitor = enter(open_context(), scene.site, "en", who)
        for path in paths:
            visitor.go(path.format(scene.assessments["returned"]))
            visitor.sees("<script>document.title = 'taken over'</script>")
            assert visitor.page.title() != "taken over"
            assert visitor.page.locator("#content script").count() == 0


def test_mistakes_stand_beside_their_fields_and_nothing_typed_is_lost(
    scene: Scene, open_context: Callable[..., BrowserContext]
) -> None:
    for language in ("en", "ar"):
        office = enter(open_context(), scene.site, language, scene.office)
        office.go("/factories/new")
        # Written past the browser's own checks, as an old browser would send it.
        office.page.evaluate("document.querySelector('#content form').noValidate = true")
        office.fill(name="Al Noor <b>Plastics</b>", licence="IL-2031-445", region="Dubai", employees="many")
        office.click("factory.do")
        wrong = office.page.locator("[aria-invalid='true']")
        expect(wrong).to_have_count(2)  # no sector, and no number of employees
        expect(office.page.locator("#sector-wrong")).to_contain_text(say("itti.http", "field.missing", language))
        expect(office.page.locator("[name='name']")).to_have_value("Al Noor <b>Plastics</b>")
        office.choose("sector", office.page.locator("select option").nth(2).inner_text())
        office.fill(employees="٢٤٠")
        office.page.evaluate("document.querySelector('#content form').noValidate = true")
        office.click("factory.do")
        taken = say("itti.http", "field.taken", language, value="IL-2031-445")
        expect(office.page.locator("#licence-wrong")).to_contain_text(taken)
        expect(office.page.locator("[name='region']")).to_have_value("Dubai")


def test_the_language_switch_keeps_the_page(scene: Scene, open_context: Callable[..., BrowserContext]) -> None:
    office = enter(open_context(), scene.site, "en", scene.office)
    office.go("/assessments?state=review")
    office.page.locator(".tools a[hreflang='ar']").click()
    office.page.wait_for_url("**/assessments?state=review")
    expect(office.page.locator("html")).to_have_attribute("dir", "rtl")
    office.go("/assessments?state=review&language=en")
    expect(office.page.locator("html")).to_have_attribute("dir", "ltr")


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "/%09/example.org"])
def test_nobody_is_led_to_another_site(
    elsewhere: str, scene: Scene, open_context: Callable[..., BrowserContext]
) -> None:
    visitor = visit(open_context(), scene.site, "en")
    visitor.go(f"/language/ar?to={elsewhere}")
    assert visitor.page.url.startswith(scene.site.address)


def test_a_stranger_is_led_to_the_door_and_back(scene: Scene, open_context: Callable[..., BrowserContext]) -> None:
    visitor = visit(open_context(), scene.site, "en")
    path = f"/assessments/{scene.assessments['review']}"
    visitor.go(path)
    visitor.page.wait_for_url("**/sign-in?to=*")
    visitor.sees(visitor.say("sign-in.needed"))
    visitor.fill(email=scene.reviewer, password="a wrong password")
    visitor.click("nav.sign-in")
    expect(visitor.page.locator("[role='alert']")).to_be_visible()
    expect(visitor.page.locator("[name='email']")).to_have_value(scene.reviewer)
    visitor.fill(password="a password for tests alone")
    visitor.click("nav.sign-in")
    visitor.page.wait_for_url(f"**{path}")
    visitor.page.locator(".menu summary").click()
    visitor.page.locator(".menu-sheet button").click()
    visitor.sees(visitor.say("done.signed-out"))
    visitor.go(path)
    visitor.page.wait_for_url("**/sign-in?to=*")


def test_a_token_is_shown_once_and_revoked(scene: Scene, open_context: Callable[..., BrowserContext]) -> None:
    assessor = enter(open_context(), scene.site, "en", scene.assessor)
    assessor.go("/account/tokens")
    assessor.fill(label="ERP interface")
    assessor.page.check("[name=whole]")
    assessor.click("token.make")
    secret = assessor.page.locator(".token code").inner_text()
    asked = assessor.page.request.get(f"{scene.site.address}/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert asked.status == 200
    assessor.go("/account/tokens")
    assert secret not in assessor.page.content()
    assessor.page.locator("#tokens li button").click()
    assessor.sees(assessor.say("done.token-revoked"))
    assert (
        assessor.page.request.get(
            f"{scene.site.address}/api/v1/me", headers={"Authorization": f"Bearer {secret}"}
        ).status
        == 401
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_first_password_is_shown_whole_and_copied(
    language: str, scene: Scene, open_context: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    """The page fits a phone, assistive technology finds no fault in it, and the button copies the password."""
    context = open_context(permissions=["clipboard-read", "clipboard-write"])
    context.add_init_script(path=AXE)
    office = enter(context, scene.site, language, scene.office)
    office.go(f"/factories/{scene.factory_id}")
    office.page.locator("summary", has_text=office.say("factory.add-person")).click()
    office.fill(name="Salem Al Dhaheri", email=f"salem-{language}@gulf-foods.example")
    office.click("factory.add-person-do")
    password = office.page.locator(".token code").inner_text()
    office.sees(f"salem-{language}@gulf-foods.example")
    button = office.page.locator("[data-copy]")
    expect(button).to_have_text(office.say("secret.copy"))
    button.click()
    expect(button).to_have_text(office.say("secret.copied"))
    assert office.page.evaluate("navigator.clipboard.readText()") == password
    assert not faults(office.page)
    assert not overflows(office.page)
    shoot(office.page, f"office_first-password-{language}")
    office.click("handed.done.factory")
    assert password not in office.page.content()
