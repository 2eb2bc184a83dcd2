"""What the demonstration refuses."""

from __future__ import annotations

from questionnaires.errors import Fault


class DatabaseInUse(Fault):
    """The database is not empty: the demonstration is loaded already, or somebody works with it."""

    code = "database-in-use"
    room = "itti.demonstration"
