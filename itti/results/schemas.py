"""What the API takes and gives about exports of results."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from itti.http.fields import Input, Line
from itti.queue.claims import said
from itti.queue.rows import JobState
from itti.results.tables import ResultExport


class ExportInput(Input):
    """Of which questionnaire an export is asked for. The terms are those of the programme, the same each time."""

    family: Annotated[Line, Field(max_length=64)] = Field(description="Its family.", examples=["itti"])
    version: Annotated[Line, Field(max_length=32)] = Field(description="Its version.", examples=["1.0.0"])


class ExportView(BaseModel):
    """An export of results."""

    id: UUID = Field(description="Its name.", examples=["5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"])
    family: str = Field(description="Family of the questionnaire.", examples=["itti"])
    version: str = Field(description="Its version.", examples=["1.0.0"])
    state: JobState = Field(description="`waiting`, `working`, `done`, `failed` (see `reason`).", examples=["done"])
    created_at: datetime = Field(description="When it was asked for (UTC).", examples=["2026-11-22T08:00:00Z"])
    on: date | None = Field(description="Certificates in force on this day count.", examples=["2026-11-22"])
    least: int | None = Field(description="Factories of the smallest group in it.", examples=[10])
    rows: int | None = Field(description="How many rows it has.", examples=[412])
    withheld: int | None = Field(
        description="How many were left out, since they would give away too few factories.", examples=[37]
    )
    sha256: str | None = Field(description="SHA-256 of the Parquet file, in hexadecimal.", examples=["9f86d081" * 8])
    code: str | None = Field(description="Code of the fault that ended the last try.", examples=["too-little-new"])
    reason: str | None = Field(description="What that fault says, in the language of the reader.", examples=[None])

    @classmethod
    def of(cls, row: ResultExport, language: str) -> Self:
        """As the API shows ``row``."""
        return cls(
            id=row.id,
            family=row.family,
            version=row.version,
            state=row.state,
            created_at=row.created_at,
            on=row.on,
            least=row.least,
            rows=row.rows,
            withheld=row.withheld,
            sha256=row.sha256,
            code=row.reason["code"] if row.reason else None,
            reason=said(row.reason, language),
        )
