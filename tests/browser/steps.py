"""What people do on pages, in the words of the language they read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Response, expect
from sqlmodel import Session, select

from itti.accounts import service as accounts
from itti.accounts.sessions import cookie_name
from itti.accounts.tables import User
from itti.acts import Act
from itti.web import languages
from questionnaires.wording import say
from tests.browser.site import PASSWORD, Site


@dataclass
class Visitor:
    """One person at one browser window, reading one language."""

    page: Page
    site: Site
    language: str

    def say(self, key: str, **details: object) -> str:
        """A sentence of the pages in this person's language."""
        return say("itti.web", key, self.language, **details)

    def go(self, path: str) -> Response:
        """Open a page."""
        response = self.page.goto(self.site.address + path)
        assert response is not None
        return response

    def click(self, key: str, **details: object) -> None:
        """Click the button or link with these words."""
        self.named(key, **details).click()

    def named(self, key: str, **details: object) -> Any:
        """The button or link in the content of the page with exactly these words."""
        words = re.compile(rf"^\s*{re.escape(self.say(key, **details))}\s*$")
        content = self.page.locator("#content, .dock")
        return content.get_by_role("button", name=words).or_(content.get_by_role("link", name=words)).first

    def fill(self, **values: str) -> None:
        """Fill fields by their names."""
        for name, value in values.items():
            self.page.fill(f"#content [name='{name}']", value)

    def choose(self, name: str, words: str) -> None:
        """Choose the option that holds ``words``."""
        option = self.page.locator(f"#content select[name='{name}'] option", has_text=words).first
        self.page.select_option(f"#content select[name='{name}']", option.get_attribute("value"))

    def sees(self, text: str) -> None:
        """The content shows ``text``."""
        expect(self.page.locator("#content")).to_contain_text(text)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in and arrive at the home page."""
        self.go("/sign-in")
        self.fill(email=email, password=password)
        self.click("nav.sign-in")
        self.page.wait_for_url("**/home")

    def saved(self) -> None:
        """Wait until the form says that the server has the answer."""
        expect(self.page.locator(".saving")).to_have_attribute("data-state", "saved")

    def answer(self, level: int | str, reason: str, file: Path | None = None) -> None:
        """Give the answer shown: pick a level, say why, attach a file, and go on."""
        self.page.check(f"input[name='level'][value='{level}']")
        self.page.fill("#reason", reason)
        if file is not None:
            self.page.set_input_files("#evidence-file", file)
            expect(self.page.locator(".files a")).to_have_text(file.name)
        before = self.page.url
        self.page.locator(".dock button[name='then']").click()
        self.page.wait_for_url(lambda address: address != before)


def enter(context: BrowserContext, site: Site, language: str, email: str) -> Visitor:
    """A new window of somebody who signed in and chose a language on another day: the cookies are there already.

    How people get them is shown by :func:`visit` and :meth:`Visitor.sign_in`.
    """

    def start(session: Session) -> str:
        act = Act(actor=session.exec(select(User).where(User.email == email)).one())
        return accounts.start_sign_in(session, act, site.settings)

    name, secret = cookie_name(site.settings), site.write(start)
    context.add_cookies(
        [
            {"name": name, "value": secret, "url": site.address, "httpOnly": True, "sameSite": "Lax"},
            {"name": languages.COOKIE, "value": language, "url": site.address},
        ]
    )
    return Visitor(context.new_page(), site, language)


def visit(context: BrowserContext, site: Site, language: str) -> Visitor:
    """A new window of somebody who chooses a language by the switch of the page."""
    visitor = Visitor(context.new_page(), site, language)
    visitor.go("/")
    html = visitor.page.locator("html")
    if html.get_attribute("lang") != language:
        visitor.page.locator(f".tools a[hreflang='{language}']").click()
    expect(html).to_have_attribute("lang", language)
    expect(html).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    return visitor
