"""A list in the form: named by keyboard alone, each name saved by itself, its questions on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import Session, select

from itti.accounts.tables import User
from itti.accreditation import granting
from itti.accreditation import service as accreditation
from itti.accreditation.schemas import AccreditationInput, AssessorInput, BodyInput
from itti.acts import Act
from itti.assessments import service
from itti.assessments.schemas import PlanInput
from itti.certificates.office import Office
from itti.factories import service as factories
from itti.factories.schemas import FactoryInput
from itti.factories.tables import Sector
from tests.browser.faults import AXE, faults, overflows
from tests.browser.site import OFFICE, PASSWORD, PLAIN, Site, serve
from tests.browser.steps import enter
from tests.itti import lines

pytestmark = pytest.mark.browser

ASSESSOR = "omar@gia.example"
Open = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, UUID]]:
    """The site, and an assessment in the assessor's hands."""
    folder: Path = tmp_path_factory.mktemp("lists")
    with lines.published(), serve(folder / "site", **PLAIN) as site:
        yield site, site.write(lambda session: _furnish(session, site))


def _furnish(session: Session, site: Site) -> UUID:
    act = Act(actor=session.exec(select(User).where(User.email == OFFICE)).one())
    body = accreditation.register_body(session, act, BodyInput(name="Gulf Assessors", registration="X-1"))
    person = AssessorInput(body_id=body.id, email=ASSESSOR, name="Omar Haddad", password=PASSWORD)
    omar = accreditation.register_assessor(session, act, site.settings, person).user
    until = act.today + timedelta(days=300)
    permission = AccreditationInput(family=lines.FAMILY, valid_from=act.today, valid_until=until)
    granting.accredit_body(session, act, body.id, permission)
    granting.accredit(session, act, omar.id, permission)
    facts = FactoryInput(name="Gulf Foods", licence="IL-1", sector=Sector.FOOD, region="Abu Dhabi", employees=80)
    factory = factories.register_factory(session, act, facts)
    wanted = PlanInput(factory_id=factory.id, family=lines.FAMILY, assessor_id=omar.id, planned_for=act.today)
    one = service.plan(session, act, wanted)
    service.move(session, Act(actor=omar), one.id, "start", office=Office(site.settings))
    return one.id


def saved(page: Page, question: str) -> None:
    """Wait until the server has the answer to a question."""
    expect(page.locator(f"[data-saving-of='{question}'] .saving")).to_have_attribute("data-state", "saved")


def names(page: Page) -> list[str]:
    """The names in the fields of the list, that for one more too."""
    return [field.input_value() for field in page.locator("[data-item]").all()]


def test_a_list_is_named_answered_and_shortened_by_keyboard(stand: tuple[Site, UUID], open_context: Open) -> None:
    site, one = stand
    page = enter(open_context(), site, "en", ASSESSOR).page
    leaf = f"{site.address}/assessments/{one}/answers"
    page.goto(f"{leaf}/section.facts")
    page.focus("#more-lines")
    for name, count in (("Extrusion 1", 2), ("خط الحليب", 3)):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.locator("[data-item]")).to_have_count(count)
        expect(page.locator("#more-lines")).to_be_focused()
        expect(page.locator("#more-lines")).to_have_value("")
    page.fill("[data-item='item-1']", "")
    expect(page.locator("[data-saving-of='lines']")).to_contain_text("A name is empty")
    page.fill("[data-item='item-1']", "Extrusion A")
    page.fill("#more-lines", "Packing")
    saved(page, "lines")
    page.click(".dock-go button.primary")
    page.wait_for_url("**/answers/lines.item-1")
    expect(page.locator("h1")).to_have_text("Extrusion A")
    page.fill("[name='number:lines.item-1.output']", "120")
    page.fill("[name='number:lines.item-1.rejects']", "130")
    saved(page, "lines.item-1.rejects")
    expect(page.locator("[data-contradiction]").first).to_be_visible()
    page.goto(f"{leaf}/section.facts")
    assert names(page) == ["Extrusion A", "خط الحليب", "Packing", ""]
    page.locator("a[href$='/items/item-1/removal']").press("Enter")
    page.wait_for_url("**/removal")
    expect(page.locator("#content")).to_contain_text("2 answers")
    page.locator("button.danger").press("Enter")
    page.wait_for_url("**/answers/section.facts")
    assert names(page) == ["خط الحليب", "Packing", ""]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_list_fits_a_phone_and_everybody_can_use_it(
    stand: tuple[Site, UUID], open_context: Open, language: str
) -> None:
    site, one = stand
    context = open_context()
    context.add_init_script(path=AXE)
    page = enter(context, site, language, ASSESSOR).page
    page.goto(f"{site.address}/assessments/{one}/answers/section.facts")
    page.fill("#more-lines", f"Boilers {language}")
    saved(page, "lines")
    assert [*faults(page), *overflows(page)] == []
