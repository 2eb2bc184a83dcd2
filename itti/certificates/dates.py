"""How long a certificate holds."""

from calendar import monthrange
from datetime import date, timedelta


def last_day(issued_on: date, months: int) -> date:
    """The last day of a time of ``months`` whole months that begins on ``issued_on``.

    24 months from 22 November 2026 end on 21 November 2028. Where the month has no such day, its last day ends
    them: six months from 31 August end on the last of February.
    """
    year, month = divmod(issued_on.year * 12 + issued_on.month - 1 + months, 12)
    month += 1
    length = monthrange(year, month)[1]
    if issued_on.day > length:
        return date(year, month, length)
    return date(year, month, issued_on.day) - timedelta(days=1)
