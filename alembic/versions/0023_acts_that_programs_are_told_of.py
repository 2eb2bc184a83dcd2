"""An index over the acts that programs are told of.

Revision: 0023
After: 0022
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    told = "action IN ('assessment.planned', 'assessment.moved', 'certificate.issued', 'papers.failed')"
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_told", ["position"], unique=False, sqlite_where=sa.text(told), postgresql_where=sa.text(told)
        )


def downgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_told")
