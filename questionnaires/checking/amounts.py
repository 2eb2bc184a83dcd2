"""Amounts that are formulas: weights, limits and thresholds by sector or by answers.

Where constants and tables tell what an amount can be, it is checked row by row, for every option that a choice has;
where only answers can tell, scoring does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import Final

from questionnaires.checking.contents import Contents
from questionnaires.formula.kinds import ANY, AnyUnit
from questionnaires.formula.parsing import parse
from questionnaires.formula.problems import FormulaMistaken
from questionnaires.formula.tree import Call, walk
from questionnaires.mistakes import Mistake
from questionnaires.model import Aggregation, Amount, Boundary, ChoicesQuestion, Node, denied_by, keys_of
from questionnaires.places import Path

REACHING: Final = frozenset({Aggregation.COUNT, Aggregation.SHARE_REACHED})
"""Aggregations that ask which children have reached a value."""

_IRRATIONAL: Final = frozenset({"ln", "root", "exp", "power", "normal"})
_MOST_ROWS: Final = 1000


@dataclass(frozen=True, slots=True)
class Placed:
    """A formula that stands for a number, with the unit that it has to have.

    Weights of a mean may have any unit, as long as all of a node have the same (:mod:`.measures`): only their ratios
    count.
    """

    path: Path
    text: str
    unit: str | AnyUnit | None


def amounts_in(node: Node, path: Path, unit_of: Callable[[str], str | None]) -> Iterator[Placed]:
    """Every amount of a node that is a formula; ``unit_of`` knows the unit in which a child counts."""
    for place, child in enumerate(node.children):
        here, unit = (*path, "children", place), unit_of(child.of)
        yield from _placed(here, "weight", child.weight, None if node.aggregation is Aggregation.SUM else ANY)
        yield from _placed(here, "cap", child.cap, unit)
        yield from _placed(here, "reached_from", child.reached_from, unit)
    yield from _placed(path, "reached_from", node.reached_from, unit_of(node.children[0].of))
    for key in ("least", "most"):
        yield from _placed(path, key, getattr(node, key), node.unit)
    for place, band in enumerate(node.bands):
        yield from _placed((*path, "bands", place), "from", band.lowest, node.unit)
    for place, rule in enumerate(node.rules):
        for key in ("to", "at_most", "at_least"):
            yield from _placed((*path, "rules", place), key, getattr(rule, key), node.unit)


def _placed(path: Path, key: str, amount: Amount | None, unit: str | AnyUnit | None) -> Iterator[Placed]:
    if isinstance(amount, str):
        yield Placed((*path, key), amount, unit)


@dataclass(frozen=True, slots=True)
class Row:
    """Several amounts at once, as certain options make them."""

    options: tuple[str, ...]
    """One for each question that tells; empty where plain numbers and constants do."""

    values: tuple[Fraction, ...]

    @property
    def told(self) -> str:
        """The options, for people."""
        return ", ".join(self.options) or "–"


def rows(contents: Contents, amounts: Sequence[Amount]) -> tuple[Row, ...] | None:
    """All that the amounts can be together; None where other answers than choices tell, or there are too many ways."""
    tables = [contents.tables[amount] for amount in amounts if isinstance(amount, str) and amount in contents.tables]
    choices = sorted({by for table in tables for by in table.by})
    if not all(isinstance(each, Fraction) or each in contents.tables or each in contents.constants for each in amounts):
        return None
    asked = [contents.questions[by] for by in choices if by in contents.questions]
    if len(asked) < len(choices) or any(isinstance(each, ChoicesQuestion) or not keys_of(each) for each in asked):
        return None
    found: list[Row] = []
    for picked in product(*([key for key in keys_of(each) if key not in denied_by(each)] for each in asked)):
        if len(found) == _MOST_ROWS:
            return None
        values = [_value(contents, amount, dict(zip(choices, picked, strict=True))) for amount in amounts]
        known = tuple(value for value in values if value is not None)
        if len(known) == len(values):
            found.append(Row(picked, known))
    return tuple(found)


def _value(contents: Contents, amount: Amount, picked: dict[str, str]) -> Fraction | None:
    if isinstance(amount, Fraction):
        return amount
    if amount in contents.constants:
        return contents.constants[amount].value
    table = contents.tables[amount]
    return table.rows.get(tuple(picked[by] for by in table.by), table.otherwise)


def check_amounts(contents: Contents) -> Iterator[Mistake]:
    """Weights that cannot be weights, limits that cross, totals and bands that a table spoils, keys without use."""
    for number, node in enumerate(contents.structure.nodes):
        path: Path = ("nodes", number)
        for place in range(len(node.children)):
            yield from _weight(contents, node, place, (*path, "children", place))
        yield from _total(contents, node, path)
        yield from _limits(contents, node, path)
        yield from _bands(contents, node, path)


def _weight(contents: Contents, node: Node, place: int, path: Path) -> Iterator[Mistake]:
    child = node.children[place]
    here = (*path, "weight")
    if child.reached_from is not None and node.aggregation not in REACHING:
        users = ", ".join(sorted(user.value for user in REACHING))
        told = {"key": "reached_from", "rule": node.aggregation.value, "users": users}
        yield contents.mistake("key-unused", (*path, "reached_from"), **told)
    if isinstance(child.weight, Fraction):
        if child.weight <= 0:
            yield contents.mistake("weight-not-above-zero", here, found=child.weight)
        return
    if _is_irrational(child.weight):
        yield contents.mistake("weight-irrational", here, id=child.of)
    for row in rows(contents, [child.weight]) or ():
        if row.values[0] < 0:
            yield contents.mistake("weight-negative", here, id=child.of, found=row.values[0], option=row.told)
            return


def _is_irrational(text: str) -> bool:
    try:
        return any(isinstance(part, Call) and part.function in _IRRATIONAL for part in walk(parse(text)))
    except FormulaMistaken:
        return False


def _total(contents: Contents, node: Node, path: Path) -> Iterator[Mistake]:
    """The weights against what they have to add up to, for every option where tables give them."""
    if node.weights_total is None:
        return
    here = (*path, "children")
    weights = [child.weight for child in node.children]
    if (known := rows(contents, weights)) is None:
        open_ones = ", ".join(child.of for child in node.children if rows(contents, [child.weight]) is None)
        yield contents.mistake("weights-total-open", (*path, "weights_total"), found=open_ones or "–")
        return
    for row in known:
        total = sum(row.values, Fraction(0))
        if total == node.weights_total:
            continue
        if row.options:
            told = {"found": total, "wanted": node.weights_total, "option": row.told}
            yield contents.mistake("weights-total-row", here, **told)
        else:
            yield contents.mistake("weights-total", here, found=total, wanted=node.weights_total)


def _limits(contents: Contents, node: Node, path: Path) -> Iterator[Mistake]:
    if node.least is None or node.most is None:
        return
    for row in rows(contents, [node.least, node.most]) or ():
        least, most = row.values
        if least > most:
            told = {"lower": "least", "least": least, "upper": "most", "most": most}
            yield contents.mistake("limits-cross", (*path, "least"), **told)
            return


def _bands(contents: Contents, node: Node, path: Path) -> Iterator[Mistake]:
    """Keys that only bands use, and tables that turn bands round. Bands with plain limits are looked at elsewhere."""
    if not node.bands:
        for key, default in (("boundary", Boundary.LOWER), ("bands_on", Node.model_fields["bands_on"].default)):
            if getattr(node, key) is not default:
                yield contents.mistake("key-needs-bands", (*path, key), key=key)
        return
    for place, (before, band) in enumerate(pairwise(node.bands), 1):
        if isinstance(before.lowest, Fraction) and isinstance(band.lowest, Fraction):
            continue
        for row in rows(contents, [before.lowest, band.lowest]) or ():
            if row.values[1] < row.values[0]:
                here = (*path, "bands", place, "from")
                told = {"band": band.id, "found": row.values[1], "before": row.values[0], "option": row.told}
                yield contents.mistake("bands-turned", here, **told)
                break
