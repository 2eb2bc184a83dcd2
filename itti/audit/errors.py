"""What can go wrong with the record."""

from typing import Any, ClassVar, Final

from itti.errors import HttpFault
from itti.http.errors import NotFound

ROOM: Final = "itti.audit"


class RecordKeyUnusable(HttpFault):
    """The key that signs the heads of the record cannot be used; details: ``path``, ``reason``."""

    code = "record-key-unusable"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 500
    example: ClassVar[dict[str, Any]] = {"path": "var/record/record.key", "reason": "Permission denied"}


class NoSuchHead(NotFound):
    """The record (of ``size`` acts) has no head of the size ``old`` or ``new``, or the old one is the larger one."""

    code = "no-such-head"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"old": 5, "new": 900, "size": 417}
