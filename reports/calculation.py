"""The calculation in words: every number of a scorecard from its parts, so that anybody can follow it by hand.

The terminal, the scorecard's page and the paper all print these lines, each in its own look. Numbers, formulas and ids
stand between the signs of Unicode that keep a text's own direction (U+2066 or U+2068 … U+2069), so that they stay whole
within Arabic: :func:`plain` takes them away, :func:`isolated` makes HTML of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from questionnaires.model import Definition, RuleKind
from reports.amounts import amount_of
from reports.calculation_steps import Telling
from scoring.answers import Answers
from scoring.plan import Plan
from scoring.scorecard import RuleOutcome, Scorecard, State, Why
from scoring.trace import ClassTrace, NodeTrace, Part, QuestionTrace, RuleTrace, StageTrace, Step, Trace
from scoring.tracing import trace
from scoring.working import ABSENT, Condition

_SUMS: Final = frozenset({"mean", "weighted_mean", "sum", "share", "count", "share_reached"})
"""Aggregations whose contributions add up."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, with what explains it further below it."""

    text: str
    below: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """One node: what it came to, and how."""

    id: str
    heading: str
    """Title, id and value."""

    notes: tuple[Line, ...]
    """Why there is no value, or not yet."""

    parts: tuple[Line, ...]
    """What each child brought, or why it does not count."""

    steps: tuple[Line, ...]
    """The parts put together, limits, gates, rules, the rounding, the band."""

    below: tuple[str, ...]
    """Ids of the nodes it is made from, in their order."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Everything in the order in which it is worked out."""
        return (*self.notes, *self.parts, *self.steps)


def calculation(definition: Definition, told: Trace, language: str) -> Mapping[str, Block]:
    """Node id → how it came about, the headline first."""
    telling = _Nodes(definition, told, language)
    return {name: telling.block(node) for name, node in told.nodes.items()}


def calculation_of(
    definition: Definition, plan: Plan, answers: Answers, card: Scorecard, language: str
) -> Mapping[str, Block]:
    """How a scorecard that is kept came about; empty where these answers do not give that scorecard any more."""
    told = trace(plan, answers)
    return calculation(definition, told, language) if told.card == card else {}


def tree(definition: Definition, blocks: Mapping[str, Block]) -> Iterator[tuple[int, Block, bool]]:
    """Every node with its depth and whether it was worked out above already: the headline and what is below it first.

    Nodes that do not lie below the headline follow, each with what is below it; a node that several are made from is
    worked out where it first stands.
    """
    below = {name for block in blocks.values() for name in block.below}
    seen: set[str] = set()

    def walk(name: str, depth: int) -> Iterator[tuple[int, Block, bool]]:
        again = name in seen
        seen.add(name)
        yield depth, blocks[name], again
        for child in () if again else blocks[name].below:
            yield from walk(child, depth + 1)

    headline = next(iter(blocks))
    for root in (headline, *(node.id for node in definition.nodes)):
        if (root == headline or root not in below) and root not in seen:
            yield from walk(root, 0)


def disregarded(definition: Definition, told: Trace, language: str) -> tuple[Line, ...]:
    """Answers that stand there and do not count, because their question is not asked here."""
    telling = _Nodes(definition, told, language)
    return tuple(telling.disregarded(each) for each in told.questions.values() if each.score.disregarded)


class _Nodes(Telling):
    """The lines of nodes."""

    def block(self, node: NodeTrace) -> Block:
        """Everything about one node."""
        return Block(
            id=node.score.id,
            heading=self._heading(node),
            notes=tuple(self._notes(node)),
            parts=() if _never_asked(node) else tuple(self._part(node, part) for part in node.parts),
            steps=tuple(self._steps(node)),
            below=tuple(part.share.of for part in node.parts if not part.is_question),
        )

    def disregarded(self, question: QuestionTrace) -> Line:
        """A question that is not asked here, and the answer that stands there anyway."""
        score = question.score
        told = self.named(score.id, self.texts.questions[score.id].title)
        return Line(
            self.say("disregarded", answer=self.own_way(score.answer or ""), **told), tuple(self._asked(question.asked))
        )

    def _heading(self, node: NodeTrace) -> str:
        score = node.score
        told = self.named(score.id, self.texts.nodes[score.id].title)
        if score.state is State.SCORED:
            value = f"{score.value} {score.unit}" if score.unit else score.value or ""
            if score.band is not None:
                return self.say("scored-band", value=self.sum(value), band=self.texts.bands[score.band].title, **told)
            return self.say("scored", value=self.sum(value), **told)
        told |= {name: self.sum(getattr(score, name) or "–") for name in ("provisional", "lowest", "highest")}
        if node.score.is_profile and score.state is State.OPEN:
            return self.say("open-profile", **told)
        if score.band is not None:
            return self.say("profile-class", **{"class": self.texts.bands[score.band].title}, **told)
        if node.classes:
            return self.say("profile-unclassed", **told)
        return self.say(score.state.value.replace("_", "-"), **told)

    def _notes(self, node: NodeTrace) -> Iterator[Line]:
        if node.score.why is not Why.NONE:
            yield Line(self.say(f"why-{node.score.why.value}"))
        yield from self._asked(node.asked)
        for place, step in node.amounts.items():
            what = amount_of(self.definition, place, node.score.id, self.language)
            yield Line(self.say("amount", what=what, **self.sums(step)), self._behind(step))

    def _steps(self, node: NodeTrace) -> Iterator[Line]:
        for step in node.made:
            yield Line(self.step(step, "made"), self._behind(step))
        for stage in node.stages:
            yield self._stage(stage)
        for each in node.classes:
            yield self._class(each)
        for rule in node.rules:
            yield self._rule(rule)
        for step in node.stated:
            yield Line(self.stated(step))

    def _asked(self, condition: Condition | None) -> Iterator[Line]:
        if condition is not None and condition.holds is not True:
            yield Line(self.say("asked-where", **self.condition(condition)))

    def _behind(self, step: Step) -> tuple[Line, ...]:
        """What was looked up for a formula, and which way every ``if`` in it went."""
        chosen = [Line(self.say(f"chosen-{_held(each)}", **self.condition(each))) for each in step.conditions]
        return (*(Line(self.looked(each)) for each in step.looked), *chosen)

    def _part(self, node: NodeTrace, part: Part) -> Line:
        if part.is_question:
            question = self.trace.questions[part.share.of]
            head = self.question_head(part, question)
            below = [self._worth(question, step) for step in question.steps]
            if part.share.state is State.NOT_APPLICABLE:
                below = [*self._asked(question.asked), *self._reason(question)]
        else:
            head, below = self.node_head(part), []
        if not part.share.counted:
            return Line(head, tuple(below))
        if part.before_cap:
            below.append(Line(self.say("cut", before=self.sum(part.before_cap), cap=self.sum(part.value))))
        tail = self._tail(node.score.rule, part)
        return Line(self.say("part", head=head, tail=tail) if tail else head, tuple(below))

    def _worth(self, question: QuestionTrace, step: Step) -> Line:
        if step.rows:
            return Line(self.rows_left(question.score.id, step))
        return Line(self.step(step, "worth"), self._behind(step))

    def _reason(self, question: QuestionTrace) -> Iterator[Line]:
        if question.reason:
            yield Line(self.say("reason", reason=self.own_way(question.reason)))
        elif question.score.answer is not None and not question.score.disregarded:
            yield Line(self.say("answered", answer=self.own_way(self.answer(question.score))))

    def _tail(self, rule: str, part: Part) -> str:
        """How the part enters the node's value."""
        told = {
            "weight": self.sum(part.share.weight or "–"),
            "total": self.sum(part.total),
            "mark": self.sum(part.mark),
        }
        told["sum"] = self.equation(part.working, part.contribution)
        if not part.working and rule in {*_SUMS, "geometric", "harmonic"}:
            return self.say("weighs", **told)
        match rule:
            case "minimum" | "maximum" | "median":
                return self.say("decides") if part.share.contribution != "0" else ""
            case "geometric" | "harmonic":
                return self.say("enters", **told)
            case "count" | "share_reached":
                return self.say("reaches" if part.reached else "falls-short", **told)
        key = f"brings-{rule.replace('_', '-')}"
        return self.say(key, **told) if rule in _SUMS else ""

    def _stage(self, stage: StageTrace) -> Line:
        told = self.named(stage.id, self.texts.rules[stage.id].title) | self.condition(stage.condition)
        if stage.passed:
            key = "stage-passed"
        elif not stage.stopped_here:
            return Line(self.say("stage-behind", value=self.sum(stage.value), **told))
        else:
            key = "stage-waits" if stage.passed is None else "stage-stopped"
        return Line(self.say(key, value=self.sum(stage.value), **told), self._together(stage.condition))

    def _class(self, each: ClassTrace) -> Line:
        told = {"class": self.texts.bands[each.id].title, "id": self.sum(f"[{each.id}]")}
        if each.condition is None:
            return Line(self.say("class-rest", **told))
        line = self.say(f"class-{_held(each.condition)}", **told, **self.condition(each.condition))
        return Line(line, self._together(each.condition))

    def _together(self, condition: Condition) -> tuple[Line, ...]:
        """Each of several things that have to hold together."""
        return tuple(Line(self.say(f"part-{_held(each)}", **self.condition(each))) for each in condition.parts)

    def _rule(self, rule: RuleTrace) -> Line:
        outcome = rule.outcome
        told = self.named(outcome.id, self.texts.rules[outcome.id].title) | self.condition(rule.condition)
        told["kind"] = self.say(f"kind-{outcome.kind}")
        if outcome.fired is None:
            return Line(self.say("rule-waits", **told))
        done = "fired" if outcome.fired else "silent"
        line = self.say(f"rule-{done}-{_held(rule.condition)}", **told)
        return Line(line, tuple(self._effects(rule)) if outcome.fired else ())

    def _effects(self, rule: RuleTrace) -> Iterator[Line]:
        outcome = rule.outcome
        if ABSENT in rule.limits.values():
            yield Line(self.say("effect-without-number"))
            return
        change = {"before": self.number(rule.before), "after": self.number(rule.after)}
        for name in ("to", "at-most", "at-least"):
            if name in rule.limits:
                yield Line(self.say(f"effect-{name}", limit=self.number(rule.limits[name]), **change))
        is_bonus = outcome.kind == RuleKind.BONUS.value
        if rule.cost:
            key = "gain" if is_bonus else "cost-added" if rule.cost.startswith("-") else "cost"
            stated = {"before": self.sum(outcome.before or "–"), "after": self.sum(outcome.after or "–")}
            yield Line(self.say(key, cost=self.sum(rule.cost.removeprefix("-")), **stated))
        yield from self._effects_on_band(rule, outcome)
        if not rule.cost and outcome.band_before == outcome.band_after:
            yield Line(self.say("gain-nothing" if is_bonus else "cost-nothing"))

    def _effects_on_band(self, rule: RuleTrace, outcome: RuleOutcome) -> Iterator[Line]:
        bands = self.texts.bands
        if "at-most-band" in rule.limits:
            yield Line(self.say("effect-at-most-band", band=bands[rule.limits["at-most-band"]].title))
        if "bands-down" in rule.limits:
            yield Line(self.say("effect-bands-down", count=rule.limits["bands-down"]))
        if "at-least-band" in rule.limits:
            yield Line(self.say("effect-at-least-band", band=bands[rule.limits["at-least-band"]].title))
        if "bands-up" in rule.limits:
            yield Line(self.say("effect-bands-up", count=rule.limits["bands-up"]))
        if outcome.band_before != outcome.band_after and outcome.band_before and outcome.band_after:
            change = {"before": bands[outcome.band_before].title, "after": bands[outcome.band_after].title}
            is_bonus = outcome.kind == RuleKind.BONUS.value
            yield Line(self.say("gain-band" if is_bonus else "cost-band", **change))


def _never_asked(node: NodeTrace) -> bool:
    """The definition's condition for it does not hold, so that nothing below it matters."""
    return node.score.state is State.NOT_APPLICABLE and node.score.why is Why.CONDITION


def _held(condition: Condition) -> str:
    return {True: "holds", False: "fails", None: "waits"}[condition.holds]
