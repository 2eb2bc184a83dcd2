"""Score one assessment in exact rational arithmetic, with the reason for every number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from questionnaires.model import Aggregation, Missing
from scoring.answers import Answer, Answers, LevelAnswer
from scoring.bounds import Range, bounds
from scoring.errors import AnswerFault, AnswersRefused, LevelOutOfRange, MustApply, UnknownQuestion
from scoring.plan import Plan, PlannedNode, PlannedQuestion
from scoring.rounding import stated
from scoring.scorecard import NodeScore, QuestionScore, Scorecard, Share, State

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class _Value:
    """What is known of a question or node while scoring."""

    state: State
    exact: Fraction | None
    """The value once scored."""

    provisional: Fraction | None
    """The value over what is answered so far."""

    lowest: Fraction | None
    highest: Fraction | None
    optional: bool
    """True when missing answers may yet make it not applicable."""


def check_answer(plan: Plan, question: str, answer: Answer) -> AnswerFault | None:
    """What is wrong with this answer to this question, or None."""
    position = plan.positions.get(question)
    if position is None:
        return UnknownQuestion(question=question, questionnaire=f"{plan.family}@{plan.version}")
    asked = plan.questions[position]
    if isinstance(answer, LevelAnswer):
        if not asked.lowest <= answer.level <= asked.highest:
            return LevelOutOfRange(question=question, level=answer.level, lowest=asked.lowest, highest=asked.highest)
    elif not asked.may_not_apply:
        return MustApply(question=question)
    return None


def score(plan: Plan, answers: Answers) -> Scorecard:
    """Score ``answers`` (question id → answer; what is not there is missing, never zero).

    Raises:
        AnswersRefused: answers to unknown questions, off the scale, or "does not apply" where that is not
            allowed; all of them at once.
    """
    found = (check_answer(plan, question, answer) for question, answer in answers.items())
    if faults := [fault for fault in found if fault is not None]:
        raise AnswersRefused(faults)
    values = [_question_value(question, answers.get(question.id)) for question in plan.questions]
    nodes: list[NodeScore] = []
    for node in plan.nodes:
        value, shares = _node_value(node, values)
        nodes.append(_node_score(plan, node, value, shares, values))
        values.append(value)
    return Scorecard(
        family=plan.family,
        version=plan.version,
        digest=plan.digest,
        rounding=f"{plan.rounding.mode.value}/{plan.rounding.places}",
        index=plan.index,
        complete=all(question.id in answers for question in plan.questions),
        questions=tuple(
            _question_score(question, answers.get(question.id), value)
            for question, value in zip(plan.questions, values, strict=False)
        ),
        nodes=tuple(nodes),
    )


def _question_value(question: PlannedQuestion, answer: Answer | None) -> _Value:
    if answer is None:
        lowest, highest = Fraction(question.lowest), Fraction(question.highest)
        return _Value(State.OPEN, None, None, lowest, highest, question.may_not_apply)
    if isinstance(answer, LevelAnswer):
        level = Fraction(answer.level)
        return _Value(State.SCORED, level, level, level, level, optional=False)
    return _Value(State.NOT_APPLICABLE, None, None, None, None, optional=True)


def _question_score(question: PlannedQuestion, answer: Answer | None, value: _Value) -> QuestionScore:
    return QuestionScore(
        id=question.id,
        state=value.state,
        level=answer.level if isinstance(answer, LevelAnswer) else None,
        lowest=question.lowest,
        highest=question.highest,
    )


def _node_value(node: PlannedNode, values: Sequence[_Value]) -> tuple[_Value, tuple[Share, ...]]:
    below = [values[child.position] for child in node.children]
    counted = [value.provisional is not None for value in below]
    weight = sum((child.weight for child, counts in zip(node.children, counted, strict=True) if counts), _NOTHING)
    provisional = _aggregate(node, below, weight) if weight else None
    state = _state(node, below, weight)
    ranges = [
        Range(child.weight, value.lowest, value.highest, value.optional)
        for child, value in zip(node.children, below, strict=True)
        if value.lowest is not None and value.highest is not None
    ]
    limits = bounds(node.aggregation, ranges)
    scored = state is State.SCORED
    return (
        _Value(
            state=state,
            exact=provisional if scored else None,
            provisional=provisional,
            lowest=limits[0] if limits else None,
            highest=limits[1] if limits else None,
            optional=all(value.optional for value in below),
        ),
        _shares(node, below, weight, provisional),
    )


def _aggregate(node: PlannedNode, below: Sequence[_Value], weight: Fraction) -> Fraction:
    pairs = [
        (child.weight, value.provisional)
        for child, value in zip(node.children, below, strict=True)
        if value.provisional is not None
    ]
    if node.aggregation is Aggregation.MINIMUM:
        return min(value for _, value in pairs)
    return sum((own * value for own, value in pairs), _NOTHING) / weight


def _state(node: PlannedNode, below: Sequence[_Value], weight: Fraction) -> State:
    states = {value.state for value in below}
    if states == {State.NOT_APPLICABLE}:
        return State.NOT_APPLICABLE
    if State.OPEN in states and (node.missing is Missing.WITHHOLD or not weight):
        return State.OPEN
    if State.INSUFFICIENT in states or not weight or weight / node.total_weight < node.least_counted:
        return State.INSUFFICIENT
    return State.SCORED


def _shares(node: PlannedNode, below: Sequence[_Value], weight: Fraction, result: Fraction | None) -> tuple[Share, ...]:
    shares: list[Share] = []
    decided = False
    for child, value in zip(node.children, below, strict=True):
        used = child.weight / weight if value.provisional is not None else _NOTHING
        contribution: Fraction | None = None
        if value.provisional is not None:
            contribution = used * value.provisional
            if node.aggregation is Aggregation.MINIMUM:
                decides = not decided and value.provisional == result
                contribution = value.provisional if decides else _NOTHING
                decided = decided or decides
        shares.append(
            Share(
                of=child.id,
                state=value.state,
                counted=value.provisional is not None,
                weight=str(child.weight),
                weight_used=str(used),
                exact=None if value.provisional is None else str(value.provisional),
                contribution=None if contribution is None else str(contribution),
            )
        )
    return tuple(shares)


def _node_score(
    plan: Plan, node: PlannedNode, value: _Value, shares: tuple[Share, ...], values: Sequence[_Value]
) -> NodeScore:
    def text(number: Fraction | None) -> str | None:
        return None if number is None else stated(number, plan.rounding)

    states = [values[position].state for position in node.questions]
    printed = text(value.exact)
    counted = sum((Fraction(share.weight) for share in shares if share.counted), _NOTHING)
    return NodeScore(
        id=node.id,
        state=value.state,
        rule=node.aggregation.value,
        value=printed,
        exact=None if value.exact is None else str(value.exact),
        band=None if printed is None else _band(node, Fraction(printed)),
        provisional=text(value.provisional),
        lowest=text(value.lowest),
        highest=text(value.highest),
        answered=states.count(State.SCORED),
        not_applicable=states.count(State.NOT_APPLICABLE),
        missing=states.count(State.OPEN),
        counted_share=str(counted / node.total_weight),
        shares=shares,
    )


def _band(node: PlannedNode, printed: Fraction) -> str | None:
    """The last band that starts at or below the printed value: bands are half-open, so there is exactly one."""
    reached = [band.id for band in node.bands if band.lowest <= printed]
    return reached[-1] if reached else None
