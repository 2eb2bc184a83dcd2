"""Attaching files to answers and removing them: while the assessment is in the assessor's hands.

A file goes through three steps, so that no transaction waits for a slow line or a disk: :func:`check` whether it
would be taken at all, :func:`keep` its content on the shelf, :func:`attach` it to the question.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from itti.acts import Act
from itti.assessments import answers, reading
from itti.assessments.tables import Assessment, Phase
from itti.evidence.errors import TooManyFiles
from itti.evidence.reading import file, files, listed, of_assessment
from itti.evidence.removing import record_file, take_away
from itti.evidence.tables import EvidenceFile
from itti.files import kinds, names
from itti.files.shelf import Kept, Shelf
from itti.files.uploads import Upload
from itti.settings import Settings

__all__ = [
    "KeptFile",
    "attach",
    "check",
    "content",
    "file",
    "files",
    "keep",
    "listed",
    "of_assessment",
    "remove",
    "shelf_of",
]


@dataclass(frozen=True)
class KeptFile:
    """A file whose type is known and whose content lies on the shelf."""

    name: str
    media_type: str
    kept: Kept


def shelf_of(settings: Settings) -> Shelf:
    """Where evidence lies."""
    return Shelf(settings.data_folder / "evidence")


def check(session: Session, act: Act, settings: Settings, identifier: UUID, question: str) -> Assessment:
    """Whether the actor may attach a file to a question now; returns the assessment.

    Raises:
        NoSuchAssessment, NoSuchQuestion: as they say.
        NotYourAnswers, AnswersClosed, NotAccredited: not this person, not now.
        TooManyFiles: the question has as many files as it may have.
    """
    one = reading.assessment(session, act, identifier)
    _check(session, act, settings, one, question)
    return one


def keep(shelf: Shelf, upload: Upload) -> KeptFile:
    """Recognise a file and keep its content. Uses the disk and no database.

    Raises:
        FileTypeRefused, FileIncomplete, FileUnsafe: it is not taken.
    """
    kind, name = kinds.recognise(upload.content, names.clean(upload.name))
    upload.content.seek(0)
    return KeptFile(name, kind.media_type, shelf.keep(upload.content))


def attach(  # noqa: PLR0913 - all that makes the attachment
    session: Session, act: Act, settings: Settings, identifier: UUID, question: str, *, kept: KeptFile
) -> EvidenceFile:
    """Attach a kept file to a question. The same content twice is attached once.

    Raises:
        as :func:`check`.
    """
    one = reading.assessment(session, act, identifier, lock="update")
    present = of_assessment(session, one.id).get(question, ())
    for each in present:
        if each.sha256 == kept.kept.sha256:
            answers.check_hands(session, act, one, Phase.ASSESSED)
            return each
    _check(session, act, settings, one, question)
    row = EvidenceFile(
        assessment_id=one.id,
        question=question,
        file_name=kept.name,
        media_type=kept.media_type,
        size=kept.kept.size,
        sha256=kept.kept.sha256,
        author_id=reading.person(act).id,
        created_at=act.at,
    )
    session.add(row)
    session.flush()
    record_file(session, act, "evidence.attached", row)
    return row


def content(session: Session, act: Act, shelf: Shelf, identifier: UUID) -> tuple[EvidenceFile, bytes]:
    """A file with its content.

    Raises:
        NoSuchEvidence: none, or none for this person.
        FileLost: the shelf no longer holds it, or something else under its name.
    """
    row = file(session, act, identifier)
    return row, shelf.read(row.sha256)


def remove(session: Session, act: Act, identifier: UUID) -> None:
    """Take a file away from its question. Row and content stay, for the record.

    Raises:
        NoSuchEvidence: none, or none for this person.
        NotYourAnswers, AnswersClosed, NotAccredited: not this person, not now.
    """
    seen = file(session, act, identifier)
    one = reading.assessment(session, act, seen.assessment_id, lock="update")
    answers.check_hands(session, act, one, Phase.ASSESSED)
    statement = (
        select(EvidenceFile)
        .where(col(EvidenceFile.id) == identifier, col(EvidenceFile.removed_at).is_(None))
        .execution_options(populate_existing=True)
    )
    row = session.exec(statement).one_or_none()
    if row is None:
        return  # somebody removed it a moment ago
    take_away(session, act, row)


def _check(session: Session, act: Act, settings: Settings, one: Assessment, question: str) -> None:
    reading.asked_of(session, one, Phase.ASSESSED).question(question)
    answers.check_hands(session, act, one, Phase.ASSESSED)
    if len(of_assessment(session, one.id).get(question, ())) >= settings.evidence_files:
        raise TooManyFiles(most=settings.evidence_files)
