"""Tables of machines. Nothing in them lets anybody in: of secrets only keyed hashes are stored."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from itti.schema import Row


class Machine(Row, table=True):
    """A tool of an assessment body that signs in by itself and acts for one assessor."""

    __tablename__ = "machine"

    body_id: UUID = Field(foreign_key="assessment_body.id", index=True)
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


class MachineSecret(Row, table=True):
    """A secret of a machine; while one is rotated there are two."""

    __tablename__ = "machine_secret"

    machine_id: UUID = Field(foreign_key="machine.id", index=True, ondelete="CASCADE")
    secret_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    expires_at: datetime
