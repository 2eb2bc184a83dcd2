"""What belongs to which list: everything that is there once for every item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from questionnaires.formula.parsing import parse
from questionnaires.formula.problems import FormulaMistaken
from questionnaires.formula.tree import Call, Expression, Name, parts
from questionnaires.model import ItemsQuestion, Structure

OVER_ITEMS: Final = frozenset({"sum", "mean", "min", "max", "median", "highest", "lowest", "count"})
"""Functions whose argument, where it names what belongs to a list, stands for one argument for every item."""

SO_MANY: Final = frozenset({"highest", "lowest"})
"""Those among them whose first argument says how many numbers are added up; it stands for itself alone."""


def goes_over(function: str, place: int) -> bool:
    """Whether the argument at a place of a function goes over items, where it names what belongs to a list."""
    return function in OVER_ITEMS and (place > 0 or function not in SO_MANY)


def lists(structure: Structure) -> tuple[ItemsQuestion, ...]:
    """The lists that are still to be unrolled: one that has been asks nothing any more."""
    return tuple(question for question in structure.questions if isinstance(question, ItemsQuestion) and question.asks)


def has_lists(structure: Structure) -> bool:
    """Whether anything is asked item by item, unrolled or not."""
    return any(isinstance(question, ItemsQuestion) for question in structure.questions)


def members(structure: Structure) -> Mapping[str, str]:
    """Everything that is there once for every item (questions, nodes, tables, conditions) → its list.

    A table belongs to the list of a question that it is looked up by, a condition to the list of what it names outside
    functions that go over all items. Of what two lists claim, one counts (checking tells).
    """
    asking = lists(structure)
    if not asking:
        return {}
    found: dict[str, str] = {}
    for each in asking:
        for identifier in each.asks:
            found.setdefault(identifier, each.id)
    known = {each.id for each in asking}
    for node in structure.nodes:
        if node.each in known:
            found.setdefault(node.id, str(node.each))
    before = -1
    while len(found) > before:  # conditions name conditions and tables
        before = len(found)
        for identifier, named in _derived(structure, found):
            if named:
                found.setdefault(identifier, min(named))
    return found


def _derived(structure: Structure, found: Mapping[str, str]) -> Iterable[tuple[str, frozenset[str]]]:
    """Tables and conditions, with the lists that they belong to by what they name."""
    for table in structure.tables:
        yield table.id, frozenset(found[by] for by in table.by if by in found)
    for condition in structure.conditions:
        yield condition.id, lists_of(condition.when, found)


def lists_of(text: str, belonging: Mapping[str, str]) -> frozenset[str]:
    """The lists of what a formula names outside functions that go over all items; none where it cannot be read."""
    try:
        return lists_in(parse(text), belonging)
    except FormulaMistaken:
        return frozenset()


def lists_in(expression: Expression, belonging: Mapping[str, str]) -> frozenset[str]:
    """The same of a formula that has been read."""
    if isinstance(expression, Name):
        return frozenset({belonging[expression.id]} if expression.id in belonging else ())
    inner = parts(expression)
    if isinstance(expression, Call):
        inner = tuple(part for place, part in enumerate(inner) if not goes_over(expression.function, place))
    return frozenset[str]().union(*(lists_in(part, belonging) for part in inner))
