"""What the API gives about papers on their way."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from itti.papers.reading import Line, Progress
from itti.papers.tables import PaperJob
from itti.queue.claims import said
from itti.queue.rows import JobState
from reports.report import Form

_MOMENT = "2026-11-22T08:00:00Z"


class PaperProgressView(BaseModel):
    """How far one paper is."""

    language: str = Field(description="Language of the paper.", examples=["en"])
    form: Form = Field(description="`report`: the whole; `short`: the scorecard on two pages.", examples=["report"])
    state: JobState = Field(description="How far it is.", examples=["working"])
    attempts: int = Field(description="How often it was begun since the approval or the last retry.", examples=[1])
    next_try: datetime | None = Field(
        description="Not before this time (UTC); null unless it waits for its next try.", examples=[None]
    )
    code: str | None = Field(description="Code of the fault that ended the last try; null: none.", examples=[None])
    reason: str | None = Field(description="What that fault says, in the language of the reader.", examples=[None])

    @classmethod
    def of(cls, job: PaperJob, language: str) -> Self:
        """As the API shows ``job``."""
        waits = job.state is JobState.WAITING and job.reason is not None
        return cls(
            language=job.language,
            form=job.form,
            state=job.state,
            attempts=job.attempts,
            next_try=job.next_try if waits else None,
            code=job.reason["code"] if job.reason else None,
            reason=reason_of(job, language),
        )


class PreparationView(BaseModel):
    """How far the certificate of an approved assessment is."""

    number: str = Field(description="Number of the certificate.", examples=["TI-2026-00001"])
    assessment_id: str = Field(description="The assessment.", examples=["0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11"])
    state: Progress = Field(
        description="`preparing`; `delayed` by a passing fault; `failed` until the office asks again; `issued`.",
        examples=["preparing"],
    )
    approved_at: datetime = Field(description="When it was approved (UTC).", examples=[_MOMENT])
    papers: list[PaperProgressView] = Field(description="Its papers, by form and language.")
    certificate: str | None = Field(
        description="Address of the certificate once it is issued.", examples=["/api/v1/certificates/TI-2026-00001"]
    )

    @classmethod
    def of(cls, line: Line, language: str) -> Self:
        """As the API shows ``line``."""
        number = line.preparation.number
        issued = line.progress is Progress.ISSUED
        return cls(
            number=number,
            assessment_id=str(line.preparation.assessment_id),
            state=line.progress,
            approved_at=line.preparation.approved_at,
            papers=[PaperProgressView.of(job, language) for job in line.jobs],
            certificate=f"/api/v1/certificates/{number}" if issued else None,
        )


def reason_of(job: PaperJob, language: str) -> str | None:
    """Why the last try of a job failed, as a sentence; None: it did not."""
    return said(job.reason, language)
