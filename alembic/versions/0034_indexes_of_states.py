"""Indexes that keep lists of one state, and what assessors may take, flat.

Revision: 0034
After: 0033
Made: 2026-11-23
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


NARROWED: Final = ("reviewer_id", "hearer_id", "second_of")
"""Columns whose index now leaves out the rows that say nothing there."""


def upgrade() -> None:
    op.drop_index(op.f("ix_assessment_state"), table_name="assessment")
    op.create_index(op.f("ix_assessment_state"), "assessment", ["state", "created_at", "id"], unique=False)
    for column in NARROWED:
        is_set = sa.text(f"{column} IS NOT NULL")
        name = op.f(f"ix_assessment_{column}")
        op.drop_index(name, table_name="assessment")
        op.create_index(name, "assessment", [column], unique=False, sqlite_where=is_set, postgresql_where=is_set)


def downgrade() -> None:
    for column in (*NARROWED, "state"):
        op.drop_index(op.f(f"ix_assessment_{column}"), table_name="assessment")
        op.create_index(op.f(f"ix_assessment_{column}"), "assessment", [column], unique=False)
