"""People who see to the machines of their assessment body.

Revision: 0036
After: 0035
Made: 2026-11-23
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = "fk_user_account_keeps_tools_of_assessment_body"


def upgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keeps_tools_of", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f(_KEY), "assessment_body", ["keeps_tools_of"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_KEY), type_="foreignkey")
        batch_op.drop_column("keeps_tools_of")
