"""What a token may be limited to: few words, each named by what it allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from itti.accounts.tables import Role


class Scope(StrEnum):
    """One thing that a token allows.

    Every operation of the API either names the one it asks for, or is for people alone (:mod:`itti.http.bearer`).
    ``docs/scopes.md`` lists all of them. None lets anybody move an assessment, declare, review or revoke: these ask
    for the judgement of a person.
    """

    ASSESSMENTS_READ = "assessments:read"
    """Read assessments with answers, evidence, comments and scorecards."""

    ASSESSMENTS_WRITE = "assessments:write"
    """Save answers."""

    EVIDENCE_WRITE = "evidence:write"
    """Attach, link and take away evidence."""

    CERTIFICATES_READ = "certificates:read"
    """Read certificates and their files."""

    REGISTER_READ = "register:read"
    """Read factories, assessment bodies, assessors and their accreditations."""

    EVENTS_READ = "events:read"
    """Read what has happened (:mod:`itti.events`)."""

    SCORES_COMPUTE = "scores:compute"
    """Score answers that are not stored."""

    FOOTPRINTS_READ = "footprints:read"
    """Read product carbon footprints, and send events about them (:mod:`itti.footprints`)."""

    FOOTPRINTS_WRITE = "footprints:write"
    """Compute and enter product carbon footprints; who reads them is for people to say."""


_NOT_OF_THE_OFFICE: Final = frozenset(
    {Scope.ASSESSMENTS_WRITE, Scope.EVIDENCE_WRITE, Scope.FOOTPRINTS_READ, Scope.FOOTPRINTS_WRITE}
)


def open_to(role: Role) -> tuple[Scope, ...]:
    """The scopes that open anything to people of ``role``: the office answers and produces nothing."""
    return tuple(scope for scope in Scope if role is not Role.PROGRAMME or scope not in _NOT_OF_THE_OFFICE)


@dataclass(frozen=True)
class Limits:
    """What a new token opens, and for how long."""

    scopes: str | None
    """As :func:`joined`; None: all that its owner may do."""

    days: int


def joined(scopes: Iterable[Scope]) -> str:
    """As one text, as OAuth writes it (RFC 6749, 3.3): in the order above, each once."""
    wanted = set(scopes)
    return " ".join(scope.value for scope in Scope if scope in wanted)


def parted(text: str) -> tuple[Scope, ...]:
    """The scopes in such a text.

    Raises:
        ValueError: there is another word in it.
    """
    return tuple(Scope(word) for word in text.split())
