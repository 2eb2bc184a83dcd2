"""What must hold between the words of a definition; every breach is found, not only the first.

One module for each concern: :mod:`~questionnaires.checking.names` (ids and references),
:mod:`~questionnaires.checking.questions`, :mod:`~questionnaires.checking.tables`,
:mod:`~questionnaires.checking.curves`,
:mod:`~questionnaires.checking.nodes`, :mod:`~questionnaires.checking.rules` (rules, stages, bands),
:mod:`~questionnaires.checking.amounts` (weights and limits that are formulas),
:mod:`~questionnaires.checking.groups`, :mod:`~questionnaires.checking.lists` (what is asked item by item),
:mod:`~questionnaires.checking.going` (over which items functions go),
:mod:`~questionnaires.checking.formulas`,
:mod:`~questionnaires.checking.measures` (units),
:mod:`~questionnaires.checking.graph` (circles and what nothing rests on) and
:mod:`~questionnaires.checking.wordings` (the texts of a language).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from questionnaires.checking.amounts import check_amounts
from questionnaires.checking.contents import Contents
from questionnaires.checking.curves import check_curves
from questionnaires.checking.formulas import check_formulas
from questionnaires.checking.going import check_going
from questionnaires.checking.graph import circles, unreached
from questionnaires.checking.groups import check_groups
from questionnaires.checking.lists import check_lists
from questionnaires.checking.measures import check_measures
from questionnaires.checking.names import check_names
from questionnaires.checking.nodes import check_nodes
from questionnaires.checking.questions import check_questions
from questionnaires.checking.rules import check_rules
from questionnaires.checking.scales import Scales
from questionnaires.checking.standings import check_standings
from questionnaires.checking.tables import check_tables
from questionnaires.checking.wordings import check_texts
from questionnaires.mistakes import Mistake
from questionnaires.model import Node, Structure
from questionnaires.places import Document

__all__ = ["Scales", "check_structure", "check_texts", "scale_of"]


def check_structure(structure: Structure, document: Document) -> Iterator[Mistake]:
    """All mistakes of the structure; what rests on an order (scales, reach) is checked once there is no circle."""
    contents = Contents(structure, document)
    yield from check_names(contents)
    yield from check_formulas(contents)
    yield from check_measures(contents)
    yield from check_lists(contents)
    yield from check_going(contents)
    found = list(circles(contents))
    yield from found
    yield from check_questions(contents)
    yield from check_tables(contents, circular=bool(found))
    yield from check_curves(contents)
    yield from check_groups(contents)
    yield from check_amounts(contents)
    if not found:
        yield from unreached(contents)
        yield from check_nodes(contents)
        yield from check_standings(contents)
        yield from check_rules(contents)


def scale_of(structure: Structure, node: Node) -> tuple[Fraction | None, Fraction | None]:
    """Lowest and highest value a node can take, whatever the answers; None where there is no known limit."""
    scale = Scales(structure).node(node)
    return scale.lowest, scale.highest
