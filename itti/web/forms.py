"""Forms of pages: what was typed is read as the API's input models read it, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from itti.http.errors import InvalidInput
from itti.http.mistakes import mistakes_of
from questionnaires.errors import Fault
from questionnaires.wording import say

InputT = TypeVar("InputT", bound=BaseModel)


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
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


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

    ``numbers`` are those that hold whole numbers, in the digits of any script; ``defaults`` stand for what the
    form does not ask.

    Raises:
        InvalidInput: naming every field that cannot be taken.
    """
    given = dict(defaults or {}) | {name: posted[name] for name in names if posted.get(name, "").strip()}
    for name in numbers:
        text = posted.get(name, "").strip()
        if text.isdecimal() and len(text) < 19:
            given[name] = int(text)
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        found = [{**item, "loc": ("body", *item["loc"])} for item in error.errors(include_url=False)]
        raise InvalidInput.of(*mistakes_of(found)) from error


def version_in(posted: Mapping[str, str]) -> int | None:
    """The version a form was made from; None where it says none."""
    text = posted.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def typed(posted: Mapping[str, str], names: Iterable[str]) -> dict[str, object]:
    """What was typed into the fields ``names``, to be shown again."""
    return {name: posted.get(name, "") for name in names}
