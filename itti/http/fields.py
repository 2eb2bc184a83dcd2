"""Field types that every input model shares: cleaned texts, e-mail addresses, passwords."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from questionnaires.words import exact_number
from reports import signs
from scoring.answers import decimal_text

_LINE_BREAKS: Final = re.compile(r"\r\n?|\u0085|\u2028|\u2029")
_HIDDEN: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Marks that turn the direction of text: harmless in prose, a means to make a name read as another.

Kept are the zero-width joiner and non-joiner, which Arabic script needs.
"""

_SIGNS_SHOWN: Final = 8
_EMAIL: Final = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?",
    re.ASCII,
)


class Input(BaseModel):
    """Base of all request bodies: unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def clean_text(value: object, *, lines: bool = False) -> object:
    """Text in normal form (NFC) without surrounding space and without hidden marks; line breaks become newlines.

    Raises:
        PydanticCustomError: control characters (other than line breaks and tabs where ``lines``).
    """
    if not isinstance(value, str):
        return value
    text = _LINE_BREAKS.sub("\n", unicodedata.normalize("NFC", value)).strip()
    text = "".join(character for character in text if character not in _HIDDEN)
    allowed = "\n\t" if lines else ""
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in allowed for character in text):
        raise PydanticCustomError("control-characters", "control characters")
    return text


def _lines(value: object) -> object:
    return clean_text(value, lines=True)


def _required(value: object) -> object:
    return _not_blank(clean_text(value))


def _required_lines(value: object) -> object:
    return _not_blank(clean_text(value, lines=True))


def _not_blank(value: object) -> object:
    if value == "":
        raise PydanticCustomError("blank", "blank")
    return value


def _decimal(value: object) -> Fraction:
    if isinstance(value, str) and "/" in value:
        raise PydanticCustomError("exact-number", "not a decimal")
    return exact_number(value)


def _email(value: object) -> object:
    if not isinstance(value, str):
        return value
    address = value.strip().casefold()
    if not _EMAIL.fullmatch(address) or len(address.partition("@")[0]) > 64:
        raise PydanticCustomError("not-an-email", "not an e-mail address")
    return address


def printable(value: str) -> str:
    """The text itself where certificates can print it. Raises ``PydanticCustomError``: with the signs they cannot."""
    missing = sorted({sign for sign in signs.tidied(value) if ord(sign) not in signs.printable()})
    if missing:
        raise PydanticCustomError("unprintable-signs", "signs", {"signs": " ".join(missing[:_SIGNS_SHOWN])})
    return value


def _none_when_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Line = Annotated[str, BeforeValidator(_required)]
"""One line of text, not empty. Add ``Field(max_length=…)``."""

Prose = Annotated[str, BeforeValidator(_lines)]
"""Text of several lines, perhaps empty."""

RequiredProse = Annotated[str, BeforeValidator(_required_lines)]
"""Text of several lines, not empty."""

Email = Annotated[str, Field(max_length=254), BeforeValidator(_email)]
"""An e-mail address, case-folded."""

Password = Annotated[str, Field(min_length=12, max_length=200)]
"""A password to be set: long rather than odd (NIST SP 800-63B-4, 3.1.1.2)."""

Decimal = Annotated[
    Fraction,
    BeforeValidator(_decimal),
    PlainSerializer(decimal_text, return_type=str),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^-?\d{1,18}(\.\d{1,18})?$"}]}),
]
"""A whole number or a decimal as text (``"12.5"``), exact; a binary float is refused. Shown as text."""

PrintedLine = Annotated[Line, AfterValidator(printable)]
"""A :data:`Line` that certificates print; refused here rather than when one is issued."""

Name = Annotated[PrintedLine, Field(max_length=200)]
"""A name that certificates print."""

OptionalName = Annotated[
    Annotated[str, BeforeValidator(clean_text), AfterValidator(printable), Field(max_length=200)] | None,
    BeforeValidator(_none_when_blank),
]
"""A name or None; blank is None."""
