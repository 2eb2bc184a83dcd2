"""How long a certificate holds."""

from datetime import date

import pytest

from itti.certificates.dates import last_day


@pytest.mark.parametrize(
    ("issued_on", "months", "ends"),
    [
        (date(2026, 11, 22), 24, date(2028, 11, 21)),
        (date(2026, 11, 1), 1, date(2026, 11, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 30)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
    ],
)
def test_last_day(issued_on: date, months: int, ends: date) -> None:
    assert last_day(issued_on, months) == ends
