"""What would lift the index of an approved assessment, settled once for all its papers.

Revision: 0009
After: 0008
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("preparation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("levers", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("preparation", schema=None) as batch_op:
        batch_op.drop_column("levers")
