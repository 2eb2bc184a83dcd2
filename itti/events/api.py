"""Events over HTTP."""

import time
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from itti.events.feed import Wanted, feed
from itti.events.kinds import EventKind
from itti.events.schemas import EventFeedView
from itti.http.bearer import ENTRY, EventsReader
from itti.http.openapi import problems
from itti.http.paging import MOST, PAGED, MalformedCursor, link_next
from itti.http.transactions import TurnstileOf

router = APIRouter(tags=["events"])

LONGEST: Final = 25
"""Seconds that a request may wait: less than the patience of most clients and proxies."""


@router.get(
    "/events",
    operation_id="readEvents",
    summary="Read what happened to assessments and certificates, from where you stopped",
    responses=problems(*ENTRY, MalformedCursor) | PAGED,
)
async def read_events(
    request: Request,
    response: Response,
    gate: TurnstileOf,
    who: EventsReader,
    after: Annotated[
        str | None, Query(max_length=40, description="The cursor of the last answer; without it from the first event.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Most events in one answer.")] = 50,
    type: Annotated[list[EventKind] | None, Query(description="Only events of these types.")] = None,  # noqa: A002
    assessment_id: Annotated[UUID | None, Query(description="Only events of this assessment.")] = None,
    wait: Annotated[
        int,
        Query(
            ge=0,
            le=LONGEST,
            description="Seconds to wait for an event where there is none to be read yet. The answer comes as soon as "
            "there is one, and may come without one at any time before.",
        ),
    ] = 0,
) -> EventFeedView:
    """Everybody signed in: events of the assessments that they may read at the time of asking.

    Each event of such an assessment comes once and in one order, which is the same for everybody and never changes:
    what is committed later comes later. An event can be read within some seconds of its act. Keep `after`.
    """
    wanted = Wanted(frozenset(type or ()), assessment_id)

    def look(session: Session, place: str | None) -> EventFeedView:
        return EventFeedView.of(feed(session, who(session), place, limit, wanted))

    found = await gate.read(partial(look, place=after))
    until = time.monotonic() + wait
    while not found.items and (left := until - time.monotonic()) > 0:
        # Who asks is looked at anew with each look: a token that was revoked meanwhile reads nothing.
        if not await request.app.state.lookout.beyond(int(found.after), left):
            break
        found = await gate.read(partial(look, place=found.after))
    link_next(request, response, found.after if found.more else None)
    response.headers["Cache-Control"] = "no-store"
    return found
