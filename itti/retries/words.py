"""Names and forms of the header fields."""

from __future__ import annotations

from typing import Final

PATTERN: Final = r'^([!#-\[\]-~]{1,255}|"[!#-\[\]-~]{1,255}")$'
"""What may be sent as a key: a string of RFC 9651, or the same without its quotation marks."""

REPLAYED: Final = "Idempotency-Replayed"
"""Says that an answer is that of an earlier time."""

KNOWN_BY_BODY: Final = frozenset({"createToken"})
"""Operations without a token that know all the same whose account they are for."""
