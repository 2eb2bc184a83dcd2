"""Emission factors and warming potentials: sets of one publisher and edition, as data with their sources.

Part of floor 1: knows what was published, never how a footprint is calculated.
"""

from questionnaires.factors.book import FactorBook, Library, PotentialBook, Row
from questionnaires.factors.loading import library, load_book, load_potentials

__all__ = ["FactorBook", "Library", "PotentialBook", "Row", "library", "load_book", "load_potentials"]
