"""Bands and classes that formulas ask for: written out they stay within what anybody can mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from questionnaires.checking.contents import Contents
from questionnaires.formula.bands import asks
from questionnaires.formula.inlining import MOST_PARTS, parsed
from questionnaires.formula.problems import FormulaMistaken
from questionnaires.formula.tree import Call, Name, walk
from questionnaires.mistakes import Mistake
from questionnaires.model import Node

DEEPEST: Final = 12
"""How far bands may hang on rules that ask for bands that hang on rules."""


def check_standings(contents: Contents) -> Iterator[Mistake]:
    """Bands whose rules ask for bands, and so on, beyond all bounds; there is no circle."""
    conditions = contents.structure.named_conditions
    sizes: dict[str, tuple[int, int]] = {}
    for number, node in enumerate(contents.structure.nodes):
        size, deep = _size(node, contents.nodes, conditions, sizes)
        if size > MOST_PARTS or deep > DEEPEST:
            told = {"id": node.id, "limit": MOST_PARTS, "deepest": DEEPEST}
            yield contents.mistake("standings-too-many", ("nodes", number), **told)


def _size(
    node: Node, nodes: Mapping[str, Node], conditions: Mapping[str, str], sizes: dict[str, tuple[int, int]]
) -> tuple[int, int]:
    """About how many conditions a question after the node's band or class comes to, and how deep they lie."""
    if node.id in sizes:
        return sizes[node.id]
    texts = [rule.when or rule.unless or "" for rule in node.rules if rule.moves_band]
    repeated = 2 * (1 + len(texts)) if any(rule.bands_down or rule.lifts_band for rule in node.rules) else 2
    if node.classes:
        texts, repeated = [each.when or "" for each in node.classes], len(node.classes)
    texts += [band.lowest for band in node.bands if isinstance(band.lowest, str)]
    total, deepest = 0, 0
    for text in texts:
        below = [_size(nodes[name], nodes, conditions, sizes) for name in _asked_for(text, conditions) if name in nodes]
        total += repeated * (1 + sum(size for size, _ in below))
        deepest = max([deepest, *(1 + deep for _, deep in below)])
    sizes[node.id] = min(total, 2 * MOST_PARTS), deepest
    return sizes[node.id]


def _asked_for(text: str, conditions: Mapping[str, str]) -> list[str]:
    """The nodes whose band or class a condition asks for, as often as it does."""
    try:
        expression = parsed(text, conditions)
    except FormulaMistaken:
        return []
    found = [part.arguments[0] for part in walk(expression) if isinstance(part, Call) and asks(part) and part.arguments]
    return [name.id for name in found if isinstance(name, Name)]
