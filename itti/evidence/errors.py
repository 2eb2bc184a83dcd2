"""What can go wrong with evidence."""

from typing import Any, ClassVar, Final

from itti.errors import HttpFault
from itti.http.errors import Conflict, Forbidden, NotFound

ROOM: Final = "itti.evidence"


class NoSuchEvidence(NotFound):
    """No evidence with that id (or no such revision of it), none for this person, or it was taken away."""

    code = "no-such-evidence"
    room: ClassVar[str] = ROOM


class EvidenceNotOpen(Forbidden):
    """Somebody who could take part in the assessment, and does not yet, asks for its evidence."""

    code = "evidence-not-open"
    room: ClassVar[str] = ROOM


class TooManyFiles(Conflict):
    """The question has as much evidence as it may have; details: ``most``."""

    code = "too-many-files"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"most": 20}


class TooMuchEvidence(Conflict):
    """The assessment has as many contents as it may have, all revisions counted; details: ``most``."""

    code = "too-much-evidence"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"most": 500}


class NotThatKind(Conflict):
    """A file is to take the place of a note, or a text that of a file."""

    code = "not-that-kind"
    room: ClassVar[str] = ROOM


class EvidenceExpired(HttpFault):
    """The time for which the content was kept is over; details: ``day`` on which it went, ``sha256``."""

    code = "evidence-expired"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 410
    example: ClassVar[dict[str, Any]] = {"day": "2031-12-01", "sha256": "9f2c…"}
