"""A new assessment starts from an earlier one in a browser: preview, confirmation, marks, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import Session, select

from itti.accounts.tables import User
from itti.acts import Act
from itti.assessments import service
from itti.assessments.schemas import AnswerGiven, PlanInput
from itti.assessments.tables import Phase
from itti.certificates.office import Office
from questionnaires import load
from tests.browser.faults import AXE, faults
from tests.browser.scene import Scene
from tests.browser.steps import Visitor, enter

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
REASON = "Work orders are planned from run hours in the maintenance system. Seen on lines 1 and 3."


@dataclass
class Begun:
    """A new assessment in its assessor's hands, with an earlier one behind it."""

    scene: Scene
    id: UUID
    source: UUID
    answered: str
    """A question that is answered already."""

    @property
    def preview(self) -> str:
        """Address of the preview."""
        return f"/assessments/{self.id}/carry-over/{self.source}"


def begin(scene: Scene) -> Begun:
    """An assessment on 1.0.0 that has ended, and a new one on 2.0.0 with one answer."""

    def work(session: Session) -> Begun:
        people = {user.email: user for user in session.exec(select(User)).all()}
        office, assessor = people[scene.office], people[scene.assessor]
        assert scene.factory_id is not None

        def plan(version: str) -> UUID:
            planned = PlanInput(
                factory_id=scene.factory_id,
                family="itti",
                version=version,
                assessor_id=assessor.id,
                planned_for=date(2026, 11, 20),
            )
            one = service.plan(session, Act(actor=office), planned)
            service.move(session, Act(actor=assessor), one.id, "start", office=Office(scene.site.settings))
            return one.id

        def answer(identifier: UUID, question: str, level: int) -> None:
            given = AnswerGiven(level=level, reason=REASON)
            service.save(session, Act(actor=assessor), identifier, question, Phase.ASSESSED, given, expected=None)

        old = plan("1.0.0")
        for place, question in enumerate(load("itti", "1.0.0").questions):
            answer(old, question.id, place % 6)
        service.move(session, Act(actor=office), old, "withdraw", office=Office(scene.site.settings), note="Postponed.")
        new = plan("2.0.0")
        first = load("itti", "2.0.0").questions[0].id
        answer(new, first, 5)
        return Begun(scene, new, old, first)

    return scene.site.write(work)


@pytest.fixture(scope="module")
def begun(scene: Scene) -> Begun:
    """One for the tests that only look."""
    return begin(scene)


def check(page: Page, width: int) -> None:
    """No fault for assistive technology, and nothing wider than the screen."""
    page.wait_for_function("window.axe !== undefined")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [390, 1360])
def test_pages_in_both_languages_and_on_a_phone(
    language: str,
    width: int,
    begun: Begun,
    open_context: Callable[..., BrowserContext],
    shoot: Callable[[Page, str], None],
) -> None:
    context = open_context(viewport={"width": width, "height": 844})
    assessor = enter(context, begun.scene.site, language, begun.scene.assessor)
    context.add_init_script(path=AXE)
    base = f"/assessments/{begun.id}"
    for name, path in {"overview": base, "choose": f"{base}/carry-over", "preview": begun.preview}.items():
        assert assessor.go(path).status == 200
        check(assessor.page, width)
        shoot(assessor.page, f"carry-{name}-{language}-{width}")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_whole_way(
    language: str, scene: Scene, open_context: Callable[..., BrowserContext], shoot: Callable[[Page, str], None]
) -> None:
    begun = begin(scene)
    context = open_context(viewport=PHONE)
    assessor = enter(context, scene.site, language, scene.assessor)
    context.add_init_script(path=AXE)
    assessor.go(f"/assessments/{begun.id}")
    assessor.click("carry.see")
    assessor.page.locator(f"a[href$='{begun.source}']").click()
    expect(assessor.page.locator(f"[name='take-{begun.answered}'][value='keep']")).to_be_checked()
    assessor.click("carry.do-chosen")
    assessor.sees(assessor.say("done.carried-over"))
    shoot(assessor.page, f"carry-done-{language}")
    assessor.click("assessment.looks-open")
    looks(assessor, begun, shoot)


def looks(assessor: Visitor, begun: Begun, shoot: Callable[[Page, str], None]) -> None:
    """Marks go by a look, and by a change that the script saves."""
    page, language = assessor.page, assessor.language
    marks = page.locator("[data-look]:visible")
    check(page, PHONE["width"])
    shoot(page, f"carry-form-{language}")
    before, left = marks.count(), int(page.locator("[data-looks-left]").inner_text())
    assert before >= 1
    marks.first.get_by_role("button", name=re.compile(re.escape(assessor.say("look.do")))).click()
    page.wait_for_load_state()
    expect(page.locator("[data-looks-left]")).to_have_text(str(left - 1))
    mark = page.locator("[data-look]:visible").first
    question = mark.locator("xpath=ancestor::*[@data-ask]").get_attribute("data-ask")
    ask = page.locator(f"[data-ask='{question}']")
    ask.locator("textarea[form='answer']").fill("Seen again today.")
    expect(ask.locator("[data-look]")).to_be_hidden()
    expect(page.locator("[data-looks-left]")).to_have_text(str(left - 2))
    assessor.go(f"/assessments/{begun.id}/submit")
    assessor.sees(assessor.say("submit.unlooked-text"))
    check(page, PHONE["width"])
    shoot(page, f"carry-submit-{language}")
