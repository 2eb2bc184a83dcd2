"""Requests that are sent again.

Revision: 0024
After: 0023
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "keyed_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_keyed_request_user_id_user_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keyed_request")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_keyed_request_key_hash")),
    )
    with op.batch_alter_table("keyed_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keyed_request_user_id"), ["user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_keyed_request_until"), ["until"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("keyed_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keyed_request_until"))
        batch_op.drop_index(batch_op.f("ix_keyed_request_user_id"))
    op.drop_table("keyed_request")
