"""Engagements and declarations.

Revision: 0011
After: 0010
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_declaration_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_declaration_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declaration_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_user_id"), ["user_id"], unique=False)
    op.create_table(
        "engagement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("factory_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column(
            "tie",
            sa.Enum(
                "advised",
                "employed",
                "owned",
                "trained",
                name="tie",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("declaration_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("strike_reason", sa.String(length=2000), nullable=True),
        sa.CheckConstraint("(user_id IS NULL) <> (body_id IS NULL)", name=op.f("ck_engagement_one_holder")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["assessment_body.id"], name=op.f("fk_engagement_body_id_assessment_body")
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_engagement_declaration_id_declaration"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_engagement_factory_id_factory")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_engagement_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
    )
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_factory_id"), ["factory_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_table("engagement")
    op.drop_table("declaration")
