"""What the API takes and gives about second factors."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from itti.factors.service import Begun, Standing
from itti.http.fields import Input


class OwnPassword(Input):
    """One's own password, so that nobody else sets up a second factor at a browser left open."""

    password: Annotated[str, Field(max_length=200)] = Field(
        description="The password.", examples=["correct horse battery"]
    )


class Code(Input):
    """A code of the second factor."""

    code: Annotated[str, Field(max_length=40)] = Field(
        description="The six digits that the authenticator app shows, or a recovery code.", examples=["123456"]
    )


class AppCode(Input):
    """A code of the app that is being set up."""

    code: Annotated[str, Field(max_length=40)] = Field(
        description="The six digits that the authenticator app shows.", examples=["123456"]
    )


class SecondFactorView(BaseModel):
    """How it stands with one's own second factor."""

    since: datetime | None = Field(
        description="Since when an authenticator app is in force; none: there is no app.",
        examples=["2026-11-22T08:00:00Z"],
    )
    codes_left: int = Field(description="Recovery codes that were not used yet.", examples=[10])
    required: bool = Field(description="Whether the programme asks this person for a second factor.", examples=[True])
    passkeys: bool = Field(description="Whether there are passkeys, which are one as well.", examples=[False])

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """As the API shows it."""
        return cls.model_validate(standing, from_attributes=True)


class BegunView(BaseModel):
    """What an authenticator app needs; shown this once."""

    secret: str = Field(
        description="The shared secret in base 32, to be typed into an app.",
        examples=["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"],
    )
    address: str = Field(
        description="The same as an `otpauth://` address, for a QR code.",
        examples=["otpauth://totp/Programme:a%40b.example?digits=6&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"],
    )

    @classmethod
    def of(cls, begun: Begun) -> Self:
        """As the API shows it."""
        return cls.model_validate(begun, from_attributes=True)


class RecoveryCodesView(BaseModel):
    """Codes that each stand in for the app once; shown this once."""

    recovery_codes: list[str] = Field(description="Ten codes.", examples=[["k7qm-x2vd-9hrt-pzn4"]])
