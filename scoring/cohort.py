"""What follows from many scorecards together: places in a ranking, sums over several assessments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.model import Definition, RollUp
from scoring.answers import Answers
from scoring.enclosure import total
from scoring.facts import Reading
from scoring.members import Conditions, read
from scoring.plan import Plan
from scoring.ranking import Placed, rank
from scoring.rounding import stated_of, written

__all__ = ["Differing", "Group", "Placed", "Summed", "rank", "roll_up"]


@dataclass(frozen=True, slots=True)
class Summed:
    """One figure added up over a group."""

    of: str
    value: str | None
    """The sum, rounded as the definition says; None where nobody states the figure."""

    exact: str | None
    counted: tuple[str, ...]
    """Who states the figure."""

    without: tuple[str, ...]
    """Who does not; a missing figure is never a zero."""

    left_out: Mapping[str, tuple[str, ...]]
    """What the definition leaves out of this figure (id) → whose figure that is."""


@dataclass(frozen=True, slots=True)
class Differing:
    """A question that ought to have one answer throughout a group, and has several: sums are then not comparable."""

    of: str
    answers: Mapping[str, tuple[str, ...]]
    """Answer → who gave it."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a roll-up, such as one edition."""

    by: str | None
    """Option id that the group has in common; None: no grouping, or no answer to it."""

    sums: tuple[Summed, ...]
    differing: tuple[Differing, ...]


def roll_up(definition: Definition, plan: Plan, name: str, cohort: Mapping[str, Answers]) -> tuple[Group, ...]:
    """The sums of a roll-up for each group, in the order of the options that tell groups apart.

    Raises:
        KeyError: the definition has no such roll-up.
        scoring.errors.AnswersRefused: somebody's answers cannot be scored.
    """
    rule = {each.id: each for each in definition.roll_ups}[name]
    conditions = Conditions(definition, plan, {each.id: each.when for each in rule.left_out})
    told = {member: read(plan, answers, conditions) for member, answers in cohort.items()}
    facts = {member: reading for member, (reading, _) in told.items()}
    left_out = {
        (each.of, member): each.id
        for each in reversed(rule.left_out)
        for member, (_, holds) in told.items()
        if holds[each.id] is not False
    }
    groups: dict[str | None, list[str]] = {}
    for member in sorted(cohort):
        groups.setdefault(_picked(rule, facts[member]), []).append(member)
    order = [option.id for option in getattr(definition.question(rule.by or ""), "options", ())]
    ways = sorted(groups, key=lambda by: (by is None, order.index(by) if by in order else 0))
    return tuple(
        Group(
            by,
            tuple(
                _summed(definition, of, {member: facts[member] for member in groups[by]}, left_out) for of in rule.sums
            ),
            tuple(
                found
                for of in rule.same
                if (found := _differing(of, {member: cohort[member] for member in groups[by]})) is not None
            ),
        )
        for by in ways
    )


def _picked(rule: RollUp, reading: Reading) -> str | None:
    if rule.by is None:
        return None
    fact = reading.facts[rule.by]
    return next(iter(fact.picked), None) if fact.picked else None


def _summed(
    definition: Definition, of: str, facts: Mapping[str, Reading], left_out: Mapping[tuple[str, str], str]
) -> Summed:
    stated = {
        member: fact.number
        for member, each in facts.items()
        if (fact := each.facts[of]).known and fact.number is not None
    }
    without = tuple(member for member in facts if member not in stated)
    left: dict[str, tuple[str, ...]] = {}
    for member in stated:
        if (why := left_out.get((of, member))) is not None:
            left[why] = (*left.get(why, ()), member)
    known = {member: value for member, value in stated.items() if (of, member) not in left_out}
    if not known:
        return Summed(of, None, None, (), without, left)
    value = total(known.values())
    node = definition.node(of)
    rounding = node.rounding if node and node.rounding else definition.rounding
    return Summed(of, stated_of(value, rounding, last=True), written(value), tuple(known), without, left)


def _differing(of: str, cohort: Mapping[str, Answers]) -> Differing | None:
    found: dict[str, list[str]] = {}
    for member, answers in cohort.items():
        if of in answers:
            found.setdefault(answers[of].text, []).append(member)
    if len(found) < 2:
        return None
    return Differing(of, {answer: tuple(members) for answer, members in sorted(found.items())})
