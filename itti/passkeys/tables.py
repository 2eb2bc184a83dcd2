"""Tables of passkeys."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.schema import Row


class Passkey(Row, table=True):
    """A passkey of a person: only its public half is here."""

    __tablename__ = "passkey"

    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    credential: str = Field(max_length=1400, unique=True)
    """What the authenticator calls it, in base64url (WebAuthn allows 1023 bytes)."""

    public_key: str = Field(sa_type=sa.Text)
    """COSE key, in base64url."""

    sign_count: int = Field(sa_type=sa.BigInteger)
    """How often the authenticator said it was used; 0 where it does not count, as keys that are synchronised do not."""

    name: str = Field(max_length=100)
    """What its owner calls it."""

    synchronised: bool
    """Whether the authenticator keeps copies elsewhere (the flag BS)."""

    created_at: datetime
    last_used_at: datetime | None = None


class SpentChallenge(Row, table=True):
    """A challenge that was answered: it is not taken a second time."""

    __tablename__ = "spent_challenge"

    digest: str = Field(max_length=64, unique=True)
    until: datetime
    """When it would have ended by itself; the row is of no use then."""
