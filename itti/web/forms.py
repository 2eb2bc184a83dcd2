"""Forms of pages: what was typed is read as the API's input models read it, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from itti.http.errors import InvalidInput
from itti.http.mistakes import mistakes_of
from questionnaires.days import iso_day
from questionnaires.errors import Fault
from questionnaires.wording import say

InputT = TypeVar("InputT", bound=BaseModel)

_GROUPED: Final = re.compile(r"\d{1,3}(?:(?P<mark>[,\u066c\u060c \u00a0\u2009\u202f])\d{3}(?:(?P=mark)\d{3})*)?|\d+")
"""A whole number, plain or in groups of three, in the digits of any script (``\\d`` takes them all).

Apart from the marks that these pages print themselves, the Arabic comma that keyboards offer and the spaces of
other countries. A full stop is none of them: to some readers it begins the decimals.
"""


_MOST_PLACES: Final = 18
_DAY: Final = re.compile(r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})", re.ASCII)
_UNSEEN: Final = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))
"""Marks of direction that keyboards and copied texts bring along."""


@dataclass(frozen=True)
class Form:
    """What a form shows: values by field, and sentences about mistakes by field (``""``: about the whole)."""

    values: Mapping[str, object] = field(default_factory=dict)
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    key: str = ""
    """Sets the ids of fields apart where a page holds several forms."""

    @property
    def marked(self) -> bool:
        """Whether a mistake stands beside a field, and not only about the whole form."""
        return any(self.errors)

    @classmethod
    def refused(cls, values: Mapping[str, object], fault: Fault, language: str, key: str = "") -> Form:
        """The form again, with what was typed, and with what is wrong beside the fields concerned."""
        errors: dict[str, tuple[str, ...]] = {}
        for mistake in getattr(fault, "mistakes", ()):
            name = str(mistake.pointer).strip("/").partition("/")[0]
            name = name if name in values else ""
            words = say(mistake.room, f"field.{mistake.key}", language, **mistake.details)
            errors[name] = (*errors.get(name, ()), words)
        return cls(values, errors or {"": (fault.sentence(language),)}, key)


async def _posted(request: Request) -> dict[str, str]:
    form = await request.form(max_files=0)
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    request.state.posted = fields  # for the page that asks for a proof first, and loses nothing that was typed
    return fields


Posted = Annotated[dict[str, str], Depends(_posted)]
"""The fields of a posted form. Name it before the visit among a function's parameters: it is then read before
the transaction begins, so that a slow sender keeps nobody from writing."""


def taken(
    kind: type[InputT],
    posted: Mapping[str, str],
    names: Iterable[str],
    *,
    numbers: Iterable[str] = (),
    defaults: Mapping[str, object] | None = None,
) -> InputT:
    """The fields ``names`` of a form as the API's input model ``kind``; a field left empty was not given.

    ``numbers`` are those that hold whole numbers, written as :func:`whole_number` reads them; ``defaults`` stand
    for what the form does not ask.

    Raises:
        InvalidInput: naming every field that cannot be taken.
    """
    given = dict(defaults or {}) | {name: posted[name] for name in names if posted.get(name, "").strip()}
    for name in numbers:
        number = whole_number(posted.get(name, ""))
        if number is not None:
            given[name] = number
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        found = [{**item, "loc": ("body", *item["loc"])} for item in error.errors(include_url=False)]
        raise InvalidInput.of(*mistakes_of(found)) from error


def whole_number(text: str) -> int | None:
    """The whole number that ``text`` writes as people write one (1600, 1,600, ١٬٦٠٠); None where it is none."""
    text = text.strip()
    if len(text) > 25 or not _GROUPED.fullmatch(text):
        return None
    digits = "".join(character for character in text if character.isdecimal())
    return int(digits) if len(digits) < 19 else None


def decimal_number(text: str) -> str | None:
    """The number that ``text`` writes as people write one, as a decimal with a full stop; None where it is none.

    1200.5, 1,200.5 and ١٬٢٠٠٫٥ are the same number. Its whole part is read as by :func:`whole_number`; decimals begin
    at a full stop or at the Arabic decimal separator. A comma never begins them: where it stands for one, the groups
    of three do not come out, and the text is refused rather than guessed at.
    """
    text = text.translate(_UNSEEN).strip()
    sign = "-" if text[:1] in {"-", "\u2212"} else ""
    whole, mark, part = text[len(sign) :].replace("\u066b", ".").partition(".")
    number = whole_number(whole)
    if number is None or (mark and not (part.isdecimal() and len(part) <= _MOST_PLACES)):
        return None
    decimals = "".join(str(int(digit)) for digit in part).rstrip("0")
    return f"{sign}{number}" + (f".{decimals}" if decimals else "")


def day_text(text: str) -> str | None:
    """The day that ``text`` writes with the year first, as 2026-01-31; None where it is written otherwise or is no day.

    2026-01-31, 2026/1/31 and ٢٠٢٦/٠١/٣١ are the same day. 03/04/2026 is refused: it is in March for one reader and in
    April for another.
    """
    digits = (str(int(sign)) if sign.isdecimal() else sign for sign in text.translate(_UNSEEN).strip()[:20])
    found = _DAY.fullmatch("".join(digits))
    day = None if found is None else iso_day(f"{found['year']}-{found['month']:0>2}-{found['day']:0>2}")
    return None if day is None else day.isoformat()


def version_in(posted: Mapping[str, str]) -> int | None:
    """The version a form was made from; None where it says none."""
    text = posted.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def typed(posted: Mapping[str, str], names: Iterable[str]) -> dict[str, object]:
    """What was typed into the fields ``names``, to be shown again."""
    return {name: posted.get(name, "") for name in names}
