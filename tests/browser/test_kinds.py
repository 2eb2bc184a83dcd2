"""The form with every kind of question: each answer saved by itself, what it changes elsewhere, and no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlmodel import Session, select

from itti.accounts.tables import User
from itti.accreditation import granting
from itti.accreditation import service as accreditation
from itti.accreditation.schemas import AccreditationInput, AssessorInput, BodyInput
from itti.acts import Act
from itti.assessments import service
from itti.assessments.schemas import AnswerGiven, PlanInput
from itti.assessments.tables import Answer, Phase
from itti.certificates.office import Office
from itti.factories import service as factories
from itti.factories.schemas import FactoryInput
from itti.factories.tables import Sector
from tests.browser.faults import AXE, faults, overflows
from tests.browser.site import OFFICE, PASSWORD, PLAIN, Site, serve
from tests.browser.steps import Visitor, enter
from tests.itti.shelf import EVERY_WORD, every_word

pytestmark = pytest.mark.browser

ASSESSOR: Final = "omar@gia.example"
Open = Callable[..., BrowserContext]


@dataclass(frozen=True)
class Stand:
    """A running site with assessments of the questionnaire that asks every kind of question."""

    site: Site
    assessor: UUID
    factory: UUID

    def started(self) -> UUID:
        """A fresh assessment in the assessor's hands."""

        def run(session: Session) -> UUID:
            office = session.exec(select(User).where(User.email == OFFICE)).one()
            plan = PlanInput(
                factory_id=self.factory,
                family=EVERY_WORD,
                assessor_id=self.assessor,
                planned_for=Act(actor=office).today,
            )
            one = service.plan(session, Act(actor=office), plan)
            act = Act(actor=session.get(User, self.assessor))
            service.move(session, act, one.id, "start", office=Office(self.site.settings))
            return one.id

        return self.site.write(run)

    def save(self, assessment: UUID, question: str, **given: Any) -> None:
        """Save an answer beside the page."""

        def run(session: Session) -> None:
            act = Act(actor=session.get(User, self.assessor))
            answer = AnswerGiven.model_validate({"level": None, "reason": "Seen.", **given})
            service.save(session, act, assessment, question, Phase.ASSESSED, answer, expected=None)

        self.site.write(run)

    def stored(self, assessment: UUID, question: str) -> Answer | None:
        """The answer as the database has it."""
        with self.site.database.reading() as session:
            return service.answers_of(session, assessment, Phase.ASSESSED).get(question)

    def given(self, assessment: UUID, question: str) -> dict[str, Any] | None:
        """What was answered."""
        answer = self.stored(assessment, question)
        return None if answer is None else answer.given


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """The site, with an assessor and a factory."""
    folder: Path = tmp_path_factory.mktemp("kinds")
    with every_word(folder), serve(folder / "site", **PLAIN) as site:
        yield site.write(lambda session: _furnish(session, site))


def _furnish(session: Session, site: Site) -> Stand:
    act = Act(actor=session.exec(select(User).where(User.email == OFFICE)).one())
    body = accreditation.register_body(session, act, BodyInput(name="Gulf Assessors", registration="X-1"))
    person = AssessorInput(body_id=body.id, email=ASSESSOR, name="Omar Haddad", password=PASSWORD)
    omar = accreditation.register_assessor(session, act, site.settings, person).user
    until = act.today + timedelta(days=300)
    permission = AccreditationInput(family=EVERY_WORD, valid_from=act.today, valid_until=until)
    granting.accredit_body(session, act, body.id, permission)
    granting.accredit(session, act, omar.id, permission)
    factory = factories.register_factory(
        session,
        act,
        FactoryInput(name="Gulf Foods", licence="IL-1", sector=Sector.FOOD, region="Abu Dhabi", employees=80),
    )
    return Stand(site, omar.id, factory.id)


def at(stand: Stand, context: BrowserContext, assessment: UUID, leaf: str, language: str = "en") -> Visitor:
    """The assessor at a leaf of the form."""
    assessor = enter(context, stand.site, language, ASSESSOR)
    assessor.go(f"/assessments/{assessment}/answers/{leaf}")
    return assessor


def saving(page: Page, question: str) -> Locator:
    """Where the page says how the answer to a question stands."""
    return page.locator(f"[data-saving-of='{question}'] .saving")


def saved(page: Page, question: str) -> None:
    """Wait until the server has the answer to a question."""
    expect(saving(page, question)).to_have_attribute("data-state", "saved")


def settled(page: Page) -> None:
    """Wait until nothing is on its way to the server."""
    expect(page.locator("[data-state='waiting'], [data-state='saving']")).to_have_count(0)


def test_each_question_of_a_page_is_saved_by_itself(stand: Stand, open_context: Open) -> None:
    one = stand.started()
    page = at(stand, open_context(), one, "section.facts").page
    page.check("input[name='choice:sector'][value='dairy']")
    saved(page, "sector")
    page.fill("#number-electricity", "1,200.5")
    saved(page, "electricity")
    expect(saving(page, "output")).to_have_attribute("data-state", "idle")
    page.fill("#reason-electricity", "Bills of all months.")
    expect(page.locator("[data-answered]")).to_have_text("2")
    settled(page)
    assert stand.given(one, "sector") == {"choice": "dairy"}
    electricity = stand.stored(one, "electricity")
    assert electricity is not None
    assert (electricity.given, electricity.reason) == ({"number": "1200.5"}, "Bills of all months.")
    assert stand.stored(one, "output") is None


@pytest.mark.parametrize(
    ("typed", "number"), [("١٬٢٠٠٫٥", "1200.5"), ("١٢٠٠٫٥٠", "1200.5"), ("1 200", "1200"), ("0.125", "0.125")]
)
def test_numbers_are_read_in_any_digits(stand: Stand, open_context: Open, typed: str, number: str) -> None:
    one = stand.started()
    page = at(stand, open_context(), one, "section.facts", "ar").page
    page.fill("#number-electricity", typed)
    saved(page, "electricity")
    assert stand.given(one, "electricity") == {"number": number}


def test_a_number_that_cannot_be_read_is_refused_in_words(stand: Stand, open_context: Open) -> None:
    one = stand.started()
    assessor = at(stand, open_context(), one, "section.facts")
    assessor.page.fill("#number-electricity", "1,5")
    expect(saving(assessor.page, "electricity")).to_have_attribute("data-state", "refused")
    expect(saving(assessor.page, "electricity")).to_contain_text("full stop")
    assert stand.stored(one, "electricity") is None
    assessor.page.fill("#number-electricity", "1.5")
    saved(assessor.page, "electricity")


@pytest.mark.parametrize(
    ("language", "limit", "day"),
    [("en", "1 January 2000", "29 February 2024"), ("ar", "1 يناير 2000", "29 فبراير 2024")],
)
def test_dates_are_picked_and_their_limits_told(
    stand: Stand, open_context: Open, language: str, limit: str, day: str
) -> None:
    one = stand.started()
    page = at(stand, open_context(), one, "section.facts", language).page
    expect(page.locator("#date-permit-issued-hint")).to_contain_text(limit)
    page.fill("#date-permit-issued", "2024-02-29")
    saved(page, "permit-issued")
    assert stand.given(one, "permit-issued") == {"date": "2024-02-29"}
    written = page.locator(".measured:has(#date-permit-issued) [data-day]")
    expect(written).to_have_text(day)
    page.reload()
    expect(written).to_have_text(day)
    page.fill("#date-permit-issued", "1999-12-31")
    expect(saving(page, "permit-issued")).to_have_attribute("data-state", "refused")
    assert stand.given(one, "permit-issued") == {"date": "2024-02-29"}


def test_dates_may_be_typed_where_a_browser_has_no_field_for_them(stand: Stand, open_context: Open) -> None:
    one = stand.started()
    page = at(stand, open_context(), one, "section.facts", "ar").page
    field = page.locator("#date-permit-until")
    field.evaluate("field => { field.type = 'text'; }")
    field.fill("٢٠٢٩/٢/٢٨")
    saved(page, "permit-until")
    assert stand.given(one, "permit-until") == {"date": "2029-02-28"}


def test_an_option_that_stands_alone_clears_the_others(stand: Stand, open_context: Open) -> None:
    one = stand.started()
    page = at(stand, open_context(), one, "certificates").page
    page.check("[data-value='quality']")
    page.check("[data-value='environment']")
    saved(page, "certificates")
    settled(page)
    assert stand.given(one, "certificates") == {"choices": ["quality", "environment"]}
    page.check("[data-value='none-of-these']")
    expect(page.locator("[data-value='quality']")).not_to_be_checked()
    saved(page, "certificates")
    page.reload()
    expect(page.locator("input[form='answer']:checked")).to_have_count(1)
    assert stand.given(one, "certificates") == {"choices": ["none-of-these"]}


def test_a_grid_waits_for_all_its_rows(stand: Stand, open_context: Open) -> None:
    one = stand.started()
    page = at(stand, open_context(), one, "records").page
    page.check("input[data-row='purchasing'][value='digital']")
    expect(saving(page, "records")).to_have_attribute("data-state", "rows")
    assert stand.stored(one, "records") is None
    page.check("input[data-row='production'][value='mixed']")
    saved(page, "records")
    assert stand.given(one, "records") == {"grid": {"purchasing": "digital", "production": "mixed"}}
    page.reload()
    expect(page.locator("input[data-row='production'][value='mixed']")).to_be_checked()


def test_yes_no_and_does_not_apply(stand: Stand, open_context: Open) -> None:
    one = stand.started()
    page = at(stand, open_context(), one, "people").page
    page.check("input[name='yes:safety-officer'][value='no']")
    saved(page, "safety-officer")
    assert stand.given(one, "safety-officer") == {"yes": False}
    page.fill("#number-training", "8")
    saved(page, "training")
    page.check("input[name='na:training']")
    expect(page.locator("#number-training")).to_have_value("")
    expect(saving(page, "training")).to_have_attribute("data-state", "reason")
    page.fill("#reason-training", "Contractors come trained.")
    saved(page, "training")
    settled(page)
    assert stand.given(one, "training") == {"not_applicable": True}


def test_computed_numbers_are_shown_and_never_asked(stand: Stand, open_context: Open) -> None:
    one = stand.started()
    stand.save(one, "sector", choice="dairy")
    stand.save(one, "electricity", number="1200.5")
    page = at(stand, open_context(), one, "intensity").page
    expect(page.locator("[data-computed]")).to_have_text("–")
    stand.save(one, "output", number="12005")
    page.reload()
    expect(page.locator("[data-computed]")).to_have_text("100 kWh / t")
    expect(page.locator("#content fieldset.levels, #content textarea[form='answer']")).to_have_count(0)


def test_conditions_show_and_hide_and_keep_the_answer(stand: Stand, open_context: Open) -> None:
    one = stand.started()
    stand.save(one, "sector", choice="dairy")
    context = open_context()
    assessor = at(stand, context, one, "waste-water")
    page = assessor.page
    page.check("input[value='2']")
    saved(page, "waste-water")
    total = page.locator("[data-total]").inner_text()
    assessor.go(f"/assessments/{one}/answers/section.facts")
    page.check("input[name='choice:sector'][value='cement']")
    saved(page, "sector")
    expect(page.locator("[data-total]")).not_to_have_text(total)
    expect(page.locator(".dot[data-leaf='waste-water']")).to_have_class("dot off")
    assessor.go(f"/assessments/{one}/answers/waste-water")
    expect(page.locator("fieldset.levels")).to_be_hidden()
    assessor.sees(assessor.say("answer.disregarded"))
    assert stand.given(one, "waste-water") == {"level": 2}


def test_two_tabs_are_asked_which_number_counts(stand: Stand, open_context: Open) -> None:
    one = stand.started()
    context = open_context()
    mine = at(stand, context, one, "section.facts")
    theirs = Visitor(context.new_page(), stand.site, "en")
    theirs.go(f"/assessments/{one}/answers/section.facts")
    theirs.page.fill("#number-output", "7")
    saved(theirs.page, "output")
    mine.page.fill("#number-output", "8")
    panel = mine.page.locator("#output section[data-conflict]")
    expect(panel).to_be_visible()
    expect(panel.locator("[data-mine-level]")).to_have_text("8 t")
    expect(panel.locator("[data-theirs-level]")).to_have_text("7 t")
    panel.locator("[data-keep-mine]").click()
    saved(mine.page, "output")
    assert stand.given(one, "output") == {"number": "8"}


def test_without_script_a_page_posts_all_its_answers(stand: Stand, open_context: Open) -> None:
    one = stand.started()
    page = at(stand, open_context(java_script_enabled=False), one, "section.facts", "ar").page
    page.check("input[name='choice:sector'][value='cement']")
    page.fill("#number-electricity", "١٬٢٠٠٫٥")
    page.fill("#reason-electricity", "فواتير السنة.")
    page.fill("#number-output", "0")
    page.locator(".dock button[name='then']").click()
    expect(page.locator("#output .note.bad")).to_be_visible()
    expect(page.locator("#number-output")).to_have_value("0")
    assert stand.given(one, "sector") == {"choice": "cement"}
    assert stand.given(one, "electricity") == {"number": "1200.5"}
    assert stand.stored(one, "output") is None
    page.fill("#number-output", "12")
    page.locator(".dock button[name='then']").click()
    page.wait_for_url("**/answers/upkeep")
    assert stand.given(one, "output") == {"number": "12"}
    sector = stand.stored(one, "sector")
    assert sector is not None
    assert sector.version == 1, "an answer that stays as it is is left alone"


def test_without_script_every_kind_posts(stand: Stand, open_context: Open) -> None:
    one = stand.started()
    assessor = at(stand, open_context(java_script_enabled=False), one, "certificates")
    page = assessor.page
    page.check("[data-value='quality']")
    page.check("[data-value='environment']")
    page.locator(".dock button[name='then']").click()
    assessor.go(f"/assessments/{one}/answers/records")
    page.check("input[data-row='purchasing'][value='digital']")
    page.locator(".dock button[name='then']").click()
    expect(page.locator(".note.bad")).to_be_visible()
    expect(page.locator("input[data-row='purchasing'][value='digital']")).to_be_checked()
    page.check("input[data-row='production'][value='paper']")
    page.locator(".dock button[name='then']").click()
    page.wait_for_url("**/answers/people")
    page.check("input[name='yes:safety-officer'][value='yes']")
    page.check("input[name='na:training']")
    page.fill("#reason-training", "All come trained.")
    page.locator(".dock button[name='then']").click()
    page.wait_for_url("**/answers/intensity")
    assert stand.given(one, "certificates") == {"choices": ["quality", "environment"]}
    assert stand.given(one, "records") == {"grid": {"purchasing": "digital", "production": "paper"}}
    assert stand.given(one, "safety-officer") == {"yes": True}
    assert stand.given(one, "training") == {"not_applicable": True}


def test_evidence_belongs_to_its_question(stand: Stand, open_context: Open) -> None:
    one = stand.started()
    page = at(stand, open_context(), one, "upkeep").page
    page.check("input[name='level:maintenance'][value='3']")
    saved(page, "maintenance")
    expect(page.locator("#maintenance [data-unproven]")).to_be_visible()
    plan = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"Bearings, weekly."}
    page.set_input_files("#evidence-file-maintenance", plan)  # type: ignore[arg-type]
    expect(page.locator("#maintenance .files a")).to_have_text("plan.txt")
    expect(page.locator("#maintenance [data-unproven]")).to_be_hidden()
    expect(page.locator("#scrap .files a")).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_are_open_to_everybody(
    stand: Stand, open_context: Open, language: str, shoot: Callable[[Page, str], None]
) -> None:
    one = stand.started()
    answered: dict[str, dict[str, Any]] = {
        "sector": {"choice": "cement"},
        "maintenance": {"level": 3},
        "records": {"grid": {"purchasing": "digital", "production": "mixed"}},
        "safety-officer": {"yes": False},
        "electricity": {"number": "1200.5"},
        "output": {"number": "12005"},
    }
    for question, given in answered.items():
        stand.save(one, question, **given)
    context = open_context()
    assessor = enter(context, stand.site, language, ASSESSOR)
    context.add_init_script(path=AXE)
    found: list[str] = []
    answers = [f"answers/{leaf}" for leaf in ("section.facts", "upkeep", "records", "people", "certificates")]
    pages = [f"/assessments/{one}/{name}" for name in (*answers, "answers/waste-water", "answers/intensity")]
    pages += [f"/assessments/{one}/{name}" for name in ("submit", "review", "scorecard")]
    pages += [f"/questionnaires/{EVERY_WORD}/1.0.0"]
    for path in pages:
        assert assessor.go(path).status == 200, path
        found += [f"{path}: {fault}" for fault in (*faults(assessor.page), *overflows(assessor.page))]
        shoot(assessor.page, f"kinds{path.rpartition('/')[0].rpartition('/')[2]}-{path.rpartition('/')[2]}-{language}")
    assert not found, "\n".join(found)
