"""What holds whatever is counted: linear, blind to units and order, gas by gas, with shares that conserve."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.factors import library
from questionnaires.factors.kinds import Boundary, Carrier, Purpose
from questionnaires.units import factor, unit
from scoring.answers import decimal_text
from scoring.footprint import Footprint
from scoring.footprint.counting import COUNTED
from tests.scoring.footprint.inventories import PRODUCT, count, exact, line_of

ROWS = [
    row
    for row in library().rows()
    if Purpose.PRODUCT in row.purposes
    and not (row.carrier is Carrier.ELECTRICITY and (row.co2_only or row.boundary is Boundary.LIFE_CYCLE))
]
AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=3).map(str)
UNITS = {"t": ("kg", "lb", "shortton"), "kWh": ("MJ", "mmBtu", "TJ"), "l": ("m3", "galUS"), "m3": ("l",)}
FREE: dict[str, Any] = {**PRODUCT, "gwp": {"set": "ar6", "other": "warn"}}
LEAN = settings(max_examples=25, deadline=None)


@st.composite
def inventories(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = draw(st.lists(st.sampled_from(ROWS), min_size=1, max_size=4))
    return [
        line_of(row, draw(AMOUNTS), id=f"line-{number}", allocated=draw(st.booleans()))
        for number, row in enumerate(rows)
    ]


def total(found: Footprint) -> Fraction:
    return exact(found.total.exact)


@LEAN
@given(inventories(), st.integers(0, 50))
def test_linear_in_activity(lines: list[dict[str, Any]], times: int) -> None:
    more = [{**each, "amount": decimal_text(Fraction(each["amount"]) * times)} for each in lines]
    assert total(count(*more, frame=FREE)) == times * total(count(*lines, frame=FREE))


@LEAN
@given(inventories())
def test_order_leaves_no_trace_and_the_record_reads_back(lines: list[dict[str, Any]]) -> None:
    found, turned = count(*lines, frame=FREE), count(*reversed(lines), frame=FREE)
    assert (found.total, found.scopes, found.quality) == (turned.total, turned.scopes, turned.quality)
    assert Footprint.from_json(found.to_json()) == found


@LEAN
@given(st.sampled_from([row for row in ROWS if row.unit.text in UNITS]), st.integers(1, 10**6), st.data())
def test_a_change_of_unit_changes_nothing(row: Any, amount: int, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from(UNITS[row.unit.text]))
    plain = count(line_of(row, amount), frame=FREE)
    per = factor(unit(other), row.unit)
    told = count(line_of(row, amount, unit=other), frame=FREE)
    assert total(told) == per * total(plain)
    assert exact(told.lines[0].location.amount) == amount * per


@LEAN
@given(inventories(), st.integers(1, 10**6))
def test_gases_accounts_and_scopes_add_up_to_the_total(lines: list[dict[str, Any]], output: int) -> None:
    found = count(*lines, frame={**FREE, "output": {"amount": output, "unit": "kg"}})
    counted = {account.value for account in COUNTED}
    for sums in (
        [each.stated for each in found.gases],
        [each.stated for each in found.accounts if each.name in counted],
        [each.stated for each in found.scopes if each.name in {"scope-1", "scope-2-location", "scope-3"}],
        [each.location.counted for each in found.lines],
    ):
        assert sum((exact(each.exact) for each in sums), Fraction(0)) == total(found)
    for each in found.lines:
        scale = exact(each.location.amount) * exact(each.share) * exact(found.scale)
        one = sum((exact(gas.co2e) for gas in each.location.per_unit if gas.account in COUNTED), Fraction(0))
        assert one * scale == exact(each.location.counted.exact)
        for gas in each.location.per_unit:
            if gas.mass is not None and gas.potential is not None and each.location.how != "published":
                assert exact(gas.mass) * exact(gas.potential) == exact(gas.co2e)


@LEAN
@given(inventories(), st.lists(st.integers(1, 10**4), min_size=1, max_size=4))
def test_allocation_conserves_the_burden(lines: list[dict[str, Any]], amounts: list[int]) -> None:
    outputs = [
        {"id": f"output-{number}", "amount": amount, "unit": ("kg", "t", "lb")[number % 3], "product": number == 0}
        for number, amount in enumerate(amounts)
    ]
    found = count(*lines, frame=FREE, allocation={"method": "mass", "outputs": outputs})
    assert found.allocation is not None
    assert sum((exact(each.share) for each in found.allocation.outputs), Fraction(0)) == 1
    burdens = sum((exact(each.burden) for each in found.allocation.outputs), Fraction(0))
    assert burdens == exact(found.allocation.burden)
    alone = sum((total(count(each, frame=FREE)) for each in lines if not each["allocated"]), Fraction(0))
    assert total(found) == exact(found.allocation.outputs[0].burden) + alone
