"""Making a move: refused by the table, or done with everything that belongs to it in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from itti.accounts.roles import require_fresh
from itti.accounts.tables import Role
from itti.acts import Act
from itti.assessments import conditions, following, reading, revising, succession
from itti.assessments.conditions import Circumstances
from itti.assessments.move_errors import (
    ClockBehind,
    CommentsOpen,
    MoveNotOpen,
    MoveNotYours,
    OwnAssessment,
    TookPart,
    UnknownMove,
)
from itti.assessments.moves import Condition, MoveName, Relation, Rule, leaving, rule_of
from itti.assessments.schemas import CommentInput
from itti.assessments.tables import Assessment, Move
from itti.certificates import register
from itti.certificates.office import Office
from itti.database import expect_version
from itti.errors import HttpFault
from itti.papers.approval import order
from itti.programme import rules
from itti.review import comments as talk
from itti.review import content
from itti.review.tables import ContentMoment
from itti.seconds.drawing import draw

DRIFT: Final = timedelta(minutes=5)
"""How far the clocks of several servers may differ."""


@dataclass(frozen=True)
class Possible:
    """A move that is somebody's to make now, and what stands in its way (None: nothing)."""

    rule: Rule
    blocked: HttpFault | None

    @property
    def needs_note(self) -> bool:
        """Whether a note has to be given with it."""
        return Condition.NOTE in self.rule.conditions

    @property
    def needs_person(self) -> bool:
        """Whether the next assessor has to be named with it."""
        return Condition.SUCCESSOR in self.rule.conditions


def possible(session: Session, act: Act, assessment: Assessment) -> list[Possible]:
    """The moves that belong to the actor in the present state, in the order of the table.

    Moves that belong to other people are not among them; one that is blocked says why.
    """
    facts = Circumstances(session, act, assessment)
    held = conditions.standings(session, facts.actor, assessment)
    return [Possible(rule, facts.failing(rule.conditions)) for rule in leaving(assessment.state) if rule.by & held]


def move(  # noqa: PLR0913 - what a move is made of
    session: Session,
    act: Act,
    identifier: UUID,
    name: str,
    *,
    office: Office,
    expected: int | None = None,
    seen: str | None = None,
    note: str = "",
    comments: Sequence[CommentInput] = (),
    successor: UUID | None = None,
) -> Assessment:
    """Make a move.

    Args:
        session: a writing session.
        act: by whom and when; accreditations are judged by its day.
        identifier: which assessment.
        name: which move (a :class:`~itti.assessments.moves.MoveName`).
        office: in whose name papers are ordered; only ``approve`` uses it.
        expected: the version the actor saw; None: whatever it is now.
        seen: digest of what the reviewer read (:mod:`itti.review.content`), asked for by ``approve`` alone; empty:
            the door named none; None: whatever stands there now.
        note: why.
        comments: remarks of a reviewer; taken with ``return``, ``hear-factory`` and ``approve`` only.
        successor: who takes the assessment over; with ``hand-over`` only.

    Raises:
        NoSuchAssessment: none, or none for this person.
        Stale: somebody moved it meanwhile.
        UnknownMove, MoveNotOpen, MoveNotYours, OwnAssessment, TookPart: not in the table.
        FreshSignInNeeded: an approval by somebody who proved themselves too long ago.
        ClockBehind: the clock has gone back behind the last move.
        MoveFault: a condition of the table does not hold; the subclass says which.
        SuccessorRefused: the person named cannot take the assessment over.
        DefinitionChanged: the library no longer holds the pinned questionnaire.
        ContentUnseen, ContentChanged: what is to be approved was not read, or is something else by now.
        Fault: papers that state this could not be made; nothing was changed.
    """
    one = reading.assessment(session, act, identifier, lock="update")
    expect_version(one, expected)
    rule = _rule(name)
    _permit(Circumstances(session, act, one, note, successor), rule)
    if rule.move is MoveName.APPROVE:
        require_fresh(act)
        content.expect_content(session, one, seen)
    _remark(session, act, one, rule, comments)
    if rule.move is MoveName.REVOKE:
        # The register has the say on certificates; the assessment follows it, through whichever door one came.
        register.revoke(session, act, _number(session, one), note)
        return one
    if rule.move in _EFFECTS:
        _EFFECTS[rule.move](session, act, one)
    change = succession.hand_over(session, one, successor) if rule.move is MoveName.HAND_OVER else None
    fixed = content.fix(session, act, one, _FIXED[rule.move]).digest if rule.move in _FIXED else None
    following.enter(session, act, one, rule, note, change, fixed)
    if rule.move is MoveName.APPROVE:
        order(session, act, office, one)
    elif rule.move is MoveName.UPHOLD_APPEAL:
        revising.revise(session, act, one, note)
    return one


def _rule(name: str) -> Rule:
    try:
        return rule_of(MoveName(name))
    except ValueError as error:
        raise UnknownMove(move=name[:40], moves=", ".join(MoveName)) from error


def expect_open(session: Session, act: Act, one: Assessment, move: MoveName) -> None:
    """Refuse a move that is not the actor's to make in the present state, whatever its conditions say.

    Raises:
        MoveNotOpen, MoveNotYours, OwnAssessment, TookPart: as they say.
    """
    _expect_open(Circumstances(session, act, one), rule_of(move))


def _permit(facts: Circumstances, rule: Rule) -> None:
    """Refuse what the table does not allow, with the most telling reason."""
    _expect_open(facts, rule)
    fault = facts.failing(rule.conditions)
    if fault is not None:
        raise fault
    _check_clock(facts.session, facts.act, facts.assessment)


def _expect_open(facts: Circumstances, rule: Rule) -> None:
    one = facts.assessment
    held = conditions.standings(facts.session, facts.actor, one)
    if not rule.by & held:
        if Relation.UNINVOLVED in rule.by and facts.actor.role is Role.ASSESSOR:
            raise TookPart(move=rule.move.value)
        if rule.by & {Relation.SECOND, Relation.REVIEWER} and Relation.ASSESSOR in held:
            raise OwnAssessment(move=rule.move.value)
        raise MoveNotYours(move=rule.move.value, who=min(rule.by).value)
    if one.state not in rule.sources:
        raise MoveNotOpen(move=rule.move.value, state=one.state.value)


def _check_clock(session: Session, act: Act, one: Assessment) -> None:
    """Refuse to write a history that runs backwards, which no record could explain later."""
    last = session.exec(select(Move.at).where(Move.assessment_id == one.id).order_by(col(Move.at).desc())).first()
    if last is not None and act.at < last - DRIFT:
        raise ClockBehind(now=act.at.isoformat(timespec="seconds"), last=last.isoformat(timespec="seconds"))


def _number(session: Session, one: Assessment) -> str:
    entry = register.entry_of_assessment(session, one.id)
    assert entry is not None  # noqa: S101 - a condition of the move
    return entry.number


def _remark(session: Session, act: Act, one: Assessment, rule: Rule, comments: Sequence[CommentInput]) -> None:
    if not comments:
        return
    if rule.move not in _REMARKABLE:
        raise MoveNotYours(move=rule.move.value, who=Relation.REVIEWER.value)
    demands = sum(comment.demands_change for comment in comments)
    if demands and Condition.SETTLED in rule.conditions:
        raise CommentsOpen(count=demands)
    for position, comment in enumerate(comments):
        talk.write(session, act, one, comment, position)


_REMARKABLE: Final = frozenset({MoveName.RETURN, MoveName.HEAR_FACTORY, MoveName.APPROVE})


def _self_finished(_session: Session, act: Act, one: Assessment) -> None:
    one.self_submitted_at = act.at


def _submitted(session: Session, act: Act, one: Assessment) -> None:
    draw(session, act, one)
    one.submitted_at = act.at


def _taken(_session: Session, act: Act, one: Assessment) -> None:
    one.reviewer_id = reading.person(act).id


def _released(_session: Session, _act: Act, one: Assessment) -> None:
    one.reviewer_id = None


def _sent_to_factory(session: Session, act: Act, one: Assessment) -> None:
    one.reply_until = act.today + timedelta(days=rules(session).reply_days)


def _approved(session: Session, act: Act, one: Assessment) -> None:
    one.decided_at = act.at
    days = rules(session).appeal_days
    one.appeal_until = act.today + timedelta(days=days) if days else None


def _withdrawn(_session: Session, act: Act, one: Assessment) -> None:
    one.decided_at = act.at


def _appealed(_session: Session, act: Act, one: Assessment) -> None:
    one.appealed_at = act.at


def _hearing(_session: Session, act: Act, one: Assessment) -> None:
    one.hearer_id = reading.person(act).id


def _not_hearing(_session: Session, _act: Act, one: Assessment) -> None:
    one.hearer_id = None


_EFFECTS: Final[Mapping[MoveName, Callable[[Session, Act, Assessment], None]]] = {
    MoveName.FINISH_SELF_ASSESSMENT: _self_finished,
    MoveName.SUBMIT: _submitted,
    MoveName.TAKE_REVIEW: _taken,
    MoveName.RELEASE_REVIEW: _released,
    MoveName.HEAR_FACTORY: _sent_to_factory,
    MoveName.APPROVE: _approved,
    MoveName.APPEAL: _appealed,
    MoveName.TAKE_APPEAL: _hearing,
    MoveName.RELEASE_APPEAL: _not_hearing,
    MoveName.WITHDRAW: _withdrawn,
}

_FIXED: Final = {MoveName.SUBMIT: ContentMoment.SUBMITTED, MoveName.APPROVE: ContentMoment.APPROVED}
"""Moves that keep exactly what stood there when they were made."""
