"""Small inventories for tests: a frame that is sound, to be changed in one place."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from questionnaires.factors import Row, library
from questionnaires.mistakes import Mistake, Mistaken
from scoring.footprint import Footprint, Inventory, footprint

PRODUCT: dict[str, Any] = {
    "name": "A tonne of something",
    "purpose": "product",
    "region": "GB",
    "period": {"start": "2025-01-01", "end": "2025-12-31"},
    "gwp": "ar5",
    "rounding": {"places": 6, "mode": "half_up"},
    "declared_unit": {"amount": 1, "unit": "t"},
    "output": {"amount": 1, "unit": "t"},
}
FACTORY: dict[str, Any] = {
    **{key: value for key, value in PRODUCT.items() if key not in {"declared_unit", "output"}},
    "name": "A year of a factory",
    "purpose": "organisation",
}
OWN: dict[str, Any] = {
    "id": "steel",
    "title": "Steel of a supplier",
    "source": "The supplier's footprint, verified",
    "unit": "t",
    "value": "2.5",
    "value_in": "tCO2e",
    "gwp": "ar5",
    "boundary": "cradle-to-gate",
    "scope": 3,
    "categories": [1],
    "region": "GB",
    "year": 2025,
}


def line(amount: object, unit: str, factor: str, **words: Any) -> dict[str, Any]:
    """A line that names a factor."""
    return {"id": words.pop("id", "one"), "amount": amount, "unit": unit, "factor": factor, **words}


def count(*lines: dict[str, Any], frame: dict[str, Any] | None = None, **words: Any) -> Footprint:
    """The footprint of some lines in a frame with changes."""
    told = {**(PRODUCT if frame is None else frame), **words, "lines": list(lines)}
    return footprint(Inventory.model_validate(told), library())


def refused(*lines: dict[str, Any], frame: dict[str, Any] | None = None, **words: Any) -> list[Mistake]:
    """The mistakes of an inventory that cannot be counted."""
    try:
        found = count(*lines, frame=frame, **words)
    except Mistaken as mistaken:
        return list(mistaken.mistakes)
    raise AssertionError(found.total)


def line_of(row: Row, amount: object = 1, **words: Any) -> dict[str, Any]:
    """A sound line for a factor, in the factor's own unit."""
    told = line(amount, row.unit.text, row.reference, id=words.pop("id", row.reference.partition("/")[2]))
    if row.basis is not None:
        told["basis"] = row.basis.value
    if len(row.categories) > 1:
        told["category"] = row.categories[0]
    return {**told, **words}


def exact(text: str) -> Fraction:
    """The number that a record states."""
    return Fraction(text)
