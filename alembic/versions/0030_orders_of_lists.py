"""Indexes for the orders of long lists.

Revision: 0030
After: 0029
Made: 2026-11-22
"""

from collections.abc import Sequence
from typing import Final

from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ORDERS: Final = (
    ("assessment", "created_at", "id"),
    ("assessment", "planned_for", "id"),
    ("factory", "name", "id"),
    ("factory", "created_at", "id"),
    ("certificate", "issued_on", "number"),
    ("certificate", "expires_on", "number"),
    ("event", "at"),
)
"""Table, then columns."""


def upgrade() -> None:
    for table, *columns in ORDERS:
        op.create_index(op.f(f"ix_{table}_{columns[0]}"), table, columns, unique=False)


def downgrade() -> None:
    for table, *columns in reversed(ORDERS):
        op.drop_index(op.f(f"ix_{table}_{columns[0]}"), table_name=table)
