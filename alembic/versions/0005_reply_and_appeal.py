"""The factory's reply, appeals, and states that follow the certificate.

Revision: 0005
After: 0004
Made: 2026-11-22
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BEFORE = ("planned", "self_assessment", "self_assessed", "assessment", "review", "certified", "withdrawn")
_AFTER = (
    "planned",
    "self_assessment",
    "self_assessed",
    "assessment",
    "review",
    "reply",
    "decision",
    "certified",
    "appeal",
    "upheld",
    "expired",
    "superseded",
    "revoked",
    "withdrawn",
)
_GONE = {
    "reply": "review",
    "decision": "review",
    "appeal": "certified",
    "upheld": "certified",
    "expired": "certified",
    "superseded": "certified",
    "revoked": "certified",
}
"""State of this revision → the nearest one of the revision before."""


def _allow(batch_op: BatchOperations, names: Sequence[str]) -> None:
    batch_op.create_check_constraint(op.f("ck_assessment_assessmentstate"), sa.column("state").in_(names))


def upgrade() -> None:
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_assessment_assessmentstate"), type_="check")
        _allow(batch_op, _AFTER)
        batch_op.add_column(sa.Column("reply_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("appeal_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("hearer_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("revision_of", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_assessment_hearer_id"), ["hearer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_revision_of"), ["revision_of"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_assessment_hearer_id_user_account"), "user_account", ["hearer_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_assessment_revision_of_assessment"), "assessment", ["revision_of"], ["id"]
        )
    with op.batch_alter_table("move", schema=None) as batch_op:
        batch_op.alter_column("actor_id", existing_type=sa.Uuid(), nullable=True)
    # What the register knew already the assessments now know as well; what has expired is entered by the calendar.
    for state in ("superseded", "revoked"):
        op.execute(
            sa.text(
                "UPDATE assessment SET state = :state WHERE state = 'certified' AND id IN"
                " (SELECT assessment_id FROM certificate WHERE certificate.state = :state)"
            ).bindparams(state=state)
        )


def downgrade() -> None:
    for state, before in _GONE.items():
        op.execute(
            sa.text("UPDATE assessment SET state = :before WHERE state = :state").bindparams(state=state, before=before)
        )
    # The revision before knows no moves that nobody made: they go, and with them their mention in the history.
    op.execute(sa.text("DELETE FROM move WHERE actor_id IS NULL"))
    with op.batch_alter_table("move", schema=None) as batch_op:
        batch_op.alter_column("actor_id", existing_type=sa.Uuid(), nullable=False)
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_assessment_revision_of_assessment"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_assessment_hearer_id_user_account"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_assessment_revision_of"))
        batch_op.drop_index(batch_op.f("ix_assessment_hearer_id"))
        for column in ("revision_of", "hearer_id", "appealed_at", "appeal_until", "reply_until"):
            batch_op.drop_column(column)
        batch_op.drop_constraint(op.f("ck_assessment_assessmentstate"), type_="check")
        _allow(batch_op, _BEFORE)
