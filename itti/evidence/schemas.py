"""What the API gives and takes about evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from itti.evidence.notes import Note
from itti.evidence.reading import Proof
from itti.evidence.tables import LONGEST_NOTE, EvidenceKind, EvidenceRevision
from itti.http.fields import Input, RequiredProse

_ID = "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"


class RevisionView(BaseModel):
    """One content that evidence had or has."""

    number: int = Field(description="From 1 on; the highest is in force.", examples=[1])
    file_name: str = Field(description="Name as sent, cleaned.", examples=["work orders, line 2.pdf"])
    media_type: str = Field(description="Type, decided from the content.", examples=["application/pdf"])
    size: int = Field(description="Size in bytes.", examples=[183_204])
    sha256: str = Field(description="SHA-256 of the content as it is kept, hexadecimal.", examples=["9f2c" * 16])
    text: str | None = Field(None, description="Text of a note; null: a file.", examples=["Oiled weekly, he says."])
    seen_on: date | None = Field(None, description="Day of the interview or walk.", examples=["2026-11-20"])
    is_stripped: bool = Field(
        description="Whether place, time or the like were taken out of a picture.", examples=[True]
    )
    author_id: UUID = Field(description="Who put it in.", examples=[_ID])
    created_at: datetime = Field(description="When (UTC).", examples=["2026-11-22T08:15:00Z"])
    expired_at: datetime | None = Field(
        None,
        description="When its content went, its time being over (UTC); null: it is there.",
        examples=["2031-12-01T00:00:00Z"],
    )

    @classmethod
    def of(cls, row: EvidenceRevision) -> Self:
        """As the API shows ``row``."""
        return cls.model_validate(row, from_attributes=True)


class EvidenceView(RevisionView):
    """A piece of evidence; the content in force stands at the top."""

    id: UUID = Field(description="Id of the evidence.", examples=[_ID])
    assessment_id: UUID = Field(description="The assessment.", examples=[_ID])
    kind: EvidenceKind = Field(description="A file, or a note from an interview or a walk.", examples=["file"])
    questions: list[str] = Field(description="Ids of the questions it proves.", examples=[["maintenance"]])
    revisions: list[RevisionView] = Field(description="All contents, the first one first.")

    @classmethod
    def shown(cls, proof: Proof) -> Self:
        """As the API shows ``proof``."""
        return cls(
            **RevisionView.of(proof.newest).model_dump(),
            id=proof.id,
            assessment_id=proof.row.assessment_id,
            kind=proof.row.kind,
            questions=list(proof.questions),
            revisions=[RevisionView.of(each) for each in proof.revisions],
        )


NoteText = Annotated[RequiredProse, Field(max_length=LONGEST_NOTE)]


class WordingInput(Input):
    """The wording of a note."""

    seen_on: date = Field(description="Day of the interview or walk; not to come.", examples=["2026-11-20"])
    text: NoteText = Field(description="What was said or seen.", examples=["The press is oiled weekly."])

    def note(self, kind: EvidenceKind) -> Note:
        """As the service takes it."""
        return Note(kind, self.seen_on, self.text)


class NoteInput(WordingInput):
    """A note from an interview or a walk."""

    kind: Literal[EvidenceKind.INTERVIEW, EvidenceKind.WALK] = Field(
        description="What it is a note of.", examples=["interview"]
    )
