"""The headline over the three answers about a file neither contradicts them nor calls anything a certificate."""

from __future__ import annotations

import io
import re

import pikepdf

from itti.calendar.reckoning import plain_day_words
from itti.certificates import service
from questionnaires.wording import LANGUAGES, say
from tests.itti.assessments.story import tell
from tests.itti.conftest import World


def bare_pdf() -> bytes:
    """A PDF of nobody in particular."""
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(written)
    return written.getvalue()


def shown(world: World, content: bytes, language: str) -> tuple[str, str]:
    """Headline and content of the page about a file."""
    browser = world.browser()
    browser.get(f"/language/{language}")
    answer = browser.post("/verify", files={"file": ("report.pdf", content, "application/pdf")})
    assert answer.status_code == 200, answer.text
    content_of_page = answer.text.partition("<main")[2].partition("</main>")[0]
    headline = re.search(r"<h1>(.*?)</h1>", content_of_page)
    assert headline is not None
    return headline[1], content_of_page


def test_headlines(world: World) -> None:
    story = tell(world)
    story.under_review().step(story.reviewer, "approve")
    number = f"TI-{story.read(story.office)['planned_for'][:4]}-00001"
    with world.database.reading() as session:
        last = service.entry(session, number).expires_on
    for language in LANGUAGES:
        pdf = world.browser(story.owner).get(f"/certificates/{number}/report.pdf?language={language}").content
        expected = {pdf: "holds-demonstration", b"Dear assessor, ...": "not-a-pdf", bare_pdf(): "no-certificate"}
        expected[pdf[:5000] + b"x" + pdf[5001:]] = "fails"
        pages = {key: shown(world, content, language) for content, key in expected.items()}
        for key, (headline, _) in pages.items():
            assert headline == say("itti.web", f"verify.{key}", language)
        visible = re.sub(r"<[^>]*>", " ", pages["holds-demonstration"][1])
        assert not re.search(r"\b\d{4}-\d{2}-\d{2}\b", visible), "one style of dates"
        assert visible.count(plain_day_words(last, language)) == 2, "in the answer of the register and in its entry"
