"""Examine a paper that a stranger hands in: is its seal intact, and does its attached data give the score again?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from pydantic import BaseModel, ConfigDict

from questionnaires import wording
from questionnaires.model import Definition
from reports.attached import AttachedAnswers, AttachedCertificate
from scoring.scorecard import Scorecard


class SealState(StrEnum):
    """What can be said of the seal."""

    INTACT = "intact"
    """By a trusted key, over the whole file, and nothing changed since."""

    BROKEN = "broken"
    """The file was changed after sealing."""

    ABSENT = "absent"
    """A readable PDF without a seal."""

    UNTRUSTED = "untrusted"
    """The seal fits the file, but nobody we trust stands behind the key."""

    UNREADABLE = "unreadable"
    """Not a PDF that can be examined."""


class ScoreState(StrEnum):
    """What can be said of the score."""

    REPRODUCED = "reproduced"
    DIFFERS = "differs"
    IMPOSSIBLE = "impossible"


class Finding(BaseModel):
    """Base of the findings: frozen, with a machine code and a sentence in the reader's language."""

    model_config = ConfigDict(frozen=True)
    code: str
    """Why, as a stable word (``seal.<code>`` or ``score.<code>`` in the catalogue)."""


class SealFinding(Finding):
    """What was found about the seal."""

    state: SealState
    signer: str | None = None
    """Common name of the sealing certificate."""

    organisation: str | None = None
    sealed_at: datetime | None = None
    """The time that the seal states (not proven by a time stamp)."""

    whole: bool = False
    """True when the seal covers every byte of the file."""

    is_demonstration: bool = False
    changes: tuple[str, ...] = ()
    """What was added after sealing: page, annotation, attachment, signature, other."""

    def sentence(self, language: str = "en") -> str:
        """The finding in words."""
        return wording.say("reports", f"seal.{self.code}", language)


class Difference(BaseModel):
    """One value that the attached scorecard states otherwise than the attached answers give."""

    model_config = ConfigDict(frozen=True)
    path: str
    attached: str
    computed: str


class ScoreFinding(Finding):
    """What was found about the score."""

    state: ScoreState
    differences: tuple[Difference, ...] = ()

    def sentence(self, language: str = "en") -> str:
        """The finding in words."""
        return wording.say("reports", f"score.{self.code}", language)


class Examination(BaseModel):
    """Both findings, and what the file carries, for the register to compare."""

    model_config = ConfigDict(frozen=True)
    sha256: str
    seal: SealFinding
    score: ScoreFinding
    scorecard: Scorecard | None = None
    answers: AttachedAnswers | None = None
    certificate: AttachedCertificate | None = None


def examine(
    pdf: bytes,
    trust_roots: Sequence[x509.Certificate],
    definitions: Callable[[str, str], Definition],
) -> Examination:
    """Examine ``pdf``; every hostile or damaged input is a finding and never an exception.

    Args:
        pdf: what was handed in.
        trust_roots: the root certificates that the reader trusts.
        definitions: loads a definition by family and version; a ``Fault`` from it means it is unknown here.
    """
    raise NotImplementedError
