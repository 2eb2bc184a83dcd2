"""Targets of an assessment.

Revision: 0027
After: 0026
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "target_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("aims", sa.JSON(), nullable=False),
        sa.Column("by", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_target_sheet_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_target_sheet_author_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_sheet")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_target_sheet_assessment_id")),
    )


def downgrade() -> None:
    op.drop_table("target_sheet")
