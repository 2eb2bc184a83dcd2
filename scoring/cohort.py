"""What follows from many scorecards together: places in a ranking, sums over several assessments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.formula.tree import Expression
from questionnaires.model import Better, Definition, Ranking, RollUp, Ties
from questionnaires.unrolling import rewriting_of, unrolled_where_given
from scoring.aggregate import FIRST_BITS, MOST_BITS
from scoring.answers import Answers, NotApplicableAnswer
from scoring.compiling import lowered
from scoring.enclosure import Enclosure, total
from scoring.exact import facts_of
from scoring.facts import Reading
from scoring.formulas import truth
from scoring.patterns import Patterns
from scoring.plan import Plan
from scoring.rounding import Undecided, stated_of, written
from scoring.unrolling import items_of


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


def rank(definition: Definition, plan: Plan, ranking: str, cohort: Mapping[str, Answers]) -> tuple[Placed, ...]:
    """Everybody's place in a ranking, best first, then those who take no part.

    A place holds at most floor(share × number of those taking part), counted from the top; what ties do to that
    the definition says. Who may not hold the place that the rank gives gets the next one; nobody moves up instead.
    Members are ordered by value, equal ones by name, so the result does not depend on order.

    Raises:
        KeyError: the definition has no such ranking.
        scoring.errors.AnswersRefused: somebody's answers cannot be scored.
    """
    rule = {each.id: each for each in definition.rankings}[ranking]
    named = {rule.id: rule.eligible, **{place.id: place.eligible for place in rule.places}}
    conditions = _Conditions(definition, plan, {name: text for name, text in named.items() if text is not None})
    values: dict[str, Enclosure] = {}
    barred: dict[str, frozenset[str]] = {}
    for member, answers in cohort.items():
        reading, holds = _read(plan, answers, conditions)
        fact = reading.facts[rule.of]
        if holds.get(rule.id, True) and fact.known and fact.number is not None:
            values[member] = fact.number
            barred[member] = frozenset(name for name, held in holds.items() if not held)
    node = definition.node(rule.of)
    sign = 1 if node is not None and node.better is Better.LESS else -1
    ordered = sorted(values, key=lambda member: (sign * _middle(values[member]), member))
    placed = [
        Placed(
            member,
            written(values[member]),
            _rank_of(member, ordered, values),
            _place(rule, member, ordered, values, barred[member]),
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
    conditions = _Conditions(definition, plan, {each.id: each.when for each in rule.left_out})
    read = {member: _read(plan, answers, conditions) for member, answers in cohort.items()}
    facts = {member: reading for member, (reading, _) in read.items()}
    left_out = {
        (each.of, member): each.id
        for each in reversed(rule.left_out)
        for member, (_, holds) in read.items()
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


class _Conditions:
    """Conditions over the answers of each member: the same for all, but where lists have other items for everybody."""

    def __init__(self, definition: Definition, plan: Plan, texts: Mapping[str, str]) -> None:
        self._definition = definition
        self._plan = plan
        self._texts = texts
        self._same = None if plan.unrolling is not None else self._lowered(definition)

    def _lowered(self, definition: Definition) -> Mapping[str, Expression]:
        patterns = Patterns.of(definition)
        return {
            name: lowered(text, definition, "truth", self._plan.roots, patterns) for name, text in self._texts.items()
        }

    def of(self, answers: Answers) -> Mapping[str, Expression]:
        """The conditions for the items that answers name."""
        if self._same is not None:
            return self._same
        items = items_of(answers) | {
            name: () for name, answer in answers.items() if isinstance(answer, NotApplicableAnswer)
        }
        rewriting = rewriting_of(self._definition, items)
        unrolled = unrolled_where_given(self._definition, items)
        return {
            name: lowered(rewriting.outside(text), unrolled, "truth", self._plan.roots, Patterns.of(unrolled))
            for name, text in self._texts.items()
        }


def _read(plan: Plan, answers: Answers, conditions: _Conditions) -> tuple[Reading, Mapping[str, bool | None]]:
    """What the answers of one member say, and which conditions hold for it; None: missing answers decide."""
    bits = FIRST_BITS
    while True:
        reading = facts_of(plan, answers, bits)
        try:
            return reading, {name: truth(condition, reading) for name, condition in conditions.of(answers).items()}
        except Undecided:
            if bits >= MOST_BITS:
                raise
            bits *= 2


def _middle(value: Enclosure) -> Fraction:
    """Where an irrational value stands among others: values that agree to 2^-128 are equal."""
    if value.exact is not None:
        return value.exact
    return ((value.low or Fraction(0)) + (value.high or Fraction(0))) / 2


def _rank_of(member: str, ordered: Sequence[str], values: Mapping[str, Enclosure]) -> int:
    return 1 + next(place for place, other in enumerate(ordered) if _middle(values[other]) == _middle(values[member]))


def _place(
    rule: Ranking, member: str, ordered: Sequence[str], values: Mapping[str, Enclosure], barred: frozenset[str]
) -> str | None:
    """The first place whose share reaches the member and that is not barred; equals go together, up or down."""
    equals = [other for other in ordered if _middle(values[other]) == _middle(values[member])]
    first = ordered.index(equals[0]) + 1
    counted = first if rule.ties is Ties.TOGETHER_UP else first + len(equals) - 1
    for place in rule.places:
        if place.id not in barred and counted <= place.top * len(ordered) // 1:
            return place.id
    return None


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
