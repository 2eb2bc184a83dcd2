"""What the API takes and gives about second assessments."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from itti.assessments.schemas import PartyView
from itti.http.fields import Input, RequiredProse
from itti.seconds.tables import Choice

if TYPE_CHECKING:
    from itti.seconds.pairs import Agreement, Pair
    from scoring.agreement import Estimate

_ID = "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"


class ChooseInput(Input):
    """An assessment to be assessed a second time."""

    assessment_id: UUID = Field(description="The first assessment, once it is submitted.", examples=[_ID])
    reason: Annotated[RequiredProse, Field(max_length=2000)] = Field(
        description="Why; kept in the record.", examples=["First assessment of a new assessor."]
    )


class AssignInput(Input):
    """Who makes a second assessment, and when."""

    assessor_id: UUID = Field(
        description="Of a body that took no part in the first, accredited and independent as for every assessment.",
        examples=[_ID],
    )
    planned_for: date = Field(description="Day of the visit.", examples=["2026-12-15"])


class PairView(BaseModel):
    """A chosen assessment with its second one."""

    id: UUID = Field(description="Id of the choice.", examples=[_ID])
    first: UUID = Field(description="The first assessment.", examples=[_ID])
    family: str = Field(description="Questionnaire family.", examples=["itti"])
    factory: PartyView
    choice: Choice = Field(description="Drawn, or chosen by the office.", examples=["draw"])
    share: int | None = Field(description="Of a draw: the share in per cent.", examples=[5])
    drawn: int | None = Field(description="Of a draw: the number drawn, 0 to 999,999.", examples=[31_402])
    reason: str = Field(description="Of a choice by the office: why.", examples=[""])
    chosen_at: datetime = Field(description="When (UTC).", examples=["2026-11-22T08:15:00Z"])
    second: UUID | None = Field(description="The second assessment; null: nobody has it yet.", examples=[None])
    assessor: PartyView | None = Field(description="Who makes the second one.")
    body: PartyView | None = Field(description="For which body.")
    complete: bool = Field(description="True when both are submitted, so that they are compared.")

    @classmethod
    def of(cls, pair: Pair) -> Self:
        """As the API shows a pair."""
        of = pair.second_parties
        return cls(
            id=pair.chosen.id,
            first=pair.first.id,
            family=pair.first.family,
            factory=PartyView.of(pair.first_parties.factory),
            choice=pair.chosen.choice,
            share=pair.chosen.share,
            drawn=pair.chosen.drawn,
            reason=pair.chosen.reason,
            chosen_at=pair.chosen.chosen_at,
            second=None if pair.second is None else pair.second.id,
            assessor=None if of is None else PartyView.of(of.assessor),
            body=None if of is None else PartyView.of(of.body),
            complete=pair.is_complete,
        )


class FigureView(BaseModel):
    """A figure of agreement with its 95 % interval."""

    figure: str = Field(description="Which; `docs/statistics.md` explains each.", examples=["kappa-quadratic"])
    value: float | None = Field(description="Null: not defined, see `why`.", examples=[0.74])
    low: float | None = Field(description="Lower end of the interval.", examples=[0.48])
    high: float | None = Field(description="Upper end of the interval.", examples=[0.99])
    counted: int = Field(description="Questions it rests on.", examples=[57])
    why: str = Field(description="Why there is no value, or no interval; else empty.", examples=[""])

    @classmethod
    def of(cls, name: str, estimate: Estimate) -> Self:
        """As the API shows an estimate."""
        return cls(
            figure=name,
            value=estimate.value,
            low=estimate.low,
            high=estimate.high,
            counted=estimate.counted,
            why=estimate.why.value,
        )


class LeniencyView(BaseModel):
    """One assessor against those who assessed the same factories; positive gives higher levels."""

    assessor: PartyView = Field(description="Who.")
    difference: FigureView = Field(description="Mean difference in levels from the others on the same questions.")


class KindView(BaseModel):
    """Figures over one kind of answers."""

    lowest: int | None = Field(description="Lowest level of the scale; null: answers without order.", examples=[0])
    highest: int | None = Field(description="Highest level of the scale.", examples=[5])
    rated: int = Field(description="Questions that both answered so.", examples=[57])
    figures: list[FigureView] = Field(description="The figures, those of everyday use first.")
    leniencies: list[LeniencyView] = Field(description="Each assessor against the others.")


class AgreementView(BaseModel):
    """How far first and second assessments of a family agree."""

    family: str = Field(description="Questionnaire family.", examples=["itti"])
    pairs: int = Field(description="Pairs in which both are submitted.", examples=[3])
    kinds: list[KindView] = Field(description="Figures by scale, and over answers that have no order.")

    @classmethod
    def of(cls, found: Agreement) -> Self:
        """As the API shows the figures of a family."""
        return cls(
            family=found.family,
            pairs=found.pairs,
            kinds=[
                KindView(
                    lowest=None if each.scale is None else each.scale[0],
                    highest=None if each.scale is None else each.scale[1],
                    rated=each.rated,
                    figures=[FigureView.of(name, estimate) for name, estimate in each.figures.items()],
                    leniencies=[
                        LeniencyView(assessor=PartyView.of(person), difference=FigureView.of("leniency", it.difference))
                        for person, it in each.leniencies
                    ],
                )
                for each in found.kinds
            ],
        )
