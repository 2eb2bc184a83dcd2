"""What can go wrong with papers on their way."""

from typing import Any, ClassVar, Final

from itti.errors import HttpFault
from itti.http.errors import Conflict, NotFound

ROOM: Final = "itti.papers"


class NoPapers(NotFound):
    """The assessment was not approved, so no papers are being made; details: ``assessment``."""

    code = "no-papers"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"assessment": "0b9f6d0e-53a4-4f0e-9f2c-0d6f5f0f7a11"}


class NothingToRetry(Conflict):
    """No paper has failed or waits for its next try; details: ``number``."""

    code = "nothing-to-retry"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"number": "TI-2026-00001"}


class PaperNotStored(HttpFault):
    """A sealed paper could not be written to the data folder; ``reason`` is what the system says."""

    code = "paper-not-stored"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"reason": "No space left on device"}
