"""What the engine takes, and how it explains itself."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from itti.assessments.schemas import AnswerGiven
from itti.http.fields import Input
from questionnaires.model import Identifier, QuestionKey, VersionNumber

MOST_ANSWERS: Final = 2_000
"""Answers in one request."""


class SheetInput(Input):
    """Answers to a published questionnaire."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "family": "itti",
                    "version": "1.0.0",
                    "answers": {
                        "quality": {"level": 3, "reason": "Lot numbers are scanned at every step."},
                        "maintenance": {"level": 2},
                        "product-design": {"not_applicable": True, "reason": "Packs to customers' specifications."},
                    },
                }
            ]
        }
    )

    family: Identifier = Field(description="Questionnaire family.", examples=["itti"])
    version: VersionNumber | None = Field(
        None, description="Version of the questionnaire; the newest published one by default.", examples=["1.0.0"]
    )
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        None,
        description="SHA-256 of the questionnaire the answers were given to; another one is then refused.",
        examples=["9f2c" * 16],
    )
    answers: Annotated[dict[QuestionKey, AnswerGiven], Field(max_length=MOST_ANSWERS)] = Field(
        description="Id of a question → its answer, as an assessment takes it. What is left out is missing, never 0.",
        examples=[{"quality": {"level": 3}, "maintenance": {"level": 2}}],
    )


class LineView(BaseModel):
    """One line of an explanation, with what explains it further."""

    text: str = Field(description="The line, in the reader's language.", examples=["Quality: 3 × 1/5 = 3/5"])
    below: list[LineView] = Field(description="What explains it further.", examples=[[]])


class StepView(BaseModel):
    """One node: what it came to, and how."""

    node: str = Field(description="Id of the node in the questionnaire.", examples=["production"])
    depth: int = Field(description="How far down the tree it stands; the headline has 0.", examples=[1])
    heading: str = Field(description="Its title, id and value.", examples=["Production (production): 2.60"])
    lines: list[LineView] = Field(
        description="How it was worked out, in order; empty where the node was explained above already."
    )
    explained_above: bool = Field(description="True where the node counts in several and was explained before.")


class ExplanationView(BaseModel):
    """A scorecard in words, so that every number can be followed with pen and paper."""

    summary: list[str] = Field(
        description="The headline, what is stated beside it, and what is still open.",
        examples=[["Overall index: 2.60 of 0.00 to 5.00"]],
    )
    steps: list[StepView] = Field(description="The tree from the headline down; children follow their parent.")
    disregarded: list[LineView] = Field(description="Answers that do not count, and why.")
