"""A structure ready to be looked things up in, with the document that knows its lines."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from questionnaires.belonging import asked_by, members
from questionnaires.checking.scales import Scales
from questionnaires.mistakes import Mistake
from questionnaires.model import Constant, Node, Question, Structure, Table
from questionnaires.places import Document, Path


class Contents:
    """What a structure contains, by id; where an id stands twice, the first one counts."""

    def __init__(self, structure: Structure, document: Document) -> None:
        self.structure = structure
        self.document = document

    def mistake(self, code: str, path: Path, **details: object) -> Mistake:
        """A mistake at ``path`` of the definition's file."""
        return self.document.mistake(code, path, **details)

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Questions by id."""
        return {question.id: question for question in reversed(self.structure.questions)}

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Nodes by id."""
        return {node.id: node for node in reversed(self.structure.nodes)}

    @cached_property
    def constants(self) -> Mapping[str, Constant]:
        """Constants by id."""
        return {constant.id: constant for constant in reversed(self.structure.constants)}

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Tables by id."""
        return {table.id: table for table in reversed(self.structure.tables)}

    @cached_property
    def scales(self) -> Scales:
        """Lowest and highest values; only to be asked once there is no circle."""
        return Scales(self.structure)

    @cached_property
    def asked(self) -> frozenset[str]:
        """Questions below a category or in a section: those that people get to see."""
        found = {identifier for section in self.structure.sections for identifier in section.questions}
        found |= self.below(self.structure.categories)
        return asked_by(self.structure, found) | found

    @cached_property
    def members(self) -> Mapping[str, str]:
        """Everything that is there once for every item of a list → that list."""
        return members(self.structure)

    def below(self, starts: tuple[str, ...]) -> set[str]:
        """``starts`` and every question and node below them, by children alone."""
        found: set[str] = set()
        stack = list(starts)
        while stack:
            identifier = stack.pop()
            if identifier not in found:
                found.add(identifier)
                stack.extend(
                    child.of for child in (self.nodes[identifier].children if identifier in self.nodes else ())
                )
        return found
