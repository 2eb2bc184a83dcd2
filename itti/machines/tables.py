"""Tables of machines. Nothing in them lets anybody in: of secrets keyed hashes are stored, of keys the public half."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.schema import Row


class Machine(Row, table=True):
    """A tool of an assessment body or a factory that signs in by itself and acts for one of its people."""

    __tablename__ = "machine"

    body_id: UUID | None = Field(default=None, foreign_key="assessment_body.id", index=True)
    factory_id: UUID | None = Field(default=None, foreign_key="factory.id", index=True)
    assessor_id: UUID = Field(foreign_key="user_account.id", index=True)
    """Whom it acts for: what it saves is theirs, and it may never do what they may not."""

    name: str = Field(max_length=100)
    scopes: str = Field(max_length=255)
    """The most that its tokens may be limited to (:func:`itti.accounts.scopes.joined`)."""

    created_by: UUID = Field(foreign_key="user_account.id")
    created_at: datetime
    last_used_at: datetime | None = None
    """When it last got a token, to the hour; None: never."""

    revoked_at: datetime | None = None

    keys: list[dict[str, str]] = Field(default_factory=list, sa_type=sa.JSON)
    """Its public keys (:mod:`itti.machines.keys`), by which it may prove itself instead of by a secret."""

    keys_address: str | None = Field(default=None, max_length=500)
    """Where they are read anew; None: they were entered."""

    keys_read_at: datetime | None = None
    """When they were last read there."""

    keys_tried_at: datetime | None = None
    """When that was last tried."""


class MachineSecret(Row, table=True):
    """A secret of a machine; while one is rotated there are two."""

    __tablename__ = "machine_secret"

    machine_id: UUID = Field(foreign_key="machine.id", index=True, ondelete="CASCADE")
    secret_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    expires_at: datetime


class MachineAssertion(Row, table=True):
    """What a machine has proven itself by, until nobody could any more: it counts once (RFC 7523, section 3)."""

    __tablename__ = "machine_assertion"
    __table_args__ = (sa.UniqueConstraint("machine_id", "name_hash"),)

    machine_id: UUID = Field(foreign_key="machine.id", index=True, ondelete="CASCADE")
    name_hash: str = Field(max_length=64)
    expires_at: datetime
