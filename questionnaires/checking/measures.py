"""Units of measurement: each can be read, and children that count together have the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from questionnaires.checking.contents import Contents
from questionnaires.checking.formulas import counted_unit
from questionnaires.checking.nodes import OF_ANY_KIND
from questionnaires.formula.kinds import ANY, FormulaMistaken, Scope, check
from questionnaires.mistakes import Mistake
from questionnaires.model import Aggregation, Node
from questionnaires.places import Path
from questionnaires.units import PLAIN, Unit, UnknownUnit, same, unit

RELATIVE: Final = frozenset({Aggregation.SHARE, Aggregation.SHARE_REACHED, Aggregation.COUNT})
"""Aggregations whose value is no longer in the unit of the children."""


def check_measures(contents: Contents) -> Iterator[Mistake]:
    """Units that are none, and nodes whose children count in different ones."""
    for part in ("constants", "tables", "questions", "nodes"):
        for number, thing in enumerate(getattr(contents.structure, part)):
            stated = getattr(thing, "unit", None)
            if stated is not None:
                try:
                    unit(stated)
                except UnknownUnit as found:
                    yield contents.mistake(found.code, (part, number, "unit"), **found.details)
    for number, node in enumerate(contents.structure.nodes):
        if node.aggregation not in OF_ANY_KIND:
            yield from _children(contents, node, ("nodes", number))
    yield from _weights(contents)


def _weights(contents: Contents) -> Iterator[Mistake]:
    """Weights of one node: tonnes beside hours, or beside plain numbers, say nothing about each other."""
    scope = Scope.of(contents.structure)
    for number, node in enumerate(contents.structure.nodes):
        if node.aggregation is Aggregation.SUM or not any(isinstance(child.weight, str) for child in node.children):
            continue
        found: dict[str, Unit] = {}
        for child in node.children:
            try:
                found[child.of] = (
                    (check(child.weight, scope, "number", ANY).unit or PLAIN)
                    if isinstance(child.weight, str)
                    else PLAIN
                )
            except FormulaMistaken:  # told where the formula stands
                continue
        first = next(iter(found.values()), PLAIN)
        if any(not same(first, other) for other in found.values()):
            told = ", ".join(f"{of}: {unit.text or 1}" for of, unit in found.items())
            yield contents.mistake("weights-in-units", ("nodes", number, "children"), found=told)


def _children(contents: Contents, node: Node, path: Path) -> Iterator[Mistake]:
    """Children in units only go together in one unit, and it is the node's where their values are put together."""
    known = [child.of for child in node.children if child.of in contents.questions or child.of in contents.nodes]
    texts = {identifier: _stated(contents, identifier) for identifier in known}
    if all(text is None for text in texts.values()):
        return
    try:
        units = {identifier: _read(text) for identifier, text in texts.items()}
        own = _read(node.unit)
    except UnknownUnit:  # told where it stands
        return
    common = next(iter(units.values()))
    if any(other != common for other in units.values()):
        told = ", ".join(f"{identifier}: {text or 1}" for identifier, text in texts.items())
        yield contents.mistake("units-differ", (*path, "children"), found=told)
    elif own != common and node.aggregation not in RELATIVE:
        told = next(text for text in texts.values() if text is not None)
        yield contents.mistake("unit-unlike-children", path, unit=told, found=node.unit or 1)


def _stated(contents: Contents, identifier: str) -> str | None:
    """The unit in which a child counts: that of a raw number or a node."""
    if identifier in contents.nodes:
        return contents.nodes[identifier].unit
    return counted_unit(contents.questions[identifier])


def _read(text: str | None) -> Unit:
    return PLAIN if text is None else unit(text)
