"""Lists on the pages, without a script: naming, answering item by item, renaming, removing, and all that shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx2
import pytest

from itti.assessments import service
from itti.assessments.schemas import CommentInput
from itti.assessments.tables import Assessment, Phase
from itti.certificates.office import Office
from questionnaires import load
from questionnaires.wording import LANGUAGES
from reports.findings import ScoreState
from reports.verify import examine
from scoring import Scorecard
from tests.itti import lines
from tests.itti.assessments.story import REASON, Story
from tests.itti.assessments.test_lists import answer_all, told
from tests.itti.certificates.test_profile import InThisProcess
from tests.itti.conftest import World
from tests.itti.lines import ANSWERS, INDEX


@pytest.fixture
def story(world: World) -> Iterator[Story]:
    """An assessment of the questionnaire with lines, planned."""
    with lines.published():
        yield told(world)


def post(story: Story, user: str, leaf: str, **fields: str) -> httpx2.Response:
    """Post a leaf as a browser without a script does, with the versions that its page states."""
    browser = story.world.browser(getattr(story, user))
    page = browser.get(f"{story.path}/answers/{leaf}").text
    versions = dict(re.findall(r'<input type="hidden" name="(version[^"]*)"[^>]* value="(\d*)"', page))
    return browser.post(f"{story.path}/answers/{leaf}", data=versions | fields, follow_redirects=False)


def names(story: Story, phase: Phase = Phase.ASSESSED) -> list[tuple[str, str]]:
    """The items of the list as they are stored."""
    with story.world.database.reading() as session:
        one = session.get(Assessment, story.id)
        assert one is not None
        found = service.asked_of(session, one, phase).items["lines"]
    return [(item.id, item.name) for item in found]


def test_a_list_grows_name_by_name(story: Story) -> None:
    story.started()
    first = post(story, "assessor", "section.facts", **{"new:lines.item-1": "Filling", "then": "add:lines"})
    assert first.headers["location"].endswith("/answers/section.facts#more-lines")
    second = post(
        story, "assessor", "section.facts", **{"item:lines.item-1": "Filling A", "new:lines.item-2": "Cheese"}
    )
    assert names(story) == [("item-1", "Filling A"), ("item-2", "Cheese")]
    assert second.headers["location"].endswith("/answers/lines.item-1"), "on to the first of its items"
    page = story.world.browser(story.assessor).get(f"{story.path}/answers/lines.item-1").text
    assert "<bdi>Filling A</bdi></h1>" in page
    assert "How much does the line make in a year?" in page
    saved = post(story, "assessor", "lines.item-1", **{"number:lines.item-1.output": "١٢٠٫٥"})
    assert saved.headers["location"].endswith("/answers/lines.item-2")
    listed = story.world.browser(story.assessor).get(f"{story.path}/answers/section.facts").text
    assert re.search(r'href="[^"]*/answers/lines.item-1"[^>]*>[^<]*<bdi class="num">1/3', listed)


def test_a_name_left_out_is_told_and_nothing_typed_is_lost(story: Story) -> None:
    story.started()
    post(story, "assessor", "section.facts", **{"new:lines.item-1": "Filling"})
    refused = post(
        story,
        "assessor",
        "section.facts",
        **{"item:lines.item-1": " ", "new:lines.item-2": "Cheese", "number:founded": "1990"},
    )
    assert refused.status_code == 422
    assert 'value="Cheese"' in refused.text
    assert names(story) == [("item-1", "Filling")]
    assert 'value="1990"' in refused.text, "the other answers of the page were saved"


def test_none_can_be_said(story: Story) -> None:
    story.started()
    post(story, "assessor", "section.facts", **{"none:lines": "1"})
    assert story.api(story.assessor).get(f"{story.path}/answers/lines").json()["items"] == []
    page = story.world.browser(story.assessor).get(f"{story.path}/answers/section.facts").text
    assert re.search(r"data-none checked", page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_item_goes_with_its_answers_once_that_was_asked(story: Story, language: str) -> None:
    story.started()
    answer_all(story)
    browser = story.world.browser(story.assessor)
    browser.get(f"/language/{language}")
    page = browser.get(f"{story.path}/answers/section.facts").text
    removal = f"{story.path}/answers/lines/items/line-2/removal"
    assert f'href="{removal}"' in page
    asked = browser.get(removal)
    assert asked.status_code == 200
    assert asked.text.count("<li>") >= 3
    gone = browser.post(removal, data={"version": "1"}, follow_redirects=False)
    assert gone.status_code == 303
    assert names(story) == [("line-1", "Extrusion 1")]
    assert browser.get(removal).status_code == 404
    stale = browser.post(f"{story.path}/answers/lines/items/line-1/removal", data={"version": "1"})
    assert stale.status_code == 412
    assert names(story) == [("line-1", "Extrusion 1")]


def test_the_assessor_takes_over_what_the_factory_named(story: Story) -> None:
    story.step(story.owner, "start-self-assessment")
    for question, given in ANSWERS.items():
        story.put(story.owner, question, phase="self", **{"level": None, **given})
    story.step(story.owner, "finish-self-assessment")
    story.started()
    page = story.world.browser(story.assessor).get(f"{story.path}/answers/section.facts").text
    assert 'value="take:lines"' in page
    assert 'name="new:lines.item-1"' in page
    post(story, "assessor", "section.facts", **{"new:lines.item-1": "Packing", "then": "take:lines"})
    assert names(story) == [("item-1", "Packing"), ("line-1", "Extrusion 1"), ("line-2", "خط الحليب")]
    page = story.world.browser(story.assessor).get(f"{story.path}/answers/lines.line-1").text
    assert "Factory’s own answer" in page, "the factory's own answers stand beside"


def test_every_page_shows_items_by_name(story: Story) -> None:
    story.started()
    answer_all(story)
    story.put(story.assessor, "lines.line-2.rejects", '"1"', number="200")
    for language in LANGUAGES:
        browser = story.world.browser(story.assessor)
        browser.get(f"/language/{language}")
        leaves = ["section.facts", "lines.line-1", "lines.line-2", "training"]
        for page in ("", "/submit", "/review", "/scorecard", *(f"/answers/{leaf}" for leaf in leaves)):
            shown = browser.get(f"{story.path}{page}")
            assert shown.status_code == 200, (language, page)
            if page:
                assert "خط الحليب" in shown.text, (language, page)
        contradicts = "More is rejected" if language == "en" else "المرفوض أكثر"
        assert contradicts in browser.get(f"{story.path}/submit").text
        table = story.api(story.assessor).get(
            f"{story.path}/scorecard", params={"format": "csv"}, headers={"Accept-Language": language}
        )
        assert "خط الحليب" in table.text
    assert story.world.browser(story.assessor).get("/questionnaires/line-check/1.0.0").status_code == 200


def test_the_whole_way_to_a_certificate(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.started()
    answer_all(story)
    story.moved(story.assessor, "submit")
    story.moved(story.reviewer, "take-review")
    remark = CommentInput(question="lines.line-2.upkeep", text="Seen again on the visit.")
    monkeypatch.setattr(Office, "press", InThisProcess())
    story.step(story.reviewer, "approve", note="Sound.", comments=[remark])
    browser = story.world.browser(story.assessor)
    assert "خط الحليب" in browser.get(f"{story.path}/scorecard").text
    number = story.read(story.assessor)["certificate"]
    assert story.api(None).get(f"/certificates/{number}").json()["index"] == INDEX
    taken = browser.get(f"{story.path}/scorecard.csv").content
    assert "خط الحليب" in taken.decode("utf-8-sig")
    assert browser.get(f"{story.path}/scorecard.xlsx").content.startswith(b"PK")
    table = story.api(story.assessor).get(f"/certificates/{number}/scorecard.csv")
    assert "Extrusion 1" in table.text
    for language in LANGUAGES:
        paper = (
            story.api(story.assessor).get(f"/certificates/{number}/report.pdf", params={"language": language}).content
        )
        assert examine(paper, [], load).score.state is ScoreState.REPRODUCED
    card = Scorecard.from_json(story.api(story.assessor).get(f"{story.path}/scorecard").content)
    assert card.node("lines.line-1.line").value == "3.00"
    assert REASON in browser.get(f"{story.path}/review").text
