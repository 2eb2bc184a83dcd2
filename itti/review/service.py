"""The front door of this room for pages, the API and other rooms."""

from itti.review.comments import begin, may_begin, may_reply, reopen, reply, resolve
from itti.review.looking import Only, Review, Seen, look

__all__ = ["Only", "Review", "Seen", "begin", "look", "may_begin", "may_reply", "reopen", "reply", "resolve"]
