"""What exactly a decision rests on: one digest over questionnaire, answers, evidence, scorecard and targets.

The reviewer names the digest of what was read; an approval of anything else is refused, with what changed. The digest
of what was approved goes into the record of acts, into the register and onto its public page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments import library, reading
from itti.assessments.standing import scorecard_of
from itti.assessments.tables import Answer, Assessment, Phase
from itti.evidence.reading import of_assessment
from itti.review.errors import ContentChanged, ContentUnseen
from itti.review.tables import ContentMoment, FixedContent
from itti.targets import reading as targets
from questionnaires.wording import LANGUAGES
from scoring.canonical import canonical

FORMAT: Final = "itti-content/1"


class Part(StrEnum):
    """A part of the content; words under ``part.<name>``."""

    DEFINITION = "definition"
    ANSWERS = "answers"
    OWN = "own"
    EVIDENCE = "evidence"
    SCORECARD = "scorecard"
    TARGETS = "targets"


@dataclass(frozen=True)
class Content:
    """The manifest: short, without any free text, and the same for the same content."""

    manifest: Mapping[str, Any]

    def to_json(self) -> bytes:
        """Canonical JSON (RFC 8785)."""
        return canonical(dict(self.manifest))

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, hexadecimal."""
        return hashlib.sha256(self.to_json()).hexdigest()

    @classmethod
    def of(cls, fixed: FixedContent) -> Self:
        """As it was fixed."""
        return cls(json.loads(fixed.manifest))

    def differences(self, other: Content) -> Mapping[Part, tuple[str, ...]]:
        """Part → the questions in which ``other`` differs (of targets: what they are for); none where it has none."""
        found: dict[Part, tuple[str, ...]] = {}
        for part in Part:
            mine, theirs = self._held(part), other._held(part)
            if mine == theirs:
                continue
            if isinstance(mine, dict) and isinstance(theirs, dict):
                names = sorted(mine.keys() | theirs.keys())
                found[part] = tuple(name for name in names if mine.get(name) != theirs.get(name))
            else:
                found[part] = ()
        return found

    def _held(self, part: Part) -> Any:
        """What it says of a part; of targets nothing where there are none."""
        return self.manifest.get(part.value, {}) if part is Part.TARGETS else self.manifest[part.value]


def content_of(session: Session, one: Assessment) -> Content:
    """What stands in an assessment now. Checks no rights.

    Raises:
        DefinitionChanged: the library no longer holds the pinned questionnaire.
    """
    assessed = reading.answers_of(session, one.id, Phase.ASSESSED)
    card = scorecard_of(library.pinned(one).asked(assessed.values()), assessed.values())
    aims = targets.told(session, one)
    return Content({
        "format": FORMAT,
        Part.DEFINITION.value: one.digest,
        Part.ANSWERS.value: _told(assessed),
        Part.OWN.value: _told(reading.answers_of(session, one.id, Phase.SELF)),
        Part.EVIDENCE.value: {
            question: sorted(proof.newest.sha256 for proof in proofs)
            for question, proofs in of_assessment(session, one.id).items()
        },
        Part.SCORECARD.value: hashlib.sha256(card.to_json()).hexdigest(),
        **({} if aims is None else {Part.TARGETS.value: aims}),
    })  # fmt: skip


def _told(answers: Mapping[str, Answer]) -> dict[str, Any]:
    return {
        name: {"given": answer.given, "reason": hashlib.sha256(answer.reason.encode()).hexdigest()}
        for name, answer in answers.items()
    }


def fix(session: Session, act: Act, one: Assessment, moment: ContentMoment) -> FixedContent:
    """Keep what stands there now, beside what was kept before."""
    content = content_of(session, one)
    made = FixedContent(
        assessment_id=one.id,
        moment=moment,
        digest=content.digest,
        manifest=content.to_json().decode(),
        fixed_by=None if act.actor is None else act.actor.id,
        at=act.at,
    )
    session.add(made)
    session.flush()
    return made


def expect_content(session: Session, one: Assessment, seen: str | None) -> None:
    """Check that what stands there is what the reviewer read.

    Args:
        session: a session that holds the assessment.
        one: the assessment.
        seen: the digest of what was read; empty: none was named; None: the caller is not asked.

    Raises:
        ContentUnseen: no digest was named.
        ContentChanged: something else stands there; what changed is named where what was read is known.
    """
    if seen is None:
        return
    if not seen:
        raise ContentUnseen
    now = content_of(session, one)
    if now.digest == seen:
        return
    statement = select(FixedContent).where(FixedContent.assessment_id == one.id, FixedContent.digest == seen)
    known = session.exec(statement.order_by(col(FixedContent.at)).limit(1)).one_or_none()
    changed = {} if known is None else Content.of(known).differences(now)
    texts = {language: library.shown(one).definition.words(language) for language in LANGUAGES}
    titles = {
        language: {name: words.title for name, words in found.nodes.items()}
        | {name: words.title for name, words in found.questions.items()}
        for language, found in texts.items()
    }
    raise ContentChanged(now.digest, changed, titles)
