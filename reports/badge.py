"""The badge of a certificate for other people's pages: a drawing that says what the register says today.

It stands on a ground of its own, so that it reads on light pages and dark ones, runs no script, loads nothing and needs
no font of ours. What it says is in words, in a sign and in a colour, never in a colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from questionnaires import wording
from reports import palette
from reports.errors import LanguageUnknown
from reports.templating import environment, long_date

State = Literal["valid", "expired", "revoked", "superseded", "demonstration"]

WIDTH: Final = 320
HEIGHT: Final = 64
"""Size in CSS pixels."""

_SHORT: Final = 15
"""Longer numbers are written smaller, so that they stay on the badge."""

_SIGNS: Final[dict[State, tuple[str, str]]] = {
    "valid": (palette.PRIMARY, "M23,33L29.500,39.500L42,26"),
    "expired": (palette.ACCENT, "M32,22V33L39,38"),
    "revoked": (palette.WARNING, "M25,25L39,39M39,25L25,39"),
    "superseded": (palette.QUIET, "M22,32H41M34,25L41.500,32L34,39"),
    "demonstration": (palette.ACCENT, "M32,22V34M32,40V42"),
}
"""Colour of the disc, and the sign on it: check, clock, cross, arrow, exclamation mark."""


@dataclass(frozen=True)
class Entry:
    """What the register says in public of one certificate."""

    number: str
    state: State
    until: date
    """Last day on which it holds."""

    address: str
    """The public page of the certificate."""


def badge(entry: Entry, language: str) -> bytes:
    """The badge as SVG; its title, which assistive technology reads, says all that it shows.

    Raises:
        reports.errors.LanguageUnknown: neither ``en`` nor ``ar``.
    """
    if language not in wording.LANGUAGES:
        raise LanguageUnknown(language=language, known=", ".join(wording.LANGUAGES))
    colour, sign = _SIGNS[entry.state]
    said = wording.say("reports", f"badge.{entry.state}", language, day=long_date(entry.until, language))
    drawn = environment().get_template("badge.svg.j2").render(
        entry=entry,
        language=language,
        rightward=language not in wording.RIGHT_TO_LEFT,
        name=wording.say("reports", "badge.certificate", language),
        said=said,
        colour=colour,
        sign=sign,
        size=15 if len(entry.number) <= _SHORT else 12,
        ink=palette.INK,
        line=palette.LINE,
        paper=palette.PAPER,
        width=WIDTH,
        height=HEIGHT,
    )  # fmt: skip
    return drawn.encode()
