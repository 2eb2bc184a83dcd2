"""Patterns of texts that take more than they did when the description was released.

Whether one pattern takes all that another one takes is not to be told from their letters. So each pair is written down
here, and a test draws texts of the narrower one and holds them against the wider one.
"""

from __future__ import annotations

from typing import Final

_ID: Final = "[a-z][a-z0-9]*(-[a-z0-9]+)*"

WIDER: Final = frozenset(
    {
        # ids of what is asked of the items of a list, and since lists within lists of the items of these
        (rf"^{_ID}(\.{_ID}\.{_ID})?$", rf"^{_ID}(\.{_ID}\.{_ID}){{0,2}}$"),
        # names of the entries of a table: ids of options, and levels, of which a scale has had up to 4 digits since
        (rf"^({_ID}|\d{{1,3}})$", rf"^({_ID}|\d{{1,4}})$"),
    }
)
"""Narrower pattern, wider pattern."""


def takes_all_of(outer: str, inner: str | None) -> bool:
    """Whether a pattern is known to take every text that another one takes (None: any text)."""
    return outer == inner or (inner, outer) in WIDER
