"""``itti levers FILE``: the smallest sets of raised answers that lift a node to its next band or a target."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from itti.commands.files import PlacedAnswers, sheet_from
from itti.commands.score import definition_for
from itti.commands.words import language, words
from questionnaires import wording
from questionnaires.model import Definition
from reports.directions import plain
from reports.levered import answer_line
from reports.lists import asked_in
from scoring import compile_plan
from scoring.errors import AnswersRefused, UnknownQuestion
from scoring.levers import MOST_SETS, levers
from scoring.plan import Plan
from scoring.proposals import Change, Levers
from scoring.targets import node_of, read_target


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("levers", help=words("levers.help"), description=words("levers.about"))
    parser.add_argument("file", type=Path, metavar="FILE", help=words("score.file"))
    parser.add_argument("--definition", type=Path, metavar="FOLDER", help=words("score.definition"))
    parser.add_argument("--node", metavar="NODE", help=words("levers.node"))
    parser.add_argument("--target", metavar="TARGET", help=words("levers.target"))
    parser.add_argument("--most-steps", type=int, metavar="STEPS", help=words("levers.most-steps"))
    parser.add_argument("--keep", action="append", default=[], metavar="QUESTION", help=words("levers.keep"))
    parser.add_argument("--sets", type=int, default=MOST_SETS, metavar="COUNT", help=words("levers.sets"))
    parser.add_argument("--json", action="store_true", help=words("levers.json"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Find the sets and print them; 1 where nothing reaches the target."""
    sheet, document = sheet_from(options.file)
    definition = definition_for(sheet, options.definition)
    plan = compile_plan(definition).unrolled(sheet.given())
    node = node_of(plan, options.node or plan.index)
    target = None if options.target is None else read_target(node, options.target)
    _known(plan, options.keep)
    try:
        found = levers(
            plan,
            sheet.checked(plan),
            node=node.id,
            target=target,
            fixed=options.keep,
            most_steps=options.most_steps,
            most_sets=max(1, options.sets),
        )
    except AnswersRefused as refused:
        raise PlacedAnswers(refused, document) from refused
    if options.json:
        sys.stdout.buffer.write(found.to_json() + b"\n")
        sys.stdout.buffer.flush()
    else:
        lines = told(asked_in(definition, sheet.given()), found, language())
        print("\n".join(plain(line, language()) for line in lines))
    return 0 if found.already or found.sets else 1


def _known(plan: Plan, questions: list[str]) -> None:
    for question in questions:
        if question not in plan.positions:
            raise UnknownQuestion(question=question, questionnaire=f"{plan.family}@{plan.version}")


def told(definition: Definition, found: Levers, language: str) -> Iterator[str]:
    """The result in words."""
    texts = definition.words(language)
    title = texts.nodes[found.node].title
    target = standing(definition, found.target, found.band and found.target, language)
    now = standing(definition, found.value or "–", found.band, language)
    yield _say("stands", language, title=title, id=found.node, value=now, target=target)
    if found.already:
        yield _say("already", language)
        return
    if not found.sets:
        yield _say("unreachable" if found.proven else "not-found", language)
        return
    yield _say("least", language, count=found.questions, steps=found.steps)
    for number, each in enumerate(found.sets, 1):
        reached = standing(definition, each.value, each.band, language)
        yield ""
        yield _say("set", language, number=number, value=reached)
        for change in each.changes:
            yield "  " + change_in_words(definition, change, language)
    yield ""
    yield _say("proven" if found.proven else "unproven", language)
    if not found.complete:
        yield _say("more", language)


def standing(definition: Definition, value: str, band: str | None, language: str) -> str:
    """A value with the name of its band, or the name alone where the value is its id."""
    texts = definition.words(language)
    if band is None or band not in texts.bands:
        return texts.rules[value].title if value in texts.rules else value
    name = texts.bands[band].title
    return name if value == band else f"{value} ({name})"


def change_in_words(definition: Definition, change: Change, language: str) -> str:
    """One answer raised: the question, what it is and what it becomes."""
    title = definition.words(language).questions[change.question].title
    before, after = (answer_line(definition, change.question, text, language) for text in (change.before, change.after))
    return _say("change", language, title=title, id=change.question, before=before, after=after)


def _say(key: str, language: str, **details: object) -> str:
    return wording.say("itti.commands", f"levers.{key}", language, **details)
