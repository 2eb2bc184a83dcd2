"""What the standard library writes is canonical JSON, as another library writes it, of all a scorecard may hold."""

from __future__ import annotations

from typing import Any

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from scoring.canonical import canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
KEYS = st.text(st.characters(codec="ascii"), max_size=5)
DATA: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, DATA, max_size=5))
def test_it_is_what_rfc_8785_asks_for(data: dict[str, Any]) -> None:
    assert canonical(data) == rfc8785.dumps(data)
