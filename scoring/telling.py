"""The parts of a scorecard: what was worked out of a question or node, in words and decimals."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from questionnaires.model import BandsOn, LevelQuestion
from scoring.answers import Answer, LevelAnswer, decimal_text
from scoring.enclosure import Enclosure, point
from scoring.facts import Fact
from scoring.plan import Plan, PlannedBand, PlannedChild, PlannedNode, PlannedQuestion, PlannedRule
from scoring.rounding import stated, stated_of, written
from scoring.rules import Outcome, band_after, band_of
from scoring.scorecard import QuestionScore, RuleOutcome, Scorecard, Share, State, Why
from scoring.worked import Value


def text_of(node: PlannedNode, value: Enclosure | None, *, last: bool) -> str | None:
    """The stated value.

    Raises:
        Undecided: its rounding needs more bits, and ``last`` is false.
    """
    return None if value is None else stated_of(value, node.rounding, last=last)


def end_of(node: PlannedNode, end: Fraction | None) -> str | None:
    """An end of what is possible, stated; None where there is no limit."""
    return None if end is None else stated(end, node.rounding)


def band_before(node: PlannedNode, bands: Sequence[PlannedBand], value: Enclosure | None, *, last: bool) -> str | None:
    """The band of a value before the rules, by what the node says decides: the stated value, or the exact one.

    Raises:
        Undecided: it needs more bits, and ``last`` is false.
    """
    printed = text_of(node, value, last=last)
    if printed is None or value is None or not bands:
        return None
    deciding = value if node.bands_on is BandsOn.EXACT else point(Fraction(printed))
    return band_of(node, bands, deciding, last=last)


def rule_outcomes(
    node: PlannedNode, outcomes: Sequence[Outcome], bands: Sequence[PlannedBand], *, last: bool
) -> tuple[RuleOutcome, ...]:
    """Each rule with what it cost: value and band before it and after it (where there are ``bands`` to tell).

    Raises:
        Undecided: a rounding or band needs more bits, and ``last`` is false.
    """
    told: list[RuleOutcome] = []
    fired_so_far: list[PlannedRule] = []
    text = band = None
    for place, outcome in enumerate(outcomes):
        if not place:
            text = text_of(node, outcome.before, last=last)
            band = band_before(node, bands, outcome.before, last=last)
        before, band_then = text, band_after(node, band, fired_so_far)
        if outcome.after is not outcome.before:
            text = text_of(node, outcome.after, last=last)
            band = band_before(node, bands, outcome.after, last=last)
        if outcome.fired:
            fired_so_far.append(outcome.rule)
        told.append(
            RuleOutcome(
                id=outcome.rule.id,
                kind=outcome.rule.kind.value,
                fired=outcome.fired,
                before=before,
                after=text,
                band_before=band_then,
                band_after=band_after(node, band, fired_so_far),
            )
        )
    return tuple(told)


def share(  # noqa: PLR0913 - a share is named by all of these
    child: PlannedChild,
    state: State,
    value: Enclosure | None,
    used: tuple[Fraction | None, Enclosure | None],
    *,
    counted: bool,
    weighed: bool = True,
) -> Share:
    """What a child brought to its node.

    Args:
        child: of that node, with its amounts in numbers.
        state: the child's own.
        value: as it counted; None where it did not.
        used: its weight as used, and what it brought.
        counted: whether it is in the denominator.
        weighed: False where weights or limits of the node have no numbers.
    """
    weight, brought = used
    return Share(
        of=child.id,
        state=state,
        counted=counted,
        weight=str(child.weight) if weighed or "weight" not in child.formulas else None,
        weight_used=None if weight is None else str(weight),
        cap=None if child.cap is None or not weighed else written(child.cap),
        exact=None if value is None else written(value),
        contribution=None if brought is None else written(brought),
    )


def question_score(question: PlannedQuestion, answer: Answer | None, value: Value, fact: Fact) -> QuestionScore:
    """What a question contributed, or why it did not."""
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


def card_of(plan: Plan) -> Scorecard:
    """A scorecard with all that does not depend on answers, and nothing else."""
    return Scorecard(
        family=plan.family,
        version=plan.version,
        digest=plan.digest,
        rounding=f"{plan.rounding.mode.value}/{plan.rounding.places}",
        index=plan.index,
        complete=True,
        questions=(),
        nodes=(),
        cohort=plan.cohort,
    )
