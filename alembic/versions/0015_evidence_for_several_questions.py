"""Evidence that proves several questions, in revisions, and notes.

Revision: 0015
After: 0014
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "file", "interview", "walk", name="evidencekind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_evidence_assessment_id_assessment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_evidence_author_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_assessment_id"), "evidence", ["assessment_id"], unique=False)
    op.create_table(
        "evidence_revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("is_stripped", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(length=10_000), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_evidence_revision_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_revision_evidence_id_evidence"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_revision")),
        sa.UniqueConstraint("evidence_id", "number", name=op.f("uq_evidence_revision_evidence_id_number")),
    )
    for column in ("expired_at", "sha256"):
        op.create_index(op.f(f"ix_evidence_revision_{column}"), "evidence_revision", [column], unique=False)
    op.create_table(
        "evidence_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=194), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_evidence_link_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_link_evidence_id_evidence"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_link")),
        sa.UniqueConstraint("evidence_id", "question", name=op.f("uq_evidence_link_evidence_id_question")),
    )
    # What was one file at one question becomes evidence under the same id, its first revision and its only link.
    op.execute(
        "INSERT INTO evidence (id, assessment_id, kind, author_id, created_at, removed_at)"
        " SELECT id, assessment_id, 'file', author_id, created_at, removed_at FROM evidence_file"
    )
    revisions = sa.text(
        "INSERT INTO evidence_revision"
        " (id, evidence_id, number, file_name, media_type, size, sha256, is_stripped, author_id, created_at)"
        " SELECT id, id, 1, file_name, media_type, size, sha256, :kept, author_id, created_at FROM evidence_file"
    )
    op.execute(revisions.bindparams(sa.bindparam("kept", value=False, type_=sa.Boolean())))
    op.execute(
        "INSERT INTO evidence_link (id, evidence_id, question, author_id, created_at)"
        " SELECT id, id, question, author_id, created_at FROM evidence_file"
    )
    op.drop_table("evidence_file")


def downgrade() -> None:
    op.create_table(
        "evidence_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=194), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_evidence_file_assessment_id_assessment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_evidence_file_author_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
    )
    for column in ("assessment_id", "sha256"):
        op.create_index(op.f(f"ix_evidence_file_{column}"), "evidence_file", [column], unique=False)
    # One file for each link, with the newest content; earlier revisions, notes' texts and unused files are lost.
    op.execute(
        "INSERT INTO evidence_file"
        " (id, assessment_id, question, file_name, media_type, size, sha256, author_id, created_at, removed_at)"
        " SELECT link.id, evidence.assessment_id, link.question, newest.file_name, newest.media_type, newest.size,"
        " newest.sha256, link.author_id, link.created_at, evidence.removed_at"
        " FROM evidence_link AS link JOIN evidence ON evidence.id = link.evidence_id"
        " JOIN evidence_revision AS newest ON newest.evidence_id = evidence.id"
        " WHERE evidence.kind = 'file' AND newest.number ="
        " (SELECT max(number) FROM evidence_revision AS other WHERE other.evidence_id = evidence.id)"
    )
    op.drop_table("evidence_link")
    op.drop_table("evidence_revision")
    op.drop_table("evidence")
