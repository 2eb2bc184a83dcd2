"""Contents in a bucket of a store that speaks S3, under the SHA-256 of their content.

An object appears whole or not at all: that is the store's promise. The same content is kept once. What comes back is
compared with its name before anybody sees it, so the store need not be trusted with more than keeping.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, BinaryIO, Final, cast

from pydantic import SecretStr

from itti.files.errors import FileLost, StorageMissing, StorageUnreachable
from itti.files.shelf import Kept, hashed

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_IN_MEMORY: Final = 1 << 20
_SECONDS: Final = "30s"
_TRIES: Final = 3


@dataclass(frozen=True)
class Place:
    """Where a bucket is, and how to get into it."""

    bucket: str
    prefix: str
    """What the names of all objects begin with."""

    endpoint: str
    """Address of the store; empty: Amazon's own of the region."""

    region: str
    key: str
    secret: SecretStr
    """Name and secret of the access key; both empty: from the environment, or from the machine's role."""


class Bucket:
    """Keeps contents as objects ``<prefix><first two digits>/<sha256>``."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def keep(self, content: BinaryIO) -> Kept:
        """Keep everything from the present position of ``content`` on; it is read twice, in parts.

        Raises:
            StorageUnreachable: the store does not take it.
        """
        begin = content.tell()
        kept = hashed(content)
        content.seek(begin)
        store = _store(self._place)
        import obstore  # noqa: PLC0415 - an extra; `_store` has told where it is missing

        with _Unreachable():
            obstore.put(store, self._name(kept.sha256), cast("IO[bytes]", content))
        return kept

    def open(self, sha256: str) -> BinaryIO:
        """The content with that digest, compared with it and open at its start; large ones lie in a temporary file.

        Raises:
            FileLost: it is not there, or is another.
            StorageUnreachable: the store does not answer.
        """
        content = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by the caller, or below
        try:
            is_it = self._fetch(sha256, cast("BinaryIO", content)) == sha256
        except FileNotFoundError:
            is_it = False
        except BaseException:
            content.close()
            raise
        if not is_it:
            content.close()
            raise FileLost(sha256=sha256)
        content.seek(0)
        return cast("BinaryIO", content)

    def _fetch(self, sha256: str, into: BinaryIO) -> str:
        """Write an object into a file, part by part; returns the digest of what came."""
        store = _store(self._place)
        import obstore  # noqa: PLC0415 - an extra

        digest = hashlib.sha256()
        with _Unreachable():
            for chunk in obstore.get(store, self._name(sha256)).stream():
                digest.update(chunk)
                into.write(bytes(chunk))
        return digest.hexdigest()

    def read(self, sha256: str) -> bytes:
        """The content with that digest, compared with it.

        Raises:
            as :meth:`open`.
        """
        with self.open(sha256) as content:
            return content.read()

    def drop(self, sha256: str, *, unless_since: datetime) -> bool:
        """Remove a content, unless it was kept (again) since that time. False: it is still there.

        Raises:
            StorageUnreachable: the store does not answer.
        """
        store = _store(self._place)
        import obstore  # noqa: PLC0415 - an extra

        name = self._name(sha256)
        try:
            with _Unreachable():
                if obstore.head(store, name)["last_modified"] >= unless_since:
                    return False
                obstore.delete(store, name)
        except FileNotFoundError:
            return True
        return True

    def _name(self, sha256: str) -> str:
        if not _SHA256.fullmatch(sha256):
            raise ValueError(sha256)
        return f"{self._place.prefix}{sha256[:2]}/{sha256}"


class _Unreachable:
    """What goes wrong with the store inside, but that an object is missing, becomes a fault of ours."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from obstore.exceptions import BaseError  # noqa: PLC0415 - an extra

        missing_bucket = isinstance(error, FileNotFoundError) and "NoSuchBucket" in str(error)
        if isinstance(error, BaseError) or missing_bucket:
            raise StorageUnreachable(reason=type(error).__name__ if not missing_bucket else "NoSuchBucket") from error


@cache
def _store(place: Place) -> S3Store:
    try:
        from obstore.store import S3Store  # noqa: PLC0415 - an extra: heavy, and only where a bucket is set
    except ImportError as error:
        raise StorageMissing from error
    config: S3Config = {"region": place.region}
    if place.endpoint:
        config["endpoint"] = place.endpoint
    if place.key:
        config |= {"access_key_id": place.key, "secret_access_key": place.secret.get_secret_value()}
    return S3Store(
        place.bucket,
        config=config,
        client_options={"allow_http": place.endpoint.startswith("http://"), "timeout": _SECONDS},
        retry_config={"max_retries": _TRIES},
    )
