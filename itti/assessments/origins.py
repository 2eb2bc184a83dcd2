"""How each number of a scorecard came about, for its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from itti.assessments.figures import decimal
from itti.web.visits import Visit
from questionnaires.model import Definition, Texts
from reports.amounts import Told, amounts
from reports.calculation import Block, Line
from scoring import NodeScore, RuleOutcome, Scorecard, Share, State, Why
from scoring.scorecard import STATED


@dataclass(frozen=True)
class Part:
    """What one child brought to a node."""

    title: str
    value: str
    weight: str
    part: str
    contribution: str
    counted: bool
    state: str


@dataclass(frozen=True)
class Override:
    """A rule that fired, and what it cost or gave."""

    title: str
    about: str
    kind: str
    value: tuple[str, str] | None
    """The value before and after it."""

    band: tuple[str, str] | None
    """The band before and after it."""


@dataclass(frozen=True)
class Explained:
    """One number with everything it was made from."""

    id: str
    title: str
    about: str
    value: str
    rule: str
    why: str
    stage: str
    """The last gate that was passed."""

    band: str
    """Its band, or the class of a profile."""

    is_profile: bool
    shares: tuple[Part, ...]
    overrides: tuple[Override, ...]
    amounts: tuple[Told, ...]
    """Weights and limits that follow from answers."""
    lines: tuple[Line, ...]
    """How it is worked out by hand; empty where that cannot be told."""


def explained(
    visit: Visit, node: NodeScore, card: Scorecard, definition: Definition, by_hand: Mapping[str, Block]
) -> Explained:
    """One node with its parts, the rules that cost something, and its working by hand."""
    texts = definition.words(visit.language)
    return Explained(
        id=node.id,
        title=texts.nodes[node.id].title,
        about=texts.nodes[node.id].about,
        value=of_node(visit, node),
        rule=visit.say(f"rule.{node.rule}"),
        why=visit.say(f"why.{node.why.value}") if node.why is not Why.NONE else "",
        stage=texts.rules[node.stage].title if node.stage else "",
        band=texts.bands[node.band].title if node.band else "",
        is_profile=node.is_profile,
        shares=tuple(_part(visit, share, card, texts) for share in node.shares),
        overrides=tuple(_override(rule, texts) for rule in node.rules if _changed(rule)),
        amounts=amounts(definition, node, visit.language),
        lines=by_hand[node.id].lines if node.id in by_hand else (),
    )


def _changed(rule: RuleOutcome) -> bool:
    """Whether a rule fired and cost something."""
    return rule.fired is True and (rule.before != rule.after or rule.band_before != rule.band_after)


def _override(rule: RuleOutcome, texts: Texts) -> Override:
    words = texts.rules[rule.id]
    value = (rule.before or "–", rule.after or "–") if rule.before != rule.after else None
    band = None
    if rule.band_before != rule.band_after and rule.band_before and rule.band_after:
        band = (texts.bands[rule.band_before].title, texts.bands[rule.band_after].title)
    return Override(words.title, words.about, rule.kind, value, band)


def _part(visit: Visit, share: Share, card: Scorecard, texts: Texts) -> Part:
    question = texts.questions.get(share.of)
    return Part(
        title=question.title if question else texts.nodes[share.of].title,
        value=_value(visit, share, card, is_question=question is not None),
        weight="–" if share.weight is None else decimal(share.weight, 2),
        part="–" if share.weight_used is None else f"{decimal(share.weight_used, 3, percent=True)} %",
        contribution="–" if share.contribution is None else decimal(share.contribution, 3),
        counted=share.counted,
        state="weightless" if share.weight == "0" else share.state.value,
    )


def _value(visit: Visit, share: Share, card: Scorecard, *, is_question: bool) -> str:
    if share.exact is not None and (is_question or share.state is not State.SCORED):
        return decimal(share.exact, 3)
    if share.state not in STATED or is_question:
        return "–"
    return stated(visit, card.node(share.of))


def stated(visit: Visit, node: NodeScore) -> str:
    """The value of a node as people read it, or that it has none."""
    if node.is_profile:
        return visit.say(f"question-state.{node.state.value}")
    return node.value or node.provisional or "–"


def of_node(visit: Visit, node: NodeScore) -> str:
    """The same with its unit."""
    shown = stated(visit, node)
    return f"{shown} {node.unit}" if node.unit and shown != "–" else shown
