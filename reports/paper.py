"""What stands on the paper: the outline with the facts of the report, ready for the template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.model import Definition, Rounding, Titled
from reports import method
from reports.amounts import Told, all_amounts
from reports.calculation import Block, calculation_of, tree
from reports.comparison import Compared, Moment, signed
from reports.further import Further, further, share_of
from reports.levered import Levered, levered
from reports.lists import answers_of, asked_by
from reports.outline import Dimension, Item, Measure, Outline, titles
from reports.own import SelfAssessment, self_assessment
from reports.planned import TimeLine
from reports.report import AnswerDetail, EvidenceItem, Report
from reports.scales import measured
from reports.steps import NextStep
from scoring import compile_plan
from scoring.scorecard import State

HOW_MANY = 3
"""Strongest, weakest and next steps shown in the summary."""


@dataclass(frozen=True, slots=True)
class Touched:
    """One part of another framework and the names of what touches the same subject."""

    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrosswalkTable:
    """How the dimensions relate to another framework: names only."""

    title: str
    about: str
    items: tuple[Touched, ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """One piece of evidence and the question it was handed in for."""

    number: str
    title: str
    file: EvidenceItem


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything the template prints."""

    content: Outline
    band: Titled | None
    strongest: tuple[Dimension, ...]
    weakest: tuple[Dimension, ...]
    next_steps: tuple[Dimension, ...]
    further: Further
    steps: tuple[NextStep, ...]
    """The first of the next steps at length: from which answer to which, and what that alone changes."""

    levers: Levered | None
    """The smallest sets of changes to the next level."""

    compared: tuple[Compared, ...]
    """What has a target or figures of the sector."""

    has_best: bool
    """True where best in class is known of any of them."""

    moments: tuple[Moment, ...]
    """The headline through time; none where nothing came before."""

    time_line: TimeLine | None
    own: SelfAssessment | None
    change: str | None
    """Change of the headline since the certificate before, signed; None where its version scores otherwise."""

    own_change: str | None
    answers: Mapping[str, AnswerDetail]
    evidence: tuple[Filed, ...]
    """All evidence, in the order of the paper."""

    inputs: Mapping[str, tuple[method.Input, ...]]
    """Question id → what its number rests on."""

    weights: tuple[method.WeightRow, ...]
    rules: tuple[method.RuleRow, ...]
    figures: tuple[method.Figure, ...]
    amounts: tuple[Told, ...]
    """Weights and limits that follow from answers, with what they came to."""

    left_out: method.LeftOut
    open: tuple[Item, ...]
    crosswalks: tuple[CrosswalkTable, ...]
    additive: bool
    """True where every number in the table of weights is a share of weight with a contribution that adds up."""

    calculation: tuple[tuple[int, Block, bool], ...]
    """How every number came about, node by node, with the depth in the tree and whether it stands above already."""

    rounded_otherwise: tuple[tuple[str, Rounding], ...]
    """Names of nodes that are stated in another way than the rest."""


def lay_out(report: Report, definition: Definition, language: str) -> Paper:
    """Put together what one paper says."""
    published, definition = definition, asked_by(definition, report)
    card = report.scorecard
    beyond = further(report, published, language)
    content, known, weakest, weights = beyond.content, beyond.known, beyond.weakest, beyond.weights
    shown = min(HOW_MANY, -(-len(known) // 2))
    own = self_assessment(report, definition, language)
    value = card.headline.value
    through_time = beyond.moments
    words = definition.words(language)
    return Paper(
        content=content,
        band=words.bands[card.headline.band] if card.headline.band else None,
        strongest=_strongest_first([each for each in known if content.levels_only or share_of(each) > 0], weights)[
            :shown
        ],
        weakest=tuple(each for each in weakest if content.levels_only or share_of(each) < 1)[:shown],
        next_steps=tuple(each for each in weakest if share_of(each) < 1 or each.weakest)[:HOW_MANY],
        further=beyond,
        steps=beyond.steps,
        levers=levered(report.levers, definition, content, language),
        compared=beyond.compared,
        has_best=beyond.has_best,
        moments=through_time,
        time_line=beyond.time_line,
        own=own,
        change=through_time[-1].change if through_time else signed(value, report.previous_value),
        own_change=signed(value, own.value) if own else None,
        answers={answer.question: answer for answer in report.answers},
        evidence=tuple(_filed(content, report)),
        inputs=_inputs(definition, content, report, language),
        weights=method.weights(definition, card, language),
        rules=method.rules(definition, card, language),
        figures=method.figures(definition, content, card, language),
        amounts=all_amounts(definition, card, language),
        left_out=method.left_out(definition, content),
        open=tuple(each for each in content.items if each.score.state is State.OPEN),
        crosswalks=_crosswalks(definition, language),
        additive=method.additive(definition),
        calculation=_calculation(report, published, definition, language),
        rounded_otherwise=tuple(
            (words.nodes[node.id].title, node.rounding)
            for node in definition.nodes
            if node.rounding is not None and node.rounding != definition.rounding
        ),
    )


def _filed(content: Outline, report: Report) -> Iterator[Filed]:
    files = {answer.question: answer.evidence for answer in report.answers}
    for item in (*content.items, *(item for section in content.sections for item in section.items)):
        for each in files.get(item.id, ()):
            yield Filed(item.number, item.title, each)


def _calculation(
    report: Report, published: Definition, definition: Definition, language: str
) -> tuple[tuple[int, Block, bool], ...]:
    answers = answers_of(report)
    cohort = report.scorecard.cohort
    plan = (compile_plan(published, cohort) if cohort is not None else measured(published).plan).unrolled(answers)
    blocks = calculation_of(definition, plan, answers, report.scorecard, language)
    return tuple(tree(definition, blocks)) if blocks else ()


def _strongest_first(known: Sequence[Dimension], weights: Mapping[str, Fraction]) -> tuple[Dimension, ...]:
    """Greatest share of its scale first; what has a part in the headline before what only has to be met."""
    return tuple(sorted(known, key=lambda each: (-share_of(each), not weights.get(each.id))))


def _inputs(
    definition: Definition, content: Outline, report: Report, language: str
) -> dict[str, tuple[method.Input, ...]]:
    items = (*content.items, *(item for section in content.sections for item in section.items))
    return {item.id: method.inputs(definition, content, item, report.scorecard, language) for item in items}


def _crosswalks(definition: Definition, language: str) -> tuple[CrosswalkTable, ...]:
    words = definition.words(language)
    return tuple(
        CrosswalkTable(
            words.crosswalks[each.id].title,
            words.crosswalks[each.id].about,
            tuple(
                Touched(
                    words.crosswalks[each.id].items[item.id], tuple(titles(definition, words, of) for of in item.of)
                )
                for item in each.items
            ),
        )
        for each in definition.crosswalks
    )


def lead_key(measure: Measure, band: Titled | None) -> str:
    """Which sentence opens the summary."""
    if measure.is_profile:
        return "paper.summary.lead.profile" if measure.score.is_stated else "paper.summary.lead.profile.open"
    ends = "" if measure.scale.is_bounded else ".open"
    if measure.score.value is not None:
        return f"paper.summary.lead{ends}" if band else f"paper.summary.lead.plain{ends}"
    if measure.score.provisional is not None:
        return f"paper.summary.lead.provisional{ends}"
    return "paper.summary.lead.none"
