"""Lists of which a reader wants few fields: ``fields=id,state`` leaves the others out of every entry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Query, Response
from pydantic import BaseModel

from itti.errors import FieldMistake
from itti.http.errors import InvalidInput
from itti.http.paging import Page
from questionnaires import wording

ViewT = TypeVar("ViewT", bound=BaseModel)


@dataclass(frozen=True)
class Fields:
    """Which fields of the entries are asked for; None: all of them."""

    names: frozenset[str] | None

    def shown(self, page: Page[ViewT], response: Response) -> Page[ViewT] | Response:
        """The page, of whose entries only these fields are left; with the header fields of ``response``."""
        if self.names is None:
            return page
        kept: Any = {"items": {"__all__": set(self.names)}}
        content = page.model_dump_json(include=kept, by_alias=True)
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        return Response(content, media_type="application/json", headers=headers)


def fields_of(view: type[BaseModel]) -> Callable[..., Fields]:
    """A dependency that reads which fields of ``view`` are asked for."""
    known = {field.serialization_alias or name: name for name, field in view.model_fields.items()}
    example = ",".join(list(known)[:2])

    def fields(
        fields: Annotated[
            str | None,
            Query(
                max_length=1000,
                description=wording.say("itti.http", "openapi.fields", fields=", ".join(f"`{name}`" for name in known)),
                examples=[example],
            ),
        ] = None,
    ) -> Fields:
        """The fields that are asked for, by name.

        Raises:
            InvalidInput: entries have no such field.
        """
        if fields is None:
            return Fields(None)
        names = [name.strip() for name in fields.split(",")]
        if any(name not in known for name in names):
            raise InvalidInput.of(FieldMistake("?fields", "not-a-choice", {"limit": ", ".join(known)}))
        return Fields(frozenset(known[name] for name in names))

    return fields
