"""What rests on what: nothing rests on itself, and everything is there for something."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from questionnaires.belonging import lists
from questionnaires.checking.contents import Contents
from questionnaires.checking.formulas import named_in, stated
from questionnaires.mistakes import Mistake
from questionnaires.model import Structure
from questionnaires.places import Path


def foundations(structure: Structure) -> Mapping[str, list[str]]:
    """Id of everything that has a value → what it directly rests on: children, names in formulas, choices."""
    found: dict[str, list[str]] = {node.id: [] for node in structure.nodes}
    found |= {question.id: [] for question in structure.questions} | {table.id: [] for table in structure.tables}
    found |= {condition.id: [] for condition in structure.conditions}
    found |= {figure.id: [figure.of, *figure.by] for figure in structure.cohort_figures}
    for node in structure.nodes:
        found[node.id] += [child.of for child in node.children]
    for table in structure.tables:
        found[table.id] += table.by
    for each in lists(structure):
        for asked in each.asks:
            found.setdefault(asked, []).append(each.id)
    for formula in stated(structure):
        if formula.path[0] not in {"rankings", "roll_ups", "contradictions"}:
            found[formula.owner] += sorted(named_in(formula.text))
    return found


def circles(contents: Contents) -> Iterator[Mistake]:
    """Every circle of things that rest on each other, told once, at one of them."""
    rests_on = foundations(contents.structure)
    places = _places(contents)
    done: set[str] = set()
    for start in rests_on:
        trail: list[str] = []
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            identifier, leaving = stack.pop()
            if leaving:
                done.add(trail.pop())
            elif identifier in trail:
                circle = [*trail[trail.index(identifier) :], identifier]
                yield contents.mistake("cycle", places[identifier], cycle=" → ".join(circle))
                done.update(trail)
            elif identifier in rests_on and identifier not in done:
                trail.append(identifier)
                stack.append((identifier, True))
                stack.extend((below, False) for below in rests_on[identifier])


def _places(contents: Contents) -> Mapping[str, Path]:
    found: dict[str, Path] = {}
    for part in ("nodes", "questions", "tables", "conditions", "cohort_figures"):
        for number, thing in enumerate(getattr(contents.structure, part)):
            found.setdefault(thing.id, (part, number))
    return found


def unreached(contents: Contents) -> Iterator[Mistake]:
    """Questions nobody is shown, and nodes that are stated nowhere."""
    structure = contents.structure
    shown = [structure.index, *structure.sub_indices, *structure.categories]
    shown += [node for view in structure.views for node in view.nodes]
    shown += [ranking.of for ranking in structure.rankings]
    shown += [figure for roll_up in structure.roll_ups for figure in roll_up.sums]
    shown += [figure.of for figure in structure.cohort_figures]
    counted = contents.below(tuple(shown))
    yield from _unasked(contents, counted)
    named = {name: formula for formula in stated(structure) for name in named_in(formula.text)}
    for place, node in enumerate(structure.nodes):
        if node.id in counted:
            continue
        if (formula := named.get(node.id)) is None:
            yield contents.mistake("never-counted", ("nodes", place), id=node.id)
        else:
            told = {"id": node.id, "owner": formula.owner, "key": str(formula.path[-1])}
            yield contents.mistake("never-shown", ("nodes", place), **told)
    yield from _idle_figures(contents)


def _unasked(contents: Contents, counted: Collection[str]) -> Iterator[Mistake]:
    """Questions nobody is shown; a list stands for all that it asks."""
    used = _used(contents).union(counted)
    asked_of_items = {asked: each.id for each in lists(contents.structure) for asked in each.asks}
    used |= {each for asked, each in asked_of_items.items() if asked in used}
    for place, question in enumerate(contents.structure.questions):
        if question.id not in contents.asked and asked_of_items.get(question.id) in {None, *contents.asked}:
            code = "in-no-category" if question.id in used else "never-counted"
            yield contents.mistake(code, ("questions", place), id=question.id)


def _used(contents: Contents) -> set[str]:
    """What a formula names, a table or a figure is looked up by, or a ranking or roll-up goes by."""
    structure = contents.structure
    found = {name for formula in stated(structure) for name in named_in(formula.text)}
    goes_by = [table.by for table in structure.tables] + [figure.by for figure in structure.cohort_figures]
    found.update(chain(*goes_by, *(ranking.by for ranking in structure.rankings)))
    for roll_up in structure.roll_ups:
        found.update(roll_up.same, [roll_up.by] if roll_up.by else [])
    return found


def _idle_figures(contents: Contents) -> Iterator[Mistake]:
    """Constants, tables, conditions and figures of the cohort that no formula names."""
    named = {name for formula in stated(contents.structure) for name in named_in(formula.text)}
    for part in ("constants", "tables", "conditions", "cohort_figures"):
        for place, figure in enumerate(getattr(contents.structure, part)):
            if figure.id not in named:
                yield contents.mistake("figure-unused", (part, place), id=figure.id)
