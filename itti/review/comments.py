"""Comments: begun and resolved by whoever holds the review, replied to by those they are for, kept for ever."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlmodel import Session

from itti.acts import Act
from itti.assessments import conditions, reading
from itti.assessments.errors import NoSuchAssessment, NotOpenToYou
from itti.assessments.moves import Relation
from itti.assessments.schemas import CommentInput
from itti.assessments.tables import IN_REVIEW, Assessment, AssessmentState, Comment, Phase
from itti.audit.service import record
from itti.database import expect_version, flush_checked
from itti.review.errors import CommentNotYours, CommentsClosed, NoSuchComment

_REVIEWED: Final = frozenset({AssessmentState.REVIEW, AssessmentState.DECISION})
"""While the reviewer decides."""

_TALKED_ABOUT: Final = IN_REVIEW | {AssessmentState.ASSESSMENT}
"""While assessor and reviewer write to each other."""


def begin(session: Session, act: Act, identifier: UUID, new: CommentInput) -> Comment:
    """Begin a thread on a question, or on the whole.

    Raises:
        NoSuchAssessment, NoSuchQuestion: as they say.
        CommentNotYours: somebody who does not hold the review.
        CommentsClosed: the review is not with the reviewer now.
    """
    one = reading.assessment(session, act, identifier, lock="update")
    _check_reviewing(act, one)
    return write(session, act, one, new)


def write(session: Session, act: Act, one: Assessment, new: CommentInput, position: int = 0) -> Comment:
    """Write a remark of somebody who may, in the assessment held by the caller.

    Raises:
        NoSuchQuestion: the questionnaire asks no such question.
    """
    if new.question is not None:
        reading.asked_of(session, one, Phase.ASSESSED).question(new.question)
    made = Comment(
        assessment_id=one.id,
        question=new.question,
        author_id=reading.person(act).id,
        text=new.text,
        created_at=act.at,
        position=position,
        demands_change=new.demands_change,
        for_factory=new.for_factory,
    )
    return _add(session, act, made, "comment.made")


def reply(session: Session, act: Act, comment: UUID, text: str) -> Comment:
    """Reply to a remark; a reply to a reply joins the same thread.

    The assessor and the reviewer reply from the first return or submission until the decision; the factory, to what is
    open to it, while it has its say.

    Raises:
        NoSuchComment: none, or none for this person.
        CommentNotYours: somebody who only reads.
        CommentsClosed: it is not the time.
    """
    one, first = _thread(session, act, comment)
    held = conditions.relations(reading.person(act), one)
    if not held & {Relation.ASSESSOR, Relation.REVIEWER, Relation.FACTORY}:
        raise CommentNotYours
    talking = frozenset({AssessmentState.REPLY}) if Relation.FACTORY in held else _TALKED_ABOUT
    if one.state not in talking:
        raise CommentsClosed
    made = Comment(
        assessment_id=one.id,
        question=first.question,
        author_id=reading.person(act).id,
        text=text,
        created_at=act.at,
        parent_id=first.id,
        for_factory=first.for_factory,
    )
    first.replied_at = act.at
    session.add(first)
    return _add(session, act, made, "comment.replied", parent=str(first.id))


def resolve(session: Session, act: Act, comment: UUID, *, expected: int | None) -> Comment:
    """Settle a thread; done already, nothing happens.

    Whoever holds the review resolves, whoever wrote the remark: not the person whose work it is about.

    Args:
        session: a writing session.
        act: by the reviewer.
        comment: which.
        expected: the version that was read; None: whatever it is now.

    Raises:
        NoSuchComment: none, or none for this person.
        CommentNotYours: somebody who does not hold the review.
        CommentsClosed: the review is not with the reviewer now.
        Stale: somebody has replied meanwhile, or settled it.
    """
    return _settle(session, act, comment, expected, is_open=False)


def reopen(session: Session, act: Act, comment: UUID, *, expected: int | None) -> Comment:
    """Open a thread again that was settled. Raises what :func:`resolve` raises."""
    return _settle(session, act, comment, expected, is_open=True)


def may_begin(act: Act, one: Assessment) -> bool:
    """Whether the actor may begin and settle threads now."""
    try:
        _check_reviewing(act, one)
    except (CommentNotYours, CommentsClosed):
        return False
    return True


def may_reply(act: Act, one: Assessment) -> bool:
    """Whether the actor may reply now to the remarks that are open to them."""
    held = conditions.relations(reading.person(act), one)
    if Relation.FACTORY in held:
        return one.state is AssessmentState.REPLY
    return bool(held & {Relation.ASSESSOR, Relation.REVIEWER}) and one.state in _TALKED_ABOUT


def _settle(session: Session, act: Act, comment: UUID, expected: int | None, *, is_open: bool) -> Comment:
    one, first = _thread(session, act, comment)
    _check_reviewing(act, one)
    if (first.resolved_at is None) is is_open:
        return first
    expect_version(first, expected)
    first.resolved_at = None if is_open else act.at
    first.resolved_by = None if is_open else reading.person(act).id
    session.add(first)
    flush_checked(session, first)
    action = "comment.reopened" if is_open else "comment.resolved"
    record(session, act, action, "comment", first.id, assessment=str(one.id), question=first.question)
    session.flush()
    return first


def _check_reviewing(act: Act, one: Assessment) -> None:
    if Relation.REVIEWER not in conditions.relations(reading.person(act), one):
        raise CommentNotYours
    if one.state not in _REVIEWED:
        raise CommentsClosed


def _thread(session: Session, act: Act, comment: UUID) -> tuple[Assessment, Comment]:
    """The assessment, held until the transaction ends, and the remark that began the thread."""
    found = session.get(Comment, comment)
    if found is None:
        raise NoSuchComment(comment=str(comment))
    try:
        one = reading.assessment(session, act, found.assessment_id, lock="update")
        readable = {each.comment.id for each in reading.comments(session, act, one)}
    except (NoSuchAssessment, NotOpenToYou) as fault:
        raise NoSuchComment(comment=str(comment)) from fault
    if found.id not in readable:
        raise NoSuchComment(comment=str(comment))
    first = session.get_one(Comment, found.parent_id or found.id, populate_existing=True)
    return one, first


def _add(session: Session, act: Act, made: Comment, action: str, **more: object) -> Comment:
    session.add(made)
    session.flush()
    record(
        session,
        act,
        action,
        "comment",
        made.id,
        assessment=str(made.assessment_id),
        question=made.question,
        text=made.text,
        demands_change=made.demands_change,
        for_factory=made.for_factory,
        **more,
    )
    session.flush()
    return made
