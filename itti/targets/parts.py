"""For which parts of a questionnaire a target can be set: its indices, categories and dimensions that have a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from questionnaires.model import Aggregation, Definition
from reports.scales import Scale, measured


class PartKind(StrEnum):
    """Where a part stands."""

    INDEX = "index"
    CATEGORY = "category"
    DIMENSION = "dimension"


@dataclass(frozen=True, slots=True)
class Aimed:
    """A part with its scale."""

    id: str
    kind: PartKind
    scale: Scale

    def title(self, definition: Definition, language: str) -> str:
        """Its name in the questionnaire."""
        words = definition.words(language)
        return (words.nodes.get(self.id) or words.questions[self.id]).title


def parts_of(definition: Definition) -> tuple[Aimed, ...]:
    """The parts in reading order, each once; a profile has no value that could be aimed at."""
    scales = measured(definition).scales
    found: dict[str, Aimed] = {}
    for name, kind in _named(definition):
        node = definition.node(name)
        if name in scales and (node is None or node.aggregation is not Aggregation.PROFILE):
            found.setdefault(name, Aimed(name, kind, scales[name]))
    return tuple(found.values())


def _named(definition: Definition) -> Iterator[tuple[str, PartKind]]:
    for name in (definition.index, *definition.sub_indices):
        yield name, PartKind.INDEX
    for category in definition.categories:
        yield category, PartKind.CATEGORY
        for name in definition.dimensions(category):
            yield name, PartKind.DIMENSION
