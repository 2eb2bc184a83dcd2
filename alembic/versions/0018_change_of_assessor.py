"""Who an assessment was handed over from, and to whom.

Revision: 0018
After: 0017
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("move", schema=None) as batch_op:
        for name in ("from_person_id", "to_person_id"):
            batch_op.add_column(sa.Column(name, sa.Uuid(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f"fk_move_{name}_user_account"), "user_account", [name], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("move", schema=None) as batch_op:
        for name in ("to_person_id", "from_person_id"):
            batch_op.drop_constraint(batch_op.f(f"fk_move_{name}_user_account"), type_="foreignkey")
            batch_op.drop_column(name)
