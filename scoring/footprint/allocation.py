"""Allocation: a shared burden divided among the outputs of a process, by shares that add up to one."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from questionnaires.units import Unit, factor, unit
from scoring.footprint.inventory import Allocation, AllocationMethod, Output

MEASURES: Final[Mapping[AllocationMethod, tuple[str, ...]]] = {
    AllocationMethod.MASS: ("kg",),
    AllocationMethod.ENERGY: ("kWh",),
    AllocationMethod.ECONOMIC: ("AED", "USD", "EUR", "yuan"),
}
"""Method → units of what outputs are measured by."""


def fits(method: AllocationMethod, measured: Unit) -> bool:
    """Whether a unit measures what the method divides by."""
    return any(measured.dimension == unit(each).dimension for each in MEASURES[method])


def shares(allocation: Allocation | None) -> dict[str, Fraction]:
    """Output id → its share, exact; the allocation must have been checked. Empty: nothing is allocated."""
    if allocation is None:
        return {}
    if all(each.share is not None for each in allocation.outputs):
        return {each.id: each.share or Fraction(0) for each in allocation.outputs}
    first = unit(allocation.outputs[0].unit or "1")
    measures = {each.id: _measure(each, first) for each in allocation.outputs}
    total = sum(measures.values(), Fraction(0))
    return {name: measure / total for name, measure in measures.items()}


def _measure(output: Output, wanted: Unit) -> Fraction:
    return (output.amount or Fraction(0)) * factor(unit(output.unit or "1"), wanted)


def product_of(allocation: Allocation) -> str:
    """Id of the output that the footprint is of."""
    return next(each.id for each in allocation.outputs if each.product)
