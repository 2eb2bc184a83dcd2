"""The published questionnaires, as this installation offers them."""

from __future__ import annotations

from dataclasses import dataclass

import questionnaires
from itti.library.errors import QuestionnaireUnknown
from itti.library.schemas import QuestionnaireView
from questionnaires.digest import canonical
from questionnaires.loading import UnknownDefinition, latest


@dataclass(frozen=True)
class Published:
    """A published definition in canonical form (RFC 8785), with its SHA-256."""

    canonical: bytes
    digest: str


def published() -> list[QuestionnaireView]:
    """All families and versions."""
    return [
        QuestionnaireView.of(questionnaires.load(family, version), latest=latest(family) == version)
        for family, version in questionnaires.published()
    ]


def published_definition(family: str, version: str) -> Published:
    """One published version.

    Raises:
        QuestionnaireUnknown: it is not published here.
    """
    if (family, version) not in questionnaires.published():
        raise QuestionnaireUnknown(family=family, version=version)
    definition = questionnaires.load(family, version)
    return Published(canonical(definition), questionnaires.digest(definition))


def latest_version(family: str) -> str:
    """The newest version of a family.

    Raises:
        QuestionnaireUnknown: the family is not published here.
    """
    try:
        return latest(family)
    except UnknownDefinition as error:
        raise QuestionnaireUnknown(family=family, version="–") from error
