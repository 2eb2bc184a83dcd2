"""Ids: each used once, and everything that is referred to exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from questionnaires.checking.contents import Contents
from questionnaires.formula.parsing import KEYWORDS
from questionnaires.mistakes import Mistake
from questionnaires.model import ChoiceQuestion, ChoicesQuestion, ComputedQuestion, GridQuestion, NumberQuestion
from questionnaires.places import Path

_NAMED: Final = ("questions", "nodes", "constants", "tables", "conditions", "cohort_figures")
"""What formulas can name."""

_SOURCED: Final = ("contradictions", "crosswalks", "rankings", "roll_ups", "priority_factors", "priorities")
"""What else rests on sources."""

Named = tuple[Path, str]
"""Where an id stands (without the key ``id``), and the id."""


def check_names(contents: Contents) -> Iterator[Mistake]:
    """Ids used twice; children, nodes and sources that do not exist."""
    structure = contents.structure
    for code, named in _name_spaces(contents):
        seen: set[str] = set()
        for path, identifier in named:
            if identifier in seen:
                yield contents.mistake(code, (*path, "id"), id=identifier)
            seen.add(identifier)
            if identifier in KEYWORDS and path[0] in _NAMED:
                yield contents.mistake("id-is-a-keyword", (*path, "id"), id=identifier)
    if len(set(structure.languages)) < len(structure.languages):
        yield contents.mistake("duplicate-language", ("languages",))
    yield from _children(contents)
    yield from _sources(contents)
    for field in ("index", "sub_indices", "categories"):
        value = getattr(structure, field)
        for position, identifier in enumerate((value,) if isinstance(value, str) else value):
            if identifier not in contents.nodes:
                place: Path = (field,) if isinstance(value, str) else (field, position)
                yield contents.mistake("unknown-node", place, id=identifier)


def _name_spaces(contents: Contents) -> Iterator[tuple[str, Iterable[Named]]]:
    """Each set of ids that have to differ, with the code of the mistake when two do not."""
    structure = contents.structure

    def parts(*names: str) -> Iterator[Named]:
        for name in names:
            yield from (((name, place), thing.id) for place, thing in enumerate(getattr(structure, name)))

    def inside(outer: str, inner: str) -> Iterator[Named]:
        for number, thing in enumerate(getattr(structure, outer)):
            yield from (((outer, number, inner, place), part.id) for place, part in enumerate(getattr(thing, inner)))

    yield "duplicate-id", parts(*_NAMED)
    yield "duplicate-id", parts("sources")
    yield "duplicate-id", chain(inside("nodes", "rules"), inside("nodes", "stages"))
    yield (
        "duplicate-id",
        chain(
            parts("sections", "views", "rankings", "roll_ups", "priority_factors", "priorities"),
            inside("rankings", "places"),
            inside("roll_ups", "left_out"),
        ),
    )
    yield "duplicate-id", parts("crosswalks")
    yield "duplicate-id", parts("contradictions")
    yield "duplicate-id", parts("answer_sets")
    for number, node in enumerate(structure.nodes):  # several nodes may share a table of bands and its words
        yield "duplicate-id", [(("nodes", number, "bands", place), band.id) for place, band in enumerate(node.bands)]
        yield (
            "duplicate-id",
            [(("nodes", number, "classes", place), each.id) for place, each in enumerate(node.classes)],
        )
    for number, question in enumerate(structure.questions):
        path: Path = ("questions", number)
        if isinstance(question, ChoiceQuestion | ChoicesQuestion | GridQuestion):
            options = question.options
            yield "duplicate-option", [((*path, "options", place), option.id) for place, option in enumerate(options)]
        if isinstance(question, GridQuestion):
            yield "duplicate-row", [((*path, "rows", place), row.id) for place, row in enumerate(question.rows)]
    for number, crosswalk in enumerate(structure.crosswalks):
        path = ("crosswalks", number, "items")
        yield "duplicate-item", [((*path, place), item.id) for place, item in enumerate(crosswalk.items)]


def _children(contents: Contents) -> Iterator[Mistake]:
    for number, node in enumerate(contents.structure.nodes):
        seen: set[str] = set()
        for position, child in enumerate(node.children):
            path = ("nodes", number, "children", position)
            if child.of not in contents.questions and child.of not in contents.nodes:
                yield contents.mistake("unknown-id", (*path, "of"), id=child.of)
            if child.of in seen:
                yield contents.mistake("duplicate-child", path, id=child.of)
            seen.add(child.of)


def _sources(contents: Contents) -> Iterator[Mistake]:
    structure = contents.structure
    known = {source.id for source in structure.sources}
    for part in (*_NAMED, *_SOURCED):
        for number, thing in enumerate(getattr(structure, part)):
            for position, identifier in enumerate(thing.sources):
                if identifier not in known:
                    yield contents.mistake("unknown-source", (part, number, "sources", position), id=identifier)


def classifies(contents: Contents, identifier: str) -> bool:
    """Whether the id is that of a choice question."""
    return isinstance(contents.questions.get(identifier), ChoiceQuestion)


def counts_numbers(contents: Contents, identifier: str) -> bool:
    """Whether the id is that of a number, a computed number or a node."""
    return identifier in contents.nodes or isinstance(
        contents.questions.get(identifier), NumberQuestion | ComputedQuestion
    )
