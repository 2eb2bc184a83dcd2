"""The whole way in a browser, in both languages: from a sign-in to a certificate that a stranger verifies."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import Session, col, select

from itti.accounts.tables import SignIn, User
from itti.accreditation import granting
from itti.accreditation import service as accreditation
from itti.accreditation.schemas import AccreditationInput, AssessorInput, BodyInput
from itti.acts import Act
from itti.certificates.tables import Certificate
from tests.browser.site import OFFICE, PASSWORD, Site
from tests.browser.steps import Visitor, visit

pytestmark = pytest.mark.browser

Shoot = Callable[[Page, str], None]

_DROP = """([data, name]) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const carried = new DataTransfer();
    carried.items.add(new File([bytes], name, { type: "application/pdf" }));
    document.querySelector("[data-drop]").dispatchEvent(
        new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


_ANSWER_REST = """async (reason) => {
    const open = [...document.querySelectorAll(".dot.open")].slice(0, -1);
    return Promise.all(open.map(async (dot, place) => (await fetch(dot.href, {
        method: "PUT",
        headers: { "Content-Type": "application/json", Accept: "application/json", "If-None-Match": "*" },
        body: JSON.stringify({ level: place % 6, not_applicable: false, reason }),
    })).status));
}"""
"""Answers all open questions of the map but the last, as the form's script sends them."""

_REASON = "Seen on two lines with the shift leader. شوهد في صالة الإنتاج."

_NOTE_BUSY = """() => document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    sessionStorage.setItem("sent", Number(sessionStorage.getItem("sent") ?? 0) + 1);
    sessionStorage.setItem("busy", String(!document.querySelector("[data-busy]").hidden));
})"""
"""Counts how often a form is really sent, and notes whether the page says that it works."""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_whole_way(
    language: str, site: Site, open_context: Callable[..., BrowserContext], shoot: Shoot, tmp_path: Path
) -> None:
    office = visit(open_context(), site, language)
    office.sign_in(OFFICE)
    people = register(office, language)
    shoot(office.page, f"way-office-{language}")
    assessment = plan(office, language)

    factory = visit(open_context(), site, language)
    factory.sign_in(*people["factory"])
    self_assess(factory, assessment)
    shoot(factory.page, f"way-factory-{language}")

    assessor = visit(open_context(), site, language)
    assessor.sign_in(*people["assessor"])
    assess(assessor, assessment, tmp_path, shoot, language)

    reviewer = visit(open_context(), site, language)
    reviewer.sign_in(*people["reviewer"])
    use_a_passkey(reviewer, shoot, language)
    if language == "en":
        refuse_a_tie(visit(open_context(), site, language), assessment)
    send_back(reviewer, assessment)
    answer_remark(assessor, assessment)
    hear(reviewer, factory, assessment, shoot, language)
    leave_open(reviewer, people["reviewer"][0])
    approve(reviewer, assessment, shoot, language)

    files = read_scorecard(factory, assessment, tmp_path, shoot, language)
    stranger = visit(open_context(), site, language)
    verify(stranger, files, shoot, language)
    if language == "en":
        dispute(factory, visit(open_context(), site, language), assessment)
        revoke(office, stranger, shoot)


def register(office: Visitor, language: str) -> dict[str, tuple[str, str]]:
    """Body, assessors and factory; returns e-mail and first password of the people."""
    body = f"Crescent Assessors {language}"
    office.go("/bodies")
    office.click("body.register")
    office.fill(name=body, name_ar="الهلال للتقييم", registration=f"AB-{language}-1")
    office.click("body.do")
    office.sees(office.say("done.body-registered"))
    accredit(office)
    people: dict[str, tuple[str, str]] = {}
    for role, name in (("assessor", "Huda Saleh"), ("reviewer", "Karim Nasser")):
        office.go("/assessors/new")
        office.choose("body_id", "الهلال" if language == "ar" else body)
        email = f"{role}-{language}@crescent.example"
        office.fill(name=f"{name} {language}", email=email)
        office.click("assessor.do")
        office.sees(email)
        people[role] = (email, office.page.locator(".token code").inner_text())
        office.click("handed.done.assessor")
        accredit(office)
    office.go("/factories/new")
    office.fill(name=f"Falaj Dairy {language}", licence=f"IL-{language}-7", region="Al Ain", employees="240")
    office.choose("sector", office.page.locator("select option").nth(1).inner_text())
    office.click("factory.do")
    office.sees(office.say("done.factory-registered"))
    email = f"plant-{language}@falaj.example"
    office.fill(name=f"Salem Al Dhaheri {language}", email=email)
    office.click("factory.add-person-do")
    people["factory"] = (email, office.page.locator(".token code").inner_text())
    office.click("handed.done.factory")
    return people


def accredit(office: Visitor) -> None:
    """Accredit the body or person whose page is open."""
    office.page.select_option("#content select[name='family']", "itti")
    office.fill(
        valid_from=date.today().isoformat(),  # noqa: DTZ011 - what a person types
        valid_until=(date.today() + timedelta(days=365)).isoformat(),  # noqa: DTZ011
    )
    office.click("accreditation.do")
    office.sees(office.say("done.accredited"))


def declare(person: Visitor, assessment: str, tie: str = "none") -> None:
    """Declare what ties one to the factory."""
    person.go(f"{assessment}/declaration")
    person.page.check(f"#content input[name='{tie}']")
    person.click("declaration.do")
    person.sees(person.say("done.declared"))


def plan(office: Visitor, language: str) -> str:
    """Plan the assessment from the factory's page; returns its path."""
    office.click("assessment.plan")
    office.page.select_option("#content select[name='questionnaire']", "itti@1.0.0")
    office.choose("assessor_id", f"Huda Saleh {language}")
    office.fill(planned_for=date.today().isoformat())  # noqa: DTZ011
    office.click("plan.do")
    office.sees(office.say("done.assessment-planned"))
    return urlsplit(office.page.url).path


def self_assess(factory: Visitor, assessment: str) -> None:
    """The factory answers for itself: the first and the last by hand, those between as the form's script sends them."""
    factory.page.locator(".task").first.click()
    factory.click("move.start-self-assessment")
    for place in range(2):
        factory.page.wait_for_url(f"**{assessment}/answers/*")
        expect(factory.page.locator(".dot.done, .dot.off")).to_have_count(place)
        factory.answer(2 + place % 3, "")
    statuses = factory.page.evaluate(_ANSWER_REST, "")
    assert statuses == [200] * 17
    factory.go(f"{assessment}/answers")  # leads to the one that is still open
    name = factory.page.locator("[data-index-name]")
    expect(name).to_have_text(factory.say("standing.index"))
    factory.page.check("input[name='level'][value='2']")
    expect(name).to_have_text(factory.say("standing.own"))
    factory.answer(3, "نقيس ذلك كل شهر.")
    factory.page.wait_for_url("**/submit")
    factory.click("submit.do.self")
    factory.sees(factory.say("done.moved-finish-self-assessment"))


def assess(assessor: Visitor, assessment: str, folder: Path, shoot: Shoot, language: str) -> None:
    """The assessor answers with a reason and a file, and submits.

    The first eight and the last by hand, those between as the form's script sends them: the form is the same for
    each, and most of the time went into asking it forty times.
    """
    assessor.page.locator(".task").first.click()
    assessor.sees(assessor.say("declaration.first"))
    declare(assessor, assessment)
    assessor.click("move.start")
    photo = folder / "work-order.txt"
    photo.write_text("Order 4711, line 3, done.", "utf-8")
    for place in range(8):
        assessor.page.wait_for_url(f"**{assessment}/answers/*")
        expect(assessor.page.locator(".dot.done, .dot.off")).to_have_count(place)
        expect(assessor.page.locator(".level .chip")).to_have_count(1)  # the factory's own answer
        away = assessor.page.locator("input[value='na']").count() and place > 4
        level = "na" if away else (place * 2) % 6
        assessor.answer(level, _REASON, photo)
        if place == 7:
            shoot(assessor.page, f"way-form-{language}")
    assert assessor.page.evaluate(_ANSWER_REST, _REASON) == [200] * 11
    assessor.go(f"{assessment}/answers")  # leads to the one that is still open
    assessor.answer(4, _REASON, photo)
    assessor.page.wait_for_url("**/submit")
    assessor.sees(assessor.say("submit.ready", total=20))
    assessor.click("submit.do.assessed")
    assessor.sees(assessor.say("done.moved-submit"))


def send_back(reviewer: Visitor, assessment: str) -> None:
    """The second person takes the review, remarks on one dimension and returns it."""
    reviewer.page.locator(".task").first.click()
    declare(reviewer, assessment)
    reviewer.click("move.take-review")
    reviewer.page.wait_for_url(f"**{assessment}/review")
    reviewer.page.fill("[name='comment-maintenance']", "Please see a second line.")
    reviewer.click("review.return.do")
    # Refused: a summary is needed. It is called by its name, the message leads to it, and nothing typed is lost.
    reviewer.named("review.note-missing", field=reviewer.say("review.note")).click()
    note = reviewer.page.locator("#note")
    expect(note).to_be_in_viewport()
    expect(note).to_have_attribute("aria-invalid", "true")
    reviewer.sees(reviewer.say("review.note-needed"))
    expect(reviewer.page.locator("[name='comment-maintenance']")).to_have_value("Please see a second line.")
    reviewer.page.fill("[name='note']", "One level lacks proof.")
    reviewer.click("review.return.do")
    reviewer.sees(reviewer.say("done.moved-return"))


def answer_remark(assessor: Visitor, assessment: str) -> None:
    """The assessor finds the remark in its place, answers it and submits again."""
    assessor.go("/home")
    assessor.sees(assessor.say("task.returned"))
    assessor.go(f"{assessment}/answers/maintenance")
    assessor.sees("Please see a second line.")
    assessor.page.fill("#reason", "Seen on lines 1, 2 and 3 now.")
    assessor.saved()
    assessor.go(f"{assessment}/submit")
    assessor.click("submit.do.assessed")
    assessor.sees(assessor.say("done.moved-submit"))


def hear(reviewer: Visitor, factory: Visitor, assessment: str, shoot: Shoot, language: str) -> None:
    """The reviewer agrees and asks the factory, which reads what was found and accepts it."""
    reviewer.go(f"{assessment}/review")
    reviewer.click("review.hear.do")
    reviewer.sees(reviewer.say("done.moved-hear-factory"))
    factory.go(assessment)
    shoot(factory.page, f"way-reply-{language}")
    factory.click("move.accept")
    factory.sees(factory.say("done.moved-accept"))


def use_a_passkey(person: Visitor, shoot: Shoot, language: str) -> None:
    """Somebody registers a passkey of this device, and signs in by it alone."""
    device = person.page.context.new_cdp_session(person.page)
    device.send("WebAuthn.enable")
    abilities = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    made = {**abilities, "isUserVerified": True, "automaticPresenceSimulation": True}
    authenticator = device.send("WebAuthn.addVirtualAuthenticator", {"options": made})["authenticatorId"]
    person.go("/account/passkeys")
    person.fill(name="Laptop")
    person.click("passkey.add.do")
    person.sees(person.say("done.passkey-added"))
    shoot(person.page, f"way-passkeys-{language}")
    person.fill(name="Laptop again")
    person.click("passkey.add.do")
    person.sees(person.say("passkey.there"))
    person.page.locator("summary").first.click()
    person.page.get_by_role("button", name=person.say("nav.sign-out")).click()
    person.go("/sign-in?to=/account/passkeys")
    shoot(person.page, f"way-sign-in-{language}")
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    person.click("passkey.sign-in")
    person.sees(person.say("passkey.failed"))
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    person.click("passkey.sign-in")
    person.page.wait_for_url("**/account/passkeys")
    person.sees("Laptop")
    person.go("/home")


def leave_open(person: Visitor, email: str) -> None:
    """The browser of somebody stands open for some time."""

    def age(session: Session) -> None:
        user = session.exec(select(User).where(User.email == email)).one()
        for row in session.exec(select(SignIn).where(SignIn.user_id == user.id)):
            row.created_at -= timedelta(hours=1)

    person.site.write(age)


def approve(reviewer: Visitor, assessment: str, shoot: Shoot, language: str) -> None:
    """The reviewer approves, with an impatient second click that does no harm."""
    reviewer.go(f"{assessment}/review")
    reviewer.sees("Seen on lines 1, 2 and 3 now.")
    shoot(reviewer.page, f"way-review-{language}")
    reviewer.page.evaluate(_NOTE_BUSY)
    reviewer.named("review.approve.do").dblclick(no_wait_after=True)
    # The browser was left open for some time: a passkey proves who stands before it, and the approval goes on.
    reviewer.sees(reviewer.say("proof.title"))
    shoot(reviewer.page, f"way-proof-{language}")
    reviewer.click("proof.passkey")
    reviewer.page.wait_for_url("**/papers", timeout=60_000)
    assert reviewer.page.evaluate("sessionStorage.getItem('sent')") == "1"
    assert reviewer.page.evaluate("sessionStorage.getItem('busy')") == "true"
    # The page asks for itself again until the papers are made.
    expect(reviewer.page.locator("h1")).to_have_text(reviewer.say("papers.title.issued"), timeout=120_000)
    shoot(reviewer.page, f"way-papers-{language}")


def read_scorecard(factory: Visitor, assessment: str, folder: Path, shoot: Shoot, language: str) -> dict[str, Path]:
    """The factory reads its scorecard and takes its files home."""
    factory.go(f"{assessment}/scorecard")
    for chart in ("radar", "heat", "bars", "gauge"):
        drawing = factory.page.locator(f"svg.chart-{chart}").locator(
            "visible=true"
        )  # one for wide screens, one for narrow
        expect(drawing).to_be_visible()
        assert drawing.locator("text").count() > 3, chart
    expect(factory.page.locator("table").first.locator("tbody tr")).to_have_count(20)
    shoot(factory.page, f"way-scorecard-{language}")
    files: dict[str, Path] = {}
    for key, name in (("pdf-en", "en.pdf"), ("pdf-ar", "ar.pdf"), ("json", "card.json"), ("csv", "card.csv")):
        with factory.page.expect_download() as waiting:
            factory.click(f"download.{key}")
        files[key] = folder / name
        waiting.value.save_as(files[key])
    assert files["pdf-en"].read_bytes().startswith(b"%PDF-")
    assert files["pdf-ar"].read_bytes().startswith(b"%PDF-")
    assert files["pdf-en"].read_bytes() != files["pdf-ar"].read_bytes()
    card = json.loads(files["json"].read_text("utf-8"))
    assert card["format"] == "itti-scorecard/1"
    assert card["complete"] is True
    headline = next(node["value"] for node in card["nodes"] if node["id"] == card["index"])
    expect(factory.page.locator(".figure b").first).to_have_text(headline)
    assert len(files["csv"].read_text("utf-8-sig").splitlines()) > 20
    return files


def verify(stranger: Visitor, files: dict[str, Path], shoot: Shoot, language: str) -> None:
    """A stranger asks by number, by the address of the QR code, and with the file; a changed file is named."""
    number = certificate_number(stranger.site)
    stranger.go("/verify")
    stranger.page.fill("#verify-number", number.lower())
    stranger.click("verify.look-up")
    stranger.page.wait_for_url(f"**/verify/{number}")  # the very address that the QR code holds
    stranger.sees(stranger.say("verify.register.valid"))
    drop(stranger, files[f"pdf-{language}"].read_bytes())
    answers = stranger.page.locator(".answers3 > li")
    expect(answers).to_have_count(5, timeout=30_000)
    stranger.sees(stranger.say("verify.holds-demonstration"))
    expect(answers.nth(0)).to_contain_text(stranger.say("verify.seal.intact"))
    expect(answers.nth(1)).to_contain_text(stranger.say("verify.register.valid"))
    expect(answers.nth(2)).to_contain_text(stranger.say("verify.score.reproduced"))
    shoot(stranger.page, f"way-verified-{language}")

    changed = bytearray(files[f"pdf-{language}"].read_bytes())
    changed[len(changed) // 3] ^= 1
    drop(stranger, bytes(changed))
    stranger.sees(stranger.say("verify.fails"))
    expect(answers.nth(0)).to_have_class("bad")
    expect(answers.nth(1)).to_have_class("bad")
    shoot(stranger.page, f"way-tampered-{language}")


def drop(stranger: Visitor, pdf: bytes) -> None:
    """Drop a file on the box of the verification page."""
    stranger.go("/verify")
    with stranger.page.expect_navigation(timeout=30_000):
        stranger.page.evaluate(_DROP, [base64.b64encode(pdf).decode(), "report.pdf"])


def certificate_number(site: Site) -> str:
    """The number issued last."""
    with site.database.reading() as session:
        return session.exec(select(Certificate.number).order_by(col(Certificate.number).desc())).first() or ""


def engage(site: Site, name: str) -> str:
    """An accredited assessor of a body of their own; returns the e-mail to sign in with."""
    email = f"{name.lower()}@{name.lower()}-audit.example"

    def enter(session: Session) -> None:
        act = Act(actor=session.exec(select(User).where(User.email == OFFICE)).one())
        body = accreditation.register_body(session, act, BodyInput(name=f"{name} Audit", registration=f"AB-{name}"))
        new = AssessorInput(body_id=body.id, email=email, name=f"{name} Haddad", password=PASSWORD)
        person = accreditation.register_assessor(session, act, site.settings, new).user
        until = act.today + timedelta(days=300)
        permission = AccreditationInput(family="itti", valid_from=act.today, valid_until=until)
        granting.accredit_body(session, act, body.id, permission)
        granting.accredit(session, act, person.id, permission)

    site.write(enter)
    return email


def refuse_a_tie(advisor: Visitor, assessment: str) -> None:
    """Somebody who advised the factory cannot take its review, and is told by which rule and fact."""
    advisor.sign_in(engage(advisor.site, "Dana"))
    declare(advisor, assessment, "advised.person")
    advisor.go(assessment)
    expect(advisor.named("move.take-review")).to_have_count(0)
    advisor.sees("Dana Haddad")
    advisor.sees("advised the factory")


def dispute(factory: Visitor, hearer: Visitor, assessment: str) -> None:
    """The factory appeals; somebody who took no part upholds it, and a revision is open."""
    factory.go(assessment)
    explain(factory, "appeal", "The meters of line 3 were read on a day without production.")
    factory.sees(factory.say("done.moved-appeal"))
    hearer.sign_in(engage(hearer.site, "Rami"))
    declare(hearer, assessment)
    hearer.go(assessment)
    hearer.click("move.take-appeal")
    hearer.sees(hearer.say("done.moved-take-appeal"))
    hearer.go(assessment)
    explain(hearer, "uphold-appeal", "The logbook shows that line 3 stood still.")
    hearer.sees(hearer.say("done.moved-uphold-appeal"))
    factory.go(assessment)
    factory.sees(factory.say("assessment.revised"))


def explain(person: Visitor, move: str, why: str) -> None:
    """Make a move that asks for a reason."""
    words = person.say(f"move.{move}")
    form = person.page.locator(f"#content form:has(input[name='move'][value='{move}'])")
    form.locator("summary", has_text=words).click()
    form.locator("textarea").fill(why)
    form.get_by_role("button", name=words).click()


def revoke(office: Visitor, stranger: Visitor, shoot: Shoot) -> None:
    """The office takes the certificate back; who scans the QR code of an old paper reads that, and why."""
    number = certificate_number(office.site)
    office.go(f"/certificates/{number}")
    office.page.locator("#content summary", has_text=office.say("certificate.revoke")).click()
    office.fill(reason="Line 3 was assessed while it stood still.")
    office.click("certificate.revoke-do")
    stranger.go(f"/verify/{number}")
    stranger.sees(stranger.say("verify.register.revoked"))
    stranger.sees("Line 3 was assessed while it stood still.")
    shoot(stranger.page, "way-revoked-en")
