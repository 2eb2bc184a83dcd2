"""What stands on the paper: the outline with the facts of the report, ready for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from questionnaires.model import Definition, Rounding, RoundingMode, Titled
from reports.outline import Dimension, Measure, Outline, outline, weight_in_index
from reports.report import AnswerDetail, Report
from scoring import LevelAnswer, NotApplicableAnswer, compile_plan, score
from scoring.answers import Answer
from scoring.rounding import stated
from scoring.scorecard import State

HOW_MANY = 3
"""Strongest, weakest and next steps shown in the summary."""

_TENTH = Rounding(places=1, mode=RoundingMode.HALF_UP)


@dataclass(frozen=True, slots=True)
class SelfAssessment:
    """How the assessment compares with what the factory said of itself."""

    levels: Mapping[str, int]
    value: str | None
    """Headline index by the factory's own levels; None when it did not answer everything."""

    higher: int
    same: int
    lower: int


@dataclass(frozen=True, slots=True)
class WeightRow:
    """One line of the table of weights."""

    node: Titled
    rule: str
    title: str
    weight: str
    """Per cent, one decimal."""

    value: str
    contribution: str
    first: bool
    span: int


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything the template prints."""

    content: Outline
    band: Titled | None
    strongest: tuple[Dimension, ...]
    weakest: tuple[Dimension, ...]
    next_steps: tuple[Dimension, ...]
    own: SelfAssessment | None
    change: str | None
    """Change of the headline since the certificate before, signed."""

    own_change: str | None
    answers: Mapping[str, AnswerDetail]
    weights: tuple[WeightRow, ...]
    excluded: tuple[Dimension, ...]
    open: tuple[Dimension, ...]


def lay_out(report: Report, definition: Definition, language: str) -> Paper:
    """Put together what one paper says."""
    card = report.scorecard
    content = outline(definition, card, language)
    known = [dimension for dimension in content.dimensions if dimension.share is not None]
    weakest = _weakest_first(known, weight_in_index(card))
    own = _self_assessment(report, definition)
    value = card.headline.value
    words = definition.words(language)
    return Paper(
        content=content,
        band=words.bands[card.headline.band] if card.headline.band else None,
        strongest=tuple(sorted(known, key=lambda each: -_share(each))[:HOW_MANY]),
        weakest=weakest[:HOW_MANY],
        next_steps=weakest[:HOW_MANY],
        own=own,
        change=_signed(report.previous_value, value),
        own_change=_signed(own.value, value) if own else None,
        answers={answer.question: answer for answer in report.answers},
        weights=_weights(report, definition, language),
        excluded=tuple(each for each in content.dimensions if each.score.state is State.NOT_APPLICABLE),
        open=tuple(each for each in content.dimensions if each.score.state is State.OPEN),
    )


def _share(dimension: Dimension) -> Fraction:
    return dimension.share if dimension.share is not None else Fraction(0)


def _weakest_first(known: Sequence[Dimension], weights: Mapping[str, Fraction]) -> tuple[Dimension, ...]:
    """Lowest level first; where levels are equal, the dimension that weighs more in the headline."""
    return tuple(sorted(known, key=lambda each: (_share(each), -weights[each.id])))


def _self_assessment(report: Report, definition: Definition) -> SelfAssessment | None:
    levels = {answer.question: answer.self_level for answer in report.answers if answer.self_level is not None}
    if not levels:
        return None
    pairs = [
        (answer.level, levels[answer.question])
        for answer in report.answers
        if answer.level is not None and answer.question in levels
    ]
    answers: dict[str, Answer] = {name: LevelAnswer(level=level) for name, level in levels.items()}
    for answer in report.answers:
        if answer.not_applicable and answer.question not in answers and answer.reason.strip():
            answers[answer.question] = NotApplicableAnswer(reason=answer.reason)
    return SelfAssessment(
        levels=levels,
        value=score(compile_plan(definition), answers).headline.value,
        higher=sum(level > own for level, own in pairs),
        same=sum(level == own for level, own in pairs),
        lower=sum(level < own for level, own in pairs),
    )


def _signed(before: str | None, after: str | None) -> str | None:
    """``after - before`` with its sign, exact in decimals."""
    if before is None or after is None:
        return None
    change = Decimal(after) - Decimal(before)
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    return f"{sign}{abs(change)}"


def _weights(report: Report, definition: Definition, language: str) -> tuple[WeightRow, ...]:
    words = definition.words(language)
    rows: list[WeightRow] = []
    wanted = _indices(definition)
    for identifier in wanted:
        node = report.scorecard.node(identifier)
        for place, share in enumerate(node.shares):
            title = words.nodes[share.of].title if share.of in words.nodes else words.questions[share.of].title
            rows.append(
                WeightRow(
                    node=words.nodes[identifier],
                    rule=node.rule,
                    title=title,
                    weight=stated(Fraction(share.weight_used) * 100, _TENTH),
                    value=_decimal(share.exact, definition.rounding),
                    contribution=_decimal(share.contribution, definition.rounding),
                    first=place == 0,
                    span=len(node.shares),
                )
            )
    return tuple(rows)


def _indices(definition: Definition) -> list[str]:
    """The headline and every node between it and the categories, from the top down."""
    found: list[str] = []
    waiting = [definition.index]
    while waiting:
        identifier = waiting.pop(0)
        node = definition.node(identifier)
        if node is None or identifier in found or identifier in definition.categories:
            continue
        found.append(identifier)
        waiting.extend(child.of for child in node.children)
    return found


def _decimal(exact: str | None, rounding: Rounding) -> str:
    return "–" if exact is None else stated(Fraction(exact), rounding)


def lead_key(measure: Measure, band: Titled | None) -> str:
    """Which sentence opens the summary."""
    if measure.score.value is not None:
        return "paper.summary.lead" if band else "paper.summary.lead.plain"
    return "paper.summary.lead.provisional" if measure.score.provisional is not None else "paper.summary.lead.none"
