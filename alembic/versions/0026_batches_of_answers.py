"""Answers that are sent together, with what became of them.

Revision: 0026
After: 0025
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "answer_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_answer_batch_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_answer_batch_author_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_batch")),
        sa.UniqueConstraint(
            "assessment_id", "author_id", "batch_id", name=op.f("uq_answer_batch_assessment_id_author_id_batch_id")
        ),
    )
    with op.batch_alter_table("answer_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_batch_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_batch_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_batch_at"), ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("answer_batch")
