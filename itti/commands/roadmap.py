"""``itti roadmap FILE --measures FILE``: of all plans of measures within the budgets, the one that gains most."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from itti.commands.files import PlacedAnswers, sheet_from
from itti.commands.levers import standing
from itti.commands.score import definition_for
from itti.commands.words import language, words
from questionnaires import wording
from questionnaires.loading import read_file
from questionnaires.model import Definition, Rounding, RoundingMode
from scoring import compile_plan
from scoring.errors import AnswersRefused
from scoring.measures import MeasureEntry, MeasuresFile, programme, read_measures
from scoring.proposals import LeftOut, Reason, Roadmap
from scoring.roadmap import roadmap
from scoring.rounding import stated
from scoring.targets import node_of

_GAIN = Rounding(places=4, mode=RoundingMode.HALF_UP)
"""Gains are told in words with so many places; the data hold them exactly."""


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("roadmap", help=words("roadmap.help"), description=words("roadmap.about"))
    parser.add_argument("file", type=Path, metavar="FILE", help=words("score.file"))
    parser.add_argument("--measures", type=Path, required=True, metavar="FILE", help=words("roadmap.measures"))
    parser.add_argument("--definition", type=Path, metavar="FOLDER", help=words("score.definition"))
    parser.add_argument("--node", metavar="NODE", help=words("roadmap.node"))
    parser.add_argument("--json", action="store_true", help=words("roadmap.json"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Find the plan and print it."""
    sheet, document = sheet_from(options.file)
    definition = definition_for(sheet, options.definition)
    plan = compile_plan(definition).unrolled(sheet.given())
    node = node_of(plan, options.node or plan.index)
    try:
        answers = sheet.checked(plan)
    except AnswersRefused as refused:
        raise PlacedAnswers(refused, document) from refused
    of_measures = read_file(options.measures)
    entries = read_measures(of_measures)
    found = roadmap(plan, answers, programme(entries, of_measures, plan, answers), node=node.id)
    if options.json:
        sys.stdout.buffer.write(found.to_json() + b"\n")
        sys.stdout.buffer.flush()
    else:
        print("\n".join(told(definition, entries, found, language())))
    return 0


def told(definition: Definition, entries: MeasuresFile, found: Roadmap, language: str) -> Iterator[str]:
    """The plan in words."""
    titles = {entry.id: _title(entry, language) for entry in entries.measures}
    before = standing(definition, found.value, found.band, language)
    after = standing(definition, found.final_value, found.final_band, language)
    title = definition.words(language).nodes[found.node].title
    yield _say("leads", language, title=title, id=found.node, before=before, after=after)
    yield _say("spends", language, count=len(found.steps), cost=found.cost, effort=found.effort)
    for number, period in enumerate(found.periods, 1):
        yield ""
        yield _say("period", language, period=period.period, cost=period.cost, effort=period.effort)
        starting = [step for step in found.steps if step.starts == number]
        for step in sorted(starting, key=lambda step: step.finishes):
            finish = found.periods[step.finishes - 1].period
            yield "  " + _say("starts", language, title=titles[step.measure], id=step.measure, finish=finish)
        for step in (step for step in found.steps if step.finishes == number):
            value, gain = step.value or "–", _gain(step.gain)
            yield "  " + _say("finished", language, title=titles[step.measure], id=step.measure, value=value, gain=gain)
        yield "  " + _say("end", language, value=standing(definition, period.value or "–", period.band, language))
    if found.left_out:
        yield ""
        yield _say("left-out", language)
        for each in found.left_out:
            yield "  " + _left_out(each, titles, language)
    yield ""
    yield _say("proven" if found.proven else "unproven", language)


def _title(entry: MeasureEntry, language: str) -> str:
    return entry.title_ar if language == "ar" and entry.title_ar else entry.title


def _gain(exact: str | None) -> str:
    """A gain with its sign."""
    if exact is None:
        return "–"
    text = stated(Fraction(exact), _GAIN)
    return text if text.startswith("-") else f"+{text}"


def _left_out(each: LeftOut, titles: Mapping[str, str], language: str) -> str:
    named = ", ".join(f"{titles[name]} [{name}]" for name in each.because)
    details = {"because": named} if each.reason in (Reason.EXCLUDED, Reason.DEPENDENCY) else {}
    reason = _say(f"reason-{each.reason.value}", language, **details)
    return _say("left", language, title=titles[each.measure], id=each.measure, reason=reason)


def _say(key: str, language: str, **details: object) -> str:
    return wording.say("itti.commands", f"roadmap.{key}", language, **details)
