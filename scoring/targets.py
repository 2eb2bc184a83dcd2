"""What a node is to reach: a value, a band, or a stage; and what comes next above where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from questionnaires.errors import Fault
from questionnaires.model import Aggregation
from questionnaires.words import exact_number
from scoring.answers import decimal_text
from scoring.plan import Plan, PlannedNode
from scoring.scorecard import NodeScore, State


class TargetFault(Fault):
    """Base of what can be wrong with a target."""

    code = "target-refused"
    room = "scoring"


class UnknownNode(TargetFault):
    """The questionnaire has no such node."""

    code = "unknown-node"


class ProfileStatesNothing(TargetFault):
    """The node is a profile: it has no value that could be raised or compared."""

    code = "profile-states-nothing"


class UnknownTarget(TargetFault):
    """The target is neither a number nor a band or stage of the node."""

    code = "unknown-target"


class NothingAbove(TargetFault):
    """The node already stands at the best there is."""

    code = "nothing-above"


class NoValueYet(TargetFault):
    """The node states no value, so nothing can be said of what would raise it."""

    code = "no-value-yet"


@dataclass(frozen=True, slots=True)
class Target:
    """What a node is to reach: exactly one of ``value``, ``band`` and ``stage``."""

    node: str
    value: Fraction | None = None
    """The stated value is at least this (at most, where less is better)."""

    band: str | None = None
    """The band after all rules is this one or a better one."""

    stage: str | None = None
    """This gate of a cumulative node is passed."""

    @property
    def text(self) -> str:
        """The value as a decimal where it is one, or the id of the band or stage."""
        return self.band or self.stage or decimal_text(self.value or Fraction(0))


def node_of(plan: Plan, identifier: str) -> PlannedNode:
    """The node of that id, which has a value.

    Raises:
        UnknownNode: there is none.
        ProfileStatesNothing: it is a profile.
    """
    known = ", ".join(node.id for node in plan.nodes if node.aggregation is not Aggregation.PROFILE)
    for node in plan.nodes:
        if node.id == identifier:
            if node.aggregation is Aggregation.PROFILE:
                raise ProfileStatesNothing(node=identifier, known=known)
            return node
    raise UnknownNode(node=identifier, questionnaire=f"{plan.family}@{plan.version}", known=known)


def ladder(node: PlannedNode) -> tuple[str, ...]:
    """The node's bands, the worst first."""
    bands = tuple(band.id for band in node.bands)
    return bands[::-1] if node.less_is_better else bands


def read_target(node: PlannedNode, text: str) -> Target:
    """The target that a person wrote: the id of a band or stage, or a number.

    Raises:
        UnknownTarget: it is none of these.
    """
    if text in ladder(node):
        return Target(node.id, band=text)
    if text in {stage.id for stage in node.stages}:
        return Target(node.id, stage=text)
    try:
        return Target(node.id, value=exact_number(text))
    except (ValueError, Fault):
        known = ", ".join((*ladder(node), *(stage.id for stage in node.stages))) or "–"
        raise UnknownTarget(node=node.id, target=text, known=known) from None


def next_target(node: PlannedNode, now: NodeScore) -> Target:
    """The next band; of a cumulative node without bands the next stage; else the next whole number.

    Raises:
        NoValueYet: the node states no value.
        NothingAbove: it already stands at the best.
    """
    if now.state is not State.SCORED or now.value is None:
        raise NoValueYet(node=node.id)
    if node.bands and now.band is not None:
        rungs = ladder(node)
        above = rungs[rungs.index(now.band) + 1 :]
        if not above:
            raise NothingAbove(node=node.id)
        return Target(node.id, band=above[0])
    if node.aggregation is Aggregation.CUMULATIVE:
        stages = [stage.id for stage in node.stages]
        further = stages if now.stage is None else stages[stages.index(now.stage) + 1 :]
        if not further:
            raise NothingAbove(node=node.id)
        return Target(node.id, stage=further[0])
    value = Fraction(now.value)
    return Target(node.id, value=Fraction(-(-value // 1) - 1 if node.less_is_better else value // 1 + 1))


def reached(target: Target, node: PlannedNode, now: NodeScore) -> bool:
    """Whether the node has reached the target; never while it states no value."""
    if now.state is not State.SCORED or now.value is None:
        return False
    if target.band is not None:
        rungs = ladder(node)
        return now.band is not None and rungs.index(now.band) >= rungs.index(target.band)
    if target.stage is not None:
        stages = [stage.id for stage in node.stages]
        return now.stage is not None and stages.index(now.stage) >= stages.index(target.stage)
    if target.value is None:
        raise TypeError("a target without an aim")
    value = Fraction(now.value)
    return value <= target.value if node.less_is_better else value >= target.value
