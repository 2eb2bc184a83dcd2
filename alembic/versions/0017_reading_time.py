"""In which zone and by which calendars people read.

Revision: 0017
After: 0016
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("user_account", "outgoing_mail")


def _calendar() -> sa.Enum:
    return sa.Enum("gregorian", "with-islamic", name="calendar", native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("time_zone", sa.String(length=64), nullable=True))
            batch_op.add_column(sa.Column("calendar", _calendar(), nullable=True))


def downgrade() -> None:
    for table in _TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_calendar"), type_="check")
            batch_op.drop_column("calendar")
            batch_op.drop_column("time_zone")
