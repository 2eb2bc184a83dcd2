"""What the API takes and gives about footprints and partners."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Final, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError, PydanticKnownError

from itti.footprints.product import Declared, Moment, Plain, ProductFootprint, Standing, Urns
from itti.footprints.tables import EventName, FootprintMessage, Origin, Partner, StoredFootprint
from itti.http.fields import Decimal, Input, Line, Prose
from itti.queue.claims import said
from itti.queue.rows import JobState

if TYPE_CHECKING:
    from itti.footprints.shown import NewPartner, Received

_ID: Final = "5d0c7d6c-3d42-4a52-8a3e-2a3a7a0b6f21"
_MOST: Final = 100
_LARGEST: Final = 10**18


def _not_negative(value: Fraction) -> Fraction:
    if value < 0:
        raise PydanticKnownError("greater_than_equal", {"ge": 0})
    return value


def _without_floats(value: object) -> object:
    """The value itself.

    Raises:
        PydanticCustomError: a number in it has decimals, which JSON reads as a binary float, or more than 18 digits.
    """
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, float) or (isinstance(one, int) and abs(one) >= _LARGEST):
            raise PydanticCustomError("exact-number", "not an exact number")
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return value


NotBelowZero = Annotated[Decimal, AfterValidator(_not_negative)]


class ProductInput(Input):
    """What a footprint says of its product beside the numbers."""

    company_name: Plain = Field(description="Whose product it is.", examples=["Gulf Tiles"])
    company_ids: Urns = Field(
        description="Ids of that company, as URNs.", examples=[["urn:epc:id:sgln:4063973.00000.8"]]
    )
    name: Plain = Field(description="What the company calls it.", examples=["Glazed tiles"])
    description: Annotated[Prose, Field(max_length=2000)] = Field(
        description="What it is.", examples=["Wall tiles, 20 cm"]
    )
    ids: Urns = Field(description="Ids of the product, as URNs.", examples=[["urn:gtin:4712345060507"]])
    classifications: Urns | None = Field(
        None, description="Its classes, as URNs.", examples=[["urn:pact:productclassification:un-cpc:3731"]]
    )
    comment: Plain | None = Field(None, description="What a reader should know.", examples=["First footprint."])
    mass: NotBelowZero | None = Field(
        None,
        description="Mass of a declared unit, kg; needed for a unit that is no mass but has one.",
        examples=["2.5"],
    )
    fossil_carbon: NotBelowZero = Field(
        description="Fossil carbon in a declared unit, kg; never assumed to be 0.", examples=["0"]
    )
    standards: Annotated[list[Plain], Field(min_length=1, max_length=20)] = Field(
        description="Standards that were followed: `ISO14067`, `PACT-3.0` …", examples=[["ISO14067", "PACT-3.0"]]
    )
    exempted_percent: NotBelowZero = Field(
        description="Share of the emissions that was left out, percent.", examples=["0"]
    )
    exempted_reason: Annotated[Prose, Field(max_length=2000)] = Field(
        "", description="Why it was left out.", examples=["Below the cut-off."]
    )
    boundary_processes: Plain | None = Field(
        None, description="What happens within the boundary.", examples=["Pressing, glazing and firing."]
    )
    allocation_rules: Annotated[Prose, Field(max_length=2000)] = Field(
        "", description="How shared burdens were divided.", examples=["By mass."]
    )
    valid_from: Moment | None = Field(
        None, description="From when on it may be used.", examples=["2026-01-01T00:00:00Z"]
    )
    valid_until: Moment | None = Field(
        None,
        description="Until when; without both: three years from the end of its data.",
        examples=["2029-01-01T00:00:00Z"],
    )


_REPLACES: Final = "The footprint whose place it takes, and whose partners then read this one; null: none."


class FootprintInput(Input):
    """A footprint that its owner declares."""

    footprint: Declared = Field(description="The footprint, in the fields of PACT 3.0.")
    replaces: UUID | None = Field(None, description=_REPLACES, examples=[None])


class InventoryInput(Input):
    """An inventory to be counted."""

    inventory: Annotated[dict[str, Any], BeforeValidator(_without_floats)] = Field(
        description="What was used, moved and released, as `docs/schema/inventory.json` has it. Decimals are texts.",
        examples=[
            {
                "name": "Glazed tiles",
                "purpose": "product",
                "region": "GB",
                "period": {"start": "2025-01-01", "end": "2025-12-31"},
                "gwp": "ar5",
                "rounding": {"places": 2, "mode": "half_up"},
                "declared_unit": {"amount": 1, "unit": "kg"},
                "output": {"amount": 900, "unit": "t"},
                "lines": [
                    {
                        "id": "power",
                        "amount": 400000,
                        "unit": "kWh",
                        "factor": "desnz@2025-v1/electricity",
                        "data": {"technology": 3},
                    }
                ],
            }
        ],
    )
    product: ProductInput = Field(description="What is said of the product beside the numbers.")
    replaces: UUID | None = Field(None, description=_REPLACES, examples=[None])


class RecipientsInput(Input):
    """Who may read a footprint; in place of those before."""

    partners: Annotated[list[UUID], Field(max_length=_MOST)] = Field(
        description="Ids of partners of one's own; empty: nobody else reads it.", examples=[[]]
    )


class FootprintView(BaseModel):
    """A footprint that the caller may read."""

    footprint: ProductFootprint = Field(description="The footprint, in the fields of PACT 3.0.")
    own: bool = Field(description="True where it is one of the caller's body or factory; else it was shared.")
    origin: Origin = Field(description="`computed` here, or `entered`.", examples=["computed"])
    valid_from: datetime = Field(description="From when on it may be used.", examples=["2026-01-01T00:00:00Z"])
    valid_until: datetime = Field(description="Until when.", examples=["2029-01-01T00:00:00Z"])
    partners: list[UUID] | None = Field(
        description="Who may read it; null where it is not one's own.", examples=[[_ID]]
    )

    @classmethod
    def of(cls, row: StoredFootprint, *, own: bool, partners: Sequence[UUID]) -> Self:
        """As the API shows ``row``."""
        return cls(
            footprint=footprint_of(row),
            own=own,
            origin=row.origin,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            partners=sorted(partners) if own else None,
        )


def footprint_of(row: StoredFootprint) -> ProductFootprint:
    """The stored footprint, with its status of now."""
    return ProductFootprint.model_validate({**json.loads(row.content), "status": Standing(row.status).value})


def wire_of(row: StoredFootprint) -> dict[str, Any]:
    """The stored footprint as it travels, with its status of now."""
    return {**json.loads(row.content), "status": Standing(row.status).value}


class PartnerInput(Input):
    """A partner to be entered."""

    name: Annotated[Line, Field(max_length=100)] = Field(description="Who it is.", examples=["Gulf Builders"])
    body_id: UUID | None = Field(
        None, description="The assessment body of this programme that it is; null: none.", examples=[None]
    )
    licence: Annotated[Line, Field(max_length=64)] | None = Field(
        None, description="Licence number of the factory of this programme that it is; null: none.", examples=[None]
    )
    signs_in: bool = Field(
        True, description="Whether it gets a client id and a secret, by which it reads here what is shared with it."
    )
    base_url: Annotated[str, Field(max_length=500)] = Field(
        "",
        description="Its own service: `/3/events` below it is sent events. Empty: it is sent none.",
        examples=["https://pact.example.com"],
    )
    token_url: Annotated[str, Field(max_length=500)] = Field(
        "",
        description="Where its service gives tokens; empty: `/auth/token` below `base_url`.",
        examples=["https://pact.example.com/auth/token"],
    )
    client_id: Annotated[str, Field(max_length=200)] = Field(
        "", description="What we sign in there as.", examples=["itti"]
    )
    client_secret: Annotated[str, Field(max_length=200)] = Field(
        "", description="The secret for it; kept encrypted, and never shown.", examples=["a-secret"]
    )


class PartnerView(BaseModel):
    """A partner."""

    id: UUID = Field(description="Its id.", examples=[_ID])
    name: str = Field(description="Who it is.", examples=["Gulf Builders"])
    body_id: UUID | None = Field(description="The assessment body of this programme that it is.", examples=[None])
    factory_id: UUID | None = Field(description="The factory of this programme that it is.", examples=[None])
    machine_id: UUID | None = Field(
        description="Its client id here, a machine of who entered it; null: it does not sign in.", examples=[_ID]
    )
    base_url: str = Field(
        description="Its own service; empty: it is sent no events.", examples=["https://pact.example.com"]
    )
    token_url: str = Field(description="Where that gives tokens.", examples=["https://pact.example.com/auth/token"])
    created_at: datetime = Field(description="When it was entered.", examples=["2026-11-22T08:00:00Z"])

    @classmethod
    def of(cls, row: Partner) -> Self:
        """As the API shows ``row``."""
        return cls(**_fields(row))


class NewPartnerView(PartnerView):
    """A partner with its secret, which is shown this once."""

    client_secret: str | None = Field(
        description="The secret for its client id; null: it does not sign in.",
        examples=["itti_0Zk3wF8nN4m1bq0jvJm4b3Y9l7QeXv0sJw2uHq6dR1c"],
    )
    address: str = Field(
        description="Where it reads: `/3/footprints` and `/auth/token` below this.",
        examples=["https://itti.example/api/pact"],
    )

    @classmethod
    def given(cls, made: NewPartner) -> Self:
        """As the API shows a new one."""
        return cls(**_fields(made.partner), client_secret=made.secret, address=made.address)


def _fields(row: Partner) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "body_id": row.party_body_id,
        "factory_id": row.party_factory_id,
        "machine_id": row.machine_id,
        "base_url": row.base_url,
        "token_url": row.token_url,
        "created_at": row.created_at,
    }


class FiltersInput(Input):
    """Which footprints a partner is asked for. Within one field any value will do; all fields must hold."""

    product_ids: Annotated[list[Plain], Field(max_length=_MOST)] = Field(
        default_factory=list, description="Ids of products.", examples=[["urn:gtin:4712345060507"]]
    )
    company_ids: Annotated[list[Plain], Field(max_length=_MOST)] = Field(
        default_factory=list, description="Ids of companies.", examples=[[]]
    )
    geographies: Annotated[list[Plain], Field(max_length=_MOST)] = Field(
        default_factory=list, description="Regions, countries or parts of them.", examples=[["AE"]]
    )
    classifications: Annotated[list[Plain], Field(max_length=_MOST)] = Field(
        default_factory=list, description="Classes of products.", examples=[[]]
    )
    valid_on: Moment | None = Field(None, description="Usable then.", examples=["2026-06-01T00:00:00Z"])
    comment: Plain | None = Field(None, description="What the partner should know.", examples=["For our report."])


class MessageView(BaseModel):
    """An event on its way to a partner."""

    id: UUID = Field(description="Its id; also that of the event.", examples=[_ID])
    partner_id: UUID = Field(description="To whom.", examples=[_ID])
    name: EventName = Field(description="What it says.", examples=["published"])
    state: JobState = Field(description="`waiting`, `working`, `done`, or `failed`: given up.", examples=["done"])
    attempts: int = Field(description="How often it was tried.", examples=[1])
    status: int | None = Field(description="HTTP status of the last answer; null: there was none.", examples=[200])
    created_at: datetime = Field(description="When it was first due.", examples=["2026-11-22T08:00:00Z"])
    next_try: datetime | None = Field(
        description="Not before this time; null unless it waits.", examples=["2026-11-22T08:00:30Z"]
    )
    reason: str | None = Field(description="Why the last try failed, in the language of the reader.", examples=[None])

    @classmethod
    def of(cls, row: FootprintMessage, language: str) -> Self:
        """As the API shows ``row``."""
        return cls(
            id=row.id,
            partner_id=row.partner_id,
            name=row.name,
            state=row.state,
            attempts=row.attempts,
            status=row.status,
            created_at=row.created_at,
            next_try=row.next_try if row.state is JobState.WAITING else None,
            reason=said(row.reason, language),
        )


class WarningView(BaseModel):
    """Something that does not hold in a footprint of somebody else, which was taken all the same."""

    pointer: str = Field(
        description="JSON Pointer into the event.", examples=["/data/pfs/0/pcf/pcfExcludingBiogenicUptake"]
    )
    code: str = Field(description="Machine-readable kind.", examples=["sum-excluding"])
    detail: str = Field(
        description="What does not hold, in the language of the reader.", examples=["The parts add up to 0.356."]
    )


class ReceivedEventView(BaseModel):
    """An event that a partner sent."""

    id: UUID = Field(description="Our name of it.", examples=[_ID])
    partner_id: UUID = Field(description="Who sent it.", examples=[_ID])
    name: EventName = Field(description="What it says.", examples=["fulfilled"])
    event: str = Field(description="The sender's name of it.", examples=["505e5d-68f8"])
    source: str = Field(description="Where it says it is from.", examples=["https://pact.example.com"])
    received_at: datetime = Field(description="When it came.", examples=["2026-11-22T08:00:00Z"])
    data: dict[str, Any] = Field(description="What it holds, as it came.", examples=[{"pfIds": [_ID]}])
    warnings: list[WarningView] = Field(description="What does not hold in the footprints it brought.")
    answer: MessageView | None = Field(
        description="What was sent back to a request; null: it is none, or its answer is not kept any more."
    )
    request_id: UUID | None = Field(
        description="Our request that it answers; null: none, or none that is kept.", examples=[_ID]
    )

    @classmethod
    def of(cls, found: Received, warnings: Sequence[WarningView], language: str) -> Self:
        """As the API shows an event."""
        row = found.row
        return cls(
            id=row.id,
            partner_id=row.partner_id,
            name=row.name,
            event=row.event,
            source=row.source,
            received_at=row.received_at,
            data=dict(found.data),
            warnings=list(warnings),
            answer=None if found.answer is None else MessageView.of(found.answer, language),
            request_id=None if found.request is None else found.request.id,
        )
