"""The language a header asks for."""

import pytest

from itti.http.languages import accepted_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ar", "ar"),
        ("ar-AE, en;q=0.5", "ar"),
        ("en-GB, ar", "en"),
        ("fr;q=1, ar;q=0.2", "ar"),
        ("ar;q=0.1, en;q=0.9", "en"),
        ("ar;q=0", "en"),
        ("AR ; q=0.8", "ar"),
        ("ar;q=x", "en"),
        ("de", "en"),
        ("*", "en"),
    ],
)
def test_accepted(header: str, language: str) -> None:
    assert accepted_language(header) == language
