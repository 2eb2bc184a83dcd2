"""The figures of agreement as a table of comma-separated values, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from itti.seconds.pairs import Agreement, Compared
from reports.table import harmless

if TYPE_CHECKING:
    from scoring.agreement import Estimate

HEAD: Final = ("family", "pairs", "lowest", "highest", "figure", "assessor", "value", "low", "high", "counted", "why")

ATTACHED: Final = {"Content-Disposition": 'attachment; filename="agreement.csv"'}


def to_csv(found: Sequence[Agreement]) -> bytes:
    """One line for each figure; UTF-8 with the mark that spreadsheets ask for."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEAD)
    for each in found:
        for kind in each.kinds:
            writer.writerows(_lines(each, kind))
    return ("\ufeff" + stream.getvalue()).encode()


def _lines(found: Agreement, kind: Compared) -> Iterator[tuple[object, ...]]:
    scale = ("", "") if kind.scale is None else kind.scale
    for name, estimate in kind.figures.items():
        yield (found.family, found.pairs, *scale, name, "", *_figures(estimate))
    for person, leniency in kind.leniencies:
        yield (found.family, found.pairs, *scale, "leniency", harmless(person.name), *_figures(leniency.difference))


def _figures(estimate: Estimate) -> tuple[object, ...]:
    numbers = ("" if each is None else repr(each) for each in (estimate.value, estimate.low, estimate.high))
    return (*numbers, estimate.counted, estimate.why.value)
