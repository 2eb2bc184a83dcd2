"""From values to HTML: the Jinja environment and what every page of the house is given.

Everything is escaped, always; the only markup that comes from outside a template is a chart drawn by
:mod:`reports.charts`, which says so by its type. Templates hold no sentence: ``t("key")`` looks it up in the
catalogue of this room, in the reader's language.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from itti.calendar.reckoning import Reckoning, plain_day_words
from itti.web import languages
from questionnaires.wording import say

ROOM: Final = "itti.web"
STATIC: Final = Path(__file__).parent / "static"

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Private-use characters that mark where a value stands in a sentence until it is escaped."""


@cache
def environment() -> Environment:
    """The one Jinja environment: escaping everywhere, and a mistake in a template is an error, not a blank."""
    made = Environment(
        loader=PackageLoader("itti.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(static=static, along=along, span=span)
    return made


@cache
def static(name: str) -> str:
    """The address of a static file; it changes with the content, so that browsers may keep the file for long."""
    file = STATIC / name
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"
    return f"/static/{name}?v={digest}"


def sentence(language: str, key: str, **details: object) -> str | Markup:
    """The message ``key`` for the text of a page: every value in it is escaped and set apart by ``<bdi>``.

    A name in Latin letters inside an Arabic sentence would otherwise drag the words around it out of order.
    """
    if not details:
        return say(ROOM, key, language)
    marked = {name: value if name == "count" else f"{_OPEN}{name}{_CLOSE}" for name, value in details.items()}
    text = str(escape(say(ROOM, key, language, **marked)))
    for name, value in details.items():
        shown = value if isinstance(value, Markup) else Markup("<bdi>{}</bdi>").format(value)
        text = text.replace(f"{_OPEN}{name}{_CLOSE}", str(shown))
    return Markup(text)  # noqa: S704 - escaped above


def plain(language: str, key: str, **details: object) -> str:
    """The message ``key`` for an attribute, where no markup can stand."""
    return say(ROOM, key, language, **details)


def words(language: str, reckoning: Reckoning) -> dict[str, object]:
    """What templates call for words and figures in ``language``, and for days and moments as the reader reckons."""
    return {
        "t": partial(sentence, language),
        "ta": partial(plain, language),
        "say": lambda room, key, **details: say(room, key, language, **details),
        "day_words": lambda day: reckoning.day_words(day, language),
        "plain_day_words": lambda day: plain_day_words(day, language),
        "moment_words": lambda moment: reckoning.moment_words(moment, language),
        "clock_words": lambda moment: reckoning.clock_words(moment, language),
        "end_words": lambda day: reckoning.end_words(day, language),
        "zone": reckoning.zone.key,
        "number_words": lambda number: languages.number_words(number, language),
        "called": partial(called, language=language),
    }


def called(thing: object, language: str) -> str:
    """The name of a person or organisation as a page of that language prints it."""
    arabic = getattr(thing, "name_ar", None)
    return str(arabic if language == "ar" and arabic else getattr(thing, "name", thing))


def along(value: str | None, least: Decimal | int, most: Decimal | int, width: float = 0) -> str:
    """Where ``value`` lies between ``least`` and ``most``, in hundredths, for a mark that is ``width`` wide."""
    if value is None:
        return "0"
    share = (Decimal(value) - least) / (most - least) * 100
    return f"{share - Decimal(str(width)) / 2:.2f}"


def span(lowest: str | None, highest: str | None, least: Decimal | int, most: Decimal | int) -> str:
    """How much of the scale lies between two values, in hundredths."""
    if lowest is None or highest is None:
        return "0"
    return f"{(Decimal(highest) - Decimal(lowest)) / (most - least) * 100:.2f}"
