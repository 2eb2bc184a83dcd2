"""Gates, stages and named overrides: what conditions do to the value and the band of a node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.enclosure import Enclosure, point
from scoring.facts import Reading
from scoring.formulas import truth
from scoring.plan import PlannedNode, PlannedRule


@dataclass(frozen=True, slots=True)
class Passed:
    """How far a cumulative node's gates were passed."""

    span: Enclosure
    stage: str | None
    """Id of the last gate that was surely passed."""

    known: bool


def passed(node: PlannedNode, reading: Reading) -> Passed:
    """The value of the last stage whose condition holds together with all before it."""
    sure, stage, known = node.below, None, True
    possible = [node.below]
    for gate in node.stages:
        opened = truth(gate.when, reading)
        if opened is False:
            break
        known = known and opened is True
        if known:
            sure, stage, possible = gate.value, gate.id, [gate.value]
        else:
            possible.append(gate.value)
    known = known or len(possible) == 1
    return Passed(Enclosure(min(possible), max(possible)) if not known else point(sure), stage, known)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule did."""

    rule: PlannedRule
    fired: bool | None
    """None: missing answers decide."""

    before: Enclosure
    after: Enclosure


def ruled(node: PlannedNode, value: Enclosure, reading: Reading) -> tuple[Enclosure, tuple[Outcome, ...]]:
    """The value after all rules in their order, with what each did. A rule that is still open changes nothing here."""
    outcomes: list[Outcome] = []
    for rule in node.rules:
        fired = fires(rule, reading)
        after = _overridden(rule, value) if fired else value
        outcomes.append(Outcome(rule, fired, value, after))
        value = after
    return value, tuple(outcomes)


def possibly_ruled(node: PlannedNode, span: Enclosure, reading: Reading) -> Enclosure:
    """All values that the rules can leave, whichever way the open ones fall."""
    for rule in node.rules:
        fired = fires(rule, reading)
        if fired is None:
            span = span.hull(_overridden(rule, span))
        elif fired:
            span = _overridden(rule, span)
    return span


def fires(rule: PlannedRule, reading: Reading) -> bool | None:
    """Whether the rule's condition makes it fire; None while missing answers decide."""
    holds = truth(rule.condition, reading)
    return None if holds is None else holds is rule.fires_on


def _overridden(rule: PlannedRule, value: Enclosure) -> Enclosure:
    if rule.to is not None:
        value = point(rule.to)
    return value.held(rule.at_least, rule.at_most)


def band_of(node: PlannedNode, printed: Fraction) -> str | None:
    """The last band that starts at or below the printed value: bands are half-open, so there is exactly one.

    Where a formula's lowest value is not known, the first band takes everything below it too.
    """
    reached = [band.id for band in node.bands if band.lowest <= printed]
    return reached[-1] if reached else next((band.id for band in node.bands), None)


def band_after(node: PlannedNode, band: str | None, fired: Sequence[PlannedRule]) -> str | None:
    """The band after every rule that fired, in their order."""
    order = [band.id for band in (reversed(node.bands) if node.less_is_better else node.bands)]
    if band is None:
        return None
    place = order.index(band)
    for rule in fired:
        place = lowered(rule, place, order)
    return order[place]


def lowered(rule: PlannedRule, place: int, order: Sequence[str]) -> int:
    """The place, counted from the worst, of the band that a rule leaves of the one at ``place``."""
    if rule.at_most_band is not None:
        place = min(place, order.index(rule.at_most_band))
    return max(0, place - (rule.bands_down or 0))
