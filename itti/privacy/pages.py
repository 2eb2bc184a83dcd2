"""Personal data as pages: the download of one's own, and the office's erasure of somebody's."""

import hashlib
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from itti.accounts.tables import Role
from itti.files.downloads import attachment
from itti.privacy import service
from itti.web.visits import Member

router = APIRouter()


@router.get("/account/data")
def own_data(request: Request, visit: Member) -> Response:
    """Everything the service holds about the reader, as a file."""
    content = service.own_data(visit.session, visit.act)
    return attachment(
        request,
        content,
        media_type="application/json",
        name="personal-data.json",
        sha256=hashlib.sha256(content).hexdigest(),
    )


@router.post("/people/{user_id}/erasure")
def erase(user_id: UUID, visit: Member) -> Response:
    """Erase who somebody was; back to where their name stood."""
    user = service.erase(visit.session, visit.act, user_id)
    back = f"/assessors/{user.id}" if user.role is Role.ASSESSOR else f"/factories/{user.factory_id}"
    return visit.go(back if user.role is not Role.PROGRAMME else "/colleagues", "person-erased")
