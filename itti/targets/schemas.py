"""What the API takes and gives about targets."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema

from itti.http.fields import Decimal, Input, clean_text, printable
from itti.targets.reading import EarlierTargets
from itti.targets.tables import TargetSheet
from scoring.answers import decimal_text

_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)


def _last_day(value: object) -> object:
    """A year as its last day; anything else as it is."""
    return f"{value}-12-31" if isinstance(value, str) and _YEAR.fullmatch(value.strip()) else value


Horizon = Annotated[
    date,
    BeforeValidator(_last_day),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$"}),
]
"""A day, or a year, which means its last day."""

MOST_OF_ONE: Final = 200
"""Signs of the note on one target: it stands in a row of a table."""


class TargetInput(Input):
    """What one part is to reach."""

    part: Annotated[str, Field(max_length=64)] = Field(
        description="Id of an index, a category or a dimension of the questionnaire.", examples=["overall"]
    )
    value: Decimal = Field(description="The value to be reached, on the scale of the part.", examples=["4"])
    by: Horizon | None = Field(
        None, description="Its own day, or a year (its last day); null: the day of all.", examples=["2098-12-31"]
    )
    note: Annotated[str, BeforeValidator(clean_text), AfterValidator(printable), Field(max_length=MOST_OF_ONE)] = Field(
        "", description="What is behind this one; reports print it.", examples=["With the new line."]
    )


class TargetsInput(Input):
    """All targets of an assessment; they take the place of those before."""

    targets: Annotated[tuple[TargetInput, ...], Field(max_length=500)] = Field(
        description="Each part at most once; an empty list takes all targets back."
    )
    by: Horizon | None = Field(
        None,
        description="The day by which those without a day of their own are to be reached, or a year (its last day). "
        "Needed as soon as there is a target.",
        examples=["2099-12-31"],
    )
    note: Annotated[str, BeforeValidator(clean_text), AfterValidator(printable), Field(max_length=500)] = Field(
        "", description="What is behind them, in one line; reports print it.", examples=["Agreed with the board."]
    )

    @property
    def aims(self) -> dict[str, str]:
        """Part → value as a decimal."""
        return {each.part: decimal_text(each.value) for each in self.targets}

    @property
    def days(self) -> dict[str, str]:
        """Part → its own day, where it has one that is another than the day of all."""
        return {each.part: each.by.isoformat() for each in self.targets if each.by not in {None, self.by}}

    @property
    def notes(self) -> dict[str, str]:
        """Part → its own note, where it has one."""
        return {each.part: each.note for each in self.targets if each.note}


class TargetView(BaseModel):
    """What one part is to reach."""

    part: str = Field(description="Id of the index, category or dimension.", examples=["overall"])
    value: str = Field(description="The value to be reached, as a decimal.", examples=["4"])
    by: date | None = Field(description="Its own day; null: the day of all.", examples=["2098-12-31"])
    note: str = Field(description="What is behind this one.", examples=["With the new line."])


class EarlierTargetsView(BaseModel):
    """What was aimed at in the last certified assessment."""

    targets: list[TargetView] = Field(description="In the order of the questionnaire.")
    by: date = Field(description="By which day, where a target has none of its own.", examples=["2026-12-31"])

    @classmethod
    def of(cls, earlier: EarlierTargets) -> Self:
        """As the API shows them."""
        return cls(targets=_views(earlier), by=earlier.by)


class TargetsView(BaseModel):
    """The targets of an assessment. They are no part of its score."""

    targets: list[TargetView] = Field(description="In the order of the questionnaire.")
    by: date | None = Field(
        description="By which day, where a target has none of its own; null: no targets.", examples=["2099-12-31"]
    )
    note: str = Field(description="What is behind them.", examples=["Agreed with the board."])
    may_change: bool = Field(description="True where the caller can change them now.")
    earlier: EarlierTargetsView | None = Field(
        description="Targets of the last certified assessment of the factory that had any; shown, never taken over."
    )

    @classmethod
    def of(cls, sheet: TargetSheet | None, earlier: EarlierTargets | None, *, may_change: bool) -> Self:
        """As the API shows a sheet; None: nothing was entered yet."""
        return cls(
            targets=[] if sheet is None else _views(sheet),
            by=None if sheet is None else sheet.by,
            note="" if sheet is None else sheet.note,
            may_change=may_change,
            earlier=None if earlier is None else EarlierTargetsView.of(earlier),
        )


def _views(told: TargetSheet | EarlierTargets) -> list[TargetView]:
    days = {part: date.fromisoformat(day) for part, day in told.days.items()}
    return [
        TargetView(part=part, value=value, by=days.get(part), note=told.notes.get(part, ""))
        for part, value in told.aims.items()
    ]
