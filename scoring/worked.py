"""What is known of a question or node so far: its state, its value, and why there is none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from questionnaires.model import Missing
from scoring.aggregate import Pair
from scoring.enclosure import Enclosure
from scoring.facts import NO_ITEMS, NOTHING, Fact
from scoring.plan import PlannedNode, PlannedQuestion
from scoring.rules import Outcome
from scoring.scorecard import State, Why


@dataclass(frozen=True, slots=True)
class Worked:
    """A node before its rules: what it is worth, the children that count, the gate reached."""

    node: PlannedNode
    """With its amounts in numbers."""

    value: Value
    pairs: tuple[Pair, ...] = ()
    stage: str | None = None
    weighed: bool = True
    """False: a weight or limit has no number yet, or none at all."""


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of a question or node so far."""

    state: State
    value: Enclosure | None
    """The value over what is answered so far; the value itself once scored."""

    why: Why = Why.NONE


def bounded(worked: Worked) -> Worked:
    """A number without a limit is no value (one over something that cannot be told from zero)."""
    value = worked.value.value
    if value is None or (value.low is not None and value.high is not None):
        return worked
    return replace(worked, value=Value(State.INSUFFICIENT, None, Why.UNDEFINED))


def after_rules(value: Value, outcomes: Sequence[Outcome]) -> Value:
    """What can be said once rules were looked at: a rule may be open, or set the value to what has no number."""
    if value.state is not State.SCORED:
        return value
    if not all(outcome.sound for outcome in outcomes):
        return Value(State.INSUFFICIENT, None, Why.AMOUNT)
    if any(outcome.fired is None for outcome in outcomes):
        return Value(State.OPEN, value.value, Why.RULE_OPEN)
    return value


def held(node: PlannedNode, worked: Worked) -> Worked:
    """The same within the node's limits."""
    value = worked.value.value
    if value is None or (node.least is None and node.most is None):
        return worked
    return replace(worked, value=replace(worked.value, value=value.held(node.least, node.most)))


def value_of(question: PlannedQuestion, fact: Fact, *, answered: bool) -> Value:
    """What is known of a question, from the fact that its answer (or the want of one) states."""
    if fact is NOTHING or fact is NO_ITEMS:
        return Value(State.NOT_APPLICABLE, None, Why.CONDITION)
    if not fact.known:
        return Value(State.OPEN, None, Why.CONDITION if answered else Why.NONE)
    if fact.undefined:
        return Value(State.INSUFFICIENT, None, Why.UNDEFINED)
    if fact.applies is False:
        return Value(State.NOT_APPLICABLE, None, Why.NONE if question.answerable else Why.INPUTS)
    return Value(State.SCORED, fact.score)


def lacking(node: PlannedNode, states: Collection[State], weight: Fraction, found: Enclosure | None) -> Value | None:
    """Why a node has nothing to state yet, with the value so far; None where nothing stands in the way.

    Args:
        node: with its amounts in numbers.
        states: of its children that have a weight.
        weight: of its children that count.
        found: its value over these.
    """
    if not weight and all(state is State.NOT_APPLICABLE for state in states):
        weightless = any(not child.weight for child in node.children)
        return Value(State.NOT_APPLICABLE, None, Why.WEIGHTLESS if weightless else Why.NONE)
    if State.OPEN in states and (node.missing is Missing.WITHHOLD or not weight):
        return Value(State.OPEN, found)
    if State.INSUFFICIENT in states or not weight or weight / node.total_weight < node.least_counted:
        return Value(State.INSUFFICIENT, found)
    return None


def by_arithmetic(found: Enclosure | None) -> Value:
    """The value of a node that lacks nothing."""
    return Value(State.INSUFFICIENT, None, Why.UNDEFINED) if found is None else Value(State.SCORED, found)


def without_a_number(*, known: bool, undefined: bool) -> tuple[State, None, Why]:
    """What is to be said of a formula that gives no number."""
    if not known:
        return State.OPEN, None, Why.NONE
    if undefined:
        return State.INSUFFICIENT, None, Why.UNDEFINED
    return State.NOT_APPLICABLE, None, Why.INPUTS


def fact_of(value: Value, possible: Fact) -> Fact:
    """What formulas learn of a node: its value once it has one, else all it may still become."""
    match value.state:
        case State.SCORED:
            return Fact(value.value, value.value)
        case State.NOT_APPLICABLE:
            return NOTHING
        case State.INSUFFICIENT:
            return Fact(None, None, undefined=True)
        case State.PROFILE:
            return Fact(None, None)
    return replace(possible, known=False)
