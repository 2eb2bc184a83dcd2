"""What the API takes and gives about passkeys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, Field

from itti.http.fields import Input, Line
from itti.passkeys.challenges import Answer
from itti.passkeys.service import Asked
from itti.passkeys.tables import Passkey

EXAMPLE: Final = {"id": "3q2-7w", "rawId": "3q2-7w", "type": "public-key", "response": {"clientDataJSON": "e30"}}

Ticket = Annotated[
    str, Field(max_length=1000, description="As it came with the challenge.", examples=["gAAAAABn5f0-example"])
]
Credential = Annotated[
    dict[str, Any],
    Field(description="What the browser answered, as `PublicKeyCredential.toJSON()` gives it.", examples=[EXAMPLE]),
]


Named = Annotated[Line, Field(max_length=100, description="What its owner calls it.", examples=["Blue key"])]


class AnswerInput(Input):
    """The answer of an authenticator to a challenge."""

    ticket: Ticket
    credential: Credential

    def answer(self, holder: object) -> Answer:
        """As the service takes it from ``holder``."""
        return Answer(self.ticket, self.credential, str(holder))


class PasskeyInput(AnswerInput):
    """A passkey that was just made."""

    name: Named


class PasskeyTokenInput(AnswerInput):
    """A passkey instead of address and password."""

    label: Annotated[Line, Field(max_length=100)] = Field(
        "API", description="What the token is for; shown in the list of tokens.", examples=["ERP interface"]
    )


class ChallengeView(BaseModel):
    """What a browser is to be asked."""

    ticket: str = Field(
        description="Comes back with the answer; good for five minutes and one answer.",
        examples=["gAAAAABn5f0-example"],
    )
    options: dict[str, Any] = Field(
        description="For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.",
        examples=[{"challenge": "3q2-7w", "rpId": "programme.example", "userVerification": "required"}],
    )

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """As the API shows it."""
        return cls.model_validate(asked, from_attributes=True)


class PasskeyView(BaseModel):
    """One of one's own passkeys."""

    id: UUID = Field(description="Its id.", examples=["5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"])
    name: str = Field(description="What its owner calls it.", examples=["Blue key"])
    synchronised: bool = Field(description="Whether copies of it are kept elsewhere.", examples=[False])
    created_at: datetime = Field(description="When it was registered.", examples=["2026-11-22T08:00:00Z"])
    last_used_at: datetime | None = Field(
        description="When it last let its owner in.", examples=["2026-11-22T09:00:00Z"]
    )

    @classmethod
    def of(cls, passkey: Passkey) -> Self:
        """As the API shows it."""
        return cls.model_validate(passkey, from_attributes=True)
