"""The texts of one language: everything named in the structure has its words, and nothing else has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from questionnaires.mistakes import Mistake
from questionnaires.model import (
    GridQuestion,
    LevelQuestion,
    Question,
    QuestionText,
    Structure,
    Texts,
    options_of,
)
from questionnaires.places import Document, Path


@dataclass(frozen=True, slots=True)
class _Page:
    """The texts of one language as they are being checked."""

    document: Document
    language: str

    def compared(self, path: Path, wanted: Iterable[str], given: Iterable[str], prefix: str = "") -> Iterator[Mistake]:
        """Mistakes for what is wanted at ``path`` and not given, and the other way round."""
        expected, found = dict.fromkeys(wanted), dict.fromkeys(given)
        for identifier in expected:
            if identifier not in found:
                told = f"{prefix}{identifier}"
                yield self.document.mistake("text-missing", path, id=told, language=self.language)
        for identifier in found:
            if identifier not in expected:
                yield self.document.mistake("text-superfluous", (*path, identifier), id=f"{prefix}{identifier}")


def check_texts(structure: Structure, texts: Texts, language: str, document: Document) -> Iterator[Mistake]:
    """Mistakes of one language's texts: missing, superfluous, or of another language than the file says."""
    if texts.language != language:
        yield document.mistake("other-language", ("language",), expected=language, found=texts.language)
    page = _Page(document, language)
    for part, wanted in _wanted(structure).items():
        yield from page.compared((part,), wanted, getattr(texts, part))
    for question in structure.questions:
        if (words := texts.questions.get(question.id)) is not None:
            yield from _question(page, question, words, texts)
    yield from _shared(page, structure, texts)
    for crosswalk in structure.crosswalks:
        if (comparison := texts.crosswalks.get(crosswalk.id)) is not None:
            items = [item.id for item in crosswalk.items]
            path = ("crosswalks", crosswalk.id, "items")
            yield from page.compared(path, items, comparison.items, f"{crosswalk.id}/")


def _wanted(structure: Structure) -> Mapping[str, list[str]]:
    """Part of the texts → ids that need words there."""
    nodes, rankings = structure.nodes, structure.rankings
    return {
        "questions": [question.id for question in structure.questions],
        "nodes": [node.id for node in nodes],
        "bands": [
            *(band.id for node in nodes for band in node.bands),
            *(each.id for node in nodes for each in node.classes),
        ],
        "sources": [source.id for source in structure.sources],
        "rules": [
            *(rule.id for node in nodes for rule in node.rules),
            *(stage.id for node in nodes for stage in node.stages),
        ],
        "figures": [
            *(constant.id for constant in structure.constants),
            *(table.id for table in structure.tables),
            *(figure.id for figure in structure.cohort_figures),
            *(condition.id for condition in structure.conditions),
        ],
        "contradictions": [contradiction.id for contradiction in structure.contradictions],
        "groups": [
            *(section.id for section in structure.sections),
            *(view.id for view in structure.views),
            *(ranking.id for ranking in rankings),
            *(place.id for ranking in rankings for place in ranking.places),
            *(roll_up.id for roll_up in structure.roll_ups),
            *(left_out.id for roll_up in structure.roll_ups for left_out in roll_up.left_out),
            *(prioritisation.id for prioritisation in structure.priorities),
            *(factor.id for factor in structure.priority_factors),
        ],
        "crosswalks": [crosswalk.id for crosswalk in structure.crosswalks],
    }


def _shared(page: _Page, structure: Structure, texts: Texts) -> Iterator[Mistake]:
    """Shared words that no question needs: no option of that id, or all have their own."""
    needed: set[str] = set()
    for question in structure.questions:
        words = texts.questions.get(question.id)
        needed |= {option for option in options_of(question) if words is None or option not in words.options}
    for option in texts.options:
        if option not in needed:
            yield page.document.mistake("text-superfluous", ("options", option), id=option)


def _question(page: _Page, question: Question, words: QuestionText, texts: Texts) -> Iterator[Mistake]:
    levels = [str(level) for level in question.levels] if isinstance(question, LevelQuestion) else []
    options = [option for option in options_of(question) if option in words.options or option not in texts.options]
    rows = [row.id for row in question.rows] if isinstance(question, GridQuestion) else []
    path = ("questions", question.id)
    for part, wanted in (("levels", levels), ("options", options), ("rows", rows)):
        yield from page.compared((*path, part), wanted, getattr(words, part), f"{question.id}/")
