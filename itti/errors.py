"""Faults that know how they are answered over HTTP.

A room declares its own faults by subclassing one of the kinds in :mod:`itti.http.errors` and setting ``code``
and ``room``; the sentence lies in that room's catalogue under ``fault.<code>``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from questionnaires.errors import Fault


@dataclass(frozen=True)
class FieldMistake:
    """What is wrong with one field of the request body.

    ``pointer`` is a JSON Pointer (RFC 6901) into the body, ``""`` for the whole of it. ``key`` names the
    sentence ``field.<key>`` in the catalogue of ``room``; ``details`` fill its placeholders.
    """

    pointer: str
    key: str
    details: Mapping[str, object]
    room: str = "itti.http"


class HttpFault(Fault):
    """A fault with an HTTP status.

    Beside the ``details`` of its sentence an instance may carry ``headers`` of the response, ``members`` that
    are added to the problem document (such as ``current``), and ``mistakes`` of single fields.
    """

    code: ClassVar[str] = "http-fault"
    room: ClassVar[str] = "itti.http"
    status: ClassVar[int] = 400
    example: ClassVar[Mapping[str, object]] = {}
    """Details of a realistic instance, for the description of the API."""

    def __init__(self, **details: object) -> None:
        super().__init__(**details)
        self.headers: dict[str, str] = {}
        self.members: dict[str, object] = {}
        self.mistakes: tuple[FieldMistake, ...] = ()
