"""The record of acts as a tree with signed heads; acts recorded before get their salts and digests here.

Revision: 0007
After: 0006
Made: 2026-11-22
"""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import rfc8785
import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_AT_A_TIME = 1_000


def upgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assessment_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("salt", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("details_digest", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=True))
    _complete(op.get_bind())
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.alter_column("details_digest", existing_type=sa.String(length=64), nullable=False)
        batch_op.create_index(batch_op.f("ix_event_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index("ix_event_position", ["position"], unique=True)
        batch_op.create_index(
            "ix_event_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("position IS NULL"),
            postgresql_where=sa.text("position IS NULL"),
        )
    op.create_table(
        "record_tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_record_tile")),
    )
    op.create_table(
        "record_head",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_record_head")),
    )


def _complete(connection: sa.Connection) -> None:
    """Salt, digest and assessment of the acts that are there; the next sequencer takes them into the tree."""
    event = sa.table(
        "event",
        sa.column("id", sa.Integer),
        sa.column("subject", sa.String),
        sa.column("subject_id", sa.String),
        sa.column("details", sa.JSON),
        sa.column("assessment_id", sa.Uuid),
        sa.column("salt", sa.String),
        sa.column("details_digest", sa.String),
    )
    columns = (event.c.id, event.c.subject, event.c.subject_id, event.c.details)
    last = 0
    while rows := connection.execute(
        sa.select(*columns).where(event.c.id > last).order_by(event.c.id).limit(_AT_A_TIME)
    ).all():
        for row in rows:
            salt = secrets.token_hex(16)
            digest = hashlib.sha256(bytes.fromhex(salt) + rfc8785.dumps(row.details)).hexdigest()
            found = {"salt": salt, "details_digest": digest, "assessment_id": _assessment(row)}
            connection.execute(sa.update(event).where(event.c.id == row.id).values(**found))
        last = rows[-1].id


def _assessment(row: Any) -> UUID | None:
    found = row.subject_id if row.subject == "assessment" else row.details.get("assessment")
    return UUID(found) if found else None


def downgrade() -> None:
    op.drop_table("record_head")
    op.drop_table("record_tile")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_waiting")
        batch_op.drop_index("ix_event_position")
        batch_op.drop_index(batch_op.f("ix_event_assessment_id"))
        batch_op.drop_column("position")
        batch_op.drop_column("details_digest")
        batch_op.drop_column("salt")
        batch_op.drop_column("assessment_id")
