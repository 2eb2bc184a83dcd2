"""Nothing typed into the assessment form is lost: lost connections, two tabs, ended sessions, no script at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from itti.assessments import service
from itti.assessments.tables import Answer, Phase
from tests.browser.scene import Scene
from tests.browser.steps import Visitor, enter

pytestmark = pytest.mark.browser

Open = Callable[..., BrowserContext]


def stored(scene: Scene, question: str) -> Answer | None:
    """The assessor's answer as the database has it."""
    with scene.site.database.reading() as session:
        return service.answers_of(session, scene.assessments["assessment"], Phase.ASSESSED).get(question)


def open_question(scene: Scene, context: BrowserContext, question: str, language: str = "en") -> Visitor:
    """The assessor at the form of a question."""
    assessor = enter(context, scene.site, language, scene.assessor)
    assessor.go(path(scene, question))
    return assessor


def path(scene: Scene, question: str) -> str:
    return f"/assessments/{scene.assessments['assessment']}/answers/{question}"


def state(page: Page) -> str | None:
    return page.locator(".saving").get_attribute("data-state")


def test_every_change_is_saved_and_said(scene: Scene, open_context: Open) -> None:
    assessor = open_question(scene, open_context(), "production-intelligence")
    page = assessor.page
    before = page.locator("[data-index]").inner_text()
    page.check("input[value='5']")
    assessor.saved()
    expect(page.locator("[data-answered]")).to_have_text("10")
    expect(page.locator("[data-index]")).not_to_have_text(before)
    expect(page.locator(".dot[aria-current]")).to_have_class("dot done")
    page.fill("#reason", "Counts come from the line.")
    assessor.saved()
    expect(page.locator("[data-words]")).to_contain_text("Saved at")
    page.reload()
    expect(page.locator("input[value='5']")).to_be_checked()
    expect(page.locator("#reason")).to_have_value("Counts come from the line.")
    answer = stored(scene, "production-intelligence")
    assert answer is not None
    assert (answer.level, answer.reason) == (5, "Counts come from the line.")


def test_the_keyboard_picks_a_level(scene: Scene, open_context: Open) -> None:
    assessor = open_question(scene, open_context(), "warehouse-logistics")
    page = assessor.page
    page.focus("input[value='0']")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.locator("input[value='3']")).to_be_checked()
    assessor.saved()
    page.keyboard.press("Tab")
    page.keyboard.type("Racks are coded.")
    expect(page.locator("#reason")).to_have_value("Racks are coded.")
    assessor.saved()
    focused = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
    assert focused <= page.locator(".dock").evaluate("dock => dock.getBoundingClientRect().top")


def test_a_lost_connection_is_said_and_made_good(scene: Scene, open_context: Open) -> None:
    context = open_context()
    assessor = open_question(scene, context, "enterprise-systems")
    page = assessor.page
    context.set_offline(offline=True)
    page.check("input[value='4']")
    page.fill("#reason", "Orders flow without typing.")
    expect(page.locator(".saving")).to_have_attribute("data-state", "failed")
    assert stored(scene, "enterprise-systems") is None
    context.set_offline(offline=False)
    assessor.saved()
    answer = stored(scene, "enterprise-systems")
    assert answer is not None
    assert (answer.level, answer.reason) == (4, "Orders flow without typing.")


def test_a_closed_window_offline_loses_nothing(scene: Scene, open_context: Open) -> None:
    context = open_context()
    page = open_question(scene, context, "cyber-security").page
    context.set_offline(offline=True)
    page.check("input[value='2']")
    page.fill("#reason", "كلمات المرور تُغيَّر كل ثلاثة أشهر.")
    expect(page.locator(".saving")).to_have_attribute("data-state", "failed")
    page.close()
    assert stored(scene, "cyber-security") is None
    context.set_offline(offline=False)
    again = Visitor(context.new_page(), scene.site, "en")
    again.go(path(scene, "cyber-security"))
    expect(again.page.locator("input[value='2']")).to_be_checked()
    expect(again.page.locator("#reason")).to_have_value("كلمات المرور تُغيَّر كل ثلاثة أشهر.")
    again.saved()
    answer = stored(scene, "cyber-security")
    assert answer is not None
    assert answer.level == 2


def test_what_is_left_of_another_dimension_is_sent(scene: Scene, open_context: Open) -> None:
    context = open_context()
    page = open_question(scene, context, "energy-management").page
    context.set_offline(offline=True)
    page.check("input[value='3']")
    expect(page.locator(".saving")).to_have_attribute("data-state", "failed")
    page.close()
    context.set_offline(offline=False)
    other = Visitor(context.new_page(), scene.site, "en")
    with other.page.expect_response(lambda response: response.request.method == "PUT"):
        other.go(path(scene, "emissions"))
    answer = stored(scene, "energy-management")
    assert answer is not None
    assert answer.level == 3


@pytest.mark.parametrize(("choice", "level"), [("conflict.keep-mine", 4), ("conflict.take-theirs", 1)])
def test_two_tabs_are_asked_which_one_counts(scene: Scene, open_context: Open, choice: str, level: int) -> None:
    question = "quality" if level == 4 else "maintenance"
    context = open_context()
    mine = open_question(scene, context, question)
    theirs = Visitor(context.new_page(), scene.site, "en")
    theirs.go(path(scene, question))
    theirs.page.check("input[type=radio][value='1']")
    theirs.page.fill("#reason", "From the other tab.")
    theirs.saved()
    mine.page.check("input[value='4']")
    panel = mine.page.locator("section[data-conflict]")
    expect(panel).to_be_visible()
    expect(panel.locator("[data-mine-level]")).to_contain_text("4 ·")
    expect(panel.locator("[data-theirs-level]")).to_contain_text("1 ·")
    expect(panel.locator("[data-theirs-reason]")).to_have_text("From the other tab.")
    mine.click(choice)
    mine.saved()
    expect(panel).to_be_hidden()
    expect(mine.page.locator(f"input[type=radio][value='{level}']")).to_be_checked()
    answer = stored(scene, question)
    assert answer is not None
    assert answer.level == level


def test_an_ended_session_keeps_the_text(scene: Scene, open_context: Open) -> None:
    context = open_context()
    assessor = open_question(scene, context, "resources-circularity")
    context.clear_cookies()
    assessor.page.check("input[type=radio][value='1']")
    expect(assessor.page.locator("[data-words]")).to_have_text(assessor.say("saving.signed-out"))
    other = Visitor(context.new_page(), scene.site, "en")
    other.sign_in(scene.assessor)
    assessor.page.locator("[data-retry]").click()
    assessor.saved()
    answer = stored(scene, "resources-circularity")
    assert answer is not None
    assert answer.level == 1


def test_does_not_apply_asks_for_its_reason(scene: Scene, open_context: Open) -> None:
    assessor = open_question(scene, open_context(), "supplier-integration", "ar")
    before = stored(scene, "supplier-integration")
    assert before is not None
    assessor.page.fill("#reason", "")
    assessor.saved()
    assessor.page.check("input[value='na']")
    expect(assessor.page.locator(".saving")).to_have_attribute("data-state", "reason")
    expect(assessor.page.locator("label[for='reason']")).to_contain_text(assessor.say("answer.reason-na"))
    assessor.page.fill("#reason", "مصنع يعمل بالتعاقد ولا يشتري المواد بنفسه.")
    assessor.saved()
    answer = stored(scene, "supplier-integration")
    assert answer is not None
    assert answer.not_applicable


def test_without_script_the_form_posts(scene: Scene, open_context: Open) -> None:
    context = open_context(java_script_enabled=False)
    assessor = open_question(scene, context, "environmental-governance")
    page = assessor.page
    other = Visitor(context.new_page(), scene.site, "en")
    other.go(path(scene, "environmental-governance"))
    page.check("input[value='2']")
    page.fill("#reason", "Permits are listed.")
    page.locator(".dock button[name='then']").click()
    page.wait_for_url("**/submit")
    answer = stored(scene, "environmental-governance")
    assert answer is not None
    assert (answer.level, answer.reason) == (2, "Permits are listed.")

    other.page.check("input[value='5']")
    other.page.fill("#reason", "Typed on an old page.")
    other.page.locator(".dock button[name='then']").click()
    other.sees("Permits are listed.")  # what is stored is shown beside what was typed, which is kept
    expect(other.page.locator("#reason")).to_have_value("Typed on an old page.")
    expect(other.page.locator("input[value='5']")).to_be_checked()
    other.page.locator(".dock button[name='then']").click()
    other.page.wait_for_url("**/submit")
    changed = stored(scene, "environmental-governance")
    assert changed is not None
    assert changed.level == 5


def test_a_refused_file_is_said_beside_the_field(scene: Scene, open_context: Open) -> None:
    assessor = open_question(scene, open_context(), "product-design")
    page = assessor.page
    page.set_input_files(
        "#evidence-file", {"name": "tool.exe", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00" * 64}
    )
    expect(page.locator("[data-wrong]")).to_be_visible()
    expect(page.locator("[data-wrong] span")).not_to_be_empty()
    expect(page.locator(".files li")).to_have_count(0)
    page.set_input_files(
        "#evidence-file", {"name": "../../<b>list</b>.txt", "mimeType": "text/plain", "buffer": "قائمة".encode()}
    )
    expect(page.locator(".files li")).to_have_count(1)
    expect(page.locator("[data-wrong]")).to_be_hidden()
    assert ".." not in page.locator(".files a").inner_text()
    page.locator(".files button").click()
    expect(page.locator(".files li")).to_have_count(0)
    page.locator("form.use select").select_option(index=1)  # it stayed with the assessment, and proves again
    page.locator("form.use button").click()
    expect(page.locator(".files li")).to_have_count(1)
    page.locator("details", has=page.locator("[name='seen_on']")).locator("summary").click()
    page.fill("[name='text']", "The press is oiled weekly, says the shift lead.")
    page.locator("form[action$='/notes'] button").click()
    expect(page.locator(".files li")).to_have_count(2)
    expect(page.locator(".files")).to_contain_text("oiled weekly")
    expect(page.locator("[name='text']")).to_be_hidden()
    expect(page.locator("input[capture]")).to_have_count(1)
    expect(page.locator(".touch-only")).to_be_hidden()  # a desktop has no camera at hand
