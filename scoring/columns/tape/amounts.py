"""Limits and thresholds of nodes as operations of a tape: plain numbers, and formulas over the answers.

As the exact engine has it (:mod:`scoring.amounts`): a limit that does not apply limits nothing, a threshold has to be
there, and what has no number leaves the node without a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from questionnaires.formula.tree import Expression
from questionnaires.model import BandsOn
from scoring.columns.ledger import MOST
from scoring.columns.tape.formulas import Reading
from scoring.columns.tape.operations import Code, Operation
from scoring.columns.tape.reals import Real, Uncovered
from scoring.columns.tape.statuses import THERE, UNDEFINED
from scoring.enclosure import Enclosure, exactly
from scoring.plan import PlannedNode, PlannedRule


@dataclass(slots=True)
class Amounts:
    """Amounts put into numbers one after the other, and where one of them has none that fits."""

    reading: Reading
    stays: bool = False
    """Whether the node applies whatever applies below it, as something stands in for what does not."""

    lost: list[int] = field(default_factory=list)
    """Registers (B) of where one has none."""

    def limit(self, formulas: Mapping[str, Expression], key: str, plain: Enclosure | None) -> Real | None:
        """A limit with its status; None: there is none."""
        if key not in formulas:
            return self.plain(plain)
        found = self.reading.number(formulas[key])
        if found.status is not None:
            self.lost.append(self.reading.write.small(Code.IS, found.status, numbers=(UNDEFINED,)))
        return found

    def threshold(self, formula: Expression) -> Real:
        """A number that there has to be."""
        found = self.reading.number(formula)
        if found.status is not None:
            self.lost.append(self.reading.write.small(Code.NOT, self.reading.is_there(found.status)))
        return replace(found, status=None)

    def turned_round(self, least: Real | None, most: Real | None) -> None:
        """Note where the least is greater than the most."""
        if least is None or most is None or (least.constant is not None and most.constant is not None):
            return
        wrong = self.reading.write.compared("<", most, least)
        for status in (least.status, most.status):
            if status is not None:
                wrong = self.reading.write.small(Code.BOTH, wrong, self.reading.is_there(status))
        self.lost.append(wrong)

    def status(self, status: int | None, where: int | None = None) -> int | None:
        """The status: without a value besides where an amount has none (``where``: and this register is 1)."""
        for each in self.lost:
            lost = each if where is None else self.reading.write.small(Code.BOTH, each, where)
            if self.stays:
                own = self.reading.fixed(THERE) if status is None else status
                status = self.reading.write.small(Code.CHOOSE_SMALL, lost, self.reading.fixed(UNDEFINED), own)
            else:
                status = self.reading.lost_where(lost, status)
        return status

    def plain(self, plain: Enclosure | None) -> Real | None:
        """A plain number."""
        if plain is None:
            return None
        exact = exactly(plain)
        if exact is None:
            raise Uncovered
        return self.reading.write.constant(exact)


def held(reading: Reading, value: Real, least: Real | None, most: Real | None) -> Real:
    """The number within limits, where there are any."""
    ends = [None if end is None else end.constant for end in (least, most)]
    if any(end is not None and end.constant is None for end in (least, most)):
        for code, end in ((Code.LEAST, most), (Code.GREATEST, least)):
            if end is not None:
                within = reading.write.ended(code, value, end)
                if end.status is not None:
                    within = reading.write.chosen(reading.is_there(end.status), within, value)
                value = replace(within, status=value.status)
        return replace(value, constant=None)
    if ends == [None, None]:
        return value
    return replace(reading.write.clamped(value, *ends), status=value.status, constant=None)


def after(reading: Reading, rule: PlannedRule, fires: int, value: Real) -> Real:
    """The number after a rule, with its status."""
    if not rule.formulas and rule.to is None and rule.at_least is None and rule.at_most is None:
        return value
    amounts = Amounts(reading)
    set_to = amounts.threshold(rule.formulas["to"]) if "to" in rule.formulas else amounts.limit({}, "to", rule.to)
    least = amounts.limit(rule.formulas, "at_least", rule.at_least)
    most = amounts.limit(rule.formulas, "at_most", rule.at_most)
    within = held(reading, value if set_to is None else set_to, least, most)
    found = reading.write.chosen(fires, within, value)
    return replace(found, status=amounts.status(value.status, fires))


def band(reading: Reading, item: PlannedNode, units: Real, value: Real) -> tuple[int | None, int | None]:
    """Register (B) of the place of the band, lowest first, before rules; and of where there is one (None: always)."""
    if not item.bands:
        return None, None
    write, scale, count = reading.write, 10**item.rounding.places, len(item.bands)
    if count > 250:
        raise Uncovered
    formulas = any(each.formula is not None for each in item.bands)
    if not formulas and item.bands_on is BandsOn.STATED:
        return write.put(lambda into: Operation(Code.BANDS, into, (units.at,), _units(item, scale))), None
    amounts = Amounts(reading)
    limits = [
        (amounts.plain(each.lowest) or write.constant(Fraction(0)))
        if each.formula is None
        else amounts.threshold(each.formula)
        for each in item.bands
    ]
    for before, following in pairwise(limits):
        amounts.turned_round(before, following)
    deciding = value if item.bands_on is BandsOn.EXACT else write.line(units, Fraction(1, scale), Fraction(0))
    place = write.fixed(0)
    for own, limit in enumerate(limits[1:], 1):
        reached = write.compared(">" if item.boundary_is_upper else ">=", deciding, limit)
        place = write.small(Code.CHOOSE_SMALL, reached, write.fixed(own), place)
    return place, amounts.status(None) if formulas else None


def _units(item: PlannedNode, scale: int) -> tuple[float, ...]:
    """The limits of all bands but the lowest in units of the last stated place."""
    lowest = [exactly(each.lowest) or Fraction(0) for each in item.bands]
    if sorted(lowest) != lowest:
        raise Uncovered
    upper = item.boundary_is_upper
    units = [each * scale // 1 + 1 if upper else -(-each * scale // 1) for each in lowest[1:]]
    return tuple(float(max(min(each, MOST), -MOST)) for each in units)
