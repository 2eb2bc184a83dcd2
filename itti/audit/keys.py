"""The key that signs the heads of the record: one line in a file that only the service may read.

It is no sealing key: a head is signed every few seconds by whatever process serves, while the sealing key may lie on a
token. The seal of each certificate vouches for the public key, which the paper states.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from itti.audit.errors import RecordKeyUnusable
from itti.settings import Settings
from reports.notes import NoteMalformedError, Signer, Verifier


def signer_of(settings: Settings) -> Signer:
    """The key by the settings; made at first use where they name none.

    Raises:
        RecordKeyUnusable: it cannot be read, or not be made.
    """
    return _read(_path(settings).absolute(), settings.base_url)


def known_keys(settings: Settings) -> list[Verifier]:
    """The public keys that this installation trusts: its own, if there is one already, and those of the settings.

    Raises:
        RecordKeyUnusable: a key is none.
    """
    return list(_known(settings))


def _known(settings: Settings) -> Iterator[Verifier]:
    if _path(settings).exists():
        yield signer_of(settings).verifier
    for text in settings.record_keys:
        try:
            yield Verifier.parse(text)
        except NoteMalformedError as error:
            raise RecordKeyUnusable(path="ITTI_RECORD_KEYS", reason=text) from error


def _path(settings: Settings) -> Path:
    return settings.record_key or settings.data_folder / "record" / "record.key"


@cache
def _read(path: Path, address: str) -> Signer:
    try:
        if not path.exists():
            _make(path, Signer.new(f"{urlsplit(address).netloc or 'itti'}/record"))
        return Signer.parse(path.read_text("utf-8"))
    except OSError as error:
        raise RecordKeyUnusable(path=path, reason=error.strerror or type(error).__name__) from error
    except ValueError as error:  # a note that is none, or bytes that are no text
        raise RecordKeyUnusable(path=path, reason=type(error).__name__) from error


def _make(path: Path, signer: Signer) -> None:
    """Whole or not at all, and by one process only: written beside, then linked into place."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    passing = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(signer.dumped() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.link(passing, path)
    except FileExistsError:
        pass  # another process was faster
    finally:
        passing.unlink(missing_ok=True)
