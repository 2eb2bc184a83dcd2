"""What follows from many scorecards together: places in a ranking, sums over several assessments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.formula.tree import Expression
from questionnaires.model import Better, Definition, Ranking, RollUp, Ties
from scoring.answers import Answers
from scoring.compiling import lowered
from scoring.enclosure import Enclosure, total
from scoring.exact import FIRST_BITS, MOST_BITS, facts_of
from scoring.facts import Reading
from scoring.formulas import truth
from scoring.plan import Plan
from scoring.rounding import Undecided, stated_of, written


@dataclass(frozen=True, slots=True)
class Placed:
    """One member of a cohort in a ranking."""

    member: str
    value: str | None
    """The ranked value, exact; None without one."""

    rank: int | None
    """1 for the best; equal values share the best of their ranks. None: takes no part."""

    place: str | None
    """Id of the place; None: takes no part."""


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


def rank(definition: Definition, plan: Plan, ranking: str, cohort: Mapping[str, Answers]) -> tuple[Placed, ...]:
    """Everybody's place in a ranking, best first, then those who take no part.

    A place holds at most floor(share × number of those taking part), counted from the top; what ties do to that
    the definition says. Members are ordered by value, equal ones by name, so the result does not depend on order.

    Raises:
        KeyError: the definition has no such ranking.
        scoring.errors.AnswersRefused: somebody's answers cannot be scored.
    """
    rule = {each.id: each for each in definition.rankings}[ranking]
    condition = None if rule.eligible is None else lowered(rule.eligible, definition, "truth")
    values: dict[str, Enclosure] = {}
    for member, answers in cohort.items():
        value = _eligible_value(rule, condition, plan, answers)
        if value is not None:
            values[member] = value
    node = definition.node(rule.of)
    sign = 1 if node is not None and node.better is Better.LESS else -1
    ordered = sorted(values, key=lambda member: (sign * _middle(values[member]), member))
    placed = [
        Placed(
            member, written(values[member]), _rank_of(member, ordered, values), _place(rule, member, ordered, values)
        )
        for member in ordered
    ]
    return (*placed, *(Placed(member, None, None, None) for member in sorted(cohort) if member not in values))


def roll_up(definition: Definition, plan: Plan, name: str, cohort: Mapping[str, Answers]) -> tuple[Group, ...]:
    """The sums of a roll-up for each group, in the order of the options that tell groups apart.

    Raises:
        KeyError: the definition has no such roll-up.
        scoring.errors.AnswersRefused: somebody's answers cannot be scored.
    """
    rule = {each.id: each for each in definition.roll_ups}[name]
    facts = {member: facts_of(plan, answers, FIRST_BITS) for member, answers in cohort.items()}
    groups: dict[str | None, list[str]] = {}
    for member in sorted(cohort):
        groups.setdefault(_picked(rule, facts[member]), []).append(member)
    order = [option.id for option in getattr(definition.question(rule.by or ""), "options", ())]
    ways = sorted(groups, key=lambda by: (by is None, order.index(by) if by in order else 0))
    return tuple(
        Group(
            by,
            tuple(_summed(definition, of, {member: facts[member] for member in groups[by]}) for of in rule.sums),
            tuple(
                found
                for of in rule.same
                if (found := _differing(of, {member: cohort[member] for member in groups[by]})) is not None
            ),
        )
        for by in ways
    )


def _eligible_value(rule: Ranking, condition: Expression | None, plan: Plan, answers: Answers) -> Enclosure | None:
    """The ranked value of somebody who takes part: it has to be known, and so has the right to take part."""
    bits = FIRST_BITS
    while True:
        facts = facts_of(plan, answers, bits)
        try:
            if condition is not None and truth(condition, facts) is not True:
                return None
        except Undecided:
            if bits >= MOST_BITS:
                raise
            bits *= 2
            continue
        fact = facts.facts[rule.of]
        return fact.number if fact.known and fact.number is not None else None


def _middle(value: Enclosure) -> Fraction:
    """Where an irrational value stands among others: values that agree to 2^-128 are equal."""
    if value.exact is not None:
        return value.exact
    return ((value.low or Fraction(0)) + (value.high or Fraction(0))) / 2


def _rank_of(member: str, ordered: Sequence[str], values: Mapping[str, Enclosure]) -> int:
    return 1 + next(place for place, other in enumerate(ordered) if _middle(values[other]) == _middle(values[member]))


def _place(rule: Ranking, member: str, ordered: Sequence[str], values: Mapping[str, Enclosure]) -> str | None:
    """The first place whose share reaches the member; equals go together, upward or downward."""
    equals = [other for other in ordered if _middle(values[other]) == _middle(values[member])]
    first = ordered.index(equals[0]) + 1
    counted = first if rule.ties is Ties.TOGETHER_UP else first + len(equals) - 1
    for place in rule.places:
        if counted <= place.top * len(ordered) // 1:
            return place.id
    return None


def _picked(rule: RollUp, reading: Reading) -> str | None:
    if rule.by is None:
        return None
    fact = reading.facts[rule.by]
    return next(iter(fact.picked), None) if fact.picked else None


def _summed(definition: Definition, of: str, facts: Mapping[str, Reading]) -> Summed:
    known = {
        member: fact.number
        for member, each in facts.items()
        if (fact := each.facts[of]).known and fact.number is not None
    }
    without = tuple(member for member in facts if member not in known)
    if not known:
        return Summed(of, None, None, (), without)
    value = total(known.values())
    node = definition.node(of)
    rounding = node.rounding if node and node.rounding else definition.rounding
    return Summed(of, stated_of(value, rounding, last=True), written(value), tuple(known), without)


def _differing(of: str, cohort: Mapping[str, Answers]) -> Differing | None:
    found: dict[str, list[str]] = {}
    for member, answers in cohort.items():
        if of in answers:
            found.setdefault(answers[of].text, []).append(member)
    if len(found) < 2:
        return None
    return Differing(of, {answer: tuple(members) for answer, members in sorted(found.items())})
