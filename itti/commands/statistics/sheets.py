"""Many sheets of answers to the same version of one questionnaire."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from itti.commands.cohort import SeveralQuestionnaires
from itti.commands.files import PlacedAnswers, sheet_from
from itti.commands.score import OtherDefinition, definition_for
from itti.commands.words import words
from questionnaires.errors import Fault
from questionnaires.model import Aggregation, Definition, Node
from scoring import Answer, Plan, compile_plan
from scoring.errors import AnswersRefused
from scoring.sheet import AnswerSheet
from scoring.targets import ProfileStatesNothing

_SHEETS: Final = frozenset({".yaml", ".yml", ".json"})


class NoSheets(Fault):
    """A folder holds no sheets of answers."""

    code = "no-sheets"
    room = "itti.commands"


class UnknownNode(Fault):
    """The questionnaire has no such node."""

    code = "unknown-node"
    room = "itti.commands"


class Unfit(Fault):
    """An option's value is outside of what the command can work with."""

    code = "unfit-option"
    room = "itti.commands"


@dataclass(frozen=True, slots=True)
class Given:
    """One sheet with its (checked) answers."""

    path: Path
    sheet: AnswerSheet
    answers: dict[str, Answer]

    @property
    def factory(self) -> str:
        """The factory's name; the file's where none is stated."""
        return self.sheet.factory.name if self.sheet.factory else self.path.stem

    @property
    def assessor(self) -> str:
        """The assessor's name; the file's where none is stated."""
        return self.sheet.assessor.name if self.sheet.assessor else self.path.stem


@dataclass(frozen=True, slots=True)
class Sheets:
    """All sheets with the questionnaire that they answer."""

    definition: Definition
    plan: Plan
    given: tuple[Given, ...]

    def by_factory(self) -> dict[str, Given]:
        """The sheets under their factories' names; one whose name is taken gets its file's name beside it."""
        found: dict[str, Given] = {}
        for each in self.given:
            name = each.factory if each.factory not in found else f"{each.factory} ({each.path.name})"
            found[name] = each
        return found

    def node(self, name: str | None) -> Node:
        """The node of that id, which has a value; the index where none is asked for.

        Raises:
            UnknownNode: the questionnaire has none such.
            ProfileStatesNothing: it is a profile.
        """
        node = self.definition.node(name or self.definition.index)
        if node is None:
            known = ", ".join(each.id for each in self.definition.nodes)
            raise UnknownNode(node=name, questionnaire=self.definition.name, known=known)
        if node.aggregation is Aggregation.PROFILE:
            valued = [each.id for each in self.definition.nodes if each.aggregation is not Aggregation.PROFILE]
            raise ProfileStatesNothing(node=node.id, known=", ".join(valued))
        return node


def take_sheets(parser: argparse.ArgumentParser, files: str) -> None:
    """The words that every command on sheets has; ``files`` is the key of what its files are."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE|FOLDER", help=words(files))
    parser.add_argument("--definition", type=Path, metavar="FOLDER", help=words("score.definition"))
    parser.add_argument("--json", action="store_true", help=words("statistics.json"))


def sheets_of(options: argparse.Namespace) -> Sheets:
    """All sheets named on the command line, those of a folder in alphabetical order.

    Raises:
        NoSheets: a folder holds none.
        SeveralQuestionnaires: not all of them answer the same version.
        OtherDefinition: a sheet's digest is not that of the definition.
        PlacedAnswers: answers that the questionnaire does not allow.
    """
    definition: Definition | None = None
    plan: Plan | None = None
    given: list[Given] = []
    for path in _files(options.files):
        sheet, document = sheet_from(path)
        name = f"{sheet.questionnaire}@{sheet.version}"
        if definition is None or plan is None:
            definition = definition_for(sheet, options.definition)
            plan = compile_plan(definition)
        elif name != definition.name:
            raise SeveralQuestionnaires(file=str(path), found=name, expected=definition.name)
        if sheet.digest not in {None, plan.digest}:
            raise OtherDefinition(questionnaire=definition.name, stated=sheet.digest, published=plan.digest)
        try:
            given.append(Given(path, sheet, sheet.checked(plan)))
        except AnswersRefused as refused:
            raise PlacedAnswers(refused, document) from refused
    if definition is None or plan is None:
        raise NoSheets(folder=", ".join(str(path) for path in options.files))
    return Sheets(definition, plan, tuple(given))


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = sorted(each for each in path.iterdir() if each.suffix in _SHEETS) if path.is_dir() else [path]
        if not inside:
            raise NoSheets(folder=str(path))
        found += inside
    return found


def plain(value: Any) -> Any:
    """Figures for programs: fractions as ``"n/d"``, frozen parts as mappings, nothing that JSON lacks."""
    from dataclasses import fields, is_dataclass
    from enum import Enum
    from fractions import Fraction

    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value
