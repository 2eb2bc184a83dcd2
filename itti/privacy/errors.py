"""What can go wrong with personal data."""

from typing import Any, ClassVar

from itti.http.errors import Conflict


class StillOpen(Conflict):
    """The account is open; details: ``user``."""

    code = "account-still-open"
    room: ClassVar[str] = "itti.privacy"
    example: ClassVar[dict[str, Any]] = {"user": "noura@factory.example"}


class AlreadyErased(Conflict):
    """It was done before; details: ``user``."""

    code = "already-erased"
    room: ClassVar[str] = "itti.privacy"
    example: ClassVar[dict[str, Any]] = {"user": "P-0B9F6D0E"}
