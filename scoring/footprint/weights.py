"""Warming potentials in use: which number each gas counts with, and where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from questionnaires.factors import Library, PotentialBook
from questionnaires.factors.gases import METHANES, SAME_POTENTIAL
from questionnaires.factors.kinds import Methane
from scoring.footprint.inventory import Warmth


@dataclass(frozen=True)
class Weights:
    """A set of potentials with the choices that one inventory, or one publisher, made."""

    book: PotentialBook
    methane: Methane
    choices: Mapping[str, Fraction] = field(default_factory=dict)

    @classmethod
    def chosen(cls, warmth: Warmth, library: Library) -> Weights | None:
        """What an inventory asks for; None: no such set."""
        book = library.potentials.get(warmth.set)
        return None if book is None else cls(book, warmth.methane or book.methane, warmth.choices)

    @classmethod
    def usual(cls, edition: str, library: Library) -> Weights | None:
        """A set as its report has it; None: no such set."""
        book = library.potentials.get(edition)
        return None if book is None else cls(book, book.methane)

    @property
    def edition(self) -> str:
        """Such as ``ar6``."""
        return self.book.potentials.edition

    @property
    def as_usual(self) -> bool:
        """Whether methane counts as the report itself has it."""
        return self.methane is self.book.methane

    def name_of(self, gas: str) -> str:
        """The gas under whose name its potential is published here."""
        if gas in METHANES and self.methane is Methane.TOGETHER:
            return "ch4"
        return SAME_POTENTIAL.get(gas, gas)

    def missing(self, gas: str) -> str | None:
        """Why a gas has no potential, as a code; None: it has one."""
        row = self.book.rows.get(self.name_of(gas))
        if row is None:
            return "potential-missing"
        if row.choices and self.choices.get(self.name_of(gas)) not in {each.value for each in row.choices}:
            return "choice-needed"
        return None

    def of(self, gas: str) -> Fraction:
        """Kilograms of CO2e that one kilogram of the gas counts.

        Raises:
            KeyError: it has no potential here, see :meth:`missing`.
        """
        row = self.book.rows[self.name_of(gas)]
        return row.value if row.value is not None else self.choices[self.name_of(gas)]
