"""Why there is no number, as tapes tell it of every assessment."""

from __future__ import annotations

from typing import Final

THERE: Final = 0
NONE: Final = 1
"""Something does not apply."""

UNDEFINED: Final = 2
"""It applies, and has no value."""

MISSING: Final = 3
"""Only the whole assessment can tell."""
