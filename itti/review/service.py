"""The front door of this room for pages, the API and other rooms."""

from itti.review.comments import begin, may_begin, may_reply, reopen, reply, resolve
from itti.review.content import content_of
from itti.review.looking import Only, Review, Seen, look

__all__ = [
    "Only",
    "Review",
    "Seen",
    "begin",
    "content_of",
    "look",
    "may_begin",
    "may_reply",
    "reopen",
    "reply",
    "resolve",
]
