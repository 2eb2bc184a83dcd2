"""A plan as a model: questions become decisions, nodes become amounts, a target becomes a constraint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from scoring.answers import Answer, Answers, NotApplicableAnswer
from scoring.enclosure import Enclosure, exactly
from scoring.exact import facts_of
from scoring.facts import Reading
from scoring.plan import Plan, PlannedNode, PlannedQuestion
from scoring.solving.amounts import Amount, Beyond, Sums
from scoring.solving.formulas import ABSENT, UNKNOWN, Formulas, Term
from scoring.solving.ground import Ground
from scoring.solving.nodes import Nodes
from scoring.solving.offers import Offered, Offers, Pick
from scoring.solving.tables import MOST_ROWS, Tables
from scoring.targets import Target, ladder, reached

_FAR = Fraction(10**6)
"""Where a value has no limit, the model gives it this one."""


class Translation:
    """The model of everything below one node."""

    def __init__(
        self,
        plan: Plan,
        node: str,
        answers: Answers,
        offered: Mapping[str, Sequence[Answer]],
        most_rows: int = MOST_ROWS,
    ) -> None:
        self.ground = Ground(plan, node, answers)
        self.sums = Sums()
        below = {name: better for name, better in offered.items() if name in self.ground.plan.positions}
        self.offers = Offers(self.sums.model, self.ground.answers, below)
        self.tables = Tables(self.ground, self.offers, self.sums, most_rows)
        self.terms: dict[str, Term] = {}
        self.formulas = Formulas(self.ground, self.tables, self.sums, self.terms)
        self.nodes = Nodes(self.formulas)
        self.applying = frozenset(each.question for each in self.offers.of.values() if self._always_applies(each))
        self.possible = self.ground.possible(self._fixed(), self.applying)
        self.planned = {item.id: item for item in self.ground.plan.order}
        for item in self.ground.plan.order:
            self.terms[item.id] = self._term(item)

    @property
    def node(self) -> PlannedNode:
        """The node that everything is about."""
        found = self.planned[self.ground.node]
        if not isinstance(found, PlannedNode):
            raise TypeError(f"no node: {self.ground.node}")
        return found

    def _always_applies(self, offered: Offered) -> bool:
        """Whether none of the answers on offer says that the question does not apply."""
        question = self.ground.plan.questions[self.ground.plan.positions[offered.question]]
        return not question.denials and not any(isinstance(each, NotApplicableAnswer) for each in offered.answers)

    def _fixed(self) -> dict[str, Answer]:
        return {name: answer for name, answer in self.ground.answers.items() if name not in self.offers.of}

    def _decided(self, item: PlannedQuestion | PlannedNode) -> bool:
        return not self.offers.among(self.ground.below[item.id])

    def _term(self, item: PlannedQuestion | PlannedNode) -> Term:
        try:
            if self._decided(item):
                return self._as_it_is(item.id)
            return self._of_node(item) if isinstance(item, PlannedNode) else self._of_question(item)
        except Beyond:
            return UNKNOWN

    def _as_it_is(self, name: str) -> Term:
        fact = self.ground.now.facts[name]
        if fact.applies is False and fact.known:
            return ABSENT
        if not fact.known or fact.undefined:
            return UNKNOWN
        return Term(self._constant(fact.score), self._constant(fact.number))

    def _constant(self, span: Enclosure | None) -> Amount | None:
        if span is None or span.low is None or span.high is None:
            return None
        return self.sums.constant(span.low) if span.low == span.high else self.sums.between(span.low, span.high)

    def _of_question(self, question: PlannedQuestion) -> Term:
        name = question.id
        if not self.tables.small({name}):
            if question.curve is None and question.formula is not None and question.applies_when is None:
                found = self.formulas.number(question.formula)
                if found is not None:
                    limits = (getattr(question.asked, each, None) for each in ("least", "most"))
                    held = self.sums.held(found, *limits)
                    return Term(held, held)
            return self._within(name)
        return self._listed(name)

    def _listed(self, name: str) -> Term:
        def score(reading: Reading) -> Enclosure | None:
            fact = reading.facts[name]
            return fact.score if fact.known and not fact.undefined else None

        def number(reading: Reading) -> Enclosure | None:
            fact = reading.facts[name]
            return fact.number if fact.known and not fact.undefined else None

        return Term(self.tables.amount({name}, score), self.tables.amount({name}, number))

    def _within(self, name: str) -> Term:
        """Anything within the limits that the engine knows, if it surely is anything."""
        self.formulas.left_open += 1
        fact = self.possible[name]
        sure = fact.applies is True and not fact.optional and not fact.undefined
        if not sure or not self._all_answered(name):
            return UNKNOWN
        return Term(self._free(fact.score), self._free(fact.number))

    def _free(self, span: Enclosure | None) -> Amount | None:
        if span is None or span.low is None or span.high is None:
            return None
        return self.sums.between(span.low, span.high)

    def _all_answered(self, name: str) -> bool:
        """Whether nothing below can be missing, drop out or have no value: then it has a value, whatever is decided."""
        for each in self.ground.below[name]:
            item, fact = self.planned[each], self.possible[each]
            if isinstance(item, PlannedQuestion) and item.answerable and each not in self.ground.answers:
                return False
            if (fact.optional or fact.undefined or fact.applies is not True) and not self._decided(item):
                return False
        return True

    def _of_node(self, node: PlannedNode) -> Term:
        open_before = self.formulas.left_open
        found = self.nodes.carried(node)
        if (found is None or self.formulas.left_open > open_before) and self.tables.small({node.id}):
            return self._listed(node.id)
        return self._within(node.id) if found is None else Term(found, found)

    def require(self, target: Target) -> None:
        """Whatever is decided has to reach the target, as far as the model can tell."""
        closure = self.ground.below[self.node.id]
        if self.tables.small(closure):
            among = self.offers.among(closure)
            ways = [
                places
                for places, answers in self.offers.ways(closure)
                if reached(target, self.node, self.ground.score(answers))
            ]
            if among:
                self.sums.model.add_allowed_assignments([each.place for each in among], ways)
            elif not ways:
                self.offers.cut({})
            return
        try:
            self._require(target)
        except Beyond:
            return

    def _require(self, target: Target) -> None:
        node = self.node
        if target.stage is not None:
            wanted = [stage.id for stage in node.stages].index(target.stage) + 1
            for stage in node.stages[:wanted]:
                literal = self.formulas.truth(stage.when)
                self.sums.model.add_bool_or([literal])
            return
        value = self.nodes.values.get(node.id)
        if value is None:
            return
        stated = self.sums.stated(value, node.rounding)
        if target.value is not None:
            limit = target.value * stated.scale
            if node.less_is_better:
                self.sums.model.add(stated.units <= limit.numerator // limit.denominator)
            else:
                self.sums.model.add(stated.units >= -(-limit.numerator // limit.denominator))
        elif target.band is not None and self.nodes.plain_bands(node):
            place = self.nodes.place(node, stated)
            self.sums.model.add(place.units >= ladder(node).index(target.band))

    def objective(self) -> Amount:
        """What the node is worth to its parents; where the model cannot tell, anything it can still become."""
        term, fact = self.terms[self.node.id], self.possible[self.node.id]
        if term.score is not None:
            return term.score
        span = fact.score
        low = span.low if span is not None and span.low is not None else -_FAR
        high = span.high if span is not None and span.high is not None else _FAR
        return self.sums.between(max(low, -_FAR), min(high, _FAR))

    def refute(self, pick: Pick, target: Target) -> None:
        """Cut off what the engine refuted, with everything else that it refutes for the same reason."""
        self.learn(pick)
        kept = dict(pick)
        for name in [*sorted(pick, key=lambda each: pick[each] > 0)]:
            fewer = {each: place for each, place in kept.items() if each != name}
            if self._out_of_reach(fewer, target):
                kept = fewer
        self.offers.cut(kept)

    def learn(self, pick: Pick) -> None:
        """Draw tangents where the solver was too hopeful."""
        self.nodes.tangents(facts_of(self.ground.plan, self.offers.answered(pick)))

    def _out_of_reach(self, kept: Pick, target: Target) -> bool:
        """Whether no answers on the scales of the questions that are not kept reach the target."""
        node = self.node
        loose = set(self.offers.of) - set(kept)
        fact = self.ground.highest(self.offers.answered(kept), loose, self.applying & loose)
        span = fact.number
        if span is None or target.stage is not None:
            return False
        limit = target.value
        if target.band is not None:
            limits = {band.id: exactly(band.lowest) for band in node.bands}
            limit = limits[target.band]
            if limit is None or None in limits.values():
                return False
            if node.less_is_better:
                above = [each for each in limits.values() if each is not None and each > limit]
                if not above:
                    return False
                return span.low is not None and span.low > min(above) + Fraction(1, 10**node.rounding.places)
        if limit is None:
            return False
        step = Fraction(1, 10**node.rounding.places)
        if node.less_is_better:
            return span.low is not None and span.low > limit + step
        return span.high is not None and span.high < limit - step
