"""Tables of people and of what lets them in."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from itti.calendar.zones import Calendar
from itti.schema import Row, VersionedRow, enum_column


class Role(StrEnum):
    """In whose name a person acts."""

    PROGRAMME = "programme"
    """The programme office: registers, accredits, plans, revokes."""

    ASSESSOR = "assessor"
    """A member of an assessment body; assesses and reviews within an accreditation."""

    FACTORY = "factory"
    """A member of a factory; answers for itself, reads its own scorecards."""


class Purpose(StrEnum):
    """What a link that sets a password was made for."""

    INVITATION = "invitation"
    """A new account: its person chooses the first password."""

    RECOVERY = "recovery"
    """Somebody forgot the password."""


ERASED: Final = "@erased.invalid"
"""What the address of an erased account ends with; nobody can receive mail there (RFC 2606)."""


class User(VersionedRow, table=True):
    """A person with an account. ``body_id`` is set for assessors, ``factory_id`` for factory people."""

    __tablename__ = "user_account"

    email: str = Field(max_length=254, unique=True)
    """Case-folded; the sign-in name."""

    name: str = Field(max_length=200)
    name_ar: str | None = Field(default=None, max_length=200)
    """The name in Arabic script, printed on Arabic papers where given."""

    password_hash: str = Field(max_length=255)
    """Empty while somebody invited has chosen none, and after erasure; nothing matches it."""

    password_handed_over: bool = Field(default=False)
    """True while the password is one that somebody else set, and therefore knows; the home page reminds of it."""

    role: Role = Field(sa_column=enum_column(Role))
    body_id: UUID | None = Field(default=None, foreign_key="assessment_body.id", index=True)
    factory_id: UUID | None = Field(default=None, foreign_key="factory.id", index=True)
    language: str | None = Field(default=None, max_length=8)
    """The language chosen; None until there was a choice: then the browser's counts."""

    time_zone: str | None = Field(default=None, max_length=64)
    """IANA name of the zone in which the person reads moments; None: the programme's."""

    calendar: Calendar | None = Field(default=None, sa_column=enum_column(Calendar, nullable=True))
    """By which calendars the person reads days; None: as the programme has it."""

    keeps_tools_of: UUID | None = Field(default=None, foreign_key="assessment_body.id")
    """The assessment body whose machines the person sees to, for colleagues too (:mod:`itti.machines`).

    Not a yes or no: who goes to another body keeps nothing there.
    """

    demonstration: bool = Field(default=False)
    """True for accounts of the demonstration data; real use refuses to start while one exists."""

    created_at: datetime
    disabled_at: datetime | None = None

    @property
    def is_erased(self) -> bool:
        """Whether the person's data were erased (:func:`itti.privacy.service.erase`)."""
        return self.email.endswith(ERASED)

    @property
    def keeps_tools(self) -> bool:
        """Whether the person sees to the machines of colleagues too."""
        return self.keeps_tools_of is not None and self.keeps_tools_of == self.body_id

    @property
    def invited(self) -> bool:
        """Whether the account waits for its person to choose a password."""
        return not self.password_hash and self.disabled_at is None


class SignIn(Row, table=True):
    """A browser session. Only a keyed hash of its random token is stored."""

    __tablename__ = "sign_in"

    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    last_used_at: datetime | None = None
    """To the hour (:mod:`itti.accounts.uses`); None: not since this is noted."""

    browser: str | None = Field(default=None, max_length=16)
    system: str | None = Field(default=None, max_length=16)
    """What it was begun with (:mod:`itti.accounts.agents`)."""

    proven_at: datetime | None = None
    """When its owner proved again who they are; None: not since it was begun."""

    vouched: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """Whether a provider asked its owner for what counts as a second factor."""


class ApiToken(Row, table=True):
    """A bearer token for the HTTP API. Only a keyed hash of it is stored."""

    __tablename__ = "api_token"

    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    label: str = Field(max_length=100)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    """To the hour (:mod:`itti.accounts.uses`); None: not since this is noted."""

    proven_at: datetime | None = None
    """When its owner proved again who they are; None: not since it was made."""

    vouched: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """Whether a provider asked its owner for what counts as a second factor."""

    scopes: str | None = Field(default=None, max_length=255)
    """What it is limited to (:func:`itti.accounts.scopes.joined`); None: it lets its owner do all they may."""

    machine_id: UUID | None = Field(default=None, foreign_key="machine.id", index=True, ondelete="CASCADE")
    """The machine that acts for the person by it (:mod:`itti.machines`); None: the person's own."""


class AccountLink(Row, table=True):
    """A link by which its reader sets the password of an account, once. Only a keyed hash of its secret is stored."""

    __tablename__ = "account_link"

    user_id: UUID = Field(foreign_key="user_account.id", index=True, ondelete="CASCADE")
    purpose: Purpose = Field(sa_column=enum_column(Purpose))
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    """When it was used, withdrawn, or overtaken by another password."""
