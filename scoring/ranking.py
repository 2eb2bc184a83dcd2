"""Places of a ranking: everybody's rank among those they are compared with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from questionnaires.grouping import groups_by
from questionnaires.model import Better, Definition, Place, Ranking, Rounding, Ties, TooFew
from scoring.answers import Answers
from scoring.enclosure import Enclosure
from scoring.members import Conditions, Group, group_of, read, within
from scoring.plan import Plan
from scoring.rounding import stated, written


@dataclass(frozen=True, slots=True)
class Among:
    """Those among whom a member of a ranking by facts, or with a least number of members, is ranked."""

    group: Group
    """The group that the member belongs to; None: no answer to that question, no band or class of that node."""

    over: Group | None
    """What those have in common who are compared: the group, or fewer of its facts, where it has too few members; None:
    nobody is."""

    members: int
    """How many are compared; where nobody is, how many the group has (the whole cohort, where no group is known)."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One member of a cohort in a ranking."""

    member: str
    value: str | None
    """The ranked value, exact; None without one, or where the member takes no part."""

    rank: int | None
    """1 for the best; equal values share the best of their ranks. None: takes no part, or is compared with nobody."""

    place: str | None
    """Id of the place; None: none."""

    among: Among | None = None
    """None: with all who take part, or the member takes no part."""

    tied: tuple[str, ...] = ()
    """Those with the same value, where a place reaches down to some of their ranks and not to all: what becomes of them
    is said by the ranking's ``ties``. Empty where no limit of a place lies among equals."""


@dataclass(frozen=True, slots=True)
class _Taking:
    """A member that takes part."""

    value: Enclosure
    position: Fraction
    barred: frozenset[str]
    group: Group


def rank(definition: Definition, plan: Plan, ranking: str, cohort: Mapping[str, Answers]) -> tuple[Placed, ...]:
    """Everybody's place in a ranking, best first within each group, then those who take no part.

    A place holds at most share × number of those compared, rounded as it says, counted from the top; what ties do to
    that the definition says. Who may not hold the place that the rank gives gets the next one; nobody moves up instead.
    Members are ordered by value, equal ones by name, so the result does not depend on order. Groups stand in the order
    of the answers that tell them apart; who belongs to none gets no rank.

    Raises:
        KeyError: the definition has no such ranking.
        scoring.errors.AnswersRefused: somebody's answers cannot be scored.
    """
    rule = {each.id: each for each in definition.rankings}[ranking]
    taking = _taking(definition, plan, rule, cohort)
    node = definition.node(rule.of)
    sign = 1 if node is not None and node.better is Better.LESS else -1
    ordered = sorted(taking, key=lambda member: (sign * taking[member].position, member))
    placed = [
        found
        for group in _groups(definition, rule, taking)
        for found in _placed(
            rule, group, [member for member in ordered if taking[member].group == group], ordered, taking
        )
    ]
    return (*placed, *(Placed(member, None, None, None) for member in sorted(cohort) if member not in taking))


def _taking(definition: Definition, plan: Plan, rule: Ranking, cohort: Mapping[str, Answers]) -> dict[str, _Taking]:
    """Those who take part: they have a value, and it is known that they are eligible."""
    named = {rule.id: rule.eligible, **{place.id: place.eligible for place in rule.places}}
    conditions = Conditions(definition, plan, {name: text for name, text in named.items() if text is not None}, rule.by)
    found: dict[str, tuple[Enclosure, frozenset[str], Group]] = {}
    for member, answers in cohort.items():
        told = read(plan, answers, conditions)
        reading, holds = told
        fact = reading.facts[rule.of]
        if holds.get(rule.id, True) and fact.known and fact.number is not None:
            barred = frozenset(name for name, held in holds.items() if not held)
            found[member] = fact.number, barred, group_of(rule.by, told, conditions)
    positions = _positions({member: value for member, (value, _, _) in found.items()})
    return {member: _Taking(each[0], positions[member], *each[1:]) for member, each in found.items()}


def _groups(definition: Definition, rule: Ranking, taking: Mapping[str, _Taking]) -> Iterator[Group]:
    """The groups that somebody belongs to, in the order of the facts; those who lack one last."""
    facts = [definition.question(by) or definition.node(by) for by in rule.by]
    keys: list[Sequence[str | None]] = [(*groups_by(fact), None) for fact in facts]
    there = {each.group for each in taking.values()}
    yield from (group for group in product(*keys) if group in there)


def _placed(
    rule: Ranking, group: Group, members: Sequence[str], ordered: Sequence[str], taking: Mapping[str, _Taking]
) -> Iterator[Placed]:
    """The members of one group, each among those it is compared with."""
    over = _compared_with(rule, group, taking)
    told = bool(rule.by) or rule.least_members > 1
    if over is None:
        size = len(taking) if None in group else len(members)
        for member in members:
            yield Placed(member, written(taking[member].value), None, None, Among(group, None, size))
        return
    others = [member for member in ordered if within(taking[member].group, over)]
    for member in members:
        first, last = _ranks(member, others, taking)
        counted = first if rule.ties is Ties.TOGETHER_UP else last
        place = _place(rule, counted, len(others), taking[member].barred)
        among = Among(group, over, len(others)) if told else None
        is_split = any(first <= _reaches(each, len(others)) < last for each in rule.places)
        equals = [other for other in others[first - 1 : last] if other != member] if is_split else []
        yield Placed(member, written(taking[member].value), first, place, among, tuple(equals))


def _compared_with(rule: Ranking, group: Group, taking: Mapping[str, _Taking]) -> Group | None:
    """The group itself, or the next wider one with enough members where the ranking says so; None: there is none."""
    if None in group:
        return None
    narrowest = len(group)
    for facts in range(narrowest, -1 if rule.too_few is TooFew.WIDER else narrowest - 1, -1):
        if sum(within(each.group, group[:facts]) for each in taking.values()) >= rule.least_members:
            return group[:facts]
    return None


def _positions(values: Mapping[str, Enclosure]) -> dict[str, Fraction]:
    """Where each value stands among the others.

    An irrational value is known to within 2^-128, or a little less: it equals those that it cannot be told from, be
    they irrational too or exact (the product of two roots of 2 equals 2). Exact values are equal where they are the
    same.
    """
    ends = {member: (value.low or Fraction(0), value.high or Fraction(0)) for member, value in values.items()}
    together: list[list[str]] = []
    reach = Fraction(0)
    for member in sorted(ends, key=ends.__getitem__):
        low, high = ends[member]
        if not together or low > reach:
            together.append([])
            reach = high
        together[-1].append(member)
        reach = max(reach, high)
    found: dict[str, Fraction] = {}
    for members in together:
        exact = [number for member in members if (number := values[member].exact) is not None]
        shared = exact[0] if exact else ends[members[0]][0]
        for member in members:
            own = values[member].exact
            found[member] = shared if own is None else own
    return found


def _ranks(member: str, ordered: Sequence[str], taking: Mapping[str, _Taking]) -> tuple[int, int]:
    """The best and the worst of the ranks that equal values share."""
    own = taking[member].position
    equals = [place for place, other in enumerate(ordered, 1) if taking[other].position == own]
    return equals[0], equals[-1]


def _place(rule: Ranking, counted: int, size: int, barred: frozenset[str]) -> str | None:
    """The first place that reaches down to a rank and that is not barred."""
    for place in rule.places:
        if place.id not in barred and counted <= _reaches(place, size):
            return place.id
    return None


def _reaches(place: Place, size: int) -> int:
    """The rank down to which a place reaches among so many."""
    if place.members is not None:
        return place.members
    reach = int(stated((place.top or Fraction(0)) * size, Rounding(places=0, mode=place.rounding)))
    return max(reach, place.at_least or 0)
