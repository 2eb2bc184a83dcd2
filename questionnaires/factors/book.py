"""Factor sets ready for use: every factor with all that its table says, found by reference; neighbours by likeness."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

import rfc8785

from questionnaires.factors.kinds import Account, Basis, Boundary, Carrier, Certainty, Methane, Purpose
from questionnaires.factors.model import (
    Alternative,
    Conversion,
    Factor,
    FactorSet,
    FactorTexts,
    Potential,
    PotentialSet,
    Table,
)
from questionnaires.units import Unit, factor, unit
from questionnaires.words import Word

KILOGRAM: Final = unit("kg")
WEIGHTED: Final = unit("kgCO2e")


@dataclass(frozen=True, slots=True)
class Part:
    """What one gas has in a factor, for one unit of the activity."""

    gas: str
    amount: Fraction
    """Kilograms of the gas, or of CO2e where ``weighted``."""

    weighted: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One factor with everything that its table adds."""

    reference: str
    activity: str
    unit: Unit
    total: Fraction | None
    """Published total in kgCO2e for one unit; None: only parts are published."""

    parts: tuple[Part, ...]
    gwp: str | None
    """Warming potentials behind the total and weighted parts."""

    boundary: Boundary
    scope: int
    categories: tuple[int, ...]
    region: str
    year: int
    certainty: Certainty
    sources: tuple[str, ...] = ()
    basis: Basis | None = None
    account: Account = Account.FOSSIL
    purposes: tuple[Purpose, ...] = tuple(Purpose)
    co2_only: bool = False
    carrier: Carrier | None = None
    forcing: bool | None = None
    table: str = ""
    """The table of its set; empty for a factor that an inventory brings itself."""

    @property
    def set_name(self) -> str:
        """Name of the set it stands in; ``own`` for a factor that an inventory brings itself."""
        return self.reference.partition("/")[0]


@dataclass(frozen=True)
class FactorBook:
    """A factor set with its texts."""

    factors: FactorSet
    texts: Mapping[str, FactorTexts]

    @property
    def name(self) -> str:
        """``publisher@edition``."""
        return self.factors.name

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """Factor id → the factor with all that its table says."""
        tables = {table.id: table for table in self.factors.tables}
        return {each.id: _row(self.factors, tables[each.table], each) for each in self.factors.factors}

    @cached_property
    def conversions(self) -> Mapping[str, Conversion]:
        """Conversion id → conversion."""
        return {each.id: each for each in self.factors.conversions}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form: every number and every text, to the last letter."""
        return _digest(self.factors, self.texts)

    def words(self, language: str) -> FactorTexts:
        """The texts in ``language``, or in the set's first language where it has none."""
        return self.texts.get(language) or self.texts[self.factors.languages[0]]

    def title(self, row: Row, language: str) -> str:
        """What a factor is of, for people: its table, and the activity."""
        texts = self.words(language)
        return f"{texts.tables[row.table].title}: {texts.activities[row.activity]}"


@dataclass(frozen=True)
class PotentialBook:
    """A set of warming potentials with its texts."""

    potentials: PotentialSet
    texts: Mapping[str, FactorTexts]

    @property
    def name(self) -> str:
        """``publisher@edition``."""
        return self.potentials.name

    @cached_property
    def rows(self) -> Mapping[str, Potential]:
        """Gas → its potential."""
        return {each.gas: each for each in self.potentials.potentials}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form."""
        return _digest(self.potentials, self.texts)

    @property
    def methane(self) -> Methane:
        """How methane counts unless an inventory says otherwise."""
        return self.potentials.methane

    def choices(self, gas: str) -> tuple[Alternative, ...]:
        """The values among which whoever calculates has to choose; empty where sources agree."""
        return self.rows[gas].choices if gas in self.rows else ()

    def words(self, language: str) -> FactorTexts:
        """The texts in ``language``, or in the set's first language where it has none."""
        return self.texts.get(language) or self.texts[self.potentials.languages[0]]


@dataclass(frozen=True)
class Library:
    """Everything that a calculation may look up."""

    books: Mapping[str, FactorBook]
    """``publisher@edition`` → set."""

    potentials: Mapping[str, PotentialBook]
    """``ar5`` → potentials."""

    def with_books(self, *books: FactorBook) -> Library:
        """The same with more sets; one of a name that is here already takes its place."""
        return Library({**self.books, **{book.name: book for book in books}}, self.potentials)

    def row(self, reference: str) -> Row | None:
        """The factor called ``publisher@edition/id``, or None."""
        book, identifier = self._split(reference)
        return book.rows.get(identifier) if book else None

    def conversion(self, reference: str) -> Conversion | None:
        """The conversion called ``publisher@edition/id``, or None."""
        book, identifier = self._split(reference)
        return book.conversions.get(identifier) if book else None

    def _split(self, reference: str) -> tuple[FactorBook | None, str]:
        name, _, identifier = reference.partition("/")
        return self.books.get(name), identifier

    def rows(self) -> Iterator[Row]:
        """All factors, set by set."""
        for book in self.books.values():
            yield from book.rows.values()

    def near(self, reference: str, *, most: int = 5) -> tuple[str, ...]:
        """References that were perhaps meant: the same id elsewhere, then like ids in the same set, then in others."""
        name, _, identifier = reference.partition("/")
        same = [row.reference for row in self.rows() if row.reference.endswith("/" + identifier)]
        book = self.books.get(name)
        here = difflib.get_close_matches(identifier, tuple(book.rows), n=most, cutoff=0.5) if book else []
        within = [f"{name}/{found}" for found in here]
        part = identifier.partition("-")[0]
        like = [row.reference for row in (book.rows.values() if book else ()) if row.reference.find(f"/{part}") >= 0]
        others = [row.reference for row in self.rows() if f"/{part}" in row.reference]
        found = tuple(dict.fromkeys([*same, *within, *like, *others]))
        return found[:most]

    def like(self, row: Row, wanted: Unit | None = None, *, most: int = 5) -> tuple[str, ...]:
        """Other factors of the same activity and boundary, those that measure in ``wanted`` alone where it is given."""
        found = [
            each.reference
            for each in sorted(self.rows(), key=lambda each: each.set_name != row.set_name)
            if each.reference != row.reference
            and each.activity == row.activity
            and each.boundary is row.boundary
            and (wanted is None or each.unit.dimension == wanted.dimension)
        ]
        return tuple(found[:most])


def _digest(model: FactorSet | PotentialSet, texts: Mapping[str, FactorTexts]) -> str:
    whole: dict[str, Any] = {"set": _plain(model), "texts": {code: _plain(each) for code, each in texts.items()}}
    return sha256(rfc8785.dumps(whole)).hexdigest()


def _plain(model: Word) -> dict[str, Any]:
    """What is left at its default is not written, so that new words leave older digests as they are."""
    return model.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _row(factors: FactorSet, table: Table, each: Factor) -> Row:
    return Row(
        reference=f"{factors.name}/{each.id}",
        activity=each.activity,
        unit=unit(each.unit),
        total=None if each.value is None else each.value * factor(unit(table.value_in), WEIGHTED),
        parts=tuple(_part(gas, number, table.parts_in[gas]) for gas, number in each.parts.items()),
        gwp=factors.gwp,
        boundary=table.boundary,
        scope=table.scope,
        categories=table.categories,
        region=each.region or table.region,
        year=each.year or table.year,
        certainty=each.certainty or table.certainty or factors.certainty,
        sources=table.sources,
        basis=each.basis or table.basis,
        account=table.account,
        purposes=table.purposes,
        co2_only=table.co2_only,
        carrier=table.carrier,
        forcing=each.forcing,
        table=table.id,
    )


def _part(gas: str, number: Fraction, counted_in: str) -> Part:
    counted = unit(counted_in)
    if counted.dimension == WEIGHTED.dimension:
        return Part(gas, number * factor(counted, WEIGHTED), weighted=True)
    return Part(gas, number * factor(counted, KILOGRAM), weighted=False)
