"""What can go wrong with certificates."""

from typing import Any, ClassVar, Final

from itti.errors import HttpFault
from itti.http.errors import Conflict, Forbidden, NotFound

ROOM: Final = "itti.certificates"


class NoSuchCertificate(NotFound):
    """The register has no such number; details: ``number``."""

    code = "no-such-certificate"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"number": "TI-2026-99999"}


class NoShortPaper(NotFound):
    """The certificate was issued before there were short papers; details: ``number``."""

    code = "no-short-paper"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"number": "TI-2026-00001"}


class NoArchiveCopy(NotFound):
    """No archive copy of the paper was made yet; details: ``number``."""

    code = "no-archive-copy"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"number": "TI-2026-00001"}


class NoCredential(NotFound):
    """The certificate has no verifiable credential; details: ``number``."""

    code = "no-credential"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"number": "TI-2026-00001"}


class NoSuchStatusList(NotFound):
    """There is no status list of that name; details: ``name``."""

    code = "no-such-status-list"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"name": "2019"}


class NotYourCertificate(Forbidden):
    """The register entry is public; the report is for the factory, its assessor and reviewer, and the programme."""

    code = "not-your-certificate"
    room: ClassVar[str] = ROOM


class AlreadyRevoked(Conflict):
    """It was revoked before; details: ``number``, ``day``."""

    code = "already-revoked"
    room: ClassVar[str] = ROOM
    example: ClassVar[dict[str, Any]] = {"number": "TI-2026-00001", "day": "2026-11-22"}


class PressFailed(HttpFault):
    """A paper could not be made. ``reason`` is a word for the log: ``time``, ``processor``, ``died`` or ``error``."""

    code = "press-failed"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 500


class PressBusy(HttpFault):
    """Too many papers wait to be made or examined."""

    code = "press-busy"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 503
    retryable: ClassVar[bool] = True

    def __init__(self, **details: object) -> None:
        super().__init__(**details)
        self.headers["Retry-After"] = "10"


class SealKeyChanged(HttpFault):
    """Between approval and sealing a demonstration key took the place of a real one, or the other way round.

    Details: ``number``.
    """

    code = "seal-key-changed"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 500
    example: ClassVar[dict[str, Any]] = {"number": "TI-2026-00001"}


class SealKeyStruck(HttpFault):
    """The key that should seal was struck: somebody else may have it. Details: ``key``, ``since``."""

    code = "seal-key-struck"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 500
    example: ClassVar[dict[str, Any]] = {"key": "Programme seal", "since": "2026-11-03T00:00:00+00:00"}


class ExaminationFailed(HttpFault):
    """The file could not be examined to the end: it takes too long or breaks the examiner."""

    code = "examination-failed"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 422


class TrustRootUnusable(HttpFault):
    """A certificate that verification shall trust cannot be read; details: ``path``."""

    code = "trust-root-unusable"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 500
    example: ClassVar[dict[str, Any]] = {"path": "keys/2024.pem"}


class SealKeyUnknown(HttpFault):
    """The settings say that a key seals that they do not name; details: ``name``, ``known``."""

    code = "seal-key-unknown"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 500
    example: ClassVar[dict[str, Any]] = {"name": "2028", "known": "2024, 2026"}


class ArchiveCopyDoubtful(HttpFault):
    """An archive copy was made that does not verify; nothing was kept; details: ``number``, ``reason``."""

    code = "archive-copy-doubtful"
    room: ClassVar[str] = ROOM
    status: ClassVar[int] = 500
    example: ClassVar[dict[str, Any]] = {"number": "TI-2026-00001", "reason": "content-changed"}
