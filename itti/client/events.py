"""What happened to assessments and certificates: read from a cursor on, or followed as it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from itti.client.exact import from_json
from itti.client.proceedings import Event, Events
from itti.client.room import PAGE, Room
from itti.client.wire import Name, seen_as

_WAIT: Final = 20
"""Seconds for which the service is asked to wait."""

_SLACK: Final = 10.0
"""Seconds that an answer may take beyond that."""

_PACE: Final = 1.0


class Happenings(Room):
    """The events of the assessments that the account may read."""

    def read_events(
        self,
        *,
        after: str | None = None,
        type: Sequence[str] | None = None,  # noqa: A002 - its name in the API
        assessment_id: Name | None = None,
        wait: int | None = None,
    ) -> Events:
        """What happened since the cursor ``after``; None: from the first event on.

        Keep ``after`` of the answer once its events are dealt with; ask again at once while it has ``more``. With
        ``wait`` the service waits for so many seconds at most where there is nothing to be read yet.
        """
        query = {"after": after, "type": type, "assessment_id": assessment_id, "limit": PAGE, "wait": wait}
        seconds = None if wait is None else wait + _SLACK
        return seen_as(Events, from_json(self.wire.send("GET", "/events", query=query, seconds=seconds).content))

    def follow(
        self,
        after: str | None = None,
        *,
        type: Sequence[str] | None = None,  # noqa: A002 - its name in the API
        assessment_id: Name | None = None,
        keep: Callable[[str], None] | None = None,
    ) -> Iterator[Event]:
        """Every event from the cursor ``after`` on, and then each that happens, without an end.

        ``keep`` is given the cursor to go on from each time the events before it were dealt with, which is when the
        next one is asked for: store it, and what was dealt with when the tool was ended comes at most once more.

        Raises:
            Unreachable, Refused: no answer came however patiently it was tried; follow anew from the cursor kept.
        """
        while True:
            found = self.read_events(after=after, type=type, assessment_id=assessment_id, wait=_WAIT)
            yield from found.items
            is_new, after = found.after != after, found.after
            if is_new and keep is not None:
                keep(after)
            if not found.items:
                self.wire.patience.sleep(_PACE)  # a service that lets nobody wait is not asked without a pause
