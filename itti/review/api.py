"""Reviews over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status
from sqlmodel import Session

from itti.acts import Act
from itti.assessments import reading
from itti.assessments.errors import DefinitionChanged, NoSuchAssessment, NoSuchQuestion, NotOpenToYou
from itti.assessments.schemas import CommentInput, CommentView, ReplyInput
from itti.assessments.tables import Assessment, Comment
from itti.http.bearer import ENTRY, ReadsAssessments, SignedIn
from itti.http.errors import PreconditionRequired, Stale
from itti.http.etags import ExpectedVersion, MalformedTag, etag, read_tag, tagged
from itti.http.languages import request_language
from itti.http.openapi import problems
from itti.http.transactions import Transaction
from itti.review import service
from itti.review.errors import CommentNotYours, CommentsClosed, NoSuchComment
from itti.review.schemas import ReviewView

router = APIRouter(tags=["review"])


@router.get(
    "/assessments/{assessment_id}/review",
    operation_id="readReview",
    summary="Read the answers beside the factory's own and the last certified ones, with what is worth a second look",
    responses=problems(*ENTRY, NoSuchAssessment, NotOpenToYou, DefinitionChanged) | tagged(200),
)
def read_review(
    assessment_id: UUID,
    request: Request,
    response: Response,
    session: Transaction,
    act: ReadsAssessments,
    *,
    only: Annotated[
        service.Only | None,
        Query(description="Only questions with a hint, those that changed, or those with open comments."),
    ] = None,
) -> ReviewView:
    """Hints say where a second look is worth its time, with their numbers. They change no score and stop no move.

    The entity tag names the version of the assessment and the digest of its content: an approval names it.
    """
    one = reading.assessment(session, act, assessment_id)
    review = service.look(session, act, one)
    rows = [each for each in review.seen.values() if each.is_among(only)]
    digest = service.content_of(session, one).digest
    response.headers["ETag"] = read_tag(one.version, digest)
    return ReviewView.of(review, rows, digest, request_language(request))


_SETTLED = problems(
    *ENTRY, NoSuchComment, CommentNotYours, CommentsClosed, Stale, PreconditionRequired, MalformedTag
) | tagged(200)


@router.post(
    "/assessments/{assessment_id}/comments",
    status_code=status.HTTP_201_CREATED,
    operation_id="beginComment",
    summary="Comment on a question, or on the whole",
    responses=problems(*ENTRY, NoSuchAssessment, NoSuchQuestion, CommentNotYours, CommentsClosed) | tagged(201),
)
def begin_comment(
    assessment_id: UUID, new: CommentInput, response: Response, session: Transaction, act: SignedIn
) -> CommentView:
    """The reviewer who holds the review. What demands a change stops the approval until it is resolved."""
    return _told(response, session, act, service.begin(session, act, assessment_id, new))


@router.post(
    "/comments/{comment_id}/replies",
    status_code=status.HTTP_201_CREATED,
    operation_id="replyToComment",
    summary="Reply to a comment",
    responses=problems(*ENTRY, NoSuchComment, CommentNotYours, CommentsClosed) | tagged(201),
)
def reply_to_comment(
    comment_id: UUID, new: ReplyInput, response: Response, session: Transaction, act: SignedIn
) -> CommentView:
    """The assessor and the reviewer until the decision; the factory, to what is open to it, while it has its say."""
    return _told(response, session, act, service.reply(session, act, comment_id, new.text))


@router.post(
    "/comments/{comment_id}/resolution",
    operation_id="resolveComment",
    summary="Resolve a comment",
    responses=_SETTLED,
)
def resolve_comment(
    comment_id: UUID, response: Response, session: Transaction, act: SignedIn, *, expected: ExpectedVersion
) -> CommentView:
    """The reviewer who holds the review, whoever wrote it; it names the version that was read, replies included."""
    return _told(response, session, act, service.resolve(session, act, comment_id, expected=expected))


@router.delete(
    "/comments/{comment_id}/resolution",
    operation_id="reopenComment",
    summary="Open a resolved comment again",
    responses=_SETTLED,
)
def reopen_comment(
    comment_id: UUID, response: Response, session: Transaction, act: SignedIn, *, expected: ExpectedVersion
) -> CommentView:
    """The reviewer who holds the review."""
    return _told(response, session, act, service.reopen(session, act, comment_id, expected=expected))


def _told(response: Response, session: Session, act: Act, made: Comment) -> CommentView:
    """A comment as the caller reads it."""
    response.headers["ETag"] = etag(made.version)
    one = session.get_one(Assessment, made.assessment_id)
    return CommentView.of(next(each for each in reading.comments(session, act, one) if each.comment.id == made.id))
