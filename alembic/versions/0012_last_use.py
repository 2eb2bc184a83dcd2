"""When sessions and tokens were last used, and what a session was begun with.

Revision: 0012
After: 0011
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sign_in", sa.Column("browser", sa.String(length=16), nullable=True))
    op.add_column("sign_in", sa.Column("system", sa.String(length=16), nullable=True))
    op.add_column("api_token", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("api_token", "last_used_at")
    op.drop_column("sign_in", "system")
    op.drop_column("sign_in", "browser")
    op.drop_column("sign_in", "last_used_at")
