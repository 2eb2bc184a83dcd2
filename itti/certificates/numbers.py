"""Certificate numbers without gaps or doubles."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from itti.certificates.tables import NumberSeries


def next_number(session: Session, prefix: str, year: int) -> str:
    """The next number of the year, such as ``TI-2026-00001``.

    The year's row stays locked until the transaction ends, so two that issue at once take turns; if the
    transaction is undone, so is the number.
    """
    series = _locked(session, year)
    if series is None:
        try:
            with session.begin_nested():
                session.add(NumberSeries(year=year, last=0))
        except IntegrityError:
            pass  # the first two of a year at once: the other one has made the row
        series = _locked(session, year)
    assert series is not None, "just made"  # noqa: S101 - tells the type checker what holds
    series.last += 1
    session.add(series)
    session.flush()
    return f"{prefix}-{year}-{series.last:05d}"


def _locked(session: Session, year: int) -> NumberSeries | None:
    statement = (
        select(NumberSeries)
        .where(col(NumberSeries.year) == year)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.exec(statement).one_or_none()
