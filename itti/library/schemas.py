"""What the API gives about published questionnaires."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, Field

from questionnaires import Definition, digest
from questionnaires.model import Origin


class QuestionnaireView(BaseModel):
    """A published version of a questionnaire in short."""

    family: str = Field(description="The family.", examples=["itti"])
    version: str = Field(description="The version (semantic).", examples=["1.0.0"])
    digest: str = Field(
        description="SHA-256 of the canonical form (RFC 8785): what every scorecard names.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    origin: Origin = Field(description="Whose content it is.", examples=["own"])
    languages: tuple[str, ...] = Field(description="The languages of its texts.", examples=[["en", "ar"]])
    titles: dict[str, str] = Field(
        description="Its title in each language.", examples=[{"en": "ITTI-style assessment", "ar": "تقييم"}]
    )
    questions: int = Field(description="How many questions it asks.", examples=[20])
    latest: bool = Field(description="Whether it is the newest version of its family.", examples=[True])

    @classmethod
    def of(cls, definition: Definition, *, latest: bool) -> Self:
        """As the API lists ``definition``."""
        return cls(
            family=definition.family,
            version=definition.version,
            digest=digest(definition),
            origin=definition.origin,
            languages=definition.languages,
            titles={language: texts.title for language, texts in definition.texts.items()},
            questions=len(definition.questions),
            latest=latest,
        )
