"""Short papers: each paper has a form beside its language.

Revision: 0004
After: 0003
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OWNERS = {"certificate_file": "certificate_id", "paper_job": "preparation_id"}


def upgrade() -> None:
    # Every paper that was made so far is a whole report.
    for table, owner in _OWNERS.items():
        form = sa.Enum("report", "short", name="form", native_enum=False, create_constraint=True, length=24)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("form", form, nullable=False, server_default="report"))
            batch_op.drop_constraint(batch_op.f(f"uq_{table}_{owner}_language"), type_="unique")
            batch_op.create_unique_constraint(
                batch_op.f(f"uq_{table}_{owner}_language_form"), [owner, "language", "form"]
            )
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("form", existing_type=form, existing_nullable=False, server_default=None)


def downgrade() -> None:
    short = "SELECT id FROM certificate_file WHERE form = 'short'"
    op.execute(sa.text(f"DELETE FROM archive_copy WHERE file_id IN ({short})"))  # noqa: S608 - our own names
    for table, owner in reversed(_OWNERS.items()):
        op.execute(sa.text(f"DELETE FROM {table} WHERE form = 'short'"))  # noqa: S608 - our own names
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"uq_{table}_{owner}_language_form"), type_="unique")
            batch_op.drop_constraint(batch_op.f(f"ck_{table}_form"), type_="check")
            batch_op.create_unique_constraint(batch_op.f(f"uq_{table}_{owner}_language"), [owner, "language"])
            batch_op.drop_column("form")
