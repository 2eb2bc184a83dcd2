"""``itti priorities FILE``: what to look at first, by the factors that the questionnaire declares."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from itti.commands.files import PlacedAnswers, sheet_from
from itti.commands.score import definition_for
from itti.commands.words import language, words
from questionnaires import wording
from questionnaires.loading import read_file
from questionnaires.model import Definition, Rounding, RoundingMode, Texts
from scoring import compile_plan
from scoring.answers import decimal_text
from scoring.errors import AnswersRefused
from scoring.priorities import FactorScore, Priorities, Priority, priorities
from scoring.priority_figures import read_figures
from scoring.rounding import stated

_SHOWN = Rounding(places=4, mode=RoundingMode.HALF_UP)
"""Numbers without a finite decimal are told in words with so many places; the data hold them exactly."""


def declare(commands: Any) -> None:
    """Add the command's words."""
    parser = commands.add_parser("priorities", help=words("priorities.help"), description=words("priorities.about"))
    parser.add_argument("file", type=Path, metavar="FILE", help=words("score.file"))
    parser.add_argument("--figures", type=Path, metavar="FILE", help=words("priorities.figures"))
    parser.add_argument("--prioritisation", metavar="ID", help=words("priorities.which"))
    parser.add_argument("--definition", type=Path, metavar="FOLDER", help=words("score.definition"))
    parser.add_argument("--json", action="store_true", help=words("priorities.json"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Work the order out and print it."""
    sheet, document = sheet_from(options.file)
    definition = definition_for(sheet, options.definition)
    figures = {} if options.figures is None else read_figures(read_file(options.figures), definition).figures
    try:
        answers = sheet.checked(compile_plan(definition))
    except AnswersRefused as refused:
        raise PlacedAnswers(refused, document) from refused
    found = priorities(definition, answers, figures, options.prioritisation)
    if options.json:
        sys.stdout.buffer.write(found.to_json() + b"\n")
        sys.stdout.buffer.flush()
    else:
        print("\n".join(told(definition, found, language())))
    return 0


def told(definition: Definition, found: Priorities, language: str) -> Iterator[str]:
    """The order in words, with the calculation of every priority."""
    texts = definition.words(language)
    about = texts.groups[found.prioritisation]
    yield _say("title", language, title=about.title, id=found.prioritisation)
    if about.about:
        yield about.about
    for item in found.items:
        yield ""
        title = _title(texts, item.of)
        if item.rank is None:
            missing = ", ".join(texts.groups[each.factor].title for each in item.factors if each.part is None)
            yield _say("without", language, title=title, id=item.of, missing=missing)
        else:
            yield _say("rank", language, rank=item.rank, title=title, id=item.of, priority=item.priority)
        for factor in item.factors:
            yield "  " + _factor(texts, factor, language)
        if item.rank is not None:
            yield "  " + _sum(item, found.operator, language)


def _title(texts: Texts, of: str) -> str:
    return texts.nodes[of].title if of in texts.nodes else texts.questions[of].title


def _factor(texts: Texts, factor: FactorScore, language: str) -> str:
    title = texts.groups[factor.factor].title
    if factor.part is None:
        return _say("missing", language, title=title)
    return _say("factor", language, title=title, number=_shown(factor.number), points=_shown(factor.points))


def _sum(item: Priority, operator: str, language: str) -> str:
    """The calculation as a person does it on paper."""
    if operator == "product":
        parts = " × ".join(_shown(each.points) for each in item.factors)
    else:
        parts = " + ".join(f"{_shown(each.weight)} × {_shown(each.points)}" for each in item.factors)
    return _say("sum", language, parts=parts, result=_shown(item.exact))


def _shown(exact: str | None) -> str:
    """A number as people write it: a decimal where it is one, else rounded and marked so."""
    if exact is None:
        return "–"
    value = Fraction(exact)
    text = decimal_text(value)
    return f"≈{stated(value, _SHOWN)}" if "/" in text else text


def _say(key: str, language: str, **details: object) -> str:
    return wording.say("itti.commands", f"priorities.{key}", language, **details)
