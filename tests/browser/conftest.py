"""A real server, a real Chromium, and one scene with assessments in every state for all tests of this folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.scene import Scene, set_scene
from tests.browser.site import PLAIN, Site, serve
from tests.itti.certificates.quick import use_quick_press

DESKTOP = {"width": 1360, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Where there is none the tests are skipped, but never where CI runs them.

    Where its package without a window system is installed, that one: the same engine for two thirds of the work.

    For one module only: while it runs, Playwright's event loop counts as running in this thread, so other modules
    could not start one of their own.
    """
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no chromium on this machine, and CI may skip nothing")
        pytest.skip("no chromium on this machine: install the Debian package chromium-headless-shell")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program, args=["--disable-gpu", "--in-process-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application on a free port, with a migrated database that holds nobody but the programme office.

    Until the last test of this folder: its workers look at their queues every second for as long as it runs.
    """
    with serve(tmp_path_factory.mktemp("site"), "localhost") as running:
        yield running


@pytest.fixture(scope="package")
def scene_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A second server for the scene that many tests look at, so that the way begins on an empty one."""
    with serve(tmp_path_factory.mktemp("scene"), **PLAIN) as running:
        yield running


@pytest.fixture(scope="package")
def scene(scene_site: Site) -> Scene:
    """Bodies, people and factories with assessments in every state. Nobody opens the papers of its certificate."""
    with pytest.MonkeyPatch.context() as patch:
        use_quick_press(patch)
        return set_scene(scene_site)


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser window of its own: one person at one device."""
    opened: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        values = {"viewport": DESKTOP, "locale": "en-GB", **options}
        context = browser.new_context(**values)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Saves a picture of the whole page where ``ITTI_SCREENSHOTS`` names a folder; else does nothing."""
    folder = os.environ.get("ITTI_SCREENSHOTS")

    def save(page: Page, name: str) -> None:
        if folder:
            place = Path(folder)
            place.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=place / f"{name}.png", full_page=True)

    return save
