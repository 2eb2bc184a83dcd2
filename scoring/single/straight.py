"""The sums of all nodes as one function: nothing but looking up and adding, node by node.

Where every node weighs its children, the way from the answers to what the nodes state is the same for every assessment,
and only a few dozen sums long. Written out as a function of its own it takes a third of the time of going from node to
node. What is written out holds positions alone, no id and no text of a definition::

    def straight(a0, a1, a2):
        k3 = t2[t0[a0.level] + t1[a1.level]]
        k4 = t6[t3[type(a2), a2.text] + t4[k3], t5[type(a2), a2.text]]
        return {n0: k3.stated, n1: k4.stated}

Each ``t`` is a table of :mod:`scoring.single.tables`: what a child brings, whether a condition holds, what the node
came out as. They work out what is not in them yet; what they cannot (an answer never met before, one that does not
apply, parts that take a larger common denominator) goes from node to node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any, Final, NamedTuple, TypeAlias

from scoring.memory import Memory
from scoring.single.conditions import Condition
from scoring.single.items import RememberedNode, RememberedQuestion
from scoring.single.known import Stated
from scoring.single.tables import ByAnswer, ByLevel, Weighing
from scoring.single.weighing import WeighedNode

Straight: TypeAlias = Callable[..., dict[str, Stated]]
"""Answers → what the nodes state."""

Table: TypeAlias = Mapping[Any, Any]
Made: TypeAlias = Callable[[Sequence[Table], Sequence[str]], Straight]

MOST_TABLES: Final = 2000
"""Of all nodes together: beyond, the function would be long in the making."""

MOST_CHILDREN: Final = 50
"""Of a node: longer sums go too deep for the compiler."""


class Looking(NamedTuple):
    """The function with the tables of one set of weighings."""

    usual: Sequence[Weighing | None]
    by_level: Sequence[ByLevel]
    function: Straight


class StraightLine:
    """The function for one plan, with the tables that it looks into."""

    def __init__(
        self,
        questions: Sequence[RememberedQuestion],
        items: Sequence[RememberedQuestion | RememberedNode],
        names: Sequence[str],
        memory: Memory,
    ) -> None:
        """``items`` come after ``questions``, which rest on nothing but their answers; ``names`` of all nodes."""
        self._questions = questions
        self._memory = memory
        self._names = names
        self._nodes = [item.weighed for item in items if isinstance(item, RememberedNode) and item.weighed is not None]
        tables = sum(len(node.places) + len(node.conditions) + 1 for node in self._nodes)
        longest = max((len(node.places) for node in self._nodes), default=0)
        is_straight = len(self._nodes) == len(items) and 0 < tables <= MOST_TABLES and longest <= MOST_CHILDREN
        self._looking: Looking | None = None
        self._made: Made | None = None
        if is_straight:
            written: dict[str, Any] = {}
            source = written_out(self._nodes, [question.levels is not None for question in questions])
            exec(source, written)  # noqa: S102 - written from positions alone, see above
            self._made = written["made"]

    def stated(self, answers: Sequence[Any]) -> dict[str, Stated] | None:
        """What all nodes state, by answers to the questions; None where they have to be worked out one by one.

        Raises:
            Undecided: irrational numbers have to be enclosed more tightly.
        """
        if self._looking is None:
            return None
        try:
            return self._looking.function(*answers)
        except (KeyError, AttributeError):  # not in the tables, or no level
            return None

    def learn(self) -> None:
        """Look into the tables that there are now."""
        if self._made is None:
            return
        usual = [node.usual for node in self._nodes]
        if self._looking is None or usual != self._looking.usual:
            self._looking = self._looked_into(usual, self._made)
        if self._looking is not None:
            for each in self._looking.by_level:
                each.fill()

    def _looked_into(self, usual: Sequence[Weighing | None], made: Made) -> Looking | None:
        by_level: list[ByLevel] = []
        tables: list[Table] = [question.outcomes for question in self._questions]
        for node, weighing in zip(self._nodes, usual, strict=True):
            if weighing is None:
                return None
            brought = zip(node.places, weighing.units, strict=True)
            tables += [self._table(place, units, by_level) for place, units in brought]
            tables += [self._held(condition, by_level) for condition in node.conditions]
            tables.append(weighing.outcomes)
        return Looking(usual, by_level, made(tables, self._names))

    def _table(self, place: int, table: Table, by_level: list[ByLevel]) -> Table:
        """The table by the outcome of what stands there, which for a question is looked up by its answer."""
        if place >= len(self._questions):
            return table
        question = self._questions[place]
        if question.levels is None:
            return ByAnswer(question.outcomes, table, self._memory)
        by_level.append(ByLevel(question.levels, question.outcomes, table))
        return by_level[-1].found

    def _held(self, condition: Condition, by_level: list[ByLevel]) -> Table:
        places = condition.places
        return self._table(places[0], condition.held, by_level) if len(places) == 1 else condition.held


def written_out(nodes: Sequence[WeighedNode], are_levels: Sequence[bool]) -> str:
    """The function's source: of numbers for questions, nodes and tables in their order, and of nothing else.

    Args:
        nodes: in their order.
        are_levels: for each question whether levels are picked for it.
    """
    table = count(len(are_levels))  # after those of what questions came out as
    answers = [
        f"a{place}.level" if level else f"type(a{place}), a{place}.text" for place, level in enumerate(are_levels)
    ]
    outcomes = [f"k{place}" for place in range(len(answers), len(answers) + len(nodes))]
    keys = [*answers, *outcomes]
    known = [*[f"t{place}[{answer}]" for place, answer in enumerate(answers)], *outcomes]
    lines = []
    for node, outcome in zip(nodes, outcomes, strict=True):
        brought = " + ".join([f"t{next(table)}[{keys[child]}]" for child in node.places])
        named = [each.places for each in node.conditions]
        asked = [keys[each[0]] if len(each) == 1 else _listed(known[place] for place in each) for each in named]
        held = [f"t{next(table)}[{each}]" for each in asked]
        lines.append(f"{outcome} = t{next(table)}[{', '.join([brought, *held])}]")
    stated = [f"n{place}: {outcome}.stated" for place, outcome in enumerate(outcomes)]
    return "\n".join(
        [
            "def made(tables, names):",
            f"    {_listed(f't{place}' for place in range(next(table)))} = tables",
            f"    {_listed(f'n{place}' for place in range(len(nodes)))} = names",
            f"    def straight({', '.join([f'a{place}' for place in range(len(answers))])}):",
            *[f"        {line}" for line in lines],
            f"        return {{{', '.join(stated)}}}",
            "    return straight",
        ]
    )


def _listed(words: Iterable[str]) -> str:
    return f"({''.join([f'{word}, ' for word in words])})"
