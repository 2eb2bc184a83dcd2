"""What the API takes and gives about assessment bodies, assessors and accreditations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from itti.accounts.schemas import PersonInput
from itti.accreditation.tables import AssessmentBody
from itti.accreditation.validity import Grant, State
from itti.factories.tables import Sector
from itti.http.fields import Input, Line, Name, OptionalName, RequiredProse
from questionnaires.model import Identifier


class BodyInput(Input):
    """An assessment body, to be registered or changed."""

    name: Name = Field(description="Name; unique.", examples=["Gulf Industrial Assessors"])
    name_ar: OptionalName = Field(None, description="Name in Arabic.", examples=["الخليج للتقييم الصناعي"])
    registration: Annotated[Line, Field(max_length=64)] = Field(
        description="The body's own registration or licence number; unique.", examples=["AB-2024-017"]
    )


class NameSort(StrEnum):
    """Orders of lists that go by name."""

    NAME = "name"
    NAME_REVERSED = "-name"


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
    majors: Annotated[list[Annotated[int, Field(ge=0, le=999)]], Field(min_length=1, max_length=20)] | None = Field(
        None, description="First numbers of the versions it holds for; null: all.", examples=[[1, 2]]
    )
    sectors: Annotated[list[Sector], Field(min_length=1, max_length=20)] | None = Field(
        None, description="Sectors of the factories it holds for; null: all.", examples=[["food"]]
    )
    valid_from: date = Field(description="First day.", examples=["2026-01-01"])
    valid_until: date = Field(description="Last day.", examples=["2027-12-31"])

    @field_validator("valid_until")
    @classmethod
    def _in_order(cls, last: date, info: ValidationInfo) -> date:
        return _not_before(last, info.data.get("valid_from"))


def _not_before(last: date, first: date | None) -> date:
    if first is not None and last < first:
        raise PydanticCustomError("reversed-dates", "reversed dates")
    return last


class SuspensionInput(Input):
    """Days on which an accreditation shall not hold."""

    since: date = Field(description="First day.", examples=["2026-12-01"])
    until: date | None = Field(None, description="Last day; null: until it is lifted.", examples=["2026-12-31"])
    reason: Annotated[RequiredProse, Field(max_length=2000)] = Field(
        description="Why; of a body, everybody may read it.", examples=["No supervision visit within twelve months."]
    )

    @field_validator("until")
    @classmethod
    def _in_order(cls, last: date | None, info: ValidationInfo) -> date | None:
        return None if last is None else _not_before(last, info.data.get("since"))


class ReinstatementInput(Input):
    """Why a suspension is lifted."""

    reason: Annotated[RequiredProse, Field(max_length=2000)] = Field(
        description="For the record.", examples=["The supervision visit was made."]
    )


class WithdrawalInput(Input):
    """Why an accreditation ends before its time."""

    reason: Annotated[RequiredProse, Field(max_length=2000)] = Field(
        description="For the record.", examples=["Left the assessment body."]
    )


class SuspensionView(BaseModel):
    """Days on which an accreditation does not hold."""

    since: date = Field(description="First day.", examples=["2026-12-01"])
    until: date | None = Field(description="Last day; null: until it is lifted.", examples=["2026-12-31"])
    lifted_at: datetime | None = Field(description="When it was lifted before its time (UTC).", examples=[None])
    reason: str = Field(description="Why.", examples=["No supervision visit within twelve months."])


class AccreditationView(BaseModel):
    """An accreditation."""

    id: UUID = Field(description="Id.", examples=["b7c1a0de-93f0-4d0f-a7e5-3d3c8d0c2f11"])
    user_id: UUID | None = Field(
        description="The assessor; null: it is a body's.", examples=["5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"]
    )
    body_id: UUID | None = Field(description="The assessment body; null: it is an assessor's.", examples=[None])
    family: str = Field(description="The family of questionnaires.", examples=["itti"])
    majors: list[int] | None = Field(
        description="First numbers of the versions it holds for; null: all.", examples=[None]
    )
    sectors: list[Sector] | None = Field(
        description="Sectors of the factories it holds for; null: all.", examples=[["food"]]
    )
    valid_from: date = Field(description="First day.", examples=["2026-01-01"])
    valid_until: date = Field(description="Last day.", examples=["2027-12-31"])
    state: State = Field(description="What holds of it today.", examples=["valid"])
    withdrawn_at: datetime | None = Field(description="When it was withdrawn.", examples=[None])
    withdrawal_reason: str | None = Field(description="Why it was withdrawn.", examples=[None])
    suspensions: list[SuspensionView] = Field(description="All suspensions there were, the earliest first.")

    @classmethod
    def of(cls, grant: Grant, today: date) -> Self:
        """As the API shows an accreditation on a day."""
        return cls.model_validate(
            {
                **grant.accreditation.model_dump(),
                "state": grant.state(today),
                "suspensions": [SuspensionView.model_validate(each.model_dump()) for each in grant.suspensions],
            }
        )


class AccreditedBodyView(BaseModel):
    """An assessment body in the public register."""

    id: UUID = Field(description="Id of the body.", examples=["2d9f4c1e-0f8b-4b52-9b61-0f6f5f5a7f10"])
    name: str = Field(description="Name.", examples=["Gulf Industrial Assessors"])
    name_ar: str | None = Field(description="Name in Arabic.", examples=["الخليج للتقييم الصناعي"])
    registration: str = Field(description="Registration number.", examples=["AB-2024-017"])
    accredited: bool = Field(description="True when one of its accreditations holds today.")
    accreditations: list[AccreditationView] = Field(description="All it ever had, latest first.")

    @classmethod
    def of(cls, body: AssessmentBody, grants: Sequence[Grant], today: date) -> Self:
        """As the API shows a body on a day."""
        return cls.model_validate(
            {
                **body.model_dump(include={"id", "name", "name_ar", "registration"}),
                "accredited": any(each.lack(today) is None for each in grants),
                "accreditations": [AccreditationView.of(each, today) for each in grants],
            }
        )
