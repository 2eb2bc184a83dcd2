"""What a review refuses."""

from typing import Any, ClassVar, Final

from itti.http.errors import Conflict, Forbidden, NotFound

ROOM: Final = "itti.review"


class NoSuchComment(NotFound):
    """No comment with that id, or none that this person may read."""

    code = "no-such-comment"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"comment": "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"}


class CommentNotYours(Forbidden):
    """Only the reviewer who holds the review begins and settles comments; who only reads does not reply."""

    code = "comment-not-yours"
    room: ClassVar[str] = ROOM


class CommentsClosed(Conflict):
    """Nobody writes now: the assessment is in a state in which the person only reads."""

    code = "comments-closed"
    room: ClassVar[str] = ROOM
