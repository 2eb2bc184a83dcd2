"""What a token may be limited to: few words, each named by what it allows."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


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
