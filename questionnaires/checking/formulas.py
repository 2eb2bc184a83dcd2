"""Formulas: where they stand, and that each fits the definition around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from questionnaires.belonging import around, members
from questionnaires.checking.amounts import amounts_in
from questionnaires.checking.contents import Contents
from questionnaires.formula import tree
from questionnaires.formula.inlining import DEEPEST, MOST_PARTS
from questionnaires.formula.kinds import AnyUnit, Scope, check
from questionnaires.formula.parsing import parse
from questionnaires.formula.problems import FormulaMistaken
from questionnaires.mistakes import Mistake
from questionnaires.model import ComputedQuestion, LinearCurve, LogCurve, Node, NumberQuestion, Question, Structure
from questionnaires.places import Path


@dataclass(frozen=True, slots=True)
class Stated:
    """A formula as it stands in a definition."""

    path: Path
    owner: str
    """Id of the question or node that rests on it; of the ranking or place, for who takes part; of what is left out."""

    text: str
    truth: bool
    """True: a condition; False: a number."""

    unit: str | AnyUnit | None = None
    """The unit its result has to have."""

    within: frozenset[str] | None = None
    """The only questions and nodes it may name; None: any."""


def counted_unit(question: Question) -> str | None:
    """The unit in which a question counts towards a node: that of a raw number; a curve's worth has none."""
    if isinstance(question, NumberQuestion | ComputedQuestion) and question.curve is None:
        return question.unit
    return None


def stated(structure: Structure) -> Iterator[Stated]:
    """Every formula of a structure, in reading order."""
    for number, question in enumerate(structure.questions):
        path: Path = ("questions", number)
        if question.applies_when is not None:
            yield Stated((*path, "applies_when"), question.id, question.applies_when, truth=True)
        if isinstance(question, ComputedQuestion):
            yield Stated((*path, "formula"), question.id, question.formula, truth=False, unit=question.unit)
        if isinstance(question, NumberQuestion | ComputedQuestion) and isinstance(
            question.curve, LinearCurve | LogCurve
        ):
            for key, amount in (("base", question.curve.base), ("lead", question.curve.lead)):
                if isinstance(amount, str):
                    yield Stated((*path, "curve", key), question.id, amount, truth=False, unit=question.unit)
    asked = frozenset(question.id for question in structure.questions)
    for number, contradiction in enumerate(structure.contradictions):
        path = ("contradictions", number, "when")
        yield Stated(path, contradiction.id, contradiction.when, truth=True, within=asked)
    for number, condition in enumerate(structure.conditions):
        yield Stated(("conditions", number, "when"), condition.id, condition.when, truth=True)
    units, listed = _units(structure), members(structure)
    for number, node in enumerate(structure.nodes):
        yield from _of_node(node, ("nodes", number), listed)
        for placed in amounts_in(node, ("nodes", number), units.get):
            yield Stated(placed.path, node.id, placed.text, truth=False, unit=placed.unit)
    for number, ranking in enumerate(structure.rankings):
        if ranking.eligible is not None:
            yield Stated(("rankings", number, "eligible"), ranking.id, ranking.eligible, truth=True)
        for place, each in enumerate(ranking.places):
            if each.eligible is not None:
                path = ("rankings", number, "places", place, "eligible")
                yield Stated(path, each.id, each.eligible, truth=True)
    for number, figure in enumerate(structure.cohort_figures):
        if figure.when is not None:
            yield Stated(("cohort_figures", number, "when"), figure.id, figure.when, truth=True)
    for number, roll_up in enumerate(structure.roll_ups):
        for place, left_out in enumerate(roll_up.left_out):
            path = ("roll_ups", number, "left_out", place, "when")
            yield Stated(path, left_out.id, left_out.when, truth=True)


def _units(structure: Structure) -> dict[str, str | None]:
    """Question or node → the unit in which it counts."""
    units = {node.id: node.unit for node in structure.nodes}
    return units | {question.id: counted_unit(question) for question in structure.questions}


def _of_node(node: Node, path: Path, listed: Mapping[str, str]) -> Iterator[Stated]:
    own = frozenset(child.of for child in node.children)
    own |= {of for child in own for of in around(listed.get(child), listed)}
    if node.applies_when is not None:
        yield Stated((*path, "applies_when"), node.id, node.applies_when, truth=True)
    if node.formula is not None:
        yield Stated((*path, "formula"), node.id, node.formula, truth=False, unit=node.unit, within=own)
    for place, child in enumerate(node.children):
        if child.counts_when is not None:
            yield Stated((*path, "children", place, "counts_when"), node.id, child.counts_when, truth=True)
    for place, stage in enumerate(node.stages):
        yield Stated((*path, "stages", place, "when"), node.id, stage.when, truth=True, within=own)
    for place, each in enumerate(node.classes):
        if each.when is not None:
            yield Stated((*path, "classes", place, "when"), node.id, each.when, truth=True, within=own)
    for place, rule in enumerate(node.rules):
        for key, text in (("when", rule.when), ("unless", rule.unless)):
            if text is not None:
                yield Stated((*path, "rules", place, key), node.id, text, truth=True)


@lru_cache(maxsize=4096)
def named_in(text: str) -> frozenset[str]:
    """Ids that a formula names; none where it cannot be read."""
    try:
        return tree.names(parse(text))
    except FormulaMistaken:
        return frozenset()


def check_formulas(contents: Contents) -> Iterator[Mistake]:
    """Formulas that cannot be read, name what they may not, or mix what does not go together."""
    scope = Scope.of(contents.structure)
    yield from _too_many_conditions(contents)
    for formula in stated(contents.structure):
        try:
            check(formula.text, scope, "truth" if formula.truth else "number", formula.unit, formula.within)
        except FormulaMistaken as found:
            for problem in found.problems:
                yield contents.mistake(problem.code, formula.path, **problem.details)


def _too_many_conditions(contents: Contents) -> Iterator[Mistake]:
    """Conditions of conditions that come to more than anybody can mean; a circle is told elsewhere."""
    texts = contents.structure.named_conditions
    inner = {
        name: [part.id for part in _parts_of(when) if isinstance(part, tree.Name) and part.id in texts]
        for name, when in texts.items()
    }
    sizes: dict[str, tuple[int, int]] = {}

    def size(identifier: str, above: tuple[str, ...]) -> tuple[int, int]:
        """How many conditions one comes to, and how deep they lie."""
        if identifier in above:
            return 0, 0
        if len(above) > DEEPEST:
            return 0, len(above)
        if identifier not in sizes:
            below = [size(one, (*above, identifier)) for one in inner[identifier]]
            deep = 1 + max((depth for _, depth in below), default=0)
            sizes[identifier] = min(1 + sum(count for count, _ in below), 2 * MOST_PARTS), deep
        return sizes[identifier]

    for number, condition in enumerate(contents.structure.conditions):
        count, deep = size(condition.id, ())
        if count > MOST_PARTS or deep > DEEPEST:
            details = {"limit": MOST_PARTS, "deepest": DEEPEST}
            yield contents.mistake("conditions-too-many", ("conditions", number, "when"), **details)


def _parts_of(text: str) -> Iterator[tree.Expression]:
    try:
        yield from tree.walk(parse(text))
    except FormulaMistaken:
        return
