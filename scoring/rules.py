"""Gates, stages and named overrides: what conditions do to the value and the band of a node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.amounts import PLAIN, Settling, settled_rule
from scoring.enclosure import Enclosure, point
from scoring.facts import Reading
from scoring.formulas import truth
from scoring.plan import PlannedBand, PlannedNode, PlannedRule
from scoring.quantities import compared
from scoring.rounding import Undecided


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
    sound: bool = True
    """False: it fires, but what it sets the value to has no number."""


def ruled(
    node: PlannedNode, value: Enclosure, fired_ones: Sequence[bool | None], reading: Reading
) -> tuple[Enclosure, tuple[Outcome, ...]]:
    """The value after all rules in their order, with what each did, from what :func:`all_fires` says of each of them.

    A rule that is still open changes nothing here.
    """
    outcomes: list[Outcome] = []
    for rule, fired in zip(node.rules, fired_ones, strict=True):
        amounts = PLAIN
        if fired:
            rule, amounts = settled_rule(rule, reading)  # noqa: PLW2901 - the same rule, in numbers
            fired = True if amounts.known or not amounts.sound else None  # noqa: PLW2901
        after = overridden(rule, value) if fired and amounts.sound else value
        outcomes.append(Outcome(rule, fired, value, after, amounts.sound))
        value = after
    return value, tuple(outcomes)


def possibly_ruled(
    node: PlannedNode, span: Enclosure, fired_ones: Sequence[bool | None], reading: Reading
) -> tuple[Enclosure, Settling]:
    """All values that the rules can leave, whichever way the open ones fall, and how far all that is known.

    ``fired_ones`` is what :func:`all_fires` says.
    """
    known, sound, loose = True, True, False
    for each, fired in zip(node.rules, fired_ones, strict=True):
        if fired is False:
            continue
        rule, amounts = settled_rule(each, reading)
        known = known and fired is True and amounts.known
        loose = loose or amounts.loose or not amounts.sound
        if fired and not amounts.sound:
            sound = False
        elif amounts.sound:
            after = overridden(rule, span)
            span = after if fired else span.hull(after)
    return span, Settling(known, sound, loose)


def all_fires(node: PlannedNode, reading: Reading) -> list[bool | None]:
    """Whether each rule's condition makes it fire, in their order."""
    return [fires(rule, reading) for rule in node.rules]


def fires(rule: PlannedRule, reading: Reading) -> bool | None:
    """Whether the rule's condition makes it fire; None while missing answers decide."""
    holds = truth(rule.condition, reading)
    return None if holds is None else holds is rule.fires_on


def overridden(rule: PlannedRule, value: Enclosure) -> Enclosure:
    """The value after a rule that fires, with its amounts in numbers."""
    if rule.to is not None:
        value = rule.to
    return value.held(rule.at_least, rule.at_most)


def band_of(node: PlannedNode, bands: Sequence[PlannedBand], value: Enclosure, *, last: bool) -> str | None:
    """The last band whose limit the value has reached: bands are half-open, so there is exactly one.

    Where a formula's lowest value is not known, the first band takes everything below it too.

    Args:
        node: whose bands they are.
        bands: the same with their limits in numbers.
        value: what the node says decides, the stated value or the exact one.
        last: no more bits will come; what cannot be told from a limit is taken for the limit itself.

    Raises:
        Undecided: the value cannot be told from a limit yet.
    """
    operator = ">" if node.boundary_is_upper else ">="
    found = next((band.id for band in bands), None)
    for band in bands:
        reached = compared(operator, value, band.lowest)
        if reached is None and not last:
            raise Undecided
        if reached or (reached is None and operator == ">="):
            found = band.id
    return found


def band_after(node: PlannedNode, band: str | None, fired: Sequence[PlannedRule]) -> str | None:
    """The band after every rule that fired, in their order."""
    order = [band.id for band in (reversed(node.bands) if node.less_is_better else node.bands)]
    if band is None:
        return None
    place = order.index(band)
    for rule in fired:
        place = moved(rule, place, order)
    return order[place]


def moved(rule: PlannedRule, place: int, order: Sequence[str]) -> int:
    """The place, counted from the worst, of the band that a rule makes of the one at ``place``."""
    if rule.at_most_band is not None:
        place = min(place, order.index(rule.at_most_band))
    if rule.at_least_band is not None:
        place = max(place, order.index(rule.at_least_band))
    return min(max(0, place - (rule.bands_down or 0) + (rule.bands_up or 0)), len(order) - 1)
