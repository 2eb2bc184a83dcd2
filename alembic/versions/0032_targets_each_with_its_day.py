"""Targets each with a day and a note of its own.

Revision: 0032
After: 0031
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("target_sheet") as table:
        table.add_column(sa.Column("days", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("notes", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("target_sheet") as table:
        table.alter_column("days", server_default=None)
        table.alter_column("notes", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("target_sheet") as table:
        table.drop_column("notes")
        table.drop_column("days")
