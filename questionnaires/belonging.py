"""What belongs to which list: everything that is there once for every item.

A list may be asked of every item of another one, such as the process steps of each product: what belongs to it is there
once for every item of every item, and belongs to the outer list by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from questionnaires.formula.parsing import parse
from questionnaires.formula.problems import FormulaMistaken
from questionnaires.formula.tree import Call, Expression, Name, parts
from questionnaires.model import ItemsQuestion, Structure

OVER_ITEMS: Final = frozenset({"sum", "product", "mean", "min", "max", "median", "highest", "lowest", "count"})
"""Functions whose argument, where it names what belongs to a list, stands for one argument for every item."""

SO_MANY: Final = frozenset({"highest", "lowest"})
"""Those among them whose first argument says how many numbers are added up; it stands for itself alone."""


def goes_over(function: str, place: int) -> bool:
    """Whether the argument at a place of a function goes over items, where it names what belongs to a list."""
    return function in OVER_ITEMS and (place > 0 or function not in SO_MANY)


def lists(structure: Structure) -> tuple[ItemsQuestion, ...]:
    """The lists that are still to be unrolled: one that has been asks nothing any more."""
    return tuple(question for question in structure.questions if isinstance(question, ItemsQuestion) and question.asks)


def asked_by(structure: Structure, starts: Iterable[str]) -> frozenset[str]:
    """All that some lists ask of their items, and that lists among it ask of theirs."""
    asks = {each.id: each.asks for each in lists(structure)}
    found: set[str] = set()
    waiting = [*starts]
    while waiting:
        new = [asked for asked in asks.get(waiting.pop(), ()) if asked not in found]
        found.update(new)
        waiting += new
    return frozenset(found)


def has_lists(structure: Structure) -> bool:
    """Whether anything is asked item by item, unrolled or not."""
    return any(isinstance(question, ItemsQuestion) for question in structure.questions)


def members(structure: Structure) -> Mapping[str, str]:
    """Everything that is there once for every item (questions, nodes, tables, conditions) → its list.

    A list that is asked of the items of another one belongs to that. A table belongs to the list of a question that it
    is looked up by, a condition to the list of what it names outside functions that go over all items; where these are
    a list and one within it, to the one within. Of what two other lists claim, one counts (checking tells).
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
    changed = True
    while changed:  # conditions name conditions and tables
        changed = False
        for identifier, named in _derived(structure, found):
            of = found.get(identifier)
            deepest = innermost(named if of is None else named | {of}, found)
            if deepest is not None and deepest != of and (of is None or within(deepest, of, found)):
                found[identifier], changed = deepest, True
    return found


def around(of: str | None, belonging: Mapping[str, str]) -> tuple[str, ...]:
    """A list after all lists that it is asked within, outermost first; nothing where there is no list."""
    found: list[str] = []
    while of is not None and of not in found:
        found.insert(0, of)
        of = belonging.get(of)
    return tuple(found)


def within(inner: str, outer: str, belonging: Mapping[str, str]) -> bool:
    """Whether a list is asked, directly or not, of the items of another one."""
    return inner != outer and outer in around(inner, belonging)


def innermost(named: Iterable[str], belonging: Mapping[str, str]) -> str | None:
    """Of some lists the one that is asked within most others; of equals the first by name, and None of none."""
    return min(named, key=lambda of: (-len(around(of, belonging)), of), default=None)


def apart(named: Iterable[str], belonging: Mapping[str, str]) -> frozenset[str]:
    """The lists that are neither the innermost one of ``named`` nor one around it."""
    every = frozenset(named)
    return every.difference(around(innermost(every, belonging), belonging))


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
