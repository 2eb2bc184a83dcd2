"""What can go wrong with evidence."""

from typing import Any, ClassVar, Final

from itti.http.errors import Conflict, NotFound

ROOM: Final = "itti.evidence"


class NoSuchEvidence(NotFound):
    """No file with that id, none for this person, or one that was removed."""

    code = "no-such-evidence"
    room: ClassVar[str] = ROOM


class TooManyFiles(Conflict):
    """The question has as many files as it may have; details: ``most``."""

    code = "too-many-files"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"most": 20}
