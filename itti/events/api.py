"""Events over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from itti.events.feed import Wanted, feed
from itti.events.kinds import EventKind
from itti.events.schemas import EventFeedView
from itti.http.bearer import ENTRY, ReadsEvents
from itti.http.openapi import problems
from itti.http.paging import MOST, PAGED, MalformedCursor, link_next
from itti.http.transactions import Transaction

router = APIRouter(tags=["events"])


@router.get(
    "/events",
    operation_id="readEvents",
    summary="Read what happened to assessments and certificates, from where you stopped",
    responses=problems(*ENTRY, MalformedCursor) | PAGED,
)
def read_events(
    request: Request,
    response: Response,
    session: Transaction,
    act: ReadsEvents,
    after: Annotated[
        str | None, Query(max_length=40, description="The cursor of the last answer; without it from the first event.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Most events in one answer.")] = 50,
    type: Annotated[list[EventKind] | None, Query(description="Only events of these types.")] = None,  # noqa: A002
    assessment_id: Annotated[UUID | None, Query(description="Only events of this assessment.")] = None,
) -> EventFeedView:
    """Everybody signed in: events of the assessments that they may read at the time of asking.

    Each event of such an assessment comes once and in one order, which is the same for everybody and never changes:
    what is committed later comes later. An event can be read within some seconds of its act. Keep `after`.
    """
    found = feed(session, act, after, limit, Wanted(frozenset(type or ()), assessment_id))
    link_next(request, response, str(found.after) if found.more else None)
    response.headers["Cache-Control"] = "no-store"
    return EventFeedView.of(found)
