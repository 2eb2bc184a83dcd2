"""The programme's look on pages: its name, colours and logo, from the same theme as its papers.

A theme's colours are held to white paper. Pages have grounds that are a little darker, and bars of one colour with
text on them; there a colour is taken as much darker, or lighter, as its text needs to be read (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from fastapi import Request

from itti.certificates.office import office_of
from reports import palette
from reports.beside import Named
from reports.palette import LEAST_CONTRAST, Palette, contrast, mixed
from reports.theme import Theme

GROUNDS: Final = ("#ffffff", "#f6f4ee", "#edece5")
"""Surface, page and sunken parts of ``site.css``."""

LEAST_OF_MARKS: Final = 3.0
"""Lines and marks against what lies beside them (WCAG 2.2, success criterion 1.4.11)."""

_BLACK, _WHITE = "#000000", "#ffffff"


@dataclass(frozen=True)
class Look:
    """What pages take from a theme."""

    theme: Theme

    @property
    def name(self) -> Named | None:
        """The programme's; None: as this project calls itself."""
        return self.theme.programme

    @cached_property
    def style(self) -> str:
        """A style sheet that comes after that of the site; empty where the colours are those of this project."""
        if self.theme.colours == palette.STANDARD:
            return ""
        lines = "".join(f"  --{name}: {colour};\n" for name, colour in colours(self.theme.colours).items())
        return f":root {{\n{lines}}}\n"

    @cached_property
    def logo(self) -> bytes | None:
        """A PNG."""
        drawn = self.theme.logo
        return None if drawn is None else base64.b64decode(drawn.partition(",")[2])

    @property
    def style_href(self) -> str | None:
        """Address of the style sheet, which changes with it; None: there is none."""
        return f"/look.css?v={_mark(self.style.encode())}" if self.style else None

    @property
    def logo_href(self) -> str | None:
        """Address of the logo, which changes with it; None: there is none."""
        return None if self.logo is None else f"/look.png?v={_mark(self.logo)}"


def look_of(request: Request) -> Look:
    """The look of the application that serves ``request``."""
    state = request.app.state
    if not hasattr(state, "look"):
        state.look = Look(office_of(request).theme)
    found: Look = state.look
    return found


def colours(of: Palette) -> Mapping[str, str]:
    """The custom properties of ``site.css`` for a palette, each so that what is written in it or on it can be read."""
    tint, copper_tint = mixed(of.primary, _WHITE, 90), mixed(of.accent, _WHITE, 90)
    deep = _first(of.deep, _BLACK, _bears_text)
    lit = mixed(deep, _WHITE, 15)  # the current place in the bar
    return {
        "brand": _first(of.primary, _BLACK, lambda each: _read_on(each, (*GROUNDS, tint))),
        "brand-deep": deep,
        "brand-tint": tint,
        "copper": _first(of.accent, _BLACK, lambda each: _read_on(each, (*GROUNDS, copper_tint))),
        "copper-tint": copper_tint,
        "focus": _first(of.accent, _BLACK, lambda each: _read_on(each, GROUNDS)),
        "on-deep": mixed(deep, _WHITE, 85),
        "deep-accent": _first(mixed(of.accent, _WHITE, 50), _WHITE, lambda each: contrast(each, lit) >= LEAST_OF_MARKS),
        "range": mixed(of.primary, _WHITE, 50),
    }


def _bears_text(deep: str) -> bool:
    """Whether the bar's text can be read on it, the quiet one and that of the current place too."""
    quiet = contrast(mixed(deep, _WHITE, 85), deep)
    return min(quiet, contrast(_WHITE, mixed(deep, _WHITE, 15))) >= LEAST_CONTRAST


def _read_on(colour: str, grounds: tuple[str, ...]) -> bool:
    return all(contrast(colour, ground) >= LEAST_CONTRAST for ground in grounds)


def _first(colour: str, towards: str, fits: Callable[[str], bool]) -> str:
    """``colour``, or the next one on the way ``towards`` another that fits."""
    return next(each for step in range(101) if fits(each := mixed(colour, towards, step)))


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
