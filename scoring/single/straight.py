"""The sums of all nodes as one function: nothing but looking up and adding, node by node.

Where every node weighs its children, the way from the outcomes of the questions to those of the nodes is the same for
every assessment, and only a few dozen sums long. Written out as a function of its own it takes half the time of going
from node to node. What is written out holds positions alone, no id and no text of a definition::

    def straight(known):
        k0, k1, k2 = known
        k3 = t2[t0[k0] + t1[k1]]
        k4 = t6[t3[k2] + t4[k3], t5[k2]]
        return k3, k4

Each ``t`` is a table of :mod:`scoring.single.weighing`: what a child brings, whether a condition holds, what the node
came out as. What is in none of them yet (a ``KeyError``) goes from node to node, which fills them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, Final, TypeAlias

from scoring.single.items import RememberedNode, RememberedQuestion
from scoring.single.known import Known
from scoring.single.weighing import WeighedNode, Weighing

Straight: TypeAlias = Callable[[Sequence[Known]], tuple[Known, ...]]
"""Outcomes of the questions → outcomes of the nodes."""

MOST_TABLES: Final = 2000
"""Of all nodes together: beyond, the function would be long in the making."""

MOST_CHILDREN: Final = 50
"""Of a node: longer sums go too deep for the compiler."""


class StraightLine:
    """The function for one plan, with the tables that it looks into."""

    def __init__(self, items: Sequence[RememberedQuestion | RememberedNode], questions: int) -> None:
        """``items`` come after so many questions that rest on nothing but their answers."""
        self._nodes = [item.weighed for item in items if isinstance(item, RememberedNode) and item.weighed is not None]
        tables = sum(len(node.places) + len(node.conditions) + 1 for node in self._nodes)
        longest = max((len(node.places) for node in self._nodes), default=0)
        is_straight = len(self._nodes) == len(items) and 0 < tables <= MOST_TABLES and longest <= MOST_CHILDREN
        self._usual: list[Weighing | None] = []
        self._made: Callable[[Sequence[Mapping[Any, Any]]], Straight] | None = None
        self._function: Straight | None = None
        if is_straight:
            names: dict[str, Any] = {}
            exec(written_out(self._nodes, questions), names)  # noqa: S102 - written from positions alone, see above
            self._made = names["made"]

    def outcomes(self, known: Sequence[Known]) -> tuple[Known, ...] | None:
        """The outcomes of all nodes; None where they have to be worked out one by one."""
        if self._function is None:
            return None
        try:
            return self._function(known)
        except KeyError:
            return None

    def learn(self) -> None:
        """Look into the tables that there are now."""
        usual = [node.usual for node in self._nodes]
        if self._made is None or usual == self._usual:
            return
        tables: list[Mapping[Any, Any]] = []
        for node, weighing in zip(self._nodes, usual, strict=True):
            if weighing is None:
                return
            tables += [*weighing.units, *(condition.held for condition in node.conditions), weighing.outcomes]
        self._function = self._made(tables)
        self._usual = usual


def written_out(nodes: Sequence[WeighedNode], questions: int) -> str:
    """The function's source: of numbers for questions, nodes and tables in their order, and of nothing else."""
    table = count()
    lines = [f"        {_listed('k', range(questions))} = known"]
    for place, node in enumerate(nodes, questions):
        brought = " + ".join([f"t{next(table)}[k{child:d}]" for child in node.places])
        held = [f"t{next(table)}[{_key(condition.places)}]" for condition in node.conditions]
        lines.append(f"        k{place} = t{next(table)}[{', '.join([brought, *held])}]")
    lines.append(f"        return {_listed('k', range(questions, questions + len(nodes)))}")
    tables = _listed("t", range(next(table)))
    return "\n".join(
        ["def made(tables):", f"    {tables} = tables", "    def straight(known):", *lines, "    return straight"]
    )


def _listed(letter: str, numbers: Sequence[int]) -> str:
    return f"({''.join([f'{letter}{number:d}, ' for number in numbers])})"


def _key(places: Sequence[int]) -> str:
    """What a condition is looked up by: the outcome of what it names, or of all that it names."""
    return f"k{places[0]:d}" if len(places) == 1 else _listed("k", places)
