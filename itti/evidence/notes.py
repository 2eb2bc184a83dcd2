"""Notes from interviews and walks: evidence without a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlmodel import Session

from itti.acts import Act
from itti.assessments import reading
from itti.errors import FieldMistake
from itti.evidence.attaching import Content, add, check, check_kind, check_room, hold, put_next
from itti.evidence.reading import Proof
from itti.evidence.tables import EvidenceKind
from itti.files.shelf import Kept
from itti.http.errors import InvalidInput
from itti.settings import Settings

NOTES: Final = (EvidenceKind.INTERVIEW, EvidenceKind.WALK)
"""The kinds of note."""


@dataclass(frozen=True)
class Note:
    """What a note says."""

    kind: EvidenceKind
    """One of :data:`NOTES`."""

    seen_on: date
    text: str


def write(  # noqa: PLR0913 - all that makes the note
    session: Session, act: Act, settings: Settings, identifier: UUID, question: str, *, note: Note
) -> Proof:
    """Write a note that proves the answer to a question.

    Raises:
        InvalidInput: its day has not come yet.
        as :func:`itti.evidence.attaching.check`.
    """
    check(session, act, settings, identifier, question)
    _check_day(act, note)
    one = reading.assessment(session, act, identifier, lock="update")
    check(session, act, settings, identifier, question)  # again, now that nobody else can add any
    return add(session, act, one, question, kind=note.kind, content=_content(note))


def rewrite(session: Session, act: Act, settings: Settings, identifier: UUID, note: Note) -> Proof:
    """Put another wording in the place of a note; the earlier ones stay. The same again changes nothing.

    Raises:
        NoSuchEvidence: none, or none for this person.
        NotThatKind: a file, or another kind of note.
        InvalidInput: its day has not come yet.
        NotYourAnswers, AnswersClosed, NotAccredited: not this person, not now.
        TooMuchEvidence: the assessment has as much as it may have.
    """
    held = hold(session, act, identifier)
    check_kind(held, is_note=True)
    _check_day(act, note)
    if (held.newest.text, held.newest.seen_on) == (note.text, note.seen_on):
        return held
    check_room(session, settings, reading.assessment(session, act, held.row.assessment_id))
    return put_next(session, act, held, _content(Note(held.row.kind, note.seen_on, note.text)))


def _check_day(act: Act, note: Note) -> None:
    if note.seen_on > act.today:
        raise InvalidInput.of(FieldMistake("/seen_on", "day-to-come", {}))


def _content(note: Note) -> Content:
    text = note.text.encode()
    return Content(
        file_name=f"{note.kind.value}-{note.seen_on.isoformat()}.txt",
        media_type="text/plain",
        kept=Kept(sha256(text).hexdigest(), len(text)),
        text=note.text,
        seen_on=note.seen_on,
    )
