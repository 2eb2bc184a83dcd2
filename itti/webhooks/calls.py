"""What receivers are sent, for the description of the API (``webhooks`` of OpenAPI 3.1). Nothing is served here."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header

from itti.events.schemas import EventView

router = APIRouter(tags=["events"])

_TAKEN: Final[dict[int | str, dict[str, Any]]] = {
    204: {"description": "Any status from 200 to 299 says that the event was taken."}
}


@router.post(
    "event", status_code=204, operation_id="receiveEvent", summary="An event is sent to a webhook", responses=_TAKEN
)
def event(
    body: EventView,
    webhook_id: Annotated[str, Header(description="Name of the event; the same at every try.")],
    webhook_timestamp: Annotated[int, Header(description="When it was sent, in seconds since 1970; refuse old ones.")],
    webhook_signature: Annotated[str, Header(description="`v1,` and the signature; several with spaces between.")],
) -> None:
    """Signed after Standard Webhooks 1.0.0. Events come at least once, and not always in their order."""
