"""``itti questionnaires list|show|validate``; other verbs have modules of their own."""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from itti.commands.files import ContradictingAnswers, PlacedAnswers
from itti.commands.words import language, words
from questionnaires import digest, load, load_folder, published
from questionnaires.errors import Fault
from questionnaires.hints import hints
from questionnaires.loading import (
    PUBLISHED,
    PublishedChanged,
    UnknownDefinition,
    check_frozen,
    examples,
    latest,
    read_file,
)
from questionnaires.migration_checks import check_migration, read_migration
from questionnaires.mistakes import Mistaken
from questionnaires.model import Definition
from questionnaires.sharing import expand
from reports.lists import asked_in
from scoring import compile_plan, contradictions
from scoring import score as score_answers
from scoring.errors import AnswersRefused
from scoring.sheet import read_sheet

_VERBS: Final = ("diff", "publish", "migrate", "new", "schema", "reference", "workbook", "author_workbook")
"""Verbs with a module of their own, loaded when the command line is built."""


class NotAName(Fault):
    """Not the name of a questionnaire: ``family`` or ``family@version``."""

    code = "not-a-name"
    room = "itti.commands"


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("questionnaires", help=words("questionnaires.help"))
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words("metavar-command"))
    lister = verbs.add_parser("list", help=words("questionnaires.list"))
    lister.add_argument("--json", action="store_true", help=words("questionnaires.json"))
    lister.set_defaults(run=run_list)
    shower = verbs.add_parser("show", help=words("questionnaires.show"))
    shower.add_argument("name", metavar="FAMILY[@VERSION]", help=words("questionnaires.name"))
    shower.add_argument("--json", action="store_true", help=words("questionnaires.json"))
    shower.add_argument("--language", choices=("en", "ar"), default=None, help=words("questionnaires.language"))
    shower.set_defaults(run=run_show)
    checker = verbs.add_parser(
        "validate", help=words("questionnaires.validate"), description=words("questionnaires.validate-about")
    )
    checker.add_argument("what", nargs="*", metavar="FOLDER|FAMILY@VERSION", help=words("questionnaires.what"))
    checker.set_defaults(run=run_validate)
    for verb in _VERBS:
        import_module(f"itti.commands.{verb}").declare(verbs)


def named(name: str) -> Definition:
    """The published definition called ``family`` (its newest version) or ``family@version``.

    Raises:
        NotAName: the name has another form.
        UnknownDefinition: there is none.
    """
    family, _, version = name.partition("@")
    if not family:
        raise NotAName(name=name)
    return load(family, version or latest(family))


def is_folder(name: str) -> bool:
    """Whether ``name`` means a folder; one that only happens to be called like a family does not count."""
    return Path(name).is_dir() and ("/" in name or (Path(name) / "definition.yaml").exists())


def run_list(options: argparse.Namespace) -> int:
    """One line for every published definition."""
    rows = [load(family, version) for family, version in published()]
    if options.json:
        print(json.dumps([_brief(row) for row in rows], ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        texts = row.words(language())
        print(words("questionnaires.row", name=row.name, title=texts.title, count=len(row.questions)))
    return 0


def _brief(definition: Definition) -> dict[str, object]:
    return {
        "family": definition.family,
        "version": definition.version,
        "digest": digest(definition),
        "languages": list(definition.languages),
        "questions": len(definition.questions),
        "title": {code: definition.words(code).title for code in definition.languages},
    }


def run_show(options: argparse.Namespace) -> int:
    """A definition to read, or whole as JSON."""
    definition = named(options.name)
    if options.json:
        print(definition.model_dump_json(by_alias=True, indent=2))
        return 0
    spoken = options.language or language()
    texts = definition.words(spoken)
    print(f"{texts.title} ({definition.name})\n{digest(definition)}\n\n{texts.summary}\n\n{texts.origin}")
    for category in definition.categories:
        print(f"\n{texts.nodes[category].title} [{category}]")
        for question in definition.category_questions(category):
            asked = texts.questions[question.id]
            print(f"  {asked.title} [{question.id}]\n    {asked.prompt}")
            for level, level_words in asked.levels.items():
                print(f"    {level}  {level_words.name}: {level_words.description}")
            for part in (asked.rows, asked.options):
                for identifier, option in part.items():
                    print(
                        f"    {identifier}  {option.name}" + (f": {option.description}" if option.description else "")
                    )
    return 0


def run_validate(options: argparse.Namespace) -> int:
    """Every mistake with file, line, path and remedy; 1 when there is any."""
    names = options.what or [f"{family}@{version}" for family, version in published()]
    faults = [fault for name in names for fault in _validated(name)]
    for fault in faults:
        print(fault.sentence(language()), file=sys.stderr)
    return 1 if faults else 0


def _validated(name: str) -> list[Fault]:
    try:
        if is_folder(name):
            folder = Path(name)
            definition, files = load_folder(folder), tuple(sorted(folder.glob("examples/*.yaml")))
        else:
            definition = named(name)
            check_frozen(definition)
            folder = PUBLISHED / definition.family / definition.version
            files = examples(definition.family, definition.version)
        faults = [fault for file in files for fault in example_faults(file, definition)]
        faults += _migration_faults(folder, definition)
    except (Mistaken, PublishedChanged) as fault:
        return [fault]
    if not faults:
        print(words("questionnaires.valid", name=definition.name, digest=digest(definition), count=len(files)))
    if is_folder(name):  # also where an example comes out otherwise: a hint may say why
        document = read_file(folder / "definition.yaml")
        expand(document)
        for hint in hints(definition, document):
            print(words("questionnaires.hint", text=hint.located(language())))
    return faults


def _migration_faults(folder: Path, definition: Definition) -> list[Fault]:
    """What is wrong with the migration that lies beside a definition, if there is one."""
    try:
        if (found := read_migration(folder)) is None:
            return []
        migration, document = found
        mistakes = check_migration(migration, document, load(definition.family, migration.source), definition)
    except (Mistaken, UnknownDefinition) as fault:
        return [fault]
    return [Mistaken(mistakes)] if mistakes else []


class WrongExample(Fault):
    """An example's expected score is not what its answers give."""

    code = "wrong-example"
    room = "itti.commands"


class WrongBand(Fault):
    """A node of an example comes to another band than the example expects."""

    code = "wrong-band"
    room = "itti.commands"


def example_faults(file: Path, definition: Definition) -> list[Fault]:
    """What is wrong with an example: mistakes, answers that contradict, other scores or bands than it expects."""
    try:
        document = read_file(file)
        sheet, plan = read_sheet(document), compile_plan(definition)
        scorecard = score_answers(plan, sheet.given())
        if found := contradictions(plan, sheet.given()):
            return [ContradictingAnswers(found, asked_in(definition, sheet.given()), document)]
    except Mistaken as fault:
        return [fault]
    except AnswersRefused as refused:
        return [PlacedAnswers(refused, document)]
    except Fault as fault:
        return [WrongExample(file=file, node="–", expected="–", found=fault.sentence(language()))]
    return [
        (WrongBand if is_band else WrongExample)(file=file, node=node, expected=expected, found=found)
        for node, expected, found, is_band in sheet.unexpected(scorecard)
    ]
