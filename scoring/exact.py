"""Score one assessment in exact rational arithmetic, with the reason for every number."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from questionnaires.model import Aggregation, BandsOn, Inapplicable, LevelQuestion, Missing, PassesOn
from scoring import asked
from scoring.aggregate import Pair, Precision, aggregate, contributions
from scoring.amounts import Settling, amounts_used, settled, settled_bands
from scoring.answers import Answers, LevelAnswer, decimal_text
from scoring.checking import check_answers
from scoring.enclosure import Enclosure, point
from scoring.facts import NOTHING, Fact, Reading
from scoring.formulas import number, truth
from scoring.memory import Learnt
from scoring.plan import Plan, PlannedBand, PlannedChild, PlannedNode, PlannedQuestion, PlannedRule
from scoring.possible import applies_at_all, possible_node, substitute
from scoring.rounding import Undecided, stated, stated_of, written
from scoring.rules import Outcome, band_after, band_of, passed, ruled
from scoring.scorecard import STATED, NodeScore, QuestionScore, RuleOutcome, Scorecard, Share, State, Why
from scoring.worked import Value, Worked, after_rules, bounded, fact_of, held, value_of, without_a_number

FIRST_BITS: Final = 128
MOST_BITS: Final = 4096
"""Irrational numbers are enclosed within 2^-bits, ever more tightly until every rounding is decided. What is still
open at the most lies so near a limit that it is taken for the limit itself."""


def score(plan: Plan, answers: Answers) -> Scorecard:
    """Score ``answers`` (question id → answer; what is not there is missing, never zero).

    Raises:
        AnswersRefused: answers to unknown questions, off the scale, or "does not apply" where that is not
            allowed; all of them at once.
    """
    return run(plan, answers)[1]


def run(plan: Plan, answers: Answers, bits: int = FIRST_BITS) -> tuple[Scoring, Scorecard]:
    """The same with the finished run that it came from; irrational numbers are enclosed within 2^-bits or closer.

    Raises:
        AnswersRefused: some answers cannot be scored.
    """
    check_answers(plan, answers)
    while True:
        scoring = Scoring(plan, answers, Precision(bits, last=bits >= MOST_BITS))
        try:
            return scoring, scoring.scorecard()
        except Undecided:
            if bits >= MOST_BITS:
                raise
            bits *= 2


def facts_of(plan: Plan, answers: Answers, bits: int = FIRST_BITS) -> Reading:
    """What formulas can learn of every question and node, with irrational numbers enclosed within 2^-bits or closer.

    Raises:
        AnswersRefused: some answers cannot be scored.
    """
    return run(plan, answers, bits)[0].reading_now


class Scoring:
    """One run through the plan, at one precision: what is known of each question and node, in the plan's order."""

    def __init__(self, plan: Plan, answers: Answers, precision: Precision) -> None:
        self.plan = plan
        self.answers = answers
        self.precision = precision
        self.possible: dict[str, Fact] = asked.constants(plan.constants)
        self.now: dict[str, Fact] = dict(self.possible)
        self.reading_possible = Reading(self.possible, plan.tables, precision.bits, precision.last)
        self.reading_now = Reading(self.now, plan.tables, precision.bits, precision.last)
        self.values: dict[str, Value] = {}
        self._told: dict[str, Any] = {}
        """Each question's and node's part of the scorecard."""

        self._numbers: dict[str, int] = {}

    def scorecard(self) -> Scorecard:
        """The scorecard.

        Raises:
            Undecided: a rounding or comparison needs more bits.
        """
        for item in self.plan.order:
            self._once(item)
        questions = tuple(self._told[question.id] for question in self.plan.questions)
        return Scorecard(
            family=self.plan.family,
            version=self.plan.version,
            digest=self.plan.digest,
            rounding=f"{self.plan.rounding.mode.value}/{self.plan.rounding.places}",
            index=self.plan.index,
            complete=all(question.state is not State.OPEN for question in questions),
            questions=questions,
            nodes=tuple(self._told[node.id] for node in self.plan.nodes),
            cohort=self.plan.cohort,
        )

    def _once(self, item: PlannedQuestion | PlannedNode) -> None:
        """Work out a question or node, or remember what the same answers made of it before."""
        memory, name = self.plan.memory, item.id
        below = tuple([self._numbers[each] for each in self.plan.rests_on[name]])
        key: Hashable = name, self.precision.bits, below
        if not isinstance(item, PlannedNode) and (answer := self.answers.get(name)) is not None:
            key = key, type(answer), answer.text
        learnt = memory.recall(key)
        if learnt is None:
            if isinstance(item, PlannedNode):
                told: Any = self._node(item)
            else:
                self.learn(item)
                told = self._question_score(item)
            learnt = Learnt(memory.number(), self.values[name], self.now[name], self.possible[name], told)
            memory.keep(key, learnt, questions=len(item.questions) if isinstance(item, PlannedNode) else 1)
        else:
            self.values[name], self.now[name], self.possible[name] = learnt.value, learnt.now, learnt.possible
        self._told[name], self._numbers[name] = learnt.told, learnt.number

    def learn(self, question: PlannedQuestion) -> None:
        """Keep what its answer, or the want of one, says of a question; whatever it rests on is known by then."""
        answer = self.answers.get(question.id)
        fact = asked.possibly(question, answer, self.reading_now)
        self.possible[question.id] = self.now[question.id] = fact
        if not self._agreed(question.id):
            self.possible[question.id] = asked.possibly(question, answer, self.reading_possible)
        self.values[question.id] = value_of(question, fact, answered=answer is not None)

    def _agreed(self, name: str) -> bool:
        """Whether all that something rests on is now what it will be, as far as both readings go."""
        return all(self.possible[each] is self.now[each] for each in self.plan.rests_on[name])

    def _node(self, node: PlannedNode) -> NodeScore:
        """The node's part of the scorecard. Where nothing is open below it, its value is all it may still become."""
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
            after, outcomes = ruled(node, value.value, self.reading_now)
            value = after_rules(replace(value, value=after), outcomes)
        printed = self._text(node, value.value)
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
        if policies != {Inapplicable.EXCLUDE}:
            return True
        if states <= {State.NOT_APPLICABLE}:
            return False
        return None if states <= {State.OPEN, State.NOT_APPLICABLE} else True

    def _counted(self, node: PlannedNode) -> list[Pair]:
        pairs: list[Pair] = []
        for child in node.children:
            if not child.weight:
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
        return tuple(child for child in node.children if self.values[child.id].state in STATED)

    def _lacking(self, node: PlannedNode, pairs: Sequence[Pair], found: Enclosure | None) -> Value | None:
        """Why there is nothing to state yet, with the value so far; None where nothing stands in the way."""
        states = {self.values[child.id].state for child in node.children if child.weight}
        weight = sum((child.weight for child in self._there(node, pairs)), Fraction(0))
        if states <= {State.NOT_APPLICABLE} and not weight:
            weightless = any(not child.weight for child in node.children)
            return Value(State.NOT_APPLICABLE, None, Why.WEIGHTLESS if weightless else Why.NONE)
        if State.OPEN in states and (node.missing is Missing.WITHHOLD or not weight):
            return Value(State.OPEN, found)
        if State.INSUFFICIENT in states or not weight or weight / node.total_weight < node.least_counted:
            return Value(State.INSUFFICIENT, found)
        return None

    def _by_arithmetic(self, node: PlannedNode, pairs: Sequence[Pair], found: Enclosure | None) -> Value:
        if (lacking := self._lacking(node, pairs, found)) is not None:
            return lacking
        if found is None:
            return Value(State.INSUFFICIENT, None, Why.UNDEFINED)
        return Value(State.SCORED, found)

    def _by_formula(self, node: PlannedNode) -> Value:
        if node.formula is None:
            raise TypeError(f"no formula: {node.id}")
        quantity = number(node.formula, self.reading_now)
        if quantity.span is None:
            return Value(*without_a_number(known=quantity.known, undefined=quantity.undefined))
        return Value(State.SCORED, quantity.span) if quantity.known else Value(State.OPEN, None)

    def _by_gates(self, node: PlannedNode) -> tuple[Value, str | None]:
        if all(self.now[child.id].applies is False for child in node.children):
            return Value(State.NOT_APPLICABLE, None), None
        gates = passed(node, self.reading_now)
        if gates.known and any(self.now[child.id].applies for child in node.children):
            return Value(State.SCORED, gates.span), gates.stage
        return Value(State.OPEN, None if gates.span.low is None else point(gates.span.low)), gates.stage

    def _text(self, node: PlannedNode, value: Enclosure | None) -> str | None:
        return None if value is None else stated_of(value, node.rounding, last=self.precision.last)

    def _end(self, node: PlannedNode, end: Fraction | None) -> str | None:
        return None if end is None else stated(end, node.rounding)

    def band(self, node: PlannedNode, value: Enclosure | None) -> str | None:
        """The band of a value, before the rules; None where the limits of bands have no numbers."""
        bands, limits = settled_bands(node, self.reading_now)
        return self._band(node, bands, value) if limits.fits else None

    def _band(self, node: PlannedNode, bands: Sequence[PlannedBand], value: Enclosure | None) -> str | None:
        """The band of a value by what the node says decides: the stated value, or the exact one."""
        printed = self._text(node, value)
        if printed is None or value is None:
            return None
        deciding = value if node.bands_on is BandsOn.EXACT else point(Fraction(printed))
        return band_of(node, bands, deciding, last=self.precision.last)

    def _node_score(self, worked: Worked, value: Value, outcomes: Sequence[Outcome]) -> NodeScore:
        node = worked.node
        printed = self._text(node, value.value)
        scored = value.state is State.SCORED
        span = self.possible[node.id].number
        states = [self.values[self.plan.questions[position].id].state for position in node.questions]
        fired = [outcome.rule for outcome in outcomes if outcome.fired]
        bands, limits = settled_bands(node, self.reading_now)
        band = self._band(node, bands, value.value) if scored and limits.fits else None
        there = self._there(node, worked.pairs) if worked.weighed else ()
        counted = sum((child.weight for child in there), Fraction(0))
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
            band=band_after(node, band, fired),
            stage=worked.stage if scored else None,
            provisional=printed,
            lowest=None if span is None else self._end(node, span.low),
            highest=None if span is None else self._end(node, span.high),
            answered=states.count(State.SCORED),
            not_applicable=states.count(State.NOT_APPLICABLE),
            missing=states.count(State.OPEN),
            counted_share=str(counted / node.total_weight if node.total_weight else Fraction(0)),
            shares=self._shares(node, worked),
            rules=self._outcomes(node, outcomes, bands if scored and limits.fits else ()),
            amounts=amounts_used(node, self.reading_now),
        )

    def _shares(self, node: PlannedNode, worked: Worked) -> tuple[Share, ...]:
        used = contributions(node, worked.pairs, worked.value.value, self.precision)
        values = {child.id: value for child, value in worked.pairs}
        there = {child.id for child in self._there(node, worked.pairs)}
        shares: list[Share] = []
        for child in node.children:
            known = self.values[child.id]
            weight, brought = used.get(child.id, (None if child.id in there else Fraction(0), None))
            value = values.get(child.id)
            shares.append(
                Share(
                    of=child.id,
                    state=known.state,
                    counted=child.id in there,
                    weight=str(child.weight) if worked.weighed or "weight" not in child.formulas else None,
                    weight_used=None if weight is None else str(weight),
                    cap=None if child.cap is None or not worked.weighed else written(child.cap),
                    exact=None if value is None else written(value),
                    contribution=None if brought is None else written(brought),
                )
            )
        return tuple(shares)

    def _outcomes(
        self, node: PlannedNode, outcomes: Sequence[Outcome], bands: Sequence[PlannedBand]
    ) -> tuple[RuleOutcome, ...]:
        """Each rule with what it cost: value and band before it and after it (where there are ``bands`` to tell)."""
        told: list[RuleOutcome] = []
        fired_so_far: list[PlannedRule] = []
        for outcome in outcomes:
            texts = [self._text(node, value) for value in (outcome.before, outcome.after)]
            before = band_after(node, self._band(node, bands, outcome.before), fired_so_far)
            if outcome.fired:
                fired_so_far.append(outcome.rule)
            last = self._band(node, bands, outcome.after)
            told.append(
                RuleOutcome(
                    id=outcome.rule.id,
                    kind=outcome.rule.kind.value,
                    fired=outcome.fired,
                    before=texts[0],
                    after=texts[1],
                    band_before=before,
                    band_after=band_after(node, last, fired_so_far),
                )
            )
        return tuple(told)

    def _question_score(self, question: PlannedQuestion) -> QuestionScore:
        answer = self.answers.get(question.id)
        value = self.values[question.id]
        fact = self.now[question.id]
        definition = question.asked
        levels = definition if isinstance(definition, LevelQuestion) else None
        raw = fact.number if definition.kind in ("number", "computed") and value.state is not State.OPEN else None
        ends = question.scale
        return QuestionScore(
            id=question.id,
            kind=definition.kind,
            state=value.state,
            why=value.why,
            level=answer.level if isinstance(answer, LevelAnswer) and value.state is State.SCORED else None,
            lowest=levels.lowest if levels else None,
            highest=levels.highest if levels else None,
            answer=answer.text if answer is not None and value.state is not State.OPEN else None,
            disregarded=answer is not None and value.why is Why.CONDITION,
            number=None if raw is None else written(raw),
            exact=None if value.value is None else written(value.value),
            least=None if ends.low is None else decimal_text(ends.low),
            most=None if ends.high is None else decimal_text(ends.high),
        )
