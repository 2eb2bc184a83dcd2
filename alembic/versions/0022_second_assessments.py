"""Blind second assessments.

Revision: 0022
After: 0021
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "chosen_assessment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum("draw", "office", name="choice", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("drawn", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("chosen_by", sa.Uuid(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_chosen_assessment_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by"], ["user_account.id"], name=op.f("fk_chosen_assessment_chosen_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chosen_assessment")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_chosen_assessment_assessment_id")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("second_of", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_assessment_second_of"), ["second_of"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_assessment_second_of_assessment"), "assessment", ["second_of"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_assessment_second_of_assessment"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_assessment_second_of"))
        batch_op.drop_column("second_of")
    op.drop_table("chosen_assessment")
