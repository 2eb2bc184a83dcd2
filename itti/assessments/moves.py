"""The one table of what can happen to an assessment: states, moves, who may make them, and on which conditions.

Data, not code: a move that is not in :data:`RULES` does not exist, on any door. Pages, the API, the refusals
and the diagram in the documentation all read this table. How a condition is looked up is in
:mod:`itti.assessments.conditions`, what a move does beside changing the state in :mod:`itti.assessments.moving`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from itti.assessments.tables import AssessmentState as S


class MoveName(StrEnum):
    """Every move; the words for it are in the catalogue under ``move.<name>``."""

    START_SELF_ASSESSMENT = "start-self-assessment"
    FINISH_SELF_ASSESSMENT = "finish-self-assessment"
    START = "start"
    SUBMIT = "submit"
    TAKE_REVIEW = "take-review"
    RELEASE_REVIEW = "release-review"
    RETURN = "return"
    APPROVE = "approve"
    WITHDRAW = "withdraw"


class Relation(StrEnum):
    """What a person is to an assessment; words under ``relation.<name>``."""

    FACTORY = "factory"
    """Somebody of the assessed factory."""

    ASSESSOR = "assessor"
    """The assessor named in the assessment."""

    SECOND = "second"
    """Any assessor other than the one named in the assessment: who may become its reviewer."""

    REVIEWER = "reviewer"
    """The second person who holds the review."""

    PROGRAMME = "programme"
    """The programme office."""


class Condition(StrEnum):
    """What has to hold at the moment of a move."""

    ACCREDITED = "accredited"
    """The actor's accreditation for the questionnaire's family is valid on the day of the act."""

    SELF_ANSWERED = "self-answered"
    """The factory has answered every question for itself."""

    ANSWERED = "answered"
    """The assessor has answered every question."""

    SELF_LOOKED_AT = "self-looked-at"
    """The factory has looked at every answer of its own that was carried over and marked."""

    LOOKED_AT = "looked-at"
    """The assessor has looked at every answer that was carried over and marked."""

    SELF_CONSISTENT = "self-consistent"
    """The factory's own answers do not contradict each other."""

    CONSISTENT = "consistent"
    """The assessor's answers do not contradict each other."""

    REASONED = "reasoned"
    """Every assessed answer says why."""

    PROVEN = "proven"
    """Every answer that reaches the value from which its question asks for evidence has a file."""

    REVIEW_FREE = "review-free"
    """Nobody holds the review."""

    INDEX_STATED = "index-stated"
    """Enough questions apply for the headline index to be stated."""

    DEFINITION_PINNED = "definition-pinned"
    """The library still holds the very definition the assessment was planned with."""

    NOTE = "note"
    """The actor says why in a note."""


@dataclass(frozen=True)
class Rule:
    """One line of the table."""

    move: MoveName
    sources: frozenset[S]
    target: S
    by: frozenset[Relation]
    conditions: tuple[Condition, ...] = ()
    """Checked in this order; the first that fails is the reason of the refusal."""


_COMPLETE: Final = (
    Condition.ACCREDITED,
    Condition.DEFINITION_PINNED,
    Condition.ANSWERED,
    Condition.LOOKED_AT,
    Condition.CONSISTENT,
    Condition.REASONED,
    Condition.PROVEN,
    Condition.INDEX_STATED,
)
"""What both the assessor and the reviewer have to stand for."""

_OPEN: Final = frozenset({S.PLANNED, S.SELF_ASSESSMENT, S.SELF_ASSESSED, S.ASSESSMENT, S.REVIEW})

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        MoveName.START_SELF_ASSESSMENT,
        frozenset({S.PLANNED}),
        S.SELF_ASSESSMENT,
        frozenset({Relation.FACTORY}),
        (Condition.DEFINITION_PINNED,),
    ),
    Rule(
        MoveName.FINISH_SELF_ASSESSMENT,
        frozenset({S.SELF_ASSESSMENT}),
        S.SELF_ASSESSED,
        frozenset({Relation.FACTORY}),
        (Condition.DEFINITION_PINNED, Condition.SELF_ANSWERED, Condition.SELF_LOOKED_AT, Condition.SELF_CONSISTENT),
    ),
    Rule(
        # The factory's own answers are voluntary: the visit does not wait for them.
        MoveName.START,
        frozenset({S.PLANNED, S.SELF_ASSESSMENT, S.SELF_ASSESSED}),
        S.ASSESSMENT,
        frozenset({Relation.ASSESSOR}),
        (Condition.ACCREDITED, Condition.DEFINITION_PINNED),
    ),
    Rule(
        MoveName.SUBMIT,
        frozenset({S.ASSESSMENT}),
        S.REVIEW,
        frozenset({Relation.ASSESSOR}),
        _COMPLETE,
    ),
    Rule(
        MoveName.TAKE_REVIEW,
        frozenset({S.REVIEW}),
        S.REVIEW,
        frozenset({Relation.SECOND}),
        (Condition.ACCREDITED, Condition.REVIEW_FREE),
    ),
    Rule(
        # So that a review does not hang on one person's holidays or lapsed accreditation.
        MoveName.RELEASE_REVIEW,
        frozenset({S.REVIEW}),
        S.REVIEW,
        frozenset({Relation.REVIEWER, Relation.PROGRAMME}),
        (Condition.NOTE,),
    ),
    Rule(
        MoveName.RETURN,
        frozenset({S.REVIEW}),
        S.ASSESSMENT,
        frozenset({Relation.REVIEWER}),
        (Condition.ACCREDITED, Condition.NOTE),
    ),
    Rule(
        MoveName.APPROVE,
        frozenset({S.REVIEW}),
        S.CERTIFIED,
        frozenset({Relation.REVIEWER}),
        _COMPLETE,
    ),
    Rule(
        MoveName.WITHDRAW,
        _OPEN,
        S.WITHDRAWN,
        frozenset({Relation.PROGRAMME}),
        (Condition.NOTE,),
    ),
)

_BY_NAME: Final = {rule.move: rule for rule in RULES}


def rule_of(move: MoveName) -> Rule:
    """The line of the table for a move; every move has exactly one."""
    return _BY_NAME[move]


def leaving(state: S) -> tuple[Rule, ...]:
    """The lines that start from ``state``, in the order of the table."""
    return tuple(rule for rule in RULES if state in rule.sources)
