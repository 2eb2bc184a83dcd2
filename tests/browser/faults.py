"""What is wrong with a page for people who use it with other tools, or on a small screen."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

VENDOR: Final = Path(__file__).parent / "vendor"
AXE: Final = VENDOR / "axe.min.js"
"""The script that :func:`faults` asks; a browser window loads it into each of its pages as an initial script."""

RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW: Final = (320, 820)
"""A small phone and a tablet, in CSS pixels; between them nothing gets wider than its place."""

# Only what is wrong leaves the page: all that is right, told as JSON, takes longer to carry than to find out.
# Whether colours stand out, and links from the text around them, takes axe longer than all else, and is asked in
# English alone: no rule of the style sheet gives a language colours or underlines of its own (test_sheet.py).
_FAULTS: Final = """async (tags) => {
    const enabled = document.documentElement.lang === "en";
    const rules = { "color-contrast": { enabled }, "link-in-text-block": { enabled } };
    const { violations } = await axe.run({ runOnly: tags, resultTypes: ["violations"], rules });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}"""


def faults(page: Page) -> list[str]:
    """What axe finds, one line a fault."""
    found: list[str] = page.evaluate(_FAULTS, RULES)
    return found


def overflows(page: Page) -> list[str]:
    """The screens of :data:`NARROW` on which the page has to be moved sideways; the window gets its width back."""
    before = page.viewport_size
    assert before is not None
    found = []
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"wider than {width}")
    page.set_viewport_size(before)
    return found
