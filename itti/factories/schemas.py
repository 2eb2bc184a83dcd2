"""What the API takes and gives about factories."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from itti.factories.tables import Factory, Sector
from itti.http.fields import Input, Line, Name, OptionalName, PrintedLine


class FactoryInput(Input):
    """A factory, to be registered or changed."""

    name: Name = Field(description="Name as printed.", examples=["Gulf Foods Processing"])
    name_ar: OptionalName = Field(
        None, description="Name in Arabic script, printed on Arabic papers.", examples=["الخليج لتصنيع الأغذية"]
    )
    licence: Annotated[Line, Field(max_length=64)] = Field(
        description="Industrial licence number; unique.", examples=["IL-2031-445"]
    )
    sector: Sector = Field(description="What the factory makes.", examples=["food"])
    region: Annotated[PrintedLine, Field(max_length=100)] = Field(
        description="Where the site lies.", examples=["Abu Dhabi"]
    )
    employees: Annotated[int, Field(ge=1, le=1_000_000, strict=True)] = Field(
        description="People who work on the site.", examples=[180]
    )


class FactorySort(StrEnum):
    """Orders of the list of factories."""

    NAME = "name"
    NAME_REVERSED = "-name"
    REGISTERED = "created_at"
    REGISTERED_LATEST = "-created_at"


class FactoryView(BaseModel):
    """A factory."""

    id: UUID = Field(description="Id of the factory.", examples=["0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"])
    version: int = Field(description="Rises with each change; the entity tag.", examples=[1])
    name: str = Field(description="Name as printed.", examples=["Gulf Foods Processing"])
    name_ar: str | None = Field(description="Name in Arabic script.", examples=["الخليج لتصنيع الأغذية"])
    licence: str = Field(description="Industrial licence number.", examples=["IL-2031-445"])
    sector: Sector = Field(description="What the factory makes.", examples=["food"])
    region: str = Field(description="Where the site lies.", examples=["Abu Dhabi"])
    employees: int = Field(description="People who work on the site.", examples=[180])
    created_at: datetime = Field(description="When it was registered.", examples=["2026-11-22T08:00:00Z"])

    @classmethod
    def of(cls, factory: Factory) -> Self:
        """As the API shows ``factory``."""
        return cls.model_validate(factory, from_attributes=True)
