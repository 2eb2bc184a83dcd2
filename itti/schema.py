"""What all tables share: the metadata with named constraints, row ids, and enum columns.

Constraints are named by convention so that migrations can find them again on SQLite and PostgreSQL alike.
Enums are stored by value in a plain string column: a native enum type cannot be taken back by a downgrade.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapper
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """Base of all tables whose rows are named by a random id."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)


class VersionedRow(Row):
    """A row that several people may edit: ``version`` rises with each change and is its entity tag.

    A write names the version it was made against; :func:`itti.database.flush_checked` turns a mismatch into
    :class:`itti.http.errors.Stale`, so no write is lost.
    """

    version: int = Field(default=1, ge=1)


@event.listens_for(VersionedRow, "mapper_configured", propagate=True)
def _count_versions(mapper: Mapper[Any], _kind: type) -> None:
    """Let every UPDATE of a versioned row name the version it read, and raise it.

    Set on the finished mapper: by name in ``__mapper_args__`` SQLModel does not take it.
    """
    mapper.version_id_col = mapper.local_table.c["version"]


def enum_column(kind: type[StrEnum], **options: Any) -> Any:
    """A column that stores a :class:`StrEnum` by its value, with a CHECK constraint by the same name."""
    return sa.Column(
        sa.Enum(
            kind,
            native_enum=False,
            length=24,
            values_callable=lambda members: [member.value for member in members],
            create_constraint=True,
            name=kind.__name__.lower(),
        ),
        nullable=options.pop("nullable", False),
        **options,
    )
