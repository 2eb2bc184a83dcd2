"""What a report may set beside the scorecard: the sector, targets, earlier assessments, a plan of measures.

Everything here is given, nothing is looked up; what is not given leaves no empty box on the paper. Numbers are the
stated ones, as decimal strings on the scale of what they stand for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from questionnaires.loading import fit
from questionnaires.mistakes import Mistaken
from questionnaires.places import Document
from scoring.proposals import Roadmap

BESIDE_FORMAT: Final = "itti-beside/1"


def _written(value: object) -> object:
    """A whole number of a file as it was written there; what has a point arrives as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Stated = Annotated[str, BeforeValidator(_written), Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$")]
"""A stated number, such as ``"2.41"``."""


class Given(BaseModel):
    """Base of what is given: frozen and closed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(Given):
    """Something with a name, and an Arabic one where there is one."""

    name: str
    name_ar: str | None = None

    def called(self, language: str) -> str:
        """The name to print in a paper of that language."""
        return (self.name_ar or self.name) if language == "ar" else self.name


class PeerFigures(Given):
    """What is published of one node or question in a group of factories."""

    median: Stated
    best: Stated | None = None
    """Best in class; None where that may not be published."""


class Sector(Named):
    """A group of factories to be compared with, as its benchmark was published; ``name`` says who is in it."""

    count: Annotated[int, Field(ge=1)]
    """Factories in the group."""

    few: bool = False
    """So few that the figures tell little about others."""

    as_of: date | None = None
    figures: Mapping[str, PeerFigures]
    """Question or node id → its figures; whatever is known, from the headline alone to every dimension."""


class Targets(Given):
    """What the factory or its programme aims at."""

    values: Mapping[str, Stated]
    """Question or node id → the value to be reached."""

    by: date | None = None
    """The day for all that have none of their own."""

    note: Annotated[str, Field(max_length=500)] = ""
    """What is behind them, in words; printed as written."""

    days: Mapping[str, date] = {}
    """Question or node id → its own day."""

    notes: Mapping[str, Annotated[str, Field(max_length=200)]] = {}
    """Question or node id → what is behind its target; printed as written."""

    def day_of(self, part: str) -> date | None:
        """By when the value of a part is to be reached."""
        return self.days.get(part, self.by)


class Earlier(Given):
    """An assessment before this one."""

    on: date
    value: Stated
    """Its headline, as stated."""

    version: str | None = None
    """Version of the questionnaire it was made with; None: the same as now."""


class MeasuresPlan(Given):
    """A roadmap with the names of its measures."""

    roadmap: Roadmap
    measures: Mapping[str, Named]
    """Measure id → its name, for every measure that the roadmap mentions."""


class BesideFile(Given):
    """A file of what stands beside the answers of one sheet."""

    format: Literal["itti-beside/1"] = BESIDE_FORMAT
    sector: Sector | None = None
    targets: Targets | None = None
    history: tuple[Earlier, ...] = ()


def read_beside(document: Document) -> BesideFile:
    """What a document holds; whether its ids are those of a questionnaire shows when a report is made.

    Raises:
        questionnaires.mistakes.Mistaken: every place of the document that is not as it must be.
    """
    found = fit(BesideFile, document)
    if found is None or document.mistakes:
        raise Mistaken(document.mistakes)
    return found
