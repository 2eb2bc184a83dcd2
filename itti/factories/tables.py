"""The table of factories."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from itti.schema import VersionedRow, enum_column


class Sector(StrEnum):
    """What a factory makes; groups of divisions of ISIC section C (manufacturing)."""

    FOOD = "food"
    TEXTILES = "textiles"
    WOOD_PAPER = "wood-paper"
    CHEMICALS = "chemicals"
    PHARMACEUTICALS = "pharmaceuticals"
    RUBBER_PLASTICS = "rubber-plastics"
    BUILDING_MATERIALS = "building-materials"
    METALS = "metals"
    ELECTRONICS = "electronics"
    MACHINERY = "machinery"
    VEHICLES = "vehicles"
    OTHER = "other"


class Factory(VersionedRow, table=True):
    """A site that is assessed."""

    __tablename__ = "factory"
    __table_args__ = (
        sa.CheckConstraint("employees >= 1", name="somebody_works_there"),
        sa.Index("ix_factory_name", "name", "id"),
        sa.Index("ix_factory_created_at", "created_at", "id"),
    )

    name: str = Field(max_length=200)
    name_ar: str | None = Field(default=None, max_length=200)
    licence: str = Field(max_length=64, unique=True)
    """The industrial licence number."""

    sector: Sector = Field(sa_column=enum_column(Sector))
    region: str = Field(max_length=100)
    employees: int = Field(ge=1)
    created_at: datetime
