"""``itti report FILE``: answers in, report out, without the workflow.

Unsealed it is a draft. Sealed it carries the seal of the demonstration key of the data folder and says so on every
page: only the workflow issues certificates.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from itti.acts import now
from itti.calendar.zones import day_in
from itti.commands.files import figures_from, sheet_from, write
from itti.commands.score import scored
from itti.commands.words import progress, words
from itti.settings import settings
from questionnaires import wording
from questionnaires.errors import Fault
from questionnaires.loading import read_file
from questionnaires.model import Definition
from reports.beside import MeasuresPlan, Named, read_beside
from reports.render import render
from reports.report import AnswerDetail, AssessedFactory, EvidenceItem, Form, Party, Report, Standing
from reports.seal import demonstration_sealer, seal
from reports.theme import STANDARD, Theme, read_theme
from scoring import Scorecard, compile_plan
from scoring.measures import programme, read_measures
from scoring.sheet import AnswerSheet, SheetPerson


class NotComplete(Fault):
    """A report needs an answer to every question."""

    code = "not-complete"
    room = "itti.commands"


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("report", help=words("report.help"), description=words("report.about"))
    parser.add_argument("file", type=Path, metavar="FILE", help=words("score.file"))
    parser.add_argument("--language", choices=wording.LANGUAGES, default="en", help=words("report.language"))
    parser.add_argument("--cohort", type=Path, metavar="FIGURES.json", help=words("score.cohort"))
    parser.add_argument("--short", action="store_true", help=words("report.short"))
    parser.add_argument("--beside", type=Path, metavar="FILE", help=words("report.beside"))
    parser.add_argument("--measures", type=Path, metavar="FILE", help=words("report.measures"))
    parser.add_argument("--theme", type=Path, default=settings().theme, metavar="FILE", help=words("report.theme"))
    parser.add_argument("--seal", action="store_true", help=words("report.seal"))
    parser.add_argument("--output", type=Path, required=True, metavar="OUT.pdf", help=words("report.output"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the report; nothing is written when anything is wrong."""
    sheet, document = sheet_from(options.file)
    definition, scorecard = scored(sheet, document, cohort=figures_from(options.cohort))
    if not scorecard.complete:
        open_questions = ", ".join(q.id for q in scorecard.questions if q.id not in sheet.given())
        raise NotComplete(questions=open_questions)
    at = now()
    theme = STANDARD if options.theme is None else read_theme(options.theme)
    report = report_of(sheet, scorecard, Standing.DEMONSTRATION if options.seal else Standing.DRAFT, at)
    report = report.model_copy(update=_besides(options, definition, sheet, theme))
    form = Form.SHORT if options.short else Form.FULL
    with progress("report.rendering", language=options.language):
        pdf = render(report, definition, options.language, form=form, theme=theme)
        if options.seal:
            sealer = demonstration_sealer(settings().data_folder / "keys")
            pdf = seal(pdf, sealer, reason=words("report.seal-reason"), at=at)
    write(options.output, pdf)
    if str(options.output) != "-":
        print(words("report.written", file=options.output, size=len(pdf) // 1024))
    return 0


def _besides(options: argparse.Namespace, definition: Definition, sheet: AnswerSheet, theme: Theme) -> dict[str, Any]:
    """What was given besides the answers: name of the programme, sector, targets, history, the plan of measures."""
    told: dict[str, Any] = {}
    if theme.programme is not None:
        told["programme"] = Party(**theme.programme.model_dump())
    if options.beside is not None:
        found = read_beside(read_file(options.beside))
        told |= {"sector": found.sector, "targets": found.targets, "history": found.history}
    if options.measures is not None:
        told["plan"] = _planned(options.measures, definition, sheet)
    return told


def _planned(path: Path, definition: Definition, sheet: AnswerSheet) -> MeasuresPlan:
    from scoring.roadmap import roadmap

    plan = compile_plan(definition)
    answers = sheet.checked(plan)
    document = read_file(path)
    entries = read_measures(document)
    found = roadmap(plan, answers, programme(entries, document, plan, answers))
    return MeasuresPlan(
        roadmap=found, measures={each.id: Named(name=each.title, name_ar=each.title_ar) for each in entries.measures}
    )


def report_of(sheet: AnswerSheet, scorecard: Scorecard, standing: Standing, at: datetime) -> Report:
    """The report of a sheet; what the sheet does not say is left out of the paper."""
    facts = sheet.factory
    issued = day_in(settings().zone, at)
    assessor, assessor_body = _person(sheet.assessor)
    reviewer, reviewer_body = _person(sheet.reviewer)
    return Report(
        standing=standing,
        scorecard=scorecard,
        factory=AssessedFactory(**facts.model_dump()) if facts else AssessedFactory(name="–"),
        answers=tuple(
            AnswerDetail(
                question=question,
                answer=entry.answer(),
                reason=entry.reason,
                evidence=tuple(EvidenceItem(**proof.model_dump()) for proof in entry.evidence),
            )
            for question, entry in sheet.answers.items()
        ),
        programme=Party(name=settings().programme_name, name_ar=settings().programme_name_ar),
        assessor=assessor,
        assessor_body=assessor_body,
        reviewer=reviewer,
        reviewer_body=reviewer_body,
        assessed_on=sheet.assessed_on or issued,
        issued_on=issued if standing is Standing.DEMONSTRATION else None,
    )


def _person(person: SheetPerson | None) -> tuple[Party | None, Party | None]:
    if person is None:
        return None, None
    body = Party(name=person.body, name_ar=person.body_ar) if person.body else None
    return Party(name=person.name, name_ar=person.name_ar), body
