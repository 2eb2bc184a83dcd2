"""A scorecard in words, so that a factory manager can follow every number with pen and paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from itti.commands.columns import WIDTH, wrapped
from questionnaires import wording
from questionnaires.model import Definition
from reports.calculation import Line, calculation, disregarded, tree
from reports.directions import plain
from reports.summary import NOTHING_AHEAD, Ahead, summary
from scoring.trace import Trace


def explain(
    definition: Definition,
    trace: Trace,
    language: str,
    ahead: Ahead = NOTHING_AHEAD,
    width: int = WIDTH,
) -> Iterator[str]:
    """The summary, then the calculation as a tree: every node with the nodes it is made from below it."""
    for line in summary(definition, trace.card, language, ahead):
        yield from wrapped(line, width)
    for depth, block, again in tree(definition, calculation(definition, trace, language)):
        if not depth:
            yield ""
        above = wording.say("reports", "calculation.above", language, heading=block.heading)
        yield from _told(above if again else block.heading, depth, language, width)
        yield from () if again else _lines(block.lines, depth + 1, language, width)
    further = disregarded(definition, trace, language)
    if further:
        yield ""
        yield from _lines(further, 0, language, width)
    yield ""
    yield from wrapped(wording.say("itti.commands", "explain.exactly", language), width)


def _lines(lines: Iterable[Line], depth: int, language: str, width: int) -> Iterator[str]:
    """Lines with what explains them further in."""
    for line in lines:
        yield from _told(line.text, depth, language, width)
        yield from _lines(line.below, depth + 1, language, width)


def _told(text: str, depth: int, language: str, width: int) -> Iterator[str]:
    yield from wrapped("  " * depth + plain(text, language), width)
