"""Footprints: activity × factor × warming potential, exact, with every line explained.

:func:`footprint` takes an :class:`Inventory` and a library of factor sets and gives a :class:`Footprint`, a frozen
record like a scorecard. Pure like the rest of the engine: files are read elsewhere.
"""

from scoring.footprint.calculation import footprint
from scoring.footprint.inventory import Inventory, read_inventory
from scoring.footprint.record import Footprint

__all__ = ["Footprint", "Inventory", "footprint", "read_inventory"]
