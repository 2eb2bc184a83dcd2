"""Arabic-Indic digits in a finished page, where a programme wants them.

Only texts are touched, never tags or styles. Digits stay as they are in whatever is marked ``translate="no"`` (codes,
digests, addresses, formulas), and beside Latin letters: ISO 9001, CO2, 12 kWh. Formulas stay since a line of
Arabic-Indic numbers runs from right to left, and what they say would turn round.
"""

from __future__ import annotations

import re
from typing import Final

_TAG: Final = re.compile(r"(<[^>]*>)")
_NAME: Final = re.compile(r"</?\s*([a-zA-Z0-9]+)")
_VOID: Final = frozenset({"br", "img", "meta", "link", "hr", "input"})
_VERBATIM: Final = frozenset({"style", "script"})
_PLACE: Final = 'class="place"'
"""Marks numbers of chapters, whose points part no decimals."""

_NUMBER: Final = re.compile(
    r"&\#?\w+;"  # an escaped sign
    r"|[A-Za-z][\w./:@+-]*(?:[ \u00a0-]+[0-9][\w./:,-]*)*"  # a Latin word and the numbers after it
    r"|[0-9][\w.,:/-]*[A-Za-z][\w./:-]*"  # a code that begins with a digit
    r"|[0-9]+(?:\.[0-9]+)*(?:[ \u00a0]?%|[ \u00a0]+[A-Za-z][\w./]*)?"  # a number, its per cent or its Latin unit
)
_LABEL: Final = re.compile(r"^[0-9]+(?:\.[0-9]+)+(?= [^\W\d])")
"""The number of a chapter before its name, as in the labels of drawings."""

_DIGITS: Final = str.maketrans("0123456789%", "٠١٢٣٤٥٦٧٨٩٪")


def arabic_indic(page: str) -> str:
    """``page`` (well-formed HTML of our own templates) with the digits of its texts in Arabic-Indic form."""
    above: list[tuple[str, bool, bool]] = [("", False, False)]
    parts: list[str] = []
    for part in _TAG.split(page):
        if not part.startswith("<"):
            _, kept, places = above[-1]
            parts.append(part if kept else turned(part, places=places))
            continue
        parts.append(part)
        name = _NAME.match(part)
        if name is None or name[1].lower() in _VOID or part.endswith("/>"):
            continue
        tag = name[1].lower()
        if part.startswith("</"):
            while len(above) > 1 and above.pop()[0] != tag:
                pass
        else:
            _, kept, places = above[-1]
            kept = kept or tag in _VERBATIM or 'translate="no"' in part
            above.append((tag, kept, places or _PLACE in part))
    return "".join(parts)


def turned(text: str, *, places: bool = False) -> str:
    """One text; with ``places`` the points in its numbers stay points, as in numbers of chapters."""
    label = _LABEL.match(text)
    head = label[0] if label else ""
    return head.translate(_DIGITS) + _NUMBER.sub(lambda found: _one(found[0], places=places), text[len(head) :])


def _one(text: str, *, places: bool) -> str:
    if text.startswith("&") or re.search("[A-Za-z]", text):
        return text
    number = text.translate(_DIGITS)
    return number if places or number.count(".") > 1 else number.replace(".", "٫")
