"""The engine at its most thorough: every question and node worked out by itself, whatever the language says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

from questionnaires.model import Aggregation, Inapplicable, PassesOn
from scoring import asked
from scoring.aggregate import Pair, Precision, aggregate, contributions
from scoring.amounts import Settling, amounts_used, settled, settled_bands
from scoring.answers import Answers
from scoring.enclosure import ZERO, Enclosure, point, summed
from scoring.facts import NOTHING, Fact, Reading
from scoring.formulas import number, truth
from scoring.plan import Plan, PlannedChild, PlannedNode, PlannedQuestion
from scoring.possible import applies_at_all, possible_node, substitute
from scoring.rounding import written
from scoring.rules import Outcome, all_fires, band_after, passed, ruled
from scoring.scorecard import STATED, NodeScore, QuestionScore, Scorecard, Share, State, Why
from scoring.telling import band_before, card_of, end_of, question_score, rule_outcomes, share, text_of
from scoring.worked import (
    Value,
    Worked,
    after_rules,
    bounded,
    by_arithmetic,
    fact_of,
    held,
    lacking,
    value_of,
    without_a_number,
)

Recalled: TypeAlias = Callable[[str], tuple[Value, Fact, Fact]]
"""Id of a question or node → its value, what formulas learn of it, and all that it may still become."""

_Each = TypeVar("_Each")


class _Kept(dict[str, _Each]):
    """What is known of each item: of this run, or recalled when it is first looked at."""

    def __init__(self, recalled: Recalled | None, which: int, known: Mapping[str, _Each]) -> None:
        super().__init__(known)
        self._recalled = recalled
        self._which = which

    def __missing__(self, name: str) -> _Each:
        if self._recalled is None:
            raise KeyError(name)
        found: _Each = self._recalled(name)[self._which]  # type: ignore[assignment]  # by its place
        self[name] = found
        return found


class Scoring:
    """One run through the plan, at one precision: what is known of each question and node, in the plan's order."""

    def __init__(self, plan: Plan, answers: Answers, precision: Precision, recalled: Recalled | None = None) -> None:
        """``recalled`` tells what was worked out before, of items that this run has not come to itself."""
        self.plan = plan
        self.answers = answers
        self.precision = precision
        self.possible: dict[str, Fact] = _Kept(recalled, 2, asked.constants(plan.constants))
        self.now: dict[str, Fact] = _Kept(recalled, 1, self.possible)
        self.reading_possible = Reading(self.possible, plan.tables, precision.bits, precision.last)
        self.reading_now = Reading(self.now, plan.tables, precision.bits, precision.last)
        self.values: dict[str, Value] = _Kept(recalled, 0, {})

    def scorecard(self) -> Scorecard:
        """The scorecard, everything worked out anew.

        Raises:
            Undecided: a rounding or comparison needs more bits.
        """
        told: dict[str, Any] = {}
        for item in self.plan.order:
            if item.id in self.plan.patterns:
                self._pattern(item)
            else:
                told[item.id] = self.node(item) if isinstance(item, PlannedNode) else self.question(item)
        return Scorecard.model_validate(
            {
                **card_of(self.plan).__dict__,
                "complete": all(told[question.id].state is not State.OPEN for question in self.plan.questions),
                "questions": tuple(told[question.id] for question in self.plan.questions),
                "nodes": tuple(told[node.id] for node in self.plan.nodes),
            }
        )

    def question(self, question: PlannedQuestion) -> QuestionScore:
        """The question's part of the scorecard; keeps what later items learn of it.

        Whatever it rests on is known by then.
        """
        self.learn(question)
        answer = self.answers.get(question.id)
        return question_score(question, answer, self.values[question.id], self.now[question.id])

    def recall_all(self) -> None:
        """Have at hand what was worked out before, of every item: for those who go through all that is known."""
        for item in self.plan.order:
            _ = self.values[item.id], self.now[item.id], self.possible[item.id]

    def learn(self, question: PlannedQuestion) -> None:
        """Keep what its answer, or the want of one, says of a question; whatever it rests on is known by then."""
        answer = self.answers.get(question.id)
        fact = asked.possibly(question, answer, self.reading_now)
        self.possible[question.id] = self.now[question.id] = fact
        if not self._agreed(question.id):
            self.possible[question.id] = asked.possibly(question, answer, self.reading_possible)
        self.values[question.id] = value_of(question, fact, answered=answer is not None)

    def _pattern(self, item: PlannedQuestion | PlannedNode) -> None:
        """Keep what any item of a list may become whose items are not known; it is no part of the scorecard."""
        for facts, reading in ((self.now, self.reading_now), (self.possible, self.reading_possible)):
            if isinstance(item, PlannedNode):
                facts[item.id] = possible_node(item, reading, self.precision)
            else:
                facts[item.id] = asked.possibly(item, None, reading)
        self.values[item.id] = Value(State.OPEN, None)

    def _awaits(self, node: PlannedNode) -> bool:
        """Whether items that are not known yet may come to count towards a node."""
        return any(child.over and all(self.now[of].number != ZERO for of in child.over) for child in node.children)

    def _agreed(self, name: str) -> bool:
        """Whether all that something rests on is now what it will be, as far as both readings go."""
        return all(self.possible[each] is self.now[each] for each in self.plan.rests_on[name])

    def node(self, node: PlannedNode) -> NodeScore:
        """The node's part of the scorecard; keeps what later items learn of it.

        Where nothing is open below it, its value is all it may still become.

        Raises:
            Undecided: a rounding or comparison needs more bits.
        """
        if self._agreed(node.id) and all(self.now[each].known for each in self.plan.rests_on[node.id]):
            self.possible[node.id] = NOTHING
            found = self.work_out(node)
            value = self.values[node.id]
            if value.state is State.SCORED and value.value is not None and value.value.exact is not None:
                self.possible[node.id] = self.now[node.id]
                return self._node_score(*found)
        self.possible[node.id] = possible_node(node, self.reading_possible, self.precision)
        return self._node_score(*self.work_out(node))

    def work_out(self, planned: PlannedNode) -> tuple[Worked, Value, tuple[Outcome, ...]]:
        """The node before its rules, after them, and what each did; keeps what later items learn of it.

        Everything that the node rests on has to be known by then, in ``values`` and ``now``, and all that it may
        still become in ``possible``.

        Raises:
            Undecided: a rounding or comparison needs more bits.
        """
        found = settled(planned, self.reading_now)
        node = found.node
        worked = held(node, bounded(self._now(node, found.amounts)))
        value = worked.value
        outcomes: tuple[Outcome, ...] = ()
        if value.value is not None:
            after, outcomes = ruled(node, value.value, all_fires(node, self.reading_now), self.reading_now)
            value = after_rules(replace(value, value=after), outcomes)
        printed = text_of(node, value.value, last=self.precision.last)
        carried = value.value
        if node.passes_on is PassesOn.STATED and printed is not None:
            carried = point(Fraction(printed))
        self.values[node.id] = replace(value, value=carried)
        self.now[node.id] = fact_of(self.values[node.id], self.possible[node.id])
        return worked, value, outcomes

    def _now(self, node: PlannedNode, amounts: Settling) -> Worked:
        applies = True if node.applies_when is None else truth(node.applies_when, self.reading_now)
        if applies is False:
            return Worked(node, Value(State.NOT_APPLICABLE, None, Why.CONDITION))
        if not amounts.fits:
            return Worked(node, self._without_amounts(node, amounts, applies=applies), weighed=False)
        pairs = tuple(self._counted(node))
        stage: str | None = None
        if node.aggregation is Aggregation.FORMULA:
            value = self._by_formula(node)
        elif node.aggregation is Aggregation.CUMULATIVE:
            value, stage = self._by_gates(node)
        elif node.aggregation is Aggregation.PROFILE:
            value = self._lacking(node, pairs, None) or Value(State.PROFILE, None)
        else:
            found = aggregate(node, pairs, self.precision) if pairs else None
            value = self._by_arithmetic(node, pairs, found)
        if applies is None and value.state in STATED:
            value = replace(value, state=State.OPEN, why=Why.CONDITION)
        if value.state in STATED and self._awaits(node):
            value = replace(value, state=State.OPEN)
        return Worked(node, value, pairs, stage)

    def _without_amounts(self, node: PlannedNode, amounts: Settling, *, applies: bool | None) -> Value:
        """What can be said while a weight or limit has no number; nothing is computed without it."""
        there = self._applies_at_all(node)
        if there is False:
            why = Why.INPUTS if node.aggregation is Aggregation.FORMULA else Why.NONE
            return Value(State.NOT_APPLICABLE, None, why)
        if not amounts.known or not there or not applies:
            return Value(State.OPEN, None, Why.AMOUNT_OPEN if not amounts.known else Why.NONE)
        return Value(State.INSUFFICIENT, None, Why.AMOUNT)

    def _applies_at_all(self, node: PlannedNode) -> bool | None:
        """Whether anything below a node applies, as far as that can be said without its weights and limits."""
        if node.aggregation is Aggregation.FORMULA:
            return applies_at_all(node, self.reading_now)
        states = {self.values[child.id].state for child in node.children}
        policies = {child.inapplicable or node.inapplicable for child in node.children}
        if policies - {Inapplicable.EXCLUDE}:
            return True
        if states <= {State.NOT_APPLICABLE}:
            return False
        return None if states <= {State.OPEN, State.NOT_APPLICABLE} else True

    def _counted(self, node: PlannedNode) -> list[Pair]:
        pairs: list[Pair] = []
        for child in node.children:
            if not child.weight or child.over:
                continue
            known = self.values[child.id]
            value = known.value
            if value is None and known.state is State.NOT_APPLICABLE:
                value = substitute(node, child)
            if value is not None:
                pairs.append((child, value if child.cap is None else value.at_most(child.cap)))
        return pairs

    def _there(self, node: PlannedNode, pairs: Sequence[Pair]) -> tuple[PlannedChild, ...]:
        """The children that count: those with a value; in a profile those that state all they can."""
        if node.aggregation is not Aggregation.PROFILE:
            return tuple(child for child, _ in pairs)
        return tuple(child for child in node.children if not child.over and self.values[child.id].state in STATED)

    def _lacking(self, node: PlannedNode, pairs: Sequence[Pair], found: Enclosure | None) -> Value | None:
        """Why there is nothing to state yet, with the value so far; None where nothing stands in the way."""
        if self._awaits(node):
            return Value(State.OPEN, found)
        states = {self.values[child.id].state for child in node.children if child.weight and not child.over}
        return lacking(node, states, summed([child.weight for child in self._there(node, pairs)]), found)

    def _by_arithmetic(self, node: PlannedNode, pairs: Sequence[Pair], found: Enclosure | None) -> Value:
        return self._lacking(node, pairs, found) or by_arithmetic(found)

    def _by_formula(self, node: PlannedNode) -> Value:
        if node.formula is None:
            raise TypeError(f"no formula: {node.id}")
        quantity = number(node.formula, self.reading_now)
        if quantity.span is None:
            return Value(*without_a_number(known=quantity.known, undefined=quantity.undefined))
        return Value(State.SCORED, quantity.span) if quantity.known else Value(State.OPEN, None)

    def _by_gates(self, node: PlannedNode) -> tuple[Value, str | None]:
        waits = self._awaits(node)
        facts = [self.now[child.id] for child in node.children if not child.over]
        if not waits and all(fact.applies is False for fact in facts):
            return Value(State.NOT_APPLICABLE, None), None
        gates = passed(node, self.reading_now)
        if gates.known and not waits and any(fact.applies for fact in facts):
            return Value(State.SCORED, gates.span), gates.stage
        return Value(State.OPEN, None if gates.span.low is None else point(gates.span.low)), gates.stage

    def band(self, node: PlannedNode, value: Enclosure | None) -> str | None:
        """The band of a value, before the rules; None where the limits of bands have no numbers."""
        bands, limits = settled_bands(node, self.reading_now)
        return band_before(node, bands, value, last=self.precision.last) if limits.fits else None

    def class_of(self, node: PlannedNode, value: Value) -> str | None:
        """The class that a profile falls into, once it is stated.

        Raises:
            Undecided: an irrational number has to be enclosed more tightly.
        """
        if value.state is not State.PROFILE:
            return None
        return next((each.id for each in node.classes if truth(each.holds, self.reading_now)), None)

    def _node_score(self, worked: Worked, value: Value, outcomes: Sequence[Outcome]) -> NodeScore:
        node, last = worked.node, self.precision.last
        printed = text_of(node, value.value, last=last)
        scored = value.state is State.SCORED
        span = self.possible[node.id].number
        states = [self.values[self.plan.questions[position].id].state for position in node.questions]
        fired = [outcome.rule for outcome in outcomes if outcome.fired]
        bands, limits = settled_bands(node, self.reading_now)
        telling = bands if scored and limits.fits else ()
        there = self._there(node, worked.pairs) if worked.weighed else ()
        counted = summed([child.weight for child in there])
        why = value.why
        if scored and not limits.fits:
            why = Why.BANDS if limits.known else Why.BANDS_OPEN
        return NodeScore(
            id=node.id,
            state=value.state,
            why=why,
            rule=node.aggregation.value,
            value=printed if scored else None,
            exact=written(value.value) if scored and value.value is not None else None,
            unit=node.unit,
            band=self.class_of(node, value)
            or band_after(node, band_before(node, telling, value.value, last=last), fired),
            stage=worked.stage if scored else None,
            provisional=printed,
            lowest=None if span is None else end_of(node, span.low),
            highest=None if span is None else end_of(node, span.high),
            answered=states.count(State.SCORED),
            not_applicable=states.count(State.NOT_APPLICABLE),
            missing=states.count(State.OPEN),
            counted_share=str(counted / node.total_weight if node.total_weight else Fraction(0)),
            shares=self._shares(node, worked),
            rules=rule_outcomes(node, outcomes, telling, last=last),
            amounts=amounts_used(node, self.reading_now),
        )

    def _shares(self, node: PlannedNode, worked: Worked) -> tuple[Share, ...]:
        used = contributions(node, worked.pairs, worked.value.value, self.precision)
        values = {child.id: value for child, value in worked.pairs}
        there = {child.id for child in self._there(node, worked.pairs)}
        return tuple(
            share(
                child,
                self.values[child.id].state,
                values.get(child.id),
                used.get(child.id, (None if child.id in there else Fraction(0), None)),
                counted=child.id in there,
                weighed=worked.weighed,
            )
            for child in node.children
            if not child.over
        )
