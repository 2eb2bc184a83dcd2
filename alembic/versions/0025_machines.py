"""Machines that act for assessors, and tokens that are limited.

Revision: 0025
After: 0024
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "machine",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scopes", sa.String(length=255), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assessor_id"], ["user_account.id"], name=op.f("fk_machine_assessor_id_user_account")),
        sa.ForeignKeyConstraint(["body_id"], ["assessment_body.id"], name=op.f("fk_machine_body_id_assessment_body")),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"], name=op.f("fk_machine_created_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine")),
    )
    with op.batch_alter_table("machine", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_machine_assessor_id"), ["assessor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_machine_body_id"), ["body_id"], unique=False)
    op.create_table(
        "machine_secret",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("machine_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine_id"], ["machine.id"], name=op.f("fk_machine_secret_machine_id_machine"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_secret")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_machine_secret_secret_hash")),
    )
    with op.batch_alter_table("machine_secret", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_machine_secret_machine_id"), ["machine_id"], unique=False)
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scopes", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("machine_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_api_token_machine_id"), ["machine_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_api_token_machine_id_machine"), "machine", ["machine_id"], ["id"], ondelete="CASCADE"
        )


def downgrade() -> None:
    op.execute("DELETE FROM api_token WHERE scopes IS NOT NULL")  # they would be without limits
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_api_token_machine_id_machine"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_api_token_machine_id"))
        batch_op.drop_column("machine_id")
        batch_op.drop_column("scopes")
    op.drop_table("machine_secret")
    op.drop_table("machine")
