"""One unit of a factor in kilograms of CO2e, gas by gas, with the potentials that were chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from questionnaires.factors import Library, Row
from questionnaires.factors.book import Part
from questionnaires.factors.gases import APART, BIOGENIC
from questionnaires.factors.kinds import Account
from scoring.footprint.weights import Weights

How = Literal["published", "recalculated", "masses", "total", "released"]

TOTAL = "co2e"
"""Name of what is not told apart by gas."""

REMAINDER = "rounding"
"""Name of what a published total and its published parts differ by, as both were rounded."""


class Unweighable(Exception):
    """A factor cannot be counted with the chosen potentials; ``code`` is that of the mistake."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True)
class Weighed:
    """One gas of one unit."""

    gas: str
    mass: Fraction | None
    potential: Fraction | None
    co2e: Fraction
    account: Account


@dataclass(frozen=True, slots=True)
class PerUnit:
    """What one unit of a factor's activity counts."""

    how: How
    gases: tuple[Weighed, ...]


def account_of(gas: str, row: Row) -> Account:
    """The account that a gas of a factor belongs to."""
    if gas == "co2-biogenic":
        return Account.BIOGENIC_CO2
    if gas in APART:
        return Account.OTHER_GASES
    if gas in BIOGENIC:
        return Account.BIOGENIC_OTHER
    return row.account


def per_unit(row: Row, weights: Weights, library: Library, *, lenient: bool = False) -> PerUnit:
    """What one unit counts.

    A publisher's total stands as it is where it was made with the chosen potentials, with the difference to its own
    parts told as ``rounding``; otherwise parts are turned back into masses and counted anew.

    Args:
        row: the factor.
        weights: the potentials that were chosen.
        library: where the publisher's potentials are found.
        lenient: take totals without parts that were made with other potentials as they are.

    Raises:
        Unweighable: a gas has no potential, a choice is open, or a total without parts was made with other potentials.
    """
    alike = row.gwp == weights.edition and weights.as_usual
    if not row.parts:
        if row.total and row.gwp not in {None, "unknown"} and not alike and not lenient:
            raise Unweighable("gwp-differs", found=row.gwp, chosen=_told(weights))
        return PerUnit("total", (Weighed(TOTAL, None, None, row.total or Fraction(0), row.account),))
    gases = [_weighed(part, row, weights, library, alike=alike) for part in row.parts]
    if row.total is None:
        how: How = "masses" if all(not part.weighted for part in row.parts) else "recalculated"
        return PerUnit(how, tuple(gases))
    if alike or row.gwp in {None, "unknown"}:
        rest = row.total - sum((each.co2e for each in gases), Fraction(0))
        remainder = [Weighed(REMAINDER, None, None, rest, row.account)] if rest else []
        return PerUnit("published", (*gases, *remainder))
    return PerUnit("recalculated", tuple(gases))


def _weighed(part: Part, row: Row, weights: Weights, library: Library, *, alike: bool) -> Weighed:
    if (code := weights.missing(part.gas)) is not None:
        raise Unweighable(code, **_why(part.gas, code, weights, library))
    potential, account = weights.of(part.gas), account_of(part.gas, row)
    if not part.weighted:
        return Weighed(part.gas, part.amount, potential, part.amount * potential, account)
    publisher = Weights.usual(row.gwp or "", library)
    if publisher is None or publisher.missing(part.gas) is not None:
        raise Unweighable("gwp-differs", found=row.gwp, chosen=_told(weights))
    mass = part.amount / publisher.of(part.gas)
    return Weighed(part.gas, mass, potential, part.amount if alike else mass * potential, account)


def _told(weights: Weights) -> str:
    return weights.edition if weights.as_usual else f"{weights.edition}, methane {weights.methane.value}"


def _why(gas: str, code: str, weights: Weights, library: Library) -> dict[str, object]:
    name = weights.name_of(gas)
    if code == "choice-needed":
        return {"gas": name, "values": ", ".join(str(each.value) for each in weights.book.choices(name))}
    return {"gas": name, "set": weights.edition, "known": ", ".join(_knowing(name, library)) or "–"}


def _knowing(gas: str, library: Library) -> Iterator[str]:
    """The sets that have a potential for a gas."""
    return (name for name, book in library.potentials.items() if gas in book.rows)
