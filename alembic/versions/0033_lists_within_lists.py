"""Room for the ids of what is asked of the items of a list within a list.

Revision: 0033
After: 0032
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = (("answer", False), ("comment", True), ("evidence_link", False))
"""Every table that names a question, and whether it may name none."""


def upgrade() -> None:
    _alter(before=194, after=324)


def downgrade() -> None:
    _alter(before=324, after=194)


def _alter(*, before: int, after: int) -> None:
    for table, nullable in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(
                "question",
                existing_type=sa.String(length=before),
                type_=sa.String(length=after),
                existing_nullable=nullable,
            )
