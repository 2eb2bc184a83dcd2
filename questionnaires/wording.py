"""Sentences for people, from the gettext catalogue of a room (``<room>/locale/<language>.po``).

Keys are symbolic (``fault.unknown-question``), so the code holds no sentence in any language and English is
a translation like every other. Placeholders are named: ``{question}``. A message with plural forms takes
its number from the detail ``count``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from babel.core import Locale
from babel.messages.pofile import read_po

LANGUAGES: Final = ("en", "ar")
"""Languages every catalogue carries. The first one answers when a reader asks for none of them."""

RIGHT_TO_LEFT: Final = frozenset({"ar"})
"""Languages written from right to left."""


class MissingText(LookupError):
    """A key without a message: a mistake in this project, never in the input (tests look for it)."""


@cache
def catalogue(room: str, language: str) -> Mapping[str, str | tuple[str, ...]]:
    """All messages of ``room`` in ``language``: key → text, or key → plural forms in the catalogue's order.

    Raises:
        MissingText: the room has no catalogue in that language.
    """
    source = resources.files(room) / "locale" / f"{language}.po"
    try:
        with source.open("rb") as stream:
            template = read_po(stream, locale=language)
    except FileNotFoundError as error:
        raise MissingText(f"{room}: {language}") from error
    messages: dict[str, str | tuple[str, ...]] = {}
    for message in template:
        key = message.id if isinstance(message.id, str) else message.id[0]
        text = message.string
        if key and not message.fuzzy and text:
            messages[key] = text if isinstance(text, str) else tuple(text)
    return messages


_PLURALS: Final = {"en": ("one", "other"), "ar": ("zero", "one", "two", "few", "many", "other")}
"""CLDR plural categories in the order in which gettext catalogues list their forms."""


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def say(room: str, key: str, language: str = "en", /, **details: object) -> str:
    """The message ``key`` of ``room`` in ``language`` with its placeholders filled from ``details``.

    Returns plain text, not HTML: templates escape it like any other value.

    Raises:
        MissingText: no such message in that language, or a placeholder without a value.
    """
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    try:
        text = catalogue(room, spoken)[key]
        if isinstance(text, tuple):
            category = _locale(spoken).plural_form(int(str(details["count"])))
            text = text[_PLURALS[spoken].index(category)]
        return text.format_map({name: str(value) for name, value in details.items()})
    except KeyError as error:
        raise MissingText(f"{room}: {spoken}: {key}: {error}") from error
