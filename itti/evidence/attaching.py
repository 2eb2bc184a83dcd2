"""Attaching files to answers, and later revisions of them: while the assessment is in the assessor's hands.

A file goes through three steps, so that no transaction waits for a slow line or a disk: :func:`check` (or
:func:`check_revision`) whether it would be taken at all, :func:`keep` its content on the shelf, and :func:`attach` it
to the question (or :func:`revise` what is there).
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments import answers, reading
from itti.assessments.tables import Assessment, Phase
from itti.evidence import recording
from itti.evidence.errors import NoSuchEvidence, NotThatKind, TooManyFiles, TooMuchEvidence
from itti.evidence.reading import Proof, all_of, by_question, file, proofs
from itti.evidence.tables import Evidence, EvidenceKind, EvidenceLink, EvidenceRevision
from itti.files import kinds, names, pictures
from itti.files.bucket import Bucket, Place
from itti.files.shelf import Contents, Kept, Shelf
from itti.files.uploads import Upload
from itti.settings import Settings

KEEP_METADATA: Final = "keep_metadata"
"""The field of a form that says whether place, time and camera stay in a picture."""

_YES: Final = frozenset({"true", "1", "on"})


@dataclass(frozen=True)
class KeptFile:
    """A file whose type is known and whose content lies on the shelf."""

    name: str
    media_type: str
    kept: Kept
    is_stripped: bool = False
    """Whether something was left out of a picture."""

    @property
    def content(self) -> Content:
        """As a revision takes it."""
        return Content(self.name, self.media_type, self.kept, is_stripped=self.is_stripped)


@dataclass(frozen=True)
class Content:
    """What makes a revision: a file, or the text of a note."""

    file_name: str
    media_type: str
    kept: Kept
    text: str | None = None
    seen_on: date | None = None
    is_stripped: bool = False

    def revision(self, act: Act, row: Evidence, number: int) -> EvidenceRevision:
        """The revision of that number."""
        return EvidenceRevision(
            evidence_id=row.id,
            number=number,
            file_name=self.file_name,
            media_type=self.media_type,
            size=self.kept.size,
            sha256=self.kept.sha256,
            is_stripped=self.is_stripped,
            text=self.text,
            seen_on=self.seen_on,
            author_id=reading.person(act).id,
            created_at=act.at,
        )


def shelf_of(settings: Settings) -> Contents:
    """Where evidence lies: in the data folder, or in the bucket of the settings."""
    if not settings.evidence_bucket:
        return Shelf(settings.data_folder / "evidence")
    return Bucket(
        Place(
            bucket=settings.evidence_bucket,
            prefix=settings.evidence_prefix,
            endpoint=settings.store_endpoint,
            region=settings.store_region,
            key=settings.store_key,
            secret=settings.store_secret,
        )
    )


def check(session: Session, act: Act, settings: Settings, identifier: UUID, question: str) -> Assessment:
    """Whether the actor may attach evidence to a question now; returns the assessment.

    Raises:
        NoSuchAssessment, NoSuchQuestion: as they say.
        NotYourAnswers, AnswersClosed, NotAccredited: not this person, not now.
        TooManyFiles: the question has as much evidence as it may have.
        TooMuchEvidence: the assessment has.
    """
    one = reading.assessment(session, act, identifier)
    _check(session, act, settings, one, question)
    return one


def check_revision(session: Session, act: Act, settings: Settings, identifier: UUID) -> Proof:
    """Whether the actor may put a later file in the place of one now; returns it as it stands.

    Raises:
        NoSuchEvidence: none, or none for this person.
        NotThatKind: a note.
        NotYourAnswers, AnswersClosed, NotAccredited: not this person, not now.
        TooMuchEvidence: the assessment has as much as it may have.
    """
    seen = file(session, act, identifier)
    one = reading.assessment(session, act, seen.row.assessment_id)
    answers.check_hands(session, act, one, Phase.ASSESSED)
    check_kind(seen, is_note=False)
    check_room(session, settings, one)
    return seen


def keep(shelf: Contents, upload: Upload) -> KeptFile:
    """Recognise a file and keep its content. Uses the disk and no database.

    A picture is kept without place, time, camera and captions unless the field ``keep_metadata`` of the form says yes;
    what is kept of it is what its digest is of.

    Raises:
        FileTypeRefused, FileIncomplete, FileUnsafe, PictureTooLarge: it is not taken.
    """
    kind, name = kinds.recognise(upload.content, names.clean(upload.name))
    upload.content.seek(0)
    if not pictures.is_picture(kind):
        return KeptFile(name, kind.media_type, shelf.keep(upload.content))
    whole = upload.content.read()
    if upload.fields.get(KEEP_METADATA) in _YES:
        pictures.check(whole, kind, name)
        return KeptFile(name, kind.media_type, shelf.keep(io.BytesIO(whole)))
    bare = pictures.stripped(whole, kind, name)
    return KeptFile(name, kind.media_type, shelf.keep(io.BytesIO(bare)), is_stripped=bare != whole)


def attach(  # noqa: PLR0913 - all that makes the attachment
    session: Session, act: Act, settings: Settings, identifier: UUID, question: str, *, kept: KeptFile
) -> Proof:
    """Attach a kept file to a question. The same content twice is attached once.

    Raises:
        as :func:`check`.
    """
    one = reading.assessment(session, act, identifier, lock="update")
    for each in by_question(all_of(session, one.id)).get(question, ()):
        if not each.is_note and each.newest.sha256 == kept.kept.sha256:
            answers.check_hands(session, act, one, Phase.ASSESSED)
            return each
    _check(session, act, settings, one, question)
    return add(session, act, one, question, kind=EvidenceKind.FILE, content=kept.content)


def revise(session: Session, act: Act, settings: Settings, identifier: UUID, *, kept: KeptFile) -> Proof:
    """Put a later file in the place of one; the earlier ones stay. The same content again changes nothing.

    Raises:
        as :func:`check_revision`.
    """
    held = hold(session, act, identifier)
    if held.newest.sha256 == kept.kept.sha256 and not held.is_note:
        return held
    check_revision(session, act, settings, identifier)
    return put_next(session, act, held, kept.content)


def hold(session: Session, act: Act, identifier: UUID) -> Proof:
    """A piece of evidence that the actor may change, with its assessment held until the transaction ends.

    Raises:
        NoSuchEvidence: none, or none for this person.
        NotYourAnswers, AnswersClosed, NotAccredited: not this person, not now.
    """
    seen = file(session, act, identifier)
    one = reading.assessment(session, act, seen.row.assessment_id, lock="update")
    answers.check_hands(session, act, one, Phase.ASSESSED)
    held = proofs(session, col(Evidence.id) == identifier, col(Evidence.removed_at).is_(None))
    if not held:
        raise NoSuchEvidence(evidence=str(identifier))  # somebody took it away a moment ago
    return held[0]


def add(  # noqa: PLR0913 - all that makes the evidence
    session: Session, act: Act, one: Assessment, question: str, *, kind: EvidenceKind, content: Content
) -> Proof:
    """Enter new evidence with its first content, used for one question. Checks no rights."""
    author = reading.person(act).id
    row = Evidence(assessment_id=one.id, kind=kind, author_id=author, created_at=act.at)
    session.add(row)
    session.flush()
    link = EvidenceLink(evidence_id=row.id, question=question, author_id=author, created_at=act.at)
    revision = content.revision(act, row, 1)
    session.add_all([revision, link])
    session.flush()
    made = Proof(row, (revision,), (question,))
    recording.enter(session, act, "evidence.attached", made, None, question=question, **_told(revision))
    return made


def put_next(session: Session, act: Act, held: Proof, content: Content) -> Proof:
    """Enter a later content of evidence. Checks no rights."""
    revision = content.revision(act, held.row, held.newest.number + 1)
    session.add(revision)
    session.flush()
    made = replace(held, revisions=(*held.revisions, revision))
    before = recording.standing(held)
    recording.enter(session, act, "evidence.revised", made, before, number=revision.number, **_told(revision))
    return made


def check_kind(proof: Proof, *, is_note: bool) -> None:
    """Whether evidence is a note, or a file, as wanted.

    Raises:
        NotThatKind: it is the other.
    """
    if proof.is_note is not is_note:
        raise NotThatKind


def check_room(session: Session, settings: Settings, one: Assessment) -> None:
    """Whether an assessment may get one more content; all revisions count, and what was taken away.

    Raises:
        TooMuchEvidence: it has as many as it may have.
    """
    of_it = select(Evidence.id).where(Evidence.assessment_id == one.id)
    held = select(sa.func.count()).select_from(EvidenceRevision).where(col(EvidenceRevision.evidence_id).in_(of_it))
    if session.exec(held).one() >= settings.assessment_files:
        raise TooMuchEvidence(most=settings.assessment_files)


def check_question(session: Session, act: Act, settings: Settings, one: Assessment, question: str) -> None:
    """Whether the actor may give a question one more piece of evidence now.

    Raises:
        NoSuchQuestion, NotYourAnswers, AnswersClosed, NotAccredited, TooManyFiles: as they say.
    """
    reading.asked_of(session, one, Phase.ASSESSED).question(question)
    answers.check_hands(session, act, one, Phase.ASSESSED)
    if len(by_question(all_of(session, one.id)).get(question, ())) >= settings.evidence_files:
        raise TooManyFiles(most=settings.evidence_files)


def _check(session: Session, act: Act, settings: Settings, one: Assessment, question: str) -> None:
    check_question(session, act, settings, one, question)
    check_room(session, settings, one)


def _told(revision: EvidenceRevision) -> dict[str, object]:
    return {"file_name": revision.file_name, "sha256": revision.sha256, "size": revision.size}
