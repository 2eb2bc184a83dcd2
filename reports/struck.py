"""Keys that were struck: from a moment on nothing made with them counts, since somebody else may have them.

What was made before stays good where a time stamp of a trusted authority proves that it was: the time that a seal
states by itself is worth nothing any more, since whoever has the key can state any.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Struck = Mapping[str, datetime]
"""Fingerprint of a public key (:func:`fingerprint`) → from when on it is struck."""


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the public key of a certificate (SubjectPublicKeyInfo in DER), hexadecimal.

    Of the key and not of the certificate: a key that was stolen is no better under another certificate.
    """
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(key).hexdigest()


def counts(since: datetime | None, proven: datetime | None) -> bool:
    """Whether what a key made still counts: it was not struck, or what it made is proven to be older than that.

    Args:
        since: from when on the key is struck; None: it is not.
        proven: the time of a trusted stamp on what it made; None: there is none.
    """
    return since is None or (proven is not None and proven < since)
