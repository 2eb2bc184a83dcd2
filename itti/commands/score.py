"""``itti score FILE``: answers in, scorecard out; no database."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from itti.commands.explain import explain
from itti.commands.files import ContradictingAnswers, PlacedAnswers, figures_from, sheet_from, write
from itti.commands.words import language, words
from questionnaires import load, load_folder
from questionnaires.errors import Fault
from questionnaires.model import Definition
from questionnaires.places import Document
from reports.directions import plain
from reports.lists import asked_in
from reports.summary import Ahead, summary, unknown_figures
from scoring import CohortFigures, Scorecard, State, compile_plan, contradictions, deciding
from scoring import score as score_answers
from scoring.errors import AnswersRefused
from scoring.reaching import reaching
from scoring.sheet import AnswerSheet
from scoring.tracing import trace

EFFORT: Final = 500
"""Answers tried to find out whether a limit of the index can be reached."""


class OtherDefinition(Fault):
    """The answers were given to a definition with another digest than the published one."""

    code = "other-definition"
    room = "itti.commands"


class OtherQuestionnaire(Fault):
    """The folder holds another questionnaire or version than the answers name."""

    code = "other-questionnaire"
    room = "itti.commands"


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("score", help=words("score.help"), description=words("score.about"))
    parser.add_argument("file", type=Path, metavar="FILE", help=words("score.file"))
    parser.add_argument("--definition", type=Path, metavar="FOLDER", help=words("score.definition"))
    parser.add_argument("--cohort", type=Path, metavar="FIGURES.json", help=words("score.cohort"))
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=words("score.json"))
    form.add_argument("--explain", action="store_true", help=words("score.explain"))
    parser.add_argument("--csv", type=Path, metavar="OUT.csv", help=words("score.csv"))
    parser.add_argument("--xlsx", type=Path, metavar="OUT.xlsx", help=words("score.xlsx"))
    parser.set_defaults(run=run)


def definition_for(sheet: AnswerSheet, folder: Path | None = None) -> Definition:
    """The questionnaire that a sheet names: the published one, or the one in ``folder``.

    Raises:
        UnknownDefinition: no such questionnaire here.
        OtherQuestionnaire: the folder holds another one than the sheet names.
        Mistaken: the folder's files hold mistakes.
    """
    if folder is None:
        return load(sheet.questionnaire, sheet.version)
    definition = load_folder(folder)
    if (definition.family, definition.version) != (sheet.questionnaire, sheet.version):
        stated = f"{sheet.questionnaire}@{sheet.version}"
        raise OtherQuestionnaire(folder=str(folder), found=definition.name, stated=stated)
    return definition


def scored(
    sheet: AnswerSheet, document: Document, folder: Path | None = None, cohort: CohortFigures | None = None
) -> tuple[Definition, Scorecard]:
    """The definition a sheet names, and the scorecard of its answers, with the figures of a cohort where given.

    Raises:
        UnknownDefinition: no such questionnaire here.
        OtherQuestionnaire: the folder holds another one than the sheet names.
        OtherDefinition: the sheet's digest is not that of the published definition.
        OtherCohort: the figures were taken by another definition.
        PlacedAnswers: answers that cannot be scored, each with its place in ``document``.
        ContradictingAnswers: answers that cannot all be true.
    """
    definition = definition_for(sheet, folder)
    plan = compile_plan(definition, cohort)
    if sheet.digest not in {None, plan.digest}:
        raise OtherDefinition(questionnaire=definition.name, stated=sheet.digest, published=plan.digest)
    try:
        card = score_answers(plan, sheet.given())
    except AnswersRefused as refused:
        raise PlacedAnswers(refused, document) from refused
    if found := contradictions(plan, sheet.given()):
        raise ContradictingAnswers(found, asked_in(definition, sheet.given()), document)
    return definition, card


def run(options: argparse.Namespace) -> int:
    """Score; 1 when the file expects other values than came out."""
    sheet, document = sheet_from(options.file)
    definition, scorecard = scored(sheet, document, options.definition, figures_from(options.cohort))
    _take(scorecard, asked_in(definition, sheet.given()), options.csv, options.xlsx)
    if options.json:
        sys.stdout.buffer.write(scorecard.to_json() + b"\n")
        sys.stdout.buffer.flush()
    elif "-" not in {str(options.csv), str(options.xlsx)}:
        answers = sheet.given()
        plan = compile_plan(definition, scorecard.cohort).unrolled(answers)
        first = () if scorecard.complete else deciding(plan, answers)
        ends = reaching(plan, answers, effort=EFFORT) if _is_open(definition, scorecard) else None
        ahead = Ahead(first, ends)
        definition = asked_in(definition, answers)
        if options.explain:
            lines = explain(definition, trace(plan, answers), language(), ahead)
        else:
            lines = summary(definition, scorecard, language(), ahead)
        print("\n".join(plain(line, language()) for line in lines))
    return _compare(sheet, scorecard)


def _take(scorecard: Scorecard, definition: Definition, csv: Path | None, xlsx: Path | None) -> None:
    """Write the tables that are asked for, in the language of the terminal."""
    if csv is not None:
        from reports.table import to_csv

        write(csv, to_csv(scorecard, definition, language()))
    if xlsx is not None:
        from reports.spreadsheet import to_xlsx

        write(xlsx, to_xlsx(scorecard, definition, language()))


def _is_open(definition: Definition, scorecard: Scorecard) -> bool:
    """Whether answers alone decide what the index will be."""
    headline = scorecard.headline
    return headline.state is State.OPEN and not headline.is_profile and not unknown_figures(definition, scorecard)


def _compare(sheet: AnswerSheet, scorecard: Scorecard) -> int:
    wrong = list(sheet.unexpected(scorecard))
    for node, expected, found, is_band in wrong:
        said = "score.unexpected-band" if is_band else "score.unexpected"
        print(words(said, node=node, expected=expected, found=found), file=sys.stderr)
    return 1 if wrong else 0
