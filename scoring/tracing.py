"""From answers to the trace of their scorecard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from questionnaires.model import Aggregation, BandsOn, PassesOn
from scoring.aggregate import Pair, aggregate
from scoring.amounts import places_of, settled_bands
from scoring.answers import Answers, NotApplicableAnswer
from scoring.enclosure import ZERO, Enclosure, total
from scoring.exact import run
from scoring.plan import Plan, PlannedNode, PlannedQuestion, PlannedRule
from scoring.rules import Outcome, passed
from scoring.scorecard import NodeScore, QuestionScore, RuleOutcome, Scorecard, Share, State
from scoring.thorough import Scoring
from scoring.trace import ClassTrace, NodeTrace, Part, QuestionTrace, RuleTrace, StageTrace, Step, Trace
from scoring.tracing_questions import formula_step, steps_of
from scoring.working import ABSENT, PLACES, Inserting, added, figure, figure_of, over, times, within


def trace(plan: Plan, answers: Answers) -> Trace:
    """How the scorecard of ``answers`` came about.

    Raises:
        AnswersRefused: some answers cannot be scored.
    """
    plan = plan.unrolled(answers)
    scoring, card = run(plan, answers)
    return _Tracing(plan, answers, scoring, card).trace()


@dataclass(frozen=True)
class _Tracing:
    """One trace of a finished run."""

    plan: Plan
    answers: Answers
    scoring: Scoring
    card: Scorecard

    def trace(self) -> Trace:
        scores = {score.id: score for score in self.card.questions}
        questions = {each.id: self._question(each, scores[each.id]) for each in self.plan.questions}
        told = {score.id: score for score in self.card.nodes}
        nodes = {each.id: self._node(each, told[each.id]) for each in reversed(self.plan.nodes)}
        first = self.plan.index
        return Trace(self.card, questions, {first: nodes[first], **nodes})

    def _inserting(self) -> Inserting:
        dates = frozenset(question.id for question in self.plan.questions if question.asked.kind == "date")
        return Inserting(self.scoring.reading_now, dates)

    def _question(self, question: PlannedQuestion, score: QuestionScore) -> QuestionTrace:
        answer = self.answers.get(question.id)
        condition = question.applies_when
        return QuestionTrace(
            score=score,
            asked=None if condition is None else self._inserting().condition(condition),
            reason=answer.reason if isinstance(answer, NotApplicableAnswer) else "",
            steps=steps_of(question, answer, self.scoring.now[question.id], self._inserting()),
        )

    def _node(self, planned: PlannedNode, score: NodeScore) -> NodeTrace:
        worked, value, outcomes = self.scoring.work_out(planned)
        node = worked.node
        counted = {child.id: (child, value) for child, value in worked.pairs}
        weight = _weight(worked.pairs)
        parts = tuple(self._part(node, share, counted, weight) for share in score.shares)
        made = [*self._made(node, worked.pairs, parts)]
        if made and worked.value.value is not None and made[-1].result != figure_of(worked.value.value):
            made.append(_held(node, made[-1].result, worked.value.value))
        return NodeTrace(
            score=score,
            asked=None if node.applies_when is None else self._inserting().condition(node.applies_when),
            parts=parts,
            amounts={
                place: formula_step("amount", formula, self._inserting()) for place, formula in places_of(planned)
            },
            made=tuple(made),
            stages=tuple(self._stages(node)),
            classes=tuple(self._classes(node)) if score.state is State.PROFILE else (),
            rules=tuple(self._rule(*each) for each in zip(outcomes, score.rules, strict=True)),
            stated=tuple(self._stated(node, score, value.value)),
        )

    def _part(self, node: PlannedNode, share: Share, counted: Mapping[str, Pair], weight: Fraction) -> Part:
        is_question = share.of in self.plan.positions
        if share.of not in counted:
            return Part(share, is_question, "" if share.counted else ABSENT)
        child, value = counted[share.of]
        known = self.scoring.values[child.id].value
        cut_off = child.cap is not None and known is not None and known != value
        has_value = self.scoring.values[node.id].value is not None
        brought = _brought(node, share, counted, weight) if has_value else ""
        counting = node.aggregation in {Aggregation.COUNT, Aggregation.SHARE_REACHED}
        return Part(
            share=share,
            is_question=is_question,
            value=figure_of(value),
            before_cap=figure_of(known) if cut_off else "",
            total=figure(weight),
            working=brought,
            contribution=_contribution(share),
            reached=share.contribution != "0" if counting else None,
            mark=figure_of(child.reached_from) if counting else "",
        )

    def _made(self, node: PlannedNode, pairs: Sequence[Pair], parts: Sequence[Part]) -> Iterator[Step]:
        """The aggregation before limits and rules; nothing where there is no value to explain."""
        key = word_of(node.aggregation)
        if node.aggregation is Aggregation.PROFILE:
            yield Step(key)
        if self.scoring.values[node.id].value is None:
            return
        if node.aggregation is Aggregation.FORMULA and node.formula is not None:
            yield formula_step(key, node.formula, self._inserting())
        elif node.aggregation is Aggregation.CUMULATIVE:
            climbed = passed(node, self.scoring.reading_now).span
            yield Step(key, result=ABSENT if climbed.low is None else figure(climbed.low))
        elif pairs:
            found = aggregate(node, pairs, self.scoring.precision)
            yield from _arithmetic(node, pairs, parts, figure_of(found))

    def _stages(self, node: PlannedNode) -> Iterator[StageTrace]:
        climbing: bool | None = True
        for stage in node.stages:
            condition = self._inserting().condition(stage.when)
            now = condition.holds if climbing else climbing
            stopped = climbing is True and now is not True
            yield StageTrace(stage.id, figure(stage.value), condition, now, stopped_here=stopped)
            climbing = now if climbing else climbing

    def _classes(self, node: PlannedNode) -> Iterator[ClassTrace]:
        for each in node.classes:
            condition = None if each.when is None else self._inserting().condition(each.when)
            holds = True if condition is None else condition.holds
            yield ClassTrace(each.id, condition, holds)
            if holds is not False:
                return

    def _rule(self, outcome: Outcome, told: RuleOutcome) -> RuleTrace:
        costs = told.before is not None and told.after is not None and told.before != told.after
        rule = outcome.rule
        return RuleTrace(
            outcome=told,
            condition=self._inserting().condition(rule.condition),
            fires_on=rule.fires_on,
            before=figure_of(outcome.before),
            after=figure_of(outcome.after),
            cost=figure(Fraction(told.before or 0) - Fraction(told.after or 0)) if costs else "",
            limits=_limits(rule),
        )

    def _stated(self, node: PlannedNode, score: NodeScore, value: Enclosure | None) -> Iterator[Step]:
        if value is None or score.provisional is None:
            return
        places = {"places": str(node.rounding.places)}
        yield Step(f"rounded-{word_of(node.rounding.mode)}", figure_of(value), score.provisional, numbers=places)
        if node.passes_on is PassesOn.STATED:
            yield Step("passes-on-stated", result=score.provisional)
        if score.band is not None:
            yield self._band(node, score.band, figure_of(value), score.provisional)

    def _band(self, node: PlannedNode, band: str, exact: str, stated: str) -> Step:
        """The band after the rules, and from where to where it reaches."""
        bands, _ = settled_bands(node, self.scoring.reading_now)
        place = [each.id for each in bands].index(band)
        above = bands[place + 1].lowest if place + 1 < len(bands) else None
        deciding = exact if node.bands_on is BandsOn.EXACT else stated
        limits = _known({"from": bands[place].lowest, "below": above})
        if not node.boundary_is_upper:
            return Step("band", deciding, band, numbers=limits)
        if place == 0:
            limits.pop("from")
        return Step("band-upper", deciding, band, numbers=limits)


def _contribution(share: Share) -> str:
    """What a child brought, as the scorecard writes it, for reading."""
    exact = share.contribution or ""
    if exact.endswith("…"):
        whole, _, part = exact.partition(".")
        return f"{whole}.{part[:PLACES]}…"
    return exact and figure(Fraction(exact))


def _brought(node: PlannedNode, share: Share, counted: Mapping[str, Pair], weight: Fraction) -> str:
    """How a child's contribution (or its power or quotient, where contributions do not add up) is worked out."""
    child, value = counted[share.of]
    own, text, total = figure(child.weight), figure_of(value), figure(weight)
    match node.aggregation:
        case Aggregation.MEAN:
            return over(text, str(len(counted)))
        case Aggregation.WEIGHTED_MEAN:
            return over(times(text, own), total)
        case Aggregation.SUM:
            return times(text, own)
        case Aggregation.SHARE:
            return over(times(text, own, figure(node.out_of)), figure_of(_achievable(counted.values())))
        case Aggregation.SHARE_REACHED:
            return over(times(own, figure(node.out_of)), total) if share.contribution != "0" else "0"
        case Aggregation.COUNT:
            return "1" if share.contribution != "0" else "0"
        case Aggregation.GEOMETRIC:
            return f"{within(text)}^{within(figure(child.weight / weight))}"
        case Aggregation.HARMONIC:
            return over(own, text) if text != "0" else ""
    return ""


def _weight(pairs: Sequence[Pair]) -> Fraction:
    return sum((child.weight for child, _ in pairs), Fraction(0))


def _achievable(pairs: Iterable[Pair]) -> Enclosure:
    """The most that the children that count could achieve, weights observed."""
    return total((child.highest or ZERO).scaled(child.weight) for child, _ in pairs)


def _arithmetic(node: PlannedNode, pairs: Sequence[Pair], parts: Sequence[Part], result: str) -> Iterator[Step]:
    """What the parts come to."""
    key = word_of(node.aggregation)
    values = [figure_of(value) for _, value in pairs]
    match node.aggregation:
        case Aggregation.MINIMUM | Aggregation.MAXIMUM | Aggregation.MEDIAN:
            function = {Aggregation.MINIMUM: "min", Aggregation.MAXIMUM: "max"}.get(node.aggregation, "median")
            yield Step(key, f"{function}({', '.join(values)})", result)
        case Aggregation.GEOMETRIC:
            yield Step(key, " × ".join(part.working for part in parts if part.working), result)
        case Aggregation.HARMONIC if "0" in values:
            yield Step("harmonic-zero", "", result)
        case Aggregation.HARMONIC:
            weights = added(figure(child.weight) for child, _ in pairs)
            yield Step(key, f"({weights}) / ({' + '.join(part.working for part in parts if part.working)})", result)
        case _:
            if node.aggregation is Aggregation.SHARE:
                most = [times(figure(child.weight), figure_of(child.highest or ZERO)) for child, _ in pairs]
                yield Step("achievable", " + ".join(most), figure_of(_achievable(pairs)))
            yield Step(key, added(part.contribution for part in parts if part.contribution), result)


def word_of(word: StrEnum) -> str:
    """A word of the definition language as part of a key."""
    return word.value.replace("_", "-")


def _held(node: PlannedNode, before: str, after: Enclosure) -> Step:
    ends = {"least": node.least, "most": node.most}
    return Step("held", before, figure_of(after), numbers=_known(ends))


def _known(amounts: Mapping[str, Enclosure | None]) -> dict[str, str]:
    return {name: figure_of(amount) for name, amount in amounts.items() if amount is not None}


def _limits(rule: PlannedRule) -> dict[str, str]:
    found = _known({"to": rule.to, "at-most": rule.at_most, "at-least": rule.at_least})
    if rule.at_most_band is not None:
        found["at-most-band"] = rule.at_most_band
    if rule.bands_down is not None:
        found["bands-down"] = str(rule.bands_down)
    if rule.at_least_band is not None:
        found["at-least-band"] = rule.at_least_band
    return found if rule.bands_up is None else {**found, "bands-up": str(rule.bands_up)}
