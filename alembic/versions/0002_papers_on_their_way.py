"""Papers on their way from an approval to the certificate.

Revision: 0002
After: 0001
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "preparation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("factory_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "preparing", "issued", name="preparationstate", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("frozen", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_preparation_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_preparation_factory_id_factory")),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name=op.f("fk_preparation_approved_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preparation")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_preparation_assessment_id")),
        sa.UniqueConstraint("number", name=op.f("uq_preparation_number")),
    )
    with op.batch_alter_table("preparation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_preparation_factory_id"), ["factory_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_preparation_state"), ["state"], unique=False)

    op.create_table(
        "paper_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("preparation_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "working",
                "done",
                "failed",
                name="jobstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("breakdowns", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["preparation_id"], ["preparation.id"], name=op.f("fk_paper_job_preparation_id_preparation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_job")),
        sa.UniqueConstraint("preparation_id", "language", name=op.f("uq_paper_job_preparation_id_language")),
    )
    with op.batch_alter_table("paper_job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_job_preparation_id"), ["preparation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_job_state"), ["state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("paper_job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_job_state"))
        batch_op.drop_index(batch_op.f("ix_paper_job_preparation_id"))

    op.drop_table("paper_job")
    with op.batch_alter_table("preparation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_preparation_state"))
        batch_op.drop_index(batch_op.f("ix_preparation_factory_id"))

    op.drop_table("preparation")
