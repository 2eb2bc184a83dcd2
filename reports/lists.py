"""A definition with the questions of every item that a report's answers name: what there is to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from questionnaires.model import Definition, Item
from questionnaires.unrolling import has_lists, unrolled
from reports.report import Report
from reports.scales import Same
from scoring.answers import Answers
from scoring.unrolling import items_of


def asked_in(definition: Definition, answers: Answers) -> Definition:
    """The definition as it is asked where these are the answers (the last few are kept); itself without lists."""
    if not has_lists(definition):
        return definition
    return _asked(Same(definition), tuple(items_of(answers).items()))


def asked_by(definition: Definition, report: Report) -> Definition:
    """The same for the answers of a report."""
    return asked_in(definition, answers_of(report))


def answers_of(report: Report) -> Answers:
    """Question id → what the assessor found; what is open is missing."""
    return {each.question: each.answer for each in report.answers if each.answer is not None}


@lru_cache(maxsize=8)
def _asked(same: Same, named: tuple[tuple[str, tuple[Item, ...]], ...]) -> Definition:
    items: Mapping[str, tuple[Item, ...]] = dict(named)
    return unrolled(same.definition, items)
