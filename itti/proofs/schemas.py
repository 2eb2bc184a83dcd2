"""What the API takes and gives about fresh proofs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from itti.http.fields import Input
from itti.passkeys.challenges import Answer
from itti.passkeys.schemas import EXAMPLE, Credential, Ticket
from itti.proofs.service import Given, Standing, Way


class ProofInput(Input):
    """One of the `ways`: a password, a code, or a passkey's answer with its ticket."""

    password: Annotated[str, Field(max_length=200)] = Field(
        "", description="The password, while there is no second factor.", examples=["correct horse battery"]
    )
    code: Annotated[str, Field(max_length=40)] = Field(
        "", description="A code of the authenticator app, or a recovery code.", examples=["123456"]
    )
    ticket: Ticket | None = Field(None, description="Of the challenge to a passkey.", examples=["gAAAAABn5f0-example"])
    credential: Credential | None = Field(None, description="The passkey's answer.", examples=[EXAMPLE])

    def given(self, holder: object) -> Given:
        """As the service takes it from ``holder``."""
        passkey = None if self.credential is None else Answer(self.ticket or "", self.credential, str(holder))
        return Given(self.password, self.code, passkey)


class ProofView(BaseModel):
    """How fresh the last proof is."""

    proven_at: datetime = Field(
        description="When the owner of the token last proved who they are.", examples=["2026-11-22T08:00:00Z"]
    )
    fresh_until: datetime | None = Field(
        description="Until when that is enough for acts that weigh much; none: always.",
        examples=["2026-11-22T08:15:00Z"],
    )
    ways: list[Way] = Field(description="What is taken as a new proof.", examples=[["code", "passkey"]])

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """As the API shows it."""
        return cls.model_validate(standing, from_attributes=True)
