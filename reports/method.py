"""How the score was made, as tables: weights and contributions, rules, figures, what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from questionnaires import wording
from questionnaires.formula.inlining import parsed
from questionnaires.formula.tree import names
from questionnaires.model import (
    Aggregation,
    CohortFigure,
    ComputedQuestion,
    Definition,
    Inapplicable,
    NumberQuestion,
    Rounding,
    RoundingMode,
    Statistic,
    Texts,
    Titled,
)
from reports import numbers
from reports.outline import Item, Outline, titles
from scoring import looked_up
from scoring.enclosure import point, root
from scoring.figures import GroupFigure, TakenFigure
from scoring.rounding import stated
from scoring.scorecard import NodeScore, Scorecard, Share, State, Why, figure_for

_TENTH: Final = Rounding(places=1, mode=RoundingMode.HALF_UP)

_SIX: Final = Rounding(places=6, mode=RoundingMode.DOWN)

_SHARES: Final = frozenset(
    {
        Aggregation.MEAN,
        Aggregation.WEIGHTED_MEAN,
        Aggregation.GEOMETRIC,
        Aggregation.HARMONIC,
        Aggregation.SHARE,
        Aggregation.SHARE_REACHED,
    }
)
"""Aggregations in which each part has a share of the weight; a sum multiplies, the others know no weights."""


@dataclass(frozen=True, slots=True)
class WeightRow:
    """One line of the table of weights."""

    node: Titled
    rule: str
    title: str
    weight: str
    """Per cent with one decimal, a factor, or a dash."""

    value: str
    contribution: str
    first: bool


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of the definition, and whether it fired here."""

    title: str
    about: str
    kind: str
    node: str
    fired: bool | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A constant, the row of a table that the answers pick, or a named condition, as it was used."""

    title: str
    about: str
    value: str
    picked: str
    """The option that picked it, or how many a figure of the cohort is taken of; empty for a constant."""

    certainty: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """What the formula or curve of a number rests on."""

    title: str
    value: str


def weights(definition: Definition, card: Scorecard, language: str) -> tuple[WeightRow, ...]:
    """Of the headline, of what lies between it and the categories, and of categories that are more than a mean."""
    words = definition.words(language)
    rows: list[WeightRow] = []
    for identifier in _explained(definition):
        node = card.node(identifier)
        declared = definition.node(identifier)
        rounding = (declared.rounding if declared else None) or definition.rounding
        for place, share in enumerate(node.shares):
            rows.append(
                WeightRow(
                    node=words.nodes[identifier],
                    rule=node.rule,
                    title=titles(definition, words, share.of),
                    weight=_weight(node, share),
                    value=_decimal(share.exact, definition.rounding),
                    contribution=_decimal(
                        share.contribution,
                        Rounding(places=max(rounding.places, definition.rounding.places), mode=rounding.mode),
                    ),
                    first=place == 0,
                )
            )
    return tuple(rows)


def _weight(node: NodeScore, share: Share) -> str:
    aggregation = Aggregation(node.rule)
    if share.weight_used is None or (not share.counted and aggregation not in _SHARES):
        return "–"
    if aggregation is Aggregation.SUM:
        return f"× {numbers.plain(Fraction(share.weight_used))}"
    return f"{stated(Fraction(share.weight_used) * 100, _TENTH)} %" if aggregation in _SHARES else "–"


def _explained(definition: Definition) -> list[str]:
    found: list[str] = []
    waiting = [definition.index, *definition.sub_indices]
    while waiting:
        identifier = waiting.pop(0)
        node = definition.node(identifier)
        if node is None or identifier in found:
            continue
        if identifier in definition.categories and identifier != definition.index:
            continue
        found.append(identifier)
        waiting.extend(child.of for child in node.children if identifier not in definition.categories)
    declared = {node.id: node for node in definition.nodes}
    more = [name for name in definition.categories if declared[name].aggregation is not Aggregation.MEAN]
    return list(dict.fromkeys([*found, *more]))


def additive(definition: Definition) -> bool:
    """True where the table of weights holds means only: weight times value adds up to the value."""
    nodes = {node.id: node for node in definition.nodes}
    means = {Aggregation.MEAN, Aggregation.WEIGHTED_MEAN}
    return all(nodes[name].aggregation in means for name in _explained(definition))


def _decimal(exact: str | None, rounding: Rounding) -> str:
    number = numbers.fraction(exact)
    return "–" if number is None else numbers.grouped(stated(number, rounding))


def rules(definition: Definition, card: Scorecard, language: str) -> tuple[RuleRow, ...]:
    """Every rule of the definition, in the order of its nodes from the headline down."""
    words = definition.words(language)
    return tuple(
        RuleRow(
            words.rules[rule.id].title, words.rules[rule.id].about, rule.kind, words.nodes[node.id].title, rule.fired
        )
        for node in reversed(card.nodes)
        for rule in node.rules
    )


def figures(definition: Definition, content: Outline, card: Scorecard, language: str) -> tuple[Figure, ...]:
    """Constants, figures of the cohort, the rows of tables that the answers pick, and conditions by their names."""
    words = definition.words(language)
    certain = {source.id: source.certainty for source in definition.sources}

    def certainty(sources: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(certain[source] for source in sources))

    found = [
        Figure(
            words.figures[constant.id].title,
            words.figures[constant.id].about,
            numbers.with_unit(numbers.grouped(numbers.plain(constant.value, 9)), constant.unit),
            "",
            certainty(constant.sources),
        )
        for constant in definition.constants
    ]
    items = _by_id(content)
    for figure in definition.cohort_figures:
        text, given = words.figures[figure.id], figure_for(figure, card)
        printed, over = "–", ""
        if given is not None and given.value is not None:
            printed = numbers.with_unit(numbers.grouped(_taken(given)), _unit(definition, figure))
            over = _over(given, list(_common(figure, given, items, card, words)), language)
        found.append(Figure(text.title, text.about, printed, over, certainty(figure.sources)))
    for table in definition.tables:
        value = looked_up(table, card)
        if value is not None and all(by in items or by in words.nodes for by in table.by):
            text = words.figures[table.id]
            printed = numbers.with_unit(numbers.grouped(numbers.plain(value, 9)), table.unit)
            told = [items[by].answer or "" if by in items else _came_to(card, words, by) for by in table.by]
            picked = wording.say("reports", "list.separator", language).join(told)
            found.append(Figure(text.title, text.about, printed, picked, certainty(table.sources)))
    for condition in definition.conditions:
        text = words.figures[condition.id]
        found.append(Figure(text.title, text.about, condition.when, "", certainty(condition.sources)))
    return tuple(found)


def _over(given: TakenFigure, common: Sequence[str], language: str) -> str:
    """Of how many members a figure is taken, and what they have in common with who is assessed."""
    part = given.counted if given.part is None else given.part
    key = "paper.figures.cohort" if given.part is None else "paper.figures.part"
    told = [wording.say("reports", key, language, count=part, all=given.counted)]
    if isinstance(given, GroupFigure):
        told = [*common, *told] if common else [wording.say("reports", "paper.figures.everybody", language), *told]
    return wording.say("reports", "list.separator", language).join(told)


def _common(
    figure: CohortFigure, given: TakenFigure, items: Mapping[str, Item], card: Scorecard, words: Texts
) -> Iterator[str]:
    """The answers, bands and classes that all have in common of whom the figure of a group is taken."""
    over = given.over if isinstance(given, GroupFigure) else None
    for by in figure.by[: len(over or ())]:
        if by in items:
            yield items[by].answer or ""
        elif by in words.nodes:
            yield _came_to(card, words, by)


def _came_to(card: Scorecard, words: Texts, node: str) -> str:
    """The band or class of a node, or else its value."""
    score = card.node(node)
    return words.bands[score.band].title if score.band else score.value or ""


def _taken(figure: TakenFigure) -> str:
    """A figure of the cohort as people read it; of a root its first decimals."""
    if figure.square is None:
        return numbers.plain(figure.number or Fraction(0), 9)
    enclosed = root(point(figure.square), 2, 64)
    return stated((enclosed and enclosed.low) or Fraction(0), _SIX) + "…"


def _unit(definition: Definition, figure: CohortFigure) -> str | None:
    thing = definition.question(figure.of) or definition.node(figure.of)
    return None if figure.figure is Statistic.COUNT else getattr(thing, "unit", None)


def inputs(definition: Definition, content: Outline, item: Item, card: Scorecard, language: str) -> tuple[Input, ...]:
    """What the number of ``item`` and its curve rest on: the named questions, nodes, constants and tables."""
    question = item.question
    if not isinstance(question, (ComputedQuestion, NumberQuestion)):
        return ()
    words, items = definition.words(language), _by_id(content)
    nodes = {node.id: node for node in card.nodes}
    known = {figure.title: figure.value for figure in figures(definition, content, card, language)}
    found = []
    for name in _named(question, definition.named_conditions):
        if name in items:
            value = items[name].answer
            value = value or wording.say("reports", f"state.{items[name].score.state.value}.short", language)
            found.append(Input(items[name].title, value))
        elif name in nodes:
            found.append(Input(words.nodes[name].title, nodes[name].value or "–"))
        elif name in words.figures:
            found.append(Input(words.figures[name].title, known.get(words.figures[name].title, "–")))
    curve = question.curve
    for end in ("base", "lead"):
        amount = getattr(curve, end, None)
        if isinstance(amount, Fraction):
            printed = numbers.with_unit(numbers.grouped(numbers.plain(amount, 6)), question.unit)
            found.append(Input(wording.say("reports", f"paper.curve.{end}", language), printed))
    return tuple(found)


def _named(question: ComputedQuestion | NumberQuestion, conditions: Mapping[str, str]) -> Iterator[str]:
    """Names in the formula and in the ends of the curve, in the order they are written, each once."""
    formulas = [question.formula] if isinstance(question, ComputedQuestion) else []
    formulas += [
        end
        for end in (getattr(question.curve, "base", None), getattr(question.curve, "lead", None))
        if isinstance(end, str)
    ]
    named = [sorted(names(parsed(formula, conditions)), key=formula.find) for formula in formulas]
    yield from dict.fromkeys(name for some in named for name in some)


def _by_id(content: Outline) -> Mapping[str, Item]:
    return {item.id: item for item in (*content.items, *(item for each in content.sections for item in each.items))}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The questions below the categories that do not apply, by what that means."""

    excluded: tuple[Item, ...]
    """Somebody said so, with a reason; they leave the denominator."""

    counted: tuple[Item, ...]
    """The same, but the definition counts them with the end of their scale."""

    not_asked: tuple[Item, ...]
    """A condition of the definition does not hold, so nobody was asked."""


def left_out(definition: Definition, content: Outline) -> LeftOut:
    """What was left out of the score, and what counts although it does not apply."""
    kept = {
        child.of
        for node in definition.nodes
        for child in node.children
        if (child.not_applicable or node.not_applicable) is not Inapplicable.EXCLUDE
    }
    absent = [item for item in content.items if item.score.state is State.NOT_APPLICABLE]
    said = [item for item in absent if item.score.why is Why.NONE]
    return LeftOut(
        excluded=tuple(item for item in said if item.id not in kept),
        counted=tuple(item for item in absent if item.id in kept),
        not_asked=tuple(item for item in absent if item.score.why is not Why.NONE and item.id not in kept),
    )
