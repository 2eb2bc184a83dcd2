"""What is refused about second assessments."""

from typing import Any, ClassVar, Final

from itti.http.errors import Conflict, NotFound

ROOM: Final = "itti.seconds"


class NoSuchChoice(NotFound):
    """No assessment was chosen under that id."""

    code = "no-such-choice"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"choice": "0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"}


class NotChoosable(Conflict):
    """Not submitted yet, ended, a revision, or a second assessment itself."""

    code = "not-choosable"
    room: ClassVar[str] = ROOM


class ChosenAlready(Conflict):
    """The assessment was chosen before."""

    code = "chosen-already"
    room: ClassVar[str] = ROOM


class AssignedAlready(Conflict):
    """A second assessment is planned, or was made."""

    code = "assigned-already"
    room: ClassVar[str] = ROOM
