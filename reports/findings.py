"""What an examination can find: about the seal, about the score, and about the record, apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from questionnaires import wording
from reports.attached import AttachedAnswers, AttachedCertificate
from scoring.scorecard import Scorecard

SIZE_LIMIT: Final = 20_000_000
"""Larger files are not examined (bytes); ours have less than one million."""


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
    """The attached answers give the attached scorecard again, to the last digit."""

    DIFFERS = "differs"
    """They give another one; the differences are listed."""

    IMPOSSIBLE = "impossible"
    """It cannot be computed again here; ``code`` says why."""


class CredentialState(StrEnum):
    """What can be said of the credential that a paper carries."""

    INTACT = "intact"
    """Signed by a trusted key, and it says what the paper says."""

    BROKEN = "broken"
    """It was changed, or is none."""

    UNTRUSTED = "untrusted"
    """Its signature fits, but nobody we trust stands behind the key."""

    DIFFERS = "differs"
    """It is signed by a trusted key and speaks of another paper."""

    ABSENT = "absent"
    """The paper carries none."""


class Finding(BaseModel):
    """Base of the findings: frozen, with a machine code and a sentence in the reader's language."""

    model_config = ConfigDict(frozen=True)
    code: str
    """Why, as a stable word (``seal.<code>``, ``score.<code>`` or ``credential.<code>`` in the catalogue)."""


class SealFinding(Finding):
    """What was found about the seal."""

    state: SealState
    signer: str | None = None
    """Common name of the sealing certificate."""

    organisation: str | None = None
    sealed_at: datetime | None = None
    """The time that the seal states: the sealer's word, unless a stamp confirms it."""

    stamped_at: datetime | None = None
    """The time that a time stamp on the seal states."""

    stamped_by: str | None = None
    """Common name of the certificate that made the stamp."""

    stamp_trusted: bool = False
    """True when the stamp is by an authority that the reader trusts: the time is proven."""

    level: str | None = None
    """What the seal proves by itself (:class:`reports.stamps.Level`)."""

    archived_at: datetime | None = None
    """In an archive copy: the time of the last stamp over all of it."""

    archived_by: str | None = None
    """Common name of the certificate that made that stamp."""

    whole: bool = False
    """True when the seal covers every byte of the file."""

    is_demonstration: bool = False
    changes: tuple[str, ...] = ()
    """What was added after sealing: page, annotation, attachment, signature, other."""

    def sentence(self, language: str = "en") -> str:
        """The finding in words."""
        return wording.say("reports", f"seal.{self.code}", language, limit=SIZE_LIMIT // 1_000_000)

    def stamp_sentence(
        self, language: str = "en", moment: Callable[[datetime], str] = datetime.isoformat
    ) -> str | None:
        """What the time stamp says, in words; None where there is none. ``moment`` writes the time in it."""
        if self.stamped_at is None:
            return None
        key = "stamp.trusted" if self.stamp_trusted else "stamp.unknown"
        return wording.say("reports", key, language, moment=moment(self.stamped_at), by=self.stamped_by or "–")

    def archive_sentence(
        self, language: str = "en", moment: Callable[[datetime], str] = datetime.isoformat
    ) -> str | None:
        """What the last archive stamp says, in words; None where there is none."""
        if self.archived_at is None:
            return None
        return wording.say(
            "reports", "stamp.archive", language, moment=moment(self.archived_at), by=self.archived_by or "–"
        )

    def changes_in_words(self, language: str = "en") -> tuple[str, ...]:
        """What was added after sealing, in words."""
        return tuple(wording.say("reports", f"change.{change}", language) for change in self.changes)


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


class RecordState(StrEnum):
    """What can be said of the record; words under ``record.<name>`` of the page."""

    INCLUDED = "included"
    """The act that ordered the paper is proven to be in the record."""

    UNKNOWN = "unknown"
    """It is in a record whose key nobody we trust stands behind."""

    BROKEN = "broken"
    """What is attached proves nothing, or something else."""

    ABSENT = "absent"
    """The paper carries no proof: it was made before papers did, or it is none of ours."""


class RecordFinding(Finding):
    """What was found about the record."""

    state: RecordState
    origin: str | None = None
    """Name of the record."""

    index: int | None = None
    size: int | None = None
    """Place of the act, and number of acts under the head."""

    acted_at: datetime | None = None
    signed_at: datetime | None = None
    """Of the act, and of the head that covers it (UTC)."""

    leaf_hash: str | None = None
    root: str | None = None
    """Hexadecimal."""

    def sentence(self, language: str = "en") -> str:
        """The finding in words."""
        return wording.say(
            "reports", f"record.{self.code}", language, index=(self.index or 0) + 1, size=self.size, origin=self.origin
        )


class CredentialFinding(Finding):
    """What was found about the credential."""

    state: CredentialState
    issuer: str | None = None
    """The issuer's identifier."""

    signer: str | None = None
    """Common name of the certificate whose key signed it."""

    signed_at: datetime | None = None
    """The time that it states."""

    is_demonstration: bool = False

    def sentence(self, language: str = "en") -> str:
        """The finding in words."""
        return wording.say("reports", f"credential.{self.code}", language)


class Examination(BaseModel):
    """All findings, and what the file carries, for the register to compare."""

    model_config = ConfigDict(frozen=True)
    sha256: str
    seal: SealFinding
    score: ScoreFinding
    record: RecordFinding = RecordFinding(state=RecordState.ABSENT, code="absent")
    credential: CredentialFinding
    scorecard: Scorecard | None = None
    answers: AttachedAnswers | None = None
    certificate: AttachedCertificate | None = None
