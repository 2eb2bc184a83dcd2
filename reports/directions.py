"""Numbers, formulas and names within a line that may run the other way: each keeps its own direction.

They stand between signs that Unicode has for it, which terminals know and which pages and papers turn into elements.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import bidirectional

from markupsafe import Markup, escape

from questionnaires import wording

LEFT_TO_RIGHT: Final = "\u2066"
OWN_WAY: Final = "\u2068"
END: Final = "\u2069"
RIGHT_TO_LEFT_MARK: Final = "\u200f"


def keeping_direction(text: str, language: str) -> str:
    """A figure or formula within a line of that language: set apart where the line runs from right to left."""
    return f"{LEFT_TO_RIGHT}{text}{END}" if language in wording.RIGHT_TO_LEFT else text


def isolated(text: str) -> Markup:
    """A line for a page or a paper: what has its own direction is set apart by ``<bdi>``."""
    marked = str(escape(text))
    for sign, tag in ((LEFT_TO_RIGHT, '<bdi dir="ltr">'), (OWN_WAY, "<bdi>"), (END, "</bdi>")):
        marked = marked.replace(sign, tag)
    return Markup(marked)  # noqa: S704 - escaped above


def typeset(text: str) -> Markup:
    """The same for the typesetter, which takes its time for each element: none where everything runs one way.

    Signs of arithmetic stand alone, as their font has no spaces around them.
    """
    one_way = not any(bidirectional(sign) in {"R", "AL"} for sign in text)
    marked = escape(text.translate(_WITHOUT)) if one_way else isolated(_FIGURE.sub(r"\g<1>", text))
    return Markup(_SIGNS.sub(r"<span>\g<0></span>", str(marked)))  # noqa: S704 - escaped there


_FIGURE: Final = re.compile(f"{LEFT_TO_RIGHT}([0-9]+(?:[./][0-9]+)?){END}")
"""A number or a fraction alone, which keeps its order in any line."""

_SIGNS: Final = re.compile("[≈≠≤≥→←]")


def plain(text: str, language: str) -> str:
    """A line for a terminal: without the signs of direction where everything runs one way."""
    return text if language in wording.RIGHT_TO_LEFT else text.translate(_WITHOUT)


_WITHOUT: Final = dict.fromkeys(map(ord, (LEFT_TO_RIGHT, OWN_WAY, END)))
