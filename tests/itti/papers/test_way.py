"""From the approval to the certificate through the front door: the API and the pages, failures and retries."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlmodel import select

from itti.audit.tables import Event
from itti.certificates.errors import PressFailed
from itti.certificates.jobs import Order
from itti.certificates.office import Office
from itti.certificates.tables import Certificate, NumberSeries
from itti.papers import approval, claims
from itti.papers.freezing import Frozen
from itti.papers.making import work_off
from itti.papers.tables import PaperJob, Preparation
from itti.settings import Settings
from questionnaires.errors import Fault
from questionnaires.wording import LANGUAGES
from reports.errors import RenderingFailed, ThemeContrast
from reports.report import Form
from scoring import Scorecard
from tests.itti.assessments.story import Story, tell
from tests.itti.certificates.quick import QuickPress, Work
from tests.itti.conftest import World, running_world
from tests.itti.expect import problem


class Unavailable(RenderingFailed):
    """A fault that passes, as of an authority on the network that is down."""

    retryable: ClassVar[bool] = True


class Broken(QuickPress):
    """Raises a fault for papers in one language."""

    def __init__(self, fault: Fault, language: str = "ar") -> None:
        super().__init__()
        self._fault, self._language = fault, language

    def run(self, job: Callable[..., Any], work: Work) -> Any:
        if isinstance(work, Order) and work.language == self._language:
            raise self._fault
        return super().run(job, work)


def break_press(monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    """Let Arabic papers fail."""
    monkeypatch.setattr(Office, "press", Broken(fault))


def progress(story: Story) -> dict[str, Any]:
    """How far the papers are, as the factory sees it."""
    answer = story.api(story.owner).get(f"{story.path}/papers")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def work(story: Story, later: timedelta = timedelta()) -> int:
    """Make what is due ``later`` than now."""
    world = story.world
    return work_off(world.database, Office(world.settings), lambda: datetime.now(UTC) + later)


def test_an_approval_leads_to_the_certificate(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approval, "PAPERS", list(product(Form, LANGUAGES)))
    story = tell(world).under_review()
    answer = story.move(story.reviewer, "approve")
    assert answer.status_code == 202
    body = answer.json()
    assert (body["state"], body["certificate"], body["papers"]["state"]) == ("certified", None, "preparing")
    assert answer.headers["location"] == f"/api/v1{story.path}/papers"
    number = body["papers"]["number"]
    # Nothing is public yet.
    problem(world.api().get(f"/certificates/{number}"), 404, "no-such-certificate")
    assert story.api(story.office).get("/certificates").json()["items"] == []
    waiting = story.api(story.owner).get(f"{story.path}/papers")
    assert waiting.headers["retry-after"]
    assert [(each["form"], each["language"], each["state"]) for each in waiting.json()["papers"]] == [
        ("report", "en", "waiting"),
        ("report", "ar", "waiting"),
        ("short", "en", "waiting"),
        ("short", "ar", "waiting"),
    ]
    assert work(story) == 4
    done = story.api(story.owner).get(f"{story.path}/papers")
    assert "retry-after" not in done.headers
    assert (done.json()["state"], done.json()["certificate"]) == ("issued", f"/api/v1/certificates/{number}")
    entry = world.api().get(f"/certificates/{number}").json()
    assert (entry["state"], {paper["language"] for paper in entry["papers"]}) == ("valid", {"en", "ar"})
    after = story.read(story.owner)
    assert (after["certificate"], after["papers"]) == (number, None)
    assert work(story) == 0


def test_it_is_issued_in_the_name_of_who_approved_it(approved: Story) -> None:
    work(approved)
    with approved.world.database.reading() as session:
        preparation = session.exec(select(Preparation)).one()
        event = session.exec(select(Event).where(Event.action == "certificate.issued")).one()
    assert (event.actor_id, event.request_id) == (approved.reviewer.id, preparation.request_id)


def test_papers_state_what_held_at_the_approval(approved: Story) -> None:
    """A factory that is renamed meanwhile keeps the name it was approved under."""
    fresh = approved.world.write(lambda session: session.merge(approved.factory))
    fresh.name = "Renamed LLC"
    approved.world.write(lambda session: session.merge(fresh))
    work(approved)
    with approved.world.database.reading() as session:
        preparation = session.exec(select(Preparation)).one()
        row = session.exec(select(Certificate)).one()
    assert row.factory_name == "Gulf Foods LLC"
    frozen = Frozen.of(preparation)
    assert frozen.model_dump_json() == preparation.frozen
    assert frozen.report.scorecard == Scorecard.from_json(row.scorecard.encode())


def test_papers_look_as_the_programme_did_at_the_approval(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = tmp_path / "theme.yaml"
    theme.write_text(
        "format: itti-theme/1\nprogramme: {en: Ministry Programme, ar: برنامج الوزارة}\n"
        'colours: {primary: "#5c0b4f"}\nnumerals: arabic-indic\n',
        "utf-8",
    )
    with running_world(settings.model_copy(update={"theme": theme})) as world:
        story = tell(world).under_review()
        assert story.move(story.reviewer, "approve").status_code == 202
        theme.unlink()
        seen: list[Order] = []

        class Watching(QuickPress):
            def run(self, job: Callable[..., Any], work: Work) -> Any:
                seen.extend([work] if isinstance(work, Order) else [])
                return super().run(job, work)

        monkeypatch.setattr(Office, "press", Watching())
        assert work_off(world.database, Office(settings)) == 2
    assert {order.theme.colours.primary for order in seen} == {"#5c0b4f"}
    assert {order.theme.numerals.value for order in seen} == {"arabic-indic"}
    assert {order.report.programme.called("ar") for order in seen} == {"برنامج الوزارة"}


def test_a_theme_that_cannot_be_used_is_told_at_the_start(settings: Settings, tmp_path: Path) -> None:
    theme = tmp_path / "theme.yaml"
    theme.write_text('format: itti-theme/1\ncolours: {primary: "#eeeeee"}\n', "utf-8")
    with pytest.raises(ThemeContrast), running_world(settings.model_copy(update={"theme": theme})):
        pass


def test_a_text_that_cannot_be_printed_is_refused_at_the_approval(world: World) -> None:
    story = tell(world).under_review()
    fresh = world.write(lambda session: session.merge(story.factory))
    fresh.name = "Gulf \U0001f3ed Foods"
    world.write(lambda session: session.merge(fresh))
    answer = story.move(story.reviewer, "approve")
    assert (answer.status_code, answer.json()["code"]) == (422, "unprintable-signs")
    assert story.read(story.office)["state"] == "review"
    with world.database.reading() as session:
        assert session.exec(select(NumberSeries)).all() == []


def test_a_fault_that_passes_is_tried_again(approved: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    break_press(monkeypatch, Unavailable(reason="down"))
    assert work(approved) == 2
    seen = progress(approved)
    assert seen["state"] == "delayed"
    english, arabic = seen["papers"]
    assert (english["state"], english["code"], english["next_try"]) == ("done", None, None)
    assert (arabic["state"], arabic["code"], arabic["attempts"]) == ("waiting", "rendering-failed", 1)
    assert arabic["next_try"]
    assert arabic["reason"]
    assert work(approved) == 0, "not before its time"
    for tries in range(2, 9):
        assert work(approved, timedelta(hours=tries)) == 1
    assert progress(approved)["papers"][1]["attempts"] == 8
    assert approved.world.api().get(f"/certificates/{seen['number']}").status_code == 404
    monkeypatch.setattr(Office, "press", QuickPress())
    assert work(approved, timedelta(days=1)) == 1
    assert progress(approved)["state"] == "issued"


def test_a_press_that_breaks_down_gets_three_tries(approved: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    break_press(monkeypatch, PressFailed(reason="died"))
    assert work(approved) == 2
    assert progress(approved)["state"] == "delayed"
    for hours in (1, 2):
        assert work(approved, timedelta(hours=hours)) == 1
    assert progress(approved)["state"] == "failed"
    assert work(approved, timedelta(days=9)) == 0


def test_what_would_fail_again_waits_for_the_office(approved: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    break_press(monkeypatch, RenderingFailed(reason="x"))
    work(approved)
    seen = progress(approved)
    assert (seen["state"], seen["papers"][1]["state"]) == ("failed", "failed")
    address = f"{approved.path}/papers/retry"
    for user in (approved.owner, approved.assessor, approved.reviewer):
        problem(approved.api(user).post(address), 403, "wrong-role")
        problem(approved.api(user).get("/papers"), 403, "wrong-role")
    office = approved.api(approved.office)
    assert [line["number"] for line in office.get("/papers").json()["items"]] == [seen["number"]]
    monkeypatch.setattr(Office, "press", QuickPress())
    assert office.post(address).json()["state"] == "preparing"
    assert work(approved) == 1, "the English one lies on the shelf already"
    assert progress(approved)["state"] == "issued"
    assert office.get("/papers").json()["items"] == []
    problem(office.post(address), 409, "nothing-to-retry")
    with approved.world.database.reading() as session:
        assert len(session.exec(select(Event).where(Event.action == "preparation.retried")).all()) == 1


def test_an_unapproved_assessment_has_no_papers(world: World) -> None:
    story = tell(world)
    problem(story.api(story.owner).get(f"{story.path}/papers"), 404, "no-papers")
    stranger = world.create_assessor()
    problem(story.api(stranger).get(f"{story.path}/papers"), 404, "no-such-assessment")


def test_a_full_disk_is_told_and_passes(approved: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("itti.files.shelf.Shelf.keep", full)
        work(approved)
    seen = progress(approved)
    assert (seen["state"], seen["papers"][0]["code"]) == ("delayed", "paper-not-stored")
    assert "No space left" in seen["papers"][0]["reason"]
    assert work(approved, timedelta(minutes=1)) == 2
    assert progress(approved)["state"] == "issued"


def test_a_claim_that_ended_is_taken_over_and_its_late_paper_is_dropped(both_approved: Story) -> None:
    database, office = both_approved.world.database, Office(both_approved.world.settings)
    at = datetime.now(UTC)
    with database.writing() as session:
        first = claims.claim(session, at)
    assert first is not None
    with database.writing() as session:
        claims.QUEUE.renew(session, [first.claim], at + timedelta(seconds=20))
    with database.writing() as session:
        other = claims.claim(session, at + timedelta(seconds=45))
        assert other is not None
        assert other.job != first.job, "renewed"
    with database.writing() as session:
        second = claims.claim(session, at + timedelta(seconds=51))
        assert second is not None
        assert (second.job, second.claim != first.claim) == (first.job, True)
        assert not claims.finish(session, first, "0" * 64, 1, at)
        claims.put_off(session, first, RenderingFailed(reason="late"), at)
        claims.QUEUE.give_up(session, [second.claim, other.claim], at)
    assert work_off(database, office) == 2
    assert progress(both_approved)["state"] == "issued"


def test_a_job_that_kills_its_process_each_time_fails_in_the_end(approved: Story) -> None:
    database, at = approved.world.database, datetime.now(UTC)
    taken = 0
    for minute in range(9):
        with database.writing() as session:
            while claims.claim(session, at + timedelta(minutes=minute)):
                taken += 1
    assert taken == 2 * claims.QUEUE.patience.breakdowns
    seen = progress(approved)
    assert (seen["state"], seen["papers"][0]["code"]) == ("failed", "press-failed")


def test_pages(approved: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, office = approved.world.browser(approved.owner), approved.world.browser(approved.office)
    page = f"{approved.path}/papers"
    waiting = owner.get(page)
    assert waiting.headers["refresh"].startswith("3;")
    assert "The papers are being made" in waiting.text
    assert "being made" in owner.get(approved.path).text
    assert "the papers of the certificate are being made" in owner.get(f"{approved.path}/scorecard").text
    break_press(monkeypatch, RenderingFailed(reason="x"))
    work(approved)
    failed = owner.get(page)
    assert "refresh" not in failed.headers
    assert "could not be made" in failed.text
    assert "/retry" not in failed.text
    assert "/papers" in office.get("/home").text
    assert f"{page}/retry" in office.get("/papers").text
    assert owner.get("/papers").status_code == 403
    monkeypatch.setattr(Office, "press", QuickPress())
    again = office.post(f"{page}/retry")
    assert (again.status_code, again.headers["location"]) == (303, page)
    refused = office.post(f"{page}/retry")
    assert refused.status_code == 409
    work(approved)
    with approved.world.database.reading() as session:
        number = session.exec(select(Certificate.number)).one()
    assert f"/certificates/{number}" in owner.get(page).text
    under_way = office.get("/papers").text
    assert "No papers are under way" in under_way
    crumbs = under_way.partition('<nav class="crumbs"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', crumbs) == ["/certificates"]
    assert 'href="/papers"' in office.get("/certificates").text
    assert 'href="/papers"' not in owner.get("/certificates").text
    office.get("/language/ar")
    assert "صدرت الشهادة" in office.get(page).text


def test_a_page_that_approves_leads_to_the_papers(world: World) -> None:
    story = tell(world).under_review()
    reviewer = world.browser(story.reviewer)
    page = reviewer.get(f"{story.path}/review").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    form = {"move": "approve", **hidden}
    for _ in range(2):  # the second click finds what the first one did
        answer = reviewer.post(f"{story.path}/review", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{story.path}/papers")
    with world.database.reading() as session:
        assert len(session.exec(select(PaperJob)).all()) == 2
