"""Figures for priorities as a file: what each question or node costs, how far the best in class are, what it is worth.

They are given for the factors of the kinds ``distance`` and ``figure`` that a definition declares::

    questionnaire: every-word
    version: 1.0.0
    figures:
      cost: {upkeep: 120, records: 40}
      behind-the-best: {upkeep: "3.5"}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from questionnaires.loading import fit
from questionnaires.mistakes import Mistake, Mistaken
from questionnaires.model import Definition, FactorKind, Identifier, VersionNumber
from questionnaires.places import Document, Path
from questionnaires.words import Exact

FIGURES_FORMAT: Final = "itti-priority-figures/1"


class FiguresFile(BaseModel):
    """A whole file of figures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["itti-priority-figures/1"] = FIGURES_FORMAT
    questionnaire: Identifier
    version: VersionNumber
    figures: Annotated[Mapping[Identifier, Annotated[Mapping[Identifier, Exact], Field(max_length=500)]], Field()]
    """Factor → question or node → the figure for it."""


def read_figures(document: Document, definition: Definition) -> FiguresFile:
    """The figures a document holds, all of them figures that the definition asks for.

    Raises:
        Mistaken: every place of the document that is not as it must be.
    """
    found = fit(FiguresFile, document)
    if found is None or document.mistakes:
        raise Mistaken(document.mistakes)
    if mistakes := list(_mistakes(found, document, definition)):
        raise Mistaken(mistakes)
    return found


def _mistakes(found: FiguresFile, document: Document, definition: Definition) -> Iterator[Mistake]:
    def mistake(code: str, path: Path, **details: object) -> Mistake:
        at = document.mistake(code, path)
        return Mistake(at.file, at.line, at.path, code, details, "scoring")

    stated = f"{found.questionnaire}@{found.version}"
    if stated != definition.name:
        yield mistake("figures-questionnaire", ("questionnaire",), stated=stated, expected=definition.name)
        return
    takes: dict[str, set[str]] = {}
    given_for = (FactorKind.FIGURE, FactorKind.DISTANCE)
    asking = {factor.id for factor in definition.priority_factors if factor.kind in given_for}
    for each in definition.priorities:
        for used in each.factors:
            if used.of in asking:
                takes.setdefault(used.of, set()).update(each.of)
    for factor_id, given in found.figures.items():
        if factor_id not in takes:
            known = ", ".join(takes) or "–"
            yield mistake("figure-of-no-factor", ("figures", factor_id), id=factor_id, known=known)
            continue
        for name in given:
            if name not in takes[factor_id]:
                yield mistake("figure-for-nothing", ("figures", factor_id, name), id=name)
