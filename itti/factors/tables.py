"""Tables of second factors."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from itti.schema import Row


class SecondFactor(Row, table=True):
    """The authenticator app of a person; at most one, in force once it was confirmed."""

    __tablename__ = "second_factor"

    user_id: UUID = Field(foreign_key="user_account.id", unique=True, ondelete="CASCADE")
    secret: str = Field(max_length=255)
    """What the app shares with us, encrypted under ``ITTI_SECRET``."""

    begun_at: datetime
    confirmed_at: datetime | None = None
    """When a first code proved that the app has the secret; None until then: it is not asked for yet."""

    last_step: int | None = None
    """The step of time whose code was used last: it and those before it are used up."""


class RecoveryCode(Row, table=True):
    """A code that stands in for the app once. Only a keyed hash is stored."""

    __tablename__ = "recovery_code"

    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    code_hash: str = Field(max_length=64, unique=True)
    used_at: datetime | None = None
