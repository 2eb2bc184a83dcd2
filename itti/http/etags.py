"""Entity tags: strong, made of the row's version; so that no write is lost (RFC 9110, 13.1; RFC 6585, 3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final

from fastapi import Depends, Header

from itti.http.errors import MalformedRequest, PreconditionRequired
from questionnaires import wording

_TAG: Final = re.compile(r'"(\d{1,18})"', re.ASCII)
_READ_TAG: Final = re.compile(r'"(\d{1,18})(?:-([0-9a-f]{64}))?"', re.ASCII)


class MalformedTag(MalformedRequest):
    """A precondition that is not one of our entity tags; details: ``value``."""

    code = "malformed-tag"
    example: ClassVar[Mapping[str, object]] = {"value": "*"}


def etag(version: int) -> str:
    """The entity tag of a row in that version."""
    return f'"{version}"'


def tag_version(header: str) -> int:
    """The version an ``If-Match`` header names.

    Raises:
        MalformedTag: it is not exactly one strong tag. ``*`` is refused: it would overwrite unseen changes.
    """
    match = _TAG.fullmatch(header.strip())
    if match is None:
        raise MalformedTag(value=header[:80])
    return int(match[1])


@dataclass(frozen=True)
class Precondition:
    """What a writer says the thing is like now: ``version``, or (None) that it does not exist yet."""

    version: int | None


@dataclass(frozen=True)
class Read:
    """What a decision says it is based on: the version of the row, and the digest of all that was read with it."""

    version: int
    digest: str
    """SHA-256, hexadecimal; empty: none was named."""


def read_tag(version: int, digest: str) -> str:
    """The entity tag of a row in that version together with everything that is read with it."""
    return f'"{version}-{digest}"'


_IF_MATCH = Header(
    alias="If-Match", description="Entity tag of the state that this write is based on.", examples=['"3"']
)
_IF_NONE_MATCH = Header(alias="If-None-Match", description="`*` for the first write.", examples=["*"])


def expected_version(if_match: Annotated[str | None, _IF_MATCH] = None) -> int:
    """The version named by ``If-Match``.

    Doors take this after the person who asks: a stranger is told to sign in, and not what else is missing.

    Raises:
        PreconditionRequired: the header is missing.
        MalformedTag: it is not a tag.
    """
    if if_match is None:
        raise PreconditionRequired
    return tag_version(if_match)


def expected_read(if_match: Annotated[str | None, _IF_MATCH] = None) -> Read:
    """The version named by ``If-Match``, with the digest of what was read where the tag has one.

    Raises:
        PreconditionRequired: the header is missing.
        MalformedTag: it is not a tag.
    """
    if if_match is None:
        raise PreconditionRequired
    match = _READ_TAG.fullmatch(if_match.strip())
    if match is None:
        raise MalformedTag(value=if_match[:80])
    return Read(int(match[1]), match[2] or "")


def precondition(
    if_match: Annotated[str | None, _IF_MATCH] = None,
    if_none_match: Annotated[str | None, _IF_NONE_MATCH] = None,
) -> Precondition:
    """The state named by ``If-Match: "n"``, or by ``If-None-Match: *`` that there is none yet.

    Raises:
        PreconditionRequired: neither header is given.
        MalformedTag: a header is of another form, or both are given.
    """
    if if_match is not None and if_none_match is None:
        return Precondition(tag_version(if_match))
    if if_none_match is not None and if_match is None:
        if if_none_match.strip() != "*":
            raise MalformedTag(value=if_none_match[:80])
        return Precondition(None)
    if if_match is None:
        raise PreconditionRequired
    raise MalformedTag(value=f"{if_match[:40]}, {(if_none_match or '')[:40]}")


def tagged(status: int) -> dict[int | str, dict[str, Any]]:
    """What a route adds to ``responses=`` when its answer carries an entity tag."""
    header = {
        "description": wording.say("itti.http", "openapi.etag"),
        "schema": {"type": "string", "example": '"3"'},
    }
    return {status: {"headers": {"ETag": header}}}


# Asked on the way in without a thread, which would take longer than the answer.


async def _expected_read(if_match: Annotated[str | None, _IF_MATCH] = None) -> Read:
    return expected_read(if_match)


async def _expected_version(if_match: Annotated[str | None, _IF_MATCH] = None) -> int:
    return expected_version(if_match)


async def _precondition(
    if_match: Annotated[str | None, _IF_MATCH] = None,
    if_none_match: Annotated[str | None, _IF_NONE_MATCH] = None,
) -> Precondition:
    return precondition(if_match, if_none_match)


ExpectedRead = Annotated[Read, Depends(_expected_read)]
ExpectedVersion = Annotated[int, Depends(_expected_version)]
ExpectedState = Annotated[Precondition, Depends(_precondition)]
