"""Product carbon footprints, partners they are exchanged with, and machines of factories.

Revision: 0031
After: 0030
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _event_name() -> sa.Enum:
    return _enum("eventname", "published", "requested", "fulfilled", "rejected")


def upgrade() -> None:
    with op.batch_alter_table("machine", schema=None) as batch_op:
        batch_op.alter_column("body_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.add_column(sa.Column("factory_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_machine_factory_id"), ["factory_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_machine_factory_id_factory"), "factory", ["factory_id"], ["id"])
    _footprints()
    _partners()
    _events()


def _footprints() -> None:
    op.create_table(
        "product_footprint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("factory_id", sa.Uuid(), nullable=True),
        sa.Column("origin", _enum("origin", "entered", "computed"), nullable=False),
        sa.Column("status", _enum("standing", "Active", "Deprecated"), nullable=False),
        sa.Column("geography", sa.String(length=64), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("inventory", sa.Text(), nullable=True),
        sa.Column("calculation", sa.Text(), nullable=True),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deprecated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(body_id IS NULL) <> (factory_id IS NULL)", name=op.f("ck_product_footprint_one_owner")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["assessment_body.id"], name=op.f("fk_product_footprint_body_id_assessment_body")
        ),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_product_footprint_factory_id_factory")),
        sa.ForeignKeyConstraint(
            ["replaces"], ["product_footprint.id"], name=op.f("fk_product_footprint_replaces_product_footprint")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_product_footprint_created_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_footprint")),
        sa.UniqueConstraint("replaces", name=op.f("uq_product_footprint_replaces")),
    )
    with op.batch_alter_table("product_footprint", schema=None) as batch_op:
        for column in ("body_id", "created_at", "factory_id"):
            batch_op.create_index(batch_op.f(f"ix_product_footprint_{column}"), [column], unique=False)
    op.create_table(
        "footprint_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("footprint_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum("keykind", "product", "company", "classification"), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["footprint_id"],
            ["product_footprint.id"],
            name=op.f("fk_footprint_key_footprint_id_product_footprint"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_footprint_key")),
    )
    with op.batch_alter_table("footprint_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_footprint_key_footprint_id"), ["footprint_id"], unique=False)
        batch_op.create_index("ix_footprint_key_kind_value", ["kind", "value"], unique=False)


def _partners() -> None:
    op.create_table(
        "footprint_partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("factory_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("party_body_id", sa.Uuid(), nullable=True),
        sa.Column("party_factory_id", sa.Uuid(), nullable=True),
        sa.Column("machine_id", sa.Uuid(), nullable=True),
        sa.Column("base_url", sa.String(length=500), nullable=False),
        sa.Column("token_url", sa.String(length=500), nullable=False),
        sa.Column("client_id", sa.String(length=200), nullable=False),
        sa.Column("client_secret", sa.String(length=1000), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(body_id IS NULL) <> (factory_id IS NULL)", name=op.f("ck_footprint_partner_one_owner")),
        sa.CheckConstraint(
            "party_body_id IS NULL OR party_factory_id IS NULL", name=op.f("ck_footprint_partner_one_party")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_footprint_partner_{column}_{table}"))
            for column, table in (
                ("body_id", "assessment_body"),
                ("factory_id", "factory"),
                ("party_body_id", "assessment_body"),
                ("party_factory_id", "factory"),
                ("created_by", "user_account"),
            )
        ),
        sa.ForeignKeyConstraint(
            ["machine_id"], ["machine.id"], name=op.f("fk_footprint_partner_machine_id_machine"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_footprint_partner")),
        sa.UniqueConstraint("machine_id", name=op.f("uq_footprint_partner_machine_id")),
    )
    with op.batch_alter_table("footprint_partner", schema=None) as batch_op:
        for column in ("body_id", "factory_id", "party_body_id", "party_factory_id"):
            batch_op.create_index(batch_op.f(f"ix_footprint_partner_{column}"), [column], unique=False)
    op.create_table(
        "footprint_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("footprint_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["footprint_id"],
            ["product_footprint.id"],
            name=op.f("fk_footprint_share_footprint_id_product_footprint"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["footprint_partner.id"],
            name=op.f("fk_footprint_share_partner_id_footprint_partner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_footprint_share")),
        sa.UniqueConstraint("footprint_id", "partner_id", name=op.f("uq_footprint_share_footprint_id_partner_id")),
    )
    with op.batch_alter_table("footprint_share", schema=None) as batch_op:
        for column in ("footprint_id", "partner_id"):
            batch_op.create_index(batch_op.f(f"ix_footprint_share_{column}"), [column], unique=False)


def _events() -> None:
    op.create_table(
        "footprint_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("name", _event_name(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["footprint_partner.id"],
            name=op.f("fk_footprint_event_partner_id_footprint_partner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_footprint_event")),
        sa.UniqueConstraint("partner_id", "source", "event", name=op.f("uq_footprint_event_partner_id_source_event")),
    )
    with op.batch_alter_table("footprint_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_footprint_event_partner_id"), ["partner_id"], unique=False)
    op.create_table(
        "footprint_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("breakdowns", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", _enum("jobstate", "waiting", "working", "done", "failed"), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("name", _event_name(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["footprint_partner.id"],
            name=op.f("fk_footprint_message_partner_id_footprint_partner"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_footprint_message")),
    )
    with op.batch_alter_table("footprint_message", schema=None) as batch_op:
        for column in ("partner_id", "state"):
            batch_op.create_index(batch_op.f(f"ix_footprint_message_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in (
        "footprint_message",
        "footprint_event",
        "footprint_share",
        "footprint_partner",
        "footprint_key",
        "product_footprint",
    ):
        op.drop_table(table)
    of_factories = "SELECT id FROM machine WHERE body_id IS NULL"
    for table in ("api_token", "machine_secret"):
        op.execute(f"DELETE FROM {table} WHERE machine_id IN ({of_factories})")  # noqa: S608 - nothing from outside
    op.execute("DELETE FROM machine WHERE body_id IS NULL")
    with op.batch_alter_table("machine", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_machine_factory_id_factory"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_machine_factory_id"))
        batch_op.drop_column("factory_id")
        batch_op.alter_column("body_id", existing_type=sa.Uuid(), nullable=False)
