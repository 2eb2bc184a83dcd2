"""How a scorecard came about, step by step, as data: what text, page and paper tell with words of their own.

Every step names what was done (``key``), the arithmetic with its numbers (``working``, see :mod:`scoring.working`) and
what it comes to (``result``). Whoever works the steps of a node out in their order, with nothing but the numbers that
stand in them, comes to the stated value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.scorecard import NodeScore, QuestionScore, RuleOutcome, Scorecard, Share
from scoring.working import Condition, Looked


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done."""

    key: str
    """What: ``weighted-mean``, ``curve-way``, ``held``, ``rounded`` …"""

    working: str = ""
    """The arithmetic in numbers."""

    result: str = ""
    """What it comes to, exact; of an irrational number the digits cut off by an ellipsis."""

    formula: str = ""
    """The same with names, where the definition has a formula."""

    numbers: Mapping[str, str] = field(default_factory=dict)
    """Further numbers that the step rests on, by what they are."""

    conditions: tuple[Condition, ...] = ()
    """What had to hold, and whether it does."""

    looked: tuple[Looked, ...] = ()
    """What was looked up in tables."""

    rows: tuple[str, ...] = ()
    """The rows of a grid that the step is about."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one child brought to its node."""

    share: Share
    is_question: bool
    value: str
    """Its value as it counted here (a cap observed); "–" where it did not count."""

    before_cap: str = ""
    """Its value before the cap, where that cut something off."""

    total: str = ""
    """All weights that count, where the share is a part of them."""

    working: str = ""
    """How its contribution is worked out; empty where contributions do not add up."""

    contribution: str = ""
    reached: bool | None = None
    """Whether it reaches the mark, where the node counts what does; ``mark`` is that mark."""

    mark: str = ""


@dataclass(frozen=True, slots=True)
class StageTrace:
    """One gate of a cumulative node."""

    id: str
    value: str
    condition: Condition
    passed: bool | None
    """False: it stopped the climb, or lies behind the gate that did. None: missing answers decide."""

    stopped_here: bool = False
    """True of the first gate that was not passed."""


@dataclass(frozen=True, slots=True)
class ClassTrace:
    """One class of a profile, as far as it was asked for."""

    id: str
    condition: Condition | None
    """None: the last, for all that is left."""

    holds: bool | None
    """None: missing answers decide."""


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule, what it hangs on and what it did to the exact value."""

    outcome: RuleOutcome
    condition: Condition
    fires_on: bool
    """It fires where its condition holds (true), or where it does not (false)."""

    before: str
    after: str
    """The exact value before and after it."""

    cost: str
    """What it took from the stated value; negative where it added; empty where nothing changed."""

    limits: Mapping[str, str] = field(default_factory=dict)
    """``to``, ``at-most``, ``at-least``, ``at-most-band``, ``bands-down``, ``at-least-band``,
    ``bands-up``: what it does, as declared."""


@dataclass(frozen=True, slots=True)
class QuestionTrace:
    """How an answer became what it is worth."""

    score: QuestionScore
    asked: Condition | None = None
    """The condition under which it is asked, where there is one."""

    reason: str = ""
    """Why it does not apply, as written by whoever said so."""

    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeTrace:
    """How a node came by its value: parts, aggregation, limits, rules, rounding, band."""

    score: NodeScore
    asked: Condition | None
    parts: tuple[Part, ...]
    amounts: Mapping[str, Step]
    """Place (as on the scorecard) → how the formula in the place of a weight, limit or threshold came to its number."""

    made: tuple[Step, ...]
    """The aggregation, and the limits it is held within."""

    stages: tuple[StageTrace, ...]
    classes: tuple[ClassTrace, ...]
    """Those of a stated profile, up to the one that it is of."""

    rules: tuple[RuleTrace, ...]
    stated: tuple[Step, ...]
    """The one rounding, the band, and what is passed on."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole calculation."""

    card: Scorecard
    questions: Mapping[str, QuestionTrace]
    nodes: Mapping[str, NodeTrace]
    """Headline first, every node before those it rests on."""
