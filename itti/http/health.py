"""Whether the service is alive, for those who watch over it."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter
from pydantic import BaseModel

from itti.http.transactions import Transaction

router = APIRouter(include_in_schema=False)


class Health(BaseModel):
    """The service answers, and so does its database."""

    status: str = "ok"


@router.get("/healthz")
def health(session: Transaction) -> Health:
    """Answer 200 when the database can be read; else the problem says why."""
    session.execute(sa.text("SELECT 1"))
    return Health()
