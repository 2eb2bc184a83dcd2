"""What the API takes and gives about assessment bodies, assessors and accreditations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from itti.accounts.schemas import PersonInput
from itti.accreditation.tables import Accreditation, AssessmentBody
from itti.http.fields import Input, Line, Name, OptionalName, RequiredProse
from questionnaires.model import Identifier


class BodyInput(Input):
    """An assessment body, to be registered or changed."""

    name: Name = Field(description="Name; unique.", examples=["Gulf Industrial Assessors"])
    name_ar: OptionalName = Field(None, description="Name in Arabic.", examples=["الخليج للتقييم الصناعي"])
    registration: Annotated[Line, Field(max_length=64)] = Field(
        description="The body's own registration or licence number; unique.", examples=["AB-2024-017"]
    )


class BodyView(BaseModel):
    """An assessment body."""

    id: UUID = Field(description="Id of the body.", examples=["2d9f4c1e-0f8b-4b52-9b61-0f6f5f5a7f10"])
    version: int = Field(description="Rises with each change; the entity tag.", examples=[1])
    name: str = Field(description="Name.", examples=["Gulf Industrial Assessors"])
    name_ar: str | None = Field(description="Name in Arabic.", examples=["الخليج للتقييم الصناعي"])
    registration: str = Field(description="Registration number.", examples=["AB-2024-017"])
    created_at: datetime = Field(description="When it was registered.", examples=["2026-11-22T08:00:00Z"])

    @classmethod
    def of(cls, body: AssessmentBody) -> Self:
        """As the API shows ``body``."""
        return cls.model_validate(body, from_attributes=True)


class AssessorInput(PersonInput):
    """An assessor, to be registered."""

    body_id: UUID = Field(
        description="The assessment body the person works for.",
        examples=["2d9f4c1e-0f8b-4b52-9b61-0f6f5f5a7f10"],
    )


class AccreditationInput(Input):
    """Permission to assess and review with one family of questionnaires."""

    family: Identifier = Field(description="The family of questionnaires.", examples=["itti"])
    valid_from: date = Field(description="First day.", examples=["2026-01-01"])
    valid_until: date = Field(description="Last day.", examples=["2027-12-31"])

    @field_validator("valid_until")
    @classmethod
    def _in_order(cls, last: date, info: ValidationInfo) -> date:
        first = info.data.get("valid_from")
        if first is not None and last < first:
            raise PydanticCustomError("reversed-dates", "reversed dates")
        return last


class WithdrawalInput(Input):
    """Why an accreditation ends before its time."""

    reason: Annotated[RequiredProse, Field(max_length=2000)] = Field(
        description="For the record.", examples=["Left the assessment body."]
    )


class AccreditationView(BaseModel):
    """An accreditation."""

    id: UUID = Field(description="Id.", examples=["b7c1a0de-93f0-4d0f-a7e5-3d3c8d0c2f11"])
    user_id: UUID = Field(description="The assessor.", examples=["5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"])
    family: str = Field(description="The family of questionnaires.", examples=["itti"])
    valid_from: date = Field(description="First day.", examples=["2026-01-01"])
    valid_until: date = Field(description="Last day.", examples=["2027-12-31"])
    withdrawn_at: datetime | None = Field(description="When it was withdrawn.", examples=[None])
    withdrawal_reason: str | None = Field(description="Why it was withdrawn.", examples=[None])

    @classmethod
    def of(cls, accreditation: Accreditation) -> Self:
        """As the API shows ``accreditation``."""
        return cls.model_validate(accreditation, from_attributes=True)
