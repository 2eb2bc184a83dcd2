"""The table of requests that may be sent again."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.schema import Row


class KeyedRequest(Row, table=True):
    """A request with a key that has acted: written in the transaction of its act, so that it never acts twice."""

    __tablename__ = "keyed_request"

    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    key_hash: str = Field(max_length=64, unique=True)
    """Keyed hash of account and key: the key itself is nowhere."""

    request_hash: str = Field(max_length=64)
    """Keyed hash of method, address and body."""

    answer: str | None = Field(default=None, sa_type=sa.Text)
    """The answer under a lock that opens by ``ITTI_SECRET`` and the key together; None: on its way, or lost."""

    until: datetime = Field(index=True)
    """When it is forgotten."""
