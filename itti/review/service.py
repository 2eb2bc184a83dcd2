"""The front door of this room for pages, the API and other rooms."""

from itti.review.looking import Only, Review, Seen, look

__all__ = ["Only", "Review", "Seen", "look"]
