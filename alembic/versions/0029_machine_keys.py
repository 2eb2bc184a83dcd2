"""Public keys of machines.

Revision: 0029
After: 0028
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "machine_assertion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("machine_id", sa.Uuid(), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine_id"], ["machine.id"], name=op.f("fk_machine_assertion_machine_id_machine"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_assertion")),
        sa.UniqueConstraint("machine_id", "name_hash", name=op.f("uq_machine_assertion_machine_id_name_hash")),
    )
    with op.batch_alter_table("machine_assertion") as batch:
        batch.create_index(batch.f("ix_machine_assertion_machine_id"), ["machine_id"], unique=False)
    with op.batch_alter_table("machine") as batch:
        batch.add_column(sa.Column("keys", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("keys_address", sa.String(length=500), nullable=True))
        batch.add_column(sa.Column("keys_read_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("keys_tried_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("machine") as batch:
        batch.alter_column("keys", existing_type=sa.JSON(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("machine") as batch:
        batch.drop_column("keys_tried_at")
        batch.drop_column("keys_read_at")
        batch.drop_column("keys_address")
        batch.drop_column("keys")
    op.drop_table("machine_assertion")
