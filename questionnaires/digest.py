"""Canonical form and digest of a definition: what was asked, to the last letter."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

import rfc8785

from questionnaires.model import Definition


def canonical(definition: Definition) -> bytes:
    """The definition, texts included, as canonical JSON (RFC 8785).

    Two definitions have the same canonical form exactly when every question, weight, band and text is the
    same; the layout of the files, comments and the order of keys do not count. What is left at its default is not
    written, so that a new word of the language leaves the digests of older definitions as they are; for the
    same reason a default, once published, never changes.
    """
    return rfc8785.dumps(definition.model_dump(mode="json", by_alias=True, exclude_defaults=True))


@lru_cache(maxsize=64)
def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def digest(definition: Definition) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return _digest(canonical(definition))
