"""What the pages of an assessment call things: the steps, the index, the factory's own answers."""

from __future__ import annotations

import re

import pytest

from itti.accounts.tables import User
from itti.assessments.tables import Phase
from questionnaires.wording import say
from tests.itti.assessments.story import QUESTIONS, REASON, Story, tell
from tests.itti.certificates.quick import use_quick_press
from tests.itti.conftest import World

pytestmark = pytest.mark.parametrize("language", ["en", "ar"])


@pytest.fixture
def story(world: World) -> Story:
    """A planned assessment."""
    return tell(world)


def page(story: Story, user: User, address: str, language: str) -> str:
    """A page in a language; addresses begin at the assessment unless they begin at the root."""
    browser = story.world.browser(user)
    browser.get(f"/language/{language}")
    answer = browser.get(address if address.startswith("/") else f"{story.path}/{address}".rstrip("/"))
    assert answer.status_code == 200, answer.text
    return answer.text.partition("<main")[2]


def named(text: str, key: str, language: str) -> bool:
    """Whether a page calls the index by the name ``key``, and by no other name."""
    names = ("index", "own", "before-review", "not-certified")
    words = {name: re.escape(say("itti.web", f"standing.{name}", language)) for name in names}
    shown = {name for name in names if re.search(rf">\s*{words[name]}\s*<", text)}
    return shown == {key}


def test_index_is_provisional_only_while_answers_are_missing(story: Story, language: str) -> None:
    story.started()
    form = f"answers/{QUESTIONS[0]}"
    for address in ("", form, "submit"):
        assert named(page(story, story.assessor, address, language), "index", language), address
    story.answer_all(story.assessor)
    for address in ("", form, "submit"):
        assert named(page(story, story.assessor, address, language), "before-review", language), address
    story.step(story.assessor, "submit")
    story.step(story.reviewer, "take-review")
    for address in ("", form, "review"):
        assert named(page(story, story.reviewer, address, language), "not-certified", language), address
    card = page(story, story.reviewer, "scorecard", language)
    assert say("itti.web", "scorecard.not-certified", language) in card
    assert say("itti.web", "scorecard.provisional", language) not in card


def test_own_answers_are_never_reviewed(story: Story, language: str) -> None:
    story.step(story.owner, "start-self-assessment")
    assert named(page(story, story.owner, "submit", language), "index", language)
    story.answer_all(story.owner, Phase.SELF)
    for address in ("", "submit", f"answers/{QUESTIONS[0]}"):
        assert named(page(story, story.owner, address, language), "own", language), address


def test_a_skipped_self_assessment_is_called_so(story: Story, language: str) -> None:
    skipped, unfinished = (say("itti.web", f"way.{name}", language) for name in ("skipped", "unfinished"))
    assert skipped not in page(story, story.assessor, "", language), "it may still come"
    story.under_review()
    way = page(story, story.assessor, "", language).partition('<ol class="way"')[2].partition("</ol>")[0]
    assert f"({skipped})" in way
    assert unfinished not in way
    review = page(story, story.reviewer, "review", language)
    assert say("itti.web", "review.lead-alone", language, assessor="§").partition("§")[2] in review
    assert review.count(f'<p class="label">{say("itti.web", "review.self", language)}</p>') == 0
    assert say("itti.web", "level.none", language) not in review


def test_an_unfinished_self_assessment_is_called_so(story: Story, language: str) -> None:
    story.step(story.owner, "start-self-assessment")
    assert story.put(story.owner, QUESTIONS[0], phase="self").status_code == 201
    story.under_review()
    way = page(story, story.assessor, "", language).partition('<ol class="way"')[2].partition("</ol>")[0]
    assert f"({say('itti.web', 'way.unfinished', language)})" in way
    review = page(story, story.reviewer, "review", language)
    assert review.count(f'<p class="label">{say("itti.web", "review.self", language)}</p>') == len(QUESTIONS)


def test_saving_is_said_when_it_has_happened(story: Story, language: str) -> None:
    story.started()
    form = page(story, story.assessor, f"answers/{QUESTIONS[0]}", language)
    assert f"<span data-words>{say('itti.web', 'saving.idle', language)}</span>" in form
    story.put(story.assessor, QUESTIONS[0], reason=REASON)
    form = page(story, story.assessor, f"answers/{QUESTIONS[0]}", language)
    assert f"<span data-words>{say('itti.web', 'saving.idle', language)}</span>" not in form


def test_where_not_applicable_is_no_answer_the_form_says_so(story: Story, language: str) -> None:
    story.started()
    hint, seen = say("itti.web", "level.always-applies", language), set()
    for question in QUESTIONS:
        form = page(story, story.assessor, f"answers/{question}", language)
        offered = 'value="na"' in form
        assert (hint in form) is not offered, question
        seen.add(offered)
    assert seen == {True, False}


def test_the_office_learns_how_to_change_a_plan(story: Story, language: str) -> None:
    words = say("itti.web", "assessment.fixed", language)
    assert words in page(story, story.office, "", language)
    assert words not in page(story, story.assessor, "", language)
    story.started()
    assert words not in page(story, story.office, "", language)


def test_the_factory_reads_of_its_certificate_first(
    story: Story, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_quick_press(monkeypatch)  # it reads of the papers, and opens none
    before = page(story, story.owner, "/home", language)
    assert say("itti.web", "certificate.open", language) not in before
    story.under_review().step(story.reviewer, "approve")
    home = page(story, story.owner, "/home", language)
    announced = home.partition('<div class="columns')[0]
    assert re.search(r'href="/certificates/TI-\d{4}-00001"', announced)
    assert say("itti.web", "home.certified", language, number="§").partition("§")[0] in announced
    assert "note good" not in page(story, story.office, "/home", language)
    number = re.search(r"TI-\d{4}-00001", announced)
    assert number is not None
    story.world.browser(story.office).post(f"/certificates/{number[0]}/revocation", data={"reason": "A mistake."})
    assert "note good" not in page(story, story.owner, "/home", language)
