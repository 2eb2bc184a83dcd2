"""Writing comments on pages: everything typed so far goes with whatever is pressed, so that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from itti.assessments import overview, reading, review_page
from itti.assessments.schemas import ReplyInput
from itti.review import service
from itti.review.errors import NoSuchComment
from itti.web.forms import Posted, taken, whole_number
from itti.web.visits import Member, Visit
from questionnaires.errors import Fault

router = APIRouter()

_REPLY = "reply-"


@router.post("/assessments/{identifier}/comments")
def write_comments(identifier: UUID, posted: Posted, visit: Member) -> Response:
    """Save what was typed as comments and replies, and settle or open again the thread whose button was pressed."""
    is_review = posted.get("back") == "review"
    try:
        place = _write(identifier, posted, visit)
    except Fault as fault:
        visit.undo(fault)
        one = reading.assessment(visit.session, visit.act, identifier)
        if is_review:
            return review_page.refused(visit, one, fault, posted)
        status = getattr(fault, "status", 422)
        return overview.show(visit, one, status, fault.sentence(visit.language))
    page = f"/assessments/{identifier}"
    if is_review:
        only = review_page.narrowed(posted.get("only", ""))
        page += "/review" if only is None else f"/review?only={only.value}"
    return visit.go(f"{page}#{quote(place)}", "comments-saved")


def _write(identifier: UUID, posted: Mapping[str, str], visit: Visit) -> str:
    """Do it all; returns where on the page to go on."""
    session, act = visit.session, visit.act
    reading.assessment(session, act, identifier, lock="update")
    for new in review_page.comments_in(posted):
        service.begin(session, act, identifier, new)
    verb, _, name = posted.get("act", "").partition(":")
    settle = {"resolve": service.resolve, "reopen": service.reopen}.get(verb)
    if settle is not None:
        settle(session, act, _comment(name), expected=whole_number(posted.get(f"seen-{name}", "")) or 0)
    for field, text in posted.items():
        if field.startswith(_REPLY) and text.strip():
            given = taken(ReplyInput, {"text": text}, ("text",))
            service.reply(session, act, _comment(field.removeprefix(_REPLY)), given.text)
    return name if verb == "save" else f"thread-{name}"


def _comment(text: str) -> UUID:
    """The comment that a field is named for.

    Raises:
        NoSuchComment: its name was tampered with.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise NoSuchComment(comment=text[:40]) from error
