"""The badge of a certificate at its public door, and the lines that put it on another page."""

from __future__ import annotations

from html import unescape

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from questionnaires.wording import say
from tests.itti.certificates.conftest import Certified


def address(certified: Certified, language: str = "en") -> str:
    return f"/verify/{certified.number}/badge.svg?language={language}"


def test_everybody_may_show_it_and_caches_may_keep_it_for_minutes(certified: Certified) -> None:
    browser = certified.world.browser()
    answer = browser.get(address(certified))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "public, max-age=300, must-revalidate"
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    assert "set-cookie" not in answer.headers
    assert browser.get(address(certified), headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert answer.content == certified.world.browser(certified.story.owner).get(address(certified)).content
    arabic = browser.get(address(certified, "ar"))
    assert arabic.headers["content-language"] == "ar"
    assert arabic.headers["etag"] != answer.headers["etag"]


def test_a_demonstration_is_called_so_and_what_becomes_of_it_is_seen(certified: Certified) -> None:
    browser = certified.world.browser()
    assert say("reports", "badge.demonstration", "en") in browser.get(address(certified)).text

    def earn(session: Session) -> None:
        session.execute(sa.text("UPDATE certificate SET standing = 'certificate'"))

    certified.world.write(earn)
    valid = browser.get(address(certified))
    assert "Valid until" in valid.text
    story = certified.story
    story.api(story.office).post(f"{certified.path}/revocation", json={"reason": "Wrong site."})
    revoked = browser.get(address(certified), headers={"If-None-Match": valid.headers["etag"]})
    assert revoked.status_code == 200
    assert say("reports", "badge.revoked", "en") in revoked.text


def test_no_such_certificate_and_no_such_language(certified: Certified) -> None:
    browser = certified.world.browser()
    assert browser.get("/verify/TI-1999-00001/badge.svg").status_code == 404
    assert browser.get(address(certified, "fr")).status_code == 422


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_public_page_gives_the_lines_to_copy(certified: Certified, language: str) -> None:
    browser = certified.world.browser()
    browser.get(f"/language/{language}")
    page = unescape(browser.get(f"/verify/{certified.number}").text)
    base = certified.world.settings.base_url.rstrip("/")
    for code in ("en", "ar"):
        alternative = say("itti.web", "badge.alt", code, number=certified.number)
        assert (
            f'<a href="{base}/verify/{certified.number}"><img src="{base}{address(certified, code)}"'
            f' width="320" height="64" alt="{alternative}"></a>'
        ) in page
