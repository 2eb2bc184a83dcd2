"""Contents kept under the SHA-256 of their content: what a keeper of them does, and the one that is a folder.

A file appears under its name only when all of it is on the disk: it is written beside, flushed, and then
renamed. The same content is kept once. Nothing a person typed ever becomes part of a path.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Final, Protocol

from itti.files.errors import FileLost

_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CHUNK: Final = 1 << 16


@dataclass(frozen=True)
class Kept:
    """What a shelf knows of a content after keeping it."""

    sha256: str
    size: int
    """In bytes."""


class Contents(Protocol):
    """Keeps contents by their digest: a :class:`Shelf`, or a bucket elsewhere (:mod:`itti.files.bucket`)."""

    def keep(self, content: BinaryIO) -> Kept:
        """Keep everything from the present position of ``content`` on, wholly or not at all."""

    def open(self, sha256: str) -> BinaryIO:
        """The content with that digest, compared with it and open at its start.

        Raises:
            FileLost: it is not there, or is another.
        """

    def read(self, sha256: str) -> bytes:
        """The same in one piece."""

    def drop(self, sha256: str, *, unless_since: datetime) -> bool:
        """Remove a content, unless it was kept (again) since that time. False: it is still there."""


class Shelf:
    """Keeps contents in ``folder`` as ``<first two digits>/<sha256><suffix>``."""

    def __init__(self, folder: Path, suffix: str = "") -> None:
        self._folder = folder
        self._suffix = suffix

    def path(self, sha256: str) -> Path:
        """Where the content with that digest lies, whether it does or not.

        Raises:
            ValueError: not 64 lower-case hexadecimal digits.
        """
        if not _SHA256.fullmatch(sha256):
            raise ValueError(sha256)
        return self._folder / sha256[:2] / f"{sha256}{self._suffix}"

    def keep(self, content: BinaryIO) -> Kept:
        """Keep everything from the present position of ``content`` on; safe against a crash at any point."""
        self._folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with NamedTemporaryFile(dir=self._folder, prefix=".incoming-", delete=False) as incoming:
            scratch = Path(incoming.name)
            try:
                while chunk := content.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    incoming.write(chunk)
                incoming.flush()
                os.fsync(incoming.fileno())
                self._settle(scratch, self.path(digest.hexdigest()))
            except BaseException:
                scratch.unlink(missing_ok=True)
                raise
        return Kept(digest.hexdigest(), size)

    def open(self, sha256: str) -> BinaryIO:
        """The content with that digest, compared with it and open at its start.

        Raises:
            FileLost: it is not there, or was changed on the disk.
        """
        try:
            content = self.path(sha256).open("rb")
        except OSError as error:
            raise FileLost(sha256=sha256) from error
        if hashed(content).sha256 != sha256:
            content.close()
            raise FileLost(sha256=sha256)
        content.seek(0)
        return content

    def read(self, sha256: str) -> bytes:
        """The content with that digest, checked against it.

        Raises:
            FileLost: it is not there, or was changed on the disk.
        """
        with self.open(sha256) as content:
            return content.read()

    def drop(self, sha256: str, *, unless_since: datetime) -> bool:
        """Remove a content, unless it was kept (again) since that time. False: it is still there."""
        place = self.path(sha256)
        try:
            if datetime.fromtimestamp(place.stat().st_mtime, UTC) >= unless_since:
                return False
            place.unlink()
        except FileNotFoundError:
            return True
        return True

    @staticmethod
    def _settle(scratch: Path, final: Path) -> None:
        """Give a finished file its name, and flush the folder so that the name outlives a power cut."""
        final.parent.mkdir(parents=True, exist_ok=True)
        scratch.replace(final)
        for folder in (final.parent, final.parent.parent):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def hashed(content: BinaryIO) -> Kept:
    """What there is from the present position of ``content`` on; leaves the position at the end."""
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Kept(digest.hexdigest(), size)
