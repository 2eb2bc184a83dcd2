"""The one table of what can happen to an assessment: states, moves, who may make them, and on which conditions.

Data, not code: a move that is not in :data:`RULES` does not exist, on any door. Pages, the API, the refusals
and the diagram in the documentation all read this table. How a condition is looked up is in
:mod:`itti.assessments.conditions`, what a move does beside changing the state in :mod:`itti.assessments.moving`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from itti.assessments.tables import IN_REVIEW
from itti.assessments.tables import AssessmentState as S


class MoveName(StrEnum):
    """Every move; the words for it are in the catalogue under ``move.<name>``."""

    START_SELF_ASSESSMENT = "start-self-assessment"
    FINISH_SELF_ASSESSMENT = "finish-self-assessment"
    START = "start"
    HAND_OVER = "hand-over"
    SUBMIT = "submit"
    TAKE_REVIEW = "take-review"
    RELEASE_REVIEW = "release-review"
    RETURN = "return"
    HEAR_FACTORY = "hear-factory"
    ACCEPT = "accept"
    REPLY = "reply"
    LET_REPLY_LAPSE = "let-reply-lapse"
    APPROVE = "approve"
    APPEAL = "appeal"
    WITHDRAW_APPEAL = "withdraw-appeal"
    TAKE_APPEAL = "take-appeal"
    RELEASE_APPEAL = "release-appeal"
    REJECT_APPEAL = "reject-appeal"
    UPHOLD_APPEAL = "uphold-appeal"
    EXPIRE = "expire"
    SUPERSEDE = "supersede"
    REVOKE = "revoke"
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

    UNINVOLVED = "uninvolved"
    """An assessor who took no part in the assessment, of a body that took none: who may hear an appeal."""

    HEARER = "hearer"
    """The person who hears the appeal."""

    PROGRAMME = "programme"
    """The programme office."""

    TIME = "time"
    """Nobody: a deadline passes, or a certificate comes to its end."""

    REGISTER = "register"
    """Nobody: a later certificate of the factory is entered in the register."""


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

    DECLARED = "declared"
    """The actor has declared for this assessment what ties them, and their body, to the factory."""

    INDEPENDENT = "independent"
    """Nothing ties the actor or their body to the factory, or did within the programme's period."""

    ASSESSOR_INDEPENDENT = "assessor-independent"
    """The same of the assessor, by what is known on the day of the act."""

    ROTATED = "rotated"
    """The actor has not made the last assessments of the factory in a row, as many as the programme allows."""

    SEPARATE_BODIES = "separate-bodies"
    """The actor is of another body than the assessor, where the programme demands it."""

    FIRST_ASSESSMENT = "first-assessment"
    """It is no blind second assessment, which ends with its submission."""

    APART = "apart"
    """Of an assessment and its blind second one nobody, and no body, takes part in both."""

    REVIEW_FREE = "review-free"
    """Nobody holds the review."""

    REVISED_BY_OTHERS = "revised-by-others"
    """Of a revision after an appeal: the actor and their body took no part in what it revises."""

    SETTLED = "settled"
    """Every comment that demands a change is resolved."""

    HEARD = "heard"
    """The factory has been heard, where the programme gives it a right of reply."""

    RIGHT_OF_REPLY = "right-of-reply"
    """The programme gives the factory a right of reply."""

    REPLY_IN_TIME = "reply-in-time"
    """The factory's time to reply has not run out."""

    REPLY_OVERDUE = "reply-overdue"
    """The factory's time to reply has run out."""

    ISSUED = "issued"
    """The certificate is in the register."""

    VALID = "valid"
    """The certificate has not come to its end."""

    ENDED = "ended"
    """The last day of the certificate has passed."""

    APPEAL_IN_TIME = "appeal-in-time"
    """The period in which an appeal can be made has not passed."""

    FIRST_APPEAL = "first-appeal"
    """No appeal has been made before: it is heard once."""

    APPEAL_FREE = "appeal-free"
    """Nobody hears the appeal yet."""

    INDEX_STATED = "index-stated"
    """Enough questions apply for the headline index to be stated."""

    DEFINITION_PINNED = "definition-pinned"
    """The library still holds the very definition the assessment was planned with."""

    SUCCESSOR = "successor"
    """The person named may take the assessment over on the day of the act."""

    NEVER_ITS_ASSESSOR = "never-its-assessor"
    """The actor did not begin the assessment that somebody else has taken over since."""

    NOTE = "note"
    """The actor says why in a note."""


@dataclass(frozen=True)
class Rule:
    """One line of the table."""

    move: MoveName
    sources: frozenset[S]
    target: S | None
    """The state it leads to; None: the state stays, and something else changes."""

    by: frozenset[Relation]
    conditions: tuple[Condition, ...] = ()
    """Checked in this order; the first that fails is the reason of the refusal."""

    told: bool = False
    """Whether the factory reads the note; what assessor, reviewer and programme write to each other is kept from it."""

    def leads_to(self, state: S) -> S:
        """The state after the move, from one of its sources."""
        return state if self.target is None else self.target


_COMPLETE: Final = (
    Condition.ACCREDITED,
    Condition.INDEPENDENT,
    Condition.DEFINITION_PINNED,
    Condition.ANSWERED,
    Condition.LOOKED_AT,
    Condition.CONSISTENT,
    Condition.REASONED,
    Condition.PROVEN,
    Condition.INDEX_STATED,
)
"""What both the assessor and the reviewer have to stand for."""

_BEFORE_REVIEW: Final = frozenset({S.PLANNED, S.SELF_ASSESSMENT, S.SELF_ASSESSED, S.ASSESSMENT})
_OPEN: Final = _BEFORE_REVIEW | IN_REVIEW
_STANDING: Final = frozenset({S.CERTIFIED, S.APPEAL, S.UPHELD})
"""States in which the certificate may still hold."""

_NOBODY: Final = frozenset({Relation.TIME, Relation.REGISTER})


def _by(*relations: Relation) -> frozenset[Relation]:
    return frozenset(relations)


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        MoveName.START_SELF_ASSESSMENT,
        frozenset({S.PLANNED}),
        S.SELF_ASSESSMENT,
        _by(Relation.FACTORY),
        (Condition.FIRST_ASSESSMENT, Condition.DEFINITION_PINNED),
    ),
    Rule(
        MoveName.FINISH_SELF_ASSESSMENT,
        frozenset({S.SELF_ASSESSMENT}),
        S.SELF_ASSESSED,
        _by(Relation.FACTORY),
        (Condition.DEFINITION_PINNED, Condition.SELF_ANSWERED, Condition.SELF_LOOKED_AT, Condition.SELF_CONSISTENT),
    ),
    Rule(
        # The factory's own answers are voluntary: the visit does not wait for them.
        MoveName.START,
        frozenset({S.PLANNED, S.SELF_ASSESSMENT, S.SELF_ASSESSED}),
        S.ASSESSMENT,
        _by(Relation.ASSESSOR),
        (
            Condition.ACCREDITED,
            Condition.DECLARED,
            Condition.INDEPENDENT,
            Condition.ROTATED,
            Condition.APART,
            Condition.DEFINITION_PINNED,
        ),
    ),
    Rule(
        # Before it is submitted alone: who submits stands for the answers, and papers name nobody else. A reviewer
        # returns it first. No accreditation is asked of who hands over, since to have lost it is a reason to.
        MoveName.HAND_OVER,
        _BEFORE_REVIEW,
        None,
        _by(Relation.ASSESSOR, Relation.PROGRAMME),
        (Condition.SUCCESSOR, Condition.NOTE),
    ),
    Rule(
        # Declared, since who took the assessment over did not start it.
        MoveName.SUBMIT,
        frozenset({S.ASSESSMENT}),
        S.REVIEW,
        _by(Relation.ASSESSOR),
        (Condition.DECLARED, *_COMPLETE),
    ),
    Rule(
        MoveName.TAKE_REVIEW,
        IN_REVIEW,
        None,
        _by(Relation.SECOND),
        (
            Condition.ACCREDITED,
            Condition.FIRST_ASSESSMENT,
            Condition.REVIEW_FREE,
            Condition.APART,
            Condition.NEVER_ITS_ASSESSOR,
            Condition.REVISED_BY_OTHERS,
            Condition.SEPARATE_BODIES,
            Condition.DECLARED,
            Condition.INDEPENDENT,
        ),
    ),
    Rule(
        # So that a review does not hang on one person's holidays or lapsed accreditation.
        MoveName.RELEASE_REVIEW,
        IN_REVIEW,
        None,
        _by(Relation.REVIEWER, Relation.PROGRAMME),
        (Condition.NOTE,),
    ),
    Rule(
        MoveName.RETURN,
        frozenset({S.REVIEW, S.DECISION}),
        S.ASSESSMENT,
        _by(Relation.REVIEWER),
        (Condition.ACCREDITED, Condition.NOTE),
    ),
    Rule(
        MoveName.HEAR_FACTORY,
        frozenset({S.REVIEW}),
        S.REPLY,
        _by(Relation.REVIEWER),
        (Condition.RIGHT_OF_REPLY, *_COMPLETE, Condition.SETTLED),
    ),
    Rule(
        MoveName.ACCEPT,
        frozenset({S.REPLY}),
        S.DECISION,
        _by(Relation.FACTORY),
        (Condition.REPLY_IN_TIME,),
        told=True,
    ),
    Rule(
        MoveName.REPLY,
        frozenset({S.REPLY}),
        S.DECISION,
        _by(Relation.FACTORY),
        (Condition.REPLY_IN_TIME, Condition.NOTE),
        told=True,
    ),
    Rule(
        MoveName.LET_REPLY_LAPSE,
        frozenset({S.REPLY}),
        S.DECISION,
        _by(Relation.TIME),
        (Condition.REPLY_OVERDUE,),
    ),
    Rule(
        MoveName.APPROVE,
        frozenset({S.REVIEW, S.DECISION}),
        S.CERTIFIED,
        _by(Relation.REVIEWER),
        (*_COMPLETE, Condition.SETTLED, Condition.SEPARATE_BODIES, Condition.ASSESSOR_INDEPENDENT, Condition.HEARD),
    ),
    Rule(
        MoveName.APPEAL,
        frozenset({S.CERTIFIED}),
        S.APPEAL,
        _by(Relation.FACTORY),
        (Condition.ISSUED, Condition.VALID, Condition.FIRST_APPEAL, Condition.APPEAL_IN_TIME, Condition.NOTE),
        told=True,
    ),
    Rule(MoveName.WITHDRAW_APPEAL, frozenset({S.APPEAL}), S.CERTIFIED, _by(Relation.FACTORY), told=True),
    Rule(
        MoveName.TAKE_APPEAL,
        frozenset({S.APPEAL}),
        None,
        _by(Relation.UNINVOLVED),
        (Condition.ACCREDITED, Condition.APPEAL_FREE, Condition.DECLARED, Condition.INDEPENDENT),
    ),
    Rule(
        MoveName.RELEASE_APPEAL,
        frozenset({S.APPEAL}),
        None,
        _by(Relation.HEARER, Relation.PROGRAMME),
        (Condition.NOTE,),
    ),
    Rule(
        MoveName.REJECT_APPEAL,
        frozenset({S.APPEAL}),
        S.CERTIFIED,
        _by(Relation.HEARER),
        (Condition.ACCREDITED, Condition.INDEPENDENT, Condition.NOTE),
        told=True,
    ),
    Rule(
        MoveName.UPHOLD_APPEAL,
        frozenset({S.APPEAL}),
        S.UPHELD,
        _by(Relation.HEARER),
        (Condition.ACCREDITED, Condition.INDEPENDENT, Condition.DEFINITION_PINNED, Condition.NOTE),
        told=True,
    ),
    Rule(
        # What is under appeal expires once the appeal is decided; the register needs no move to say that it has.
        MoveName.EXPIRE,
        frozenset({S.CERTIFIED, S.UPHELD}),
        S.EXPIRED,
        _by(Relation.TIME),
        (Condition.ISSUED, Condition.ENDED),
    ),
    Rule(
        # What has expired is not superseded any more, unless the clock went back to a day on which it still holds.
        MoveName.SUPERSEDE,
        _STANDING | {S.EXPIRED},
        S.SUPERSEDED,
        _by(Relation.REGISTER),
        (Condition.ISSUED, Condition.VALID),
        told=True,
    ),
    Rule(
        MoveName.REVOKE,
        _STANDING | {S.EXPIRED, S.SUPERSEDED},
        S.REVOKED,
        _by(Relation.PROGRAMME),
        (Condition.ISSUED, Condition.NOTE),
        told=True,
    ),
    Rule(MoveName.WITHDRAW, _OPEN, S.WITHDRAWN, _by(Relation.PROGRAMME), (Condition.NOTE,), told=True),
)

TOLD: Final = frozenset(rule.move.value for rule in RULES if rule.told)
"""Names of the moves whose notes the factory reads."""

_BY_NAME: Final = {rule.move: rule for rule in RULES}


def rule_of(move: MoveName) -> Rule:
    """The line of the table for a move; every move has exactly one."""
    return _BY_NAME[move]


def leaving(state: S) -> tuple[Rule, ...]:
    """The lines that start from ``state``, in the order of the table."""
    return tuple(rule for rule in RULES if state in rule.sources)


def is_made_by_people(rule: Rule) -> bool:
    """Whether somebody can make the move; others are made by time, or by the register."""
    return not rule.by <= _NOBODY
