"""The rules of the programme for the services: the settings, which travel with every session of the database.

An act says who does something and when; the session says in which programme. So every door is held to the same
deadlines, periods and rules of independence, and none of them can forget to hand them on.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from itti.calendar.zones import day_in
from itti.settings import Settings

KEY: Final = "settings"
"""Where a session holds them; :class:`itti.database.Database` puts them there."""


def rules(session: Session) -> Settings:
    """The settings of the programme that a session belongs to."""
    found: Settings = session.info[KEY]
    return found


def day_of(session: Session, moment: datetime) -> date:
    """The day of the programme that a moment belongs to."""
    return day_in(rules(session).zone, moment)
