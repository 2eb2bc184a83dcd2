"""Tables of sign-ins elsewhere."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.schema import Row


class LinkedIdentity(Row, table=True):
    """What a provider calls a person, who signs in here by it."""

    __tablename__ = "linked_identity"
    __table_args__ = (sa.UniqueConstraint("provider", "subject"),)

    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    provider: str = Field(max_length=40)
    """Its name in the setting ``providers``."""

    subject: str = Field(max_length=255)
    created_at: datetime
    last_used_at: datetime | None = None
