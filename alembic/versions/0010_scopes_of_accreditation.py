"""Accreditation of bodies, for versions and sectors, and suspensions.

Revision: 0010
After: 0009
Made: 2026-11-22
"""

from collections.abc import Sequence
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("accreditation", schema=None) as batch_op:
        batch_op.alter_column("user_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.add_column(sa.Column("body_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("majors", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("sectors", sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_accreditation_body_id"), ["body_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_accreditation_body_id_assessment_body"), "assessment_body", ["body_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_accreditation_one_holder"), sa.text("(user_id IS NULL) <> (body_id IS NULL)")
        )
    op.create_table(
        "suspension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("accreditation_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until IS NULL OR since <= until", name=op.f("ck_suspension_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["accreditation_id"], ["accreditation.id"], name=op.f("fk_suspension_accreditation_id_accreditation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    with op.batch_alter_table("suspension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suspension_accreditation_id"), ["accreditation_id"], unique=False)
    _write_down_what_was_taken_for_granted()


def _write_down_what_was_taken_for_granted() -> None:
    """Until now a body could act as long as its people could: each gets what its people have, so that nothing stops."""
    people = sa.table("user_account", sa.column("id", sa.Uuid()), sa.column("body_id", sa.Uuid()))
    held = sa.table(
        "accreditation",
        sa.column("id", sa.Uuid()),
        sa.column("user_id", sa.Uuid()),
        sa.column("body_id", sa.Uuid()),
        sa.column("family", sa.String()),
        sa.column("valid_from", sa.Date()),
        sa.column("valid_until", sa.Date()),
        sa.column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    statement = (
        sa.select(
            people.c.body_id,
            held.c.family,
            sa.func.min(held.c.valid_from),
            sa.func.max(held.c.valid_until),
            sa.func.min(held.c.created_at),
        )
        .join_from(held, people, held.c.user_id == people.c.id)
        .where(held.c.withdrawn_at.is_(None), people.c.body_id.is_not(None))
        .group_by(people.c.body_id, held.c.family)
    )
    rows = [
        {"id": uuid4(), "body_id": body, "family": family, "valid_from": first, "valid_until": last, "created_at": at}
        for body, family, first, last, at in op.get_bind().execute(statement)
    ]
    if rows:
        op.bulk_insert(held, rows)


def downgrade() -> None:
    op.drop_table("suspension")
    op.execute(sa.text("DELETE FROM accreditation WHERE body_id IS NOT NULL"))
    with op.batch_alter_table("accreditation", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_accreditation_one_holder"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_accreditation_body_id_assessment_body"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_accreditation_body_id"))
        for column in ("sectors", "majors", "body_id"):
            batch_op.drop_column(column)
        batch_op.alter_column("user_id", existing_type=sa.Uuid(), nullable=False)
