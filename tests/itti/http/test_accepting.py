"""Readers get the media type that they would rather have."""

import pytest

from itti.http.accepting import preferred

OFFERED = ("application/json", "text/csv", "application/pdf")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV ; charset=utf-8", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv, application/json;q=0.5", "text/csv"),
        ("text/csv;q=0.4, application/json;q=0.5", "application/json"),
        ("*/*;q=0.1, application/pdf", "application/pdf"),
        ("application/json;q=0, */*", "text/csv"),
        ("application/*, application/json;q=0", "application/pdf"),
        ("application/json;q=0.2, application/*;q=0.9", "application/pdf"),
        ("image/png", None),
        ("text/csv;q=0", None),
        ("*/*;q=0", None),
        ("text/csv;q=often", None),
        ("text/csv;q=nan", None),
        ("text/csv;q=7", None),
        (",;,/", None),
        (" , ,", "application/json"),
    ],
)
def test_the_one_that_is_wanted_most(accept: str, chosen: str | None) -> None:
    assert preferred(accept, OFFERED) == chosen
