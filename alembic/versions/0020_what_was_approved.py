"""What exactly was submitted and approved, as digests.

Revision: 0020
After: 0019
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "fixed_content",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "moment",
            sa.Enum(
                "submitted", "approved", name="contentmoment", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("fixed_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_fixed_content_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["fixed_by"], ["user_account.id"], name=op.f("fk_fixed_content_fixed_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixed_content")),
    )
    with op.batch_alter_table("fixed_content", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fixed_content_assessment_id"), ["assessment_id"], unique=False)
    for table in ("preparation", "certificate"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("content_sha256", sa.String(length=64), nullable=True))


def downgrade() -> None:
    for table in ("certificate", "preparation"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("content_sha256")
    op.drop_table("fixed_content")
