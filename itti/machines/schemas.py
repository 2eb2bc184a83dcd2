"""What the API takes and gives about machines."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, Field

from itti.accounts.scopes import Scope, parted
from itti.http.fields import Input, Line
from itti.machines.keys import kept

if TYPE_CHECKING:
    from itti.machines.shown import Given, Shown

_ID: Final = "5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"
_ASSESSOR: Final = "0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11"
_SECRET: Final = "itti_0Zk3wF8nN4m1bq0jvJm4b3Y9l7QeXv0sJw2uHq6dR1c"  # noqa: S105 - an example
_SCOPES: Final = ["assessments:read", "assessments:write"]

_KEY: Final = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "kid": "2026",
}
_THUMBPRINT: Final = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"

Days = Annotated[int, Field(ge=1, le=730)]
Hours = Annotated[int, Field(ge=0, le=720)]


class MachineInput(Input):
    """A machine to be registered."""

    name: Annotated[Line, Field(max_length=100)] = Field(description="What it is.", examples=["Tablets"])
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))] = Field(
        description="What it may do, at most.", examples=[_SCOPES]
    )
    assessor_id: UUID | None = Field(None, description="Whom it acts for; null: who asks.", examples=[_ASSESSOR])
    secret_days: Days = Field(365, description="How many days its secret is good.", examples=[365])


class RotationInput(Input):
    """Another secret for a machine."""

    overlap_hours: Hours = Field(
        24, description="How many hours the last secret is still good; 0: it ends at once.", examples=[24]
    )
    secret_days: Days = Field(365, description="How many days the new secret is good.", examples=[365])


class KeysInput(Input):
    """By which keys a machine may prove itself (RFC 7523) instead of sending a secret."""

    jwks: dict[str, Any] | None = Field(
        None,
        description="Its public keys (RFC 7517), ten at most: `EC` on P-256 or P-384, `OKP` on Ed25519, `RSA` from 2048"
        " bits on. Of several each has a `kid`.",
        examples=[{"keys": [_KEY]}],
    )
    jwks_uri: Annotated[Line, Field(min_length=10, max_length=500)] | None = Field(
        None,
        description="Where they lie instead: an https address in the open network. They are read anew from there after"
        " an hour, and for a key that is not known yet.",
        examples=["https://example.com/jwks.json"],
    )
    end_secrets: bool = Field(False, description="Whether its secrets end now.", examples=[False])


class KeyView(BaseModel):
    """A public key of a machine."""

    kid: str | None = Field(description="What signatures name it by.", examples=["2026"])
    thumbprint: str = Field(description="What tells it from any other (RFC 7638).", examples=[_THUMBPRINT])
    algorithms: list[str] = Field(description="What may sign with it (`alg`).", examples=[["ES256"]])


class SecretView(BaseModel):
    """A secret that is good; it is not readable any more."""

    created_at: datetime = Field(description="When it was made.", examples=["2026-11-22T08:00:00Z"])
    expires_at: datetime = Field(description="Until when it is good.", examples=["2027-11-22T08:00:00Z"])


class MachineView(BaseModel):
    """A machine."""

    client_id: UUID = Field(description="What it signs in as.", examples=[_ID])
    name: str = Field(description="What it is.", examples=["Tablets"])
    body_id: UUID = Field(
        description="The assessment body that it belongs to; the factory, where it is a factory's.",
        examples=[_ASSESSOR],
    )
    factory_id: UUID | None = Field(
        description="The factory that it belongs to; null: it is a body's.", examples=[_ASSESSOR]
    )
    assessor_id: UUID = Field(
        description="Whom it acts for: an assessor, or somebody of the factory.", examples=[_ASSESSOR]
    )
    scopes: list[Scope] = Field(description="What it may do, at most.", examples=[_SCOPES])
    created_at: datetime = Field(description="When it was registered.", examples=["2026-11-22T08:00:00Z"])
    last_used_at: datetime | None = Field(
        description="When it last got a token, to the hour; null: never.", examples=["2026-11-22T08:00:00Z"]
    )
    revoked_at: datetime | None = Field(
        description="When it was revoked; null: it is in force.", examples=["2026-11-22T08:00:00Z"]
    )
    secrets: list[SecretView] = Field(description="Its secrets that are good, the newest first.")
    keys: list[KeyView] = Field(description="The public keys by which it may prove itself.")
    jwks_uri: str | None = Field(
        description="Where its keys are read anew; null: they were entered.", examples=["https://example.com/jwks.json"]
    )
    keys_read_at: datetime | None = Field(
        description="When its keys were last read there; null: never.", examples=["2026-11-22T08:00:00Z"]
    )

    @classmethod
    def of(cls, shown: Shown) -> Self:
        """As the API shows a machine."""
        found = shown.machine
        owner = found.body_id or found.factory_id
        assert owner is not None  # noqa: S101 - every machine is somebody's
        return cls(
            client_id=found.id,
            name=found.name,
            body_id=owner,
            factory_id=found.factory_id,
            assessor_id=found.assessor_id,
            scopes=list(parted(found.scopes)),
            created_at=found.created_at,
            last_used_at=found.last_used_at,
            revoked_at=found.revoked_at,
            secrets=[SecretView.model_validate(each, from_attributes=True) for each in shown.secrets],
            keys=[
                KeyView(kid=key.kid, thumbprint=key.thumbprint, algorithms=list(key.algorithms))
                for key in kept(found.keys)
            ],
            jwks_uri=found.keys_address,
            keys_read_at=found.keys_read_at,
        )


class NewSecretView(MachineView):
    """A machine with a new secret."""

    client_secret: str = Field(description="The new secret; shown this once.", examples=[_SECRET])

    @classmethod
    def given(cls, given: Given) -> Self:
        """As the API shows a new secret."""
        return cls(**MachineView.of(given.shown).model_dump(), client_secret=given.secret)
