"""What the room of targets refuses."""

from __future__ import annotations

from typing import ClassVar, Final, Self

from itti.errors import FieldMistake
from itti.http.errors import Conflict, Forbidden, InvalidInput

ROOM: Final = "itti.targets"


class NotYourTargets(Forbidden):
    """Only the assessed factory and the assessor of the assessment enter targets."""

    code = "not-your-targets"
    room: ClassVar[str] = ROOM


class TargetsClosed(Conflict):
    """The factory's time to reply is over, or it is not the assessor's turn: targets stay as they are."""

    code = "targets-closed"
    room: ClassVar[str] = ROOM


class TargetsInvalid(InvalidInput):
    """Targets do not fit the questionnaire or the calendar; ``mistakes`` names each place."""

    code = "targets-invalid"
    room: ClassVar[str] = ROOM

    @classmethod
    def naming(cls, mistakes: list[FieldMistake]) -> Self:
        """The fault for these places."""
        fault = cls()
        fault.mistakes = tuple(mistakes)
        return fault
