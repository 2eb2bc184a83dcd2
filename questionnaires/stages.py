"""In which order the figures of a cohort are taken: what a figure rests on has to be known of everybody first."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires.checking.graph import foundations
from questionnaires.model import CohortFigure, Structure

Stage = tuple[CohortFigure, ...]
"""Figures that can be taken together, as none of them rests on another of them."""


def figures_below(structure: Structure) -> Mapping[str, tuple[str, ...]]:
    """Figure of the cohort → the other figures that what it is taken of rests on, the nearest alone.

    They are named in the order of the definition. Where a figure rests on one that rests on a third, the third is not
    named.
    """
    rests_on = foundations(structure)
    figures = {figure.id: place for place, figure in enumerate(structure.cohort_figures)}
    found: dict[str, set[str]] = {}
    for figure in figures:
        seen: set[str] = set()
        waiting = [*rests_on[figure]]
        while waiting:
            if (identifier := waiting.pop()) not in seen:
                seen.add(identifier)
                waiting += rests_on.get(identifier, ())
        found[figure] = seen & figures.keys()
    nearest = {figure: below.difference(*(found[each] for each in below)) for figure, below in found.items()}
    return {figure: tuple(sorted(below, key=figures.__getitem__)) for figure, below in nearest.items()}


def stages(structure: Structure) -> tuple[Stage, ...]:
    """The figures of a checked structure, each as early as it can be taken, in the order of the definition.

    The first stage needs nothing but answers; of each further one, every figure rests on one of the stage before it.
    """
    below, found = figures_below(structure), list[Stage]()
    waiting, known = list(structure.cohort_figures), set[str]()
    while waiting:
        stage = tuple(figure for figure in waiting if known.issuperset(below[figure.id]))
        if not stage:
            raise ValueError(f"circle of figures: {', '.join(figure.id for figure in waiting)}")
        found.append(stage)
        known.update(figure.id for figure in stage)
        waiting = [figure for figure in waiting if figure.id not in known]
    return tuple(found)
