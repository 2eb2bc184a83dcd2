"""The answers of a population in columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from scoring.answers import Answers
from scoring.columns.decimals import Decimals
from scoring.columns.ledger import Small
from scoring.errors import PackedUnreadable
from scoring.packing import FORM, pack, unpack
from scoring.packing.fields import ChoicesField, CodedField, GridField, fields_of, width_of
from scoring.plan import Plan

_BYTE_BY_BYTE: Final = GridField | ChoicesField
_AT_ONCE: Final = 512
"""Rows that are turned into columns at once: both fit into the fastest cache."""


def _turned(rows: Small) -> Small:
    """Rows as columns, one after another in memory, which is what everything that reads them is quickest with."""
    found = np.empty((rows.shape[1], len(rows)), np.uint8)
    for start in range(0, len(rows), _AT_ONCE):
        found[:, start : start + _AT_ONCE] = rows[start : start + _AT_ONCE].T
    return found


@dataclass(frozen=True, slots=True)
class Columns:
    """The compact answers of many assessments to one version of a questionnaire, question by question.

    ``codes`` has for each question that people answer an array of bytes (:mod:`scoring.packing.fields`): one for each
    assessment, or as many rows of bytes where an answer takes more than one.
    """

    count: int
    codes: Mapping[str, Small]
    further: Mapping[int, bytes]
    """Whole vectors of the assessments with a number that does not fit into the fixed bytes."""

    numbers: Mapping[str, Decimals] = field(default_factory=dict)
    """Question answered with a number → its column of numbers, where there is one instead of its bytes."""

    @classmethod
    def of(cls, plan: Plan, population: Iterable[Answers]) -> Columns:
        """The columns of answers.

        Raises:
            AnswersRefused: some answers are not what the questionnaire allows.
        """
        return cls.read(plan, [pack(plan, answers) for answers in population])

    @classmethod
    def read(cls, plan: Plan, vectors: Sequence[bytes]) -> Columns:
        """The columns of packed answers (:func:`scoring.packing.pack`), one vector for each assessment.

        Raises:
            PackedUnreadable: some vector is none of this version of the questionnaire.
        """
        fields = fields_of(plan)
        width = width_of(fields)
        further = {}
        if set(map(len, vectors)) - {width}:
            further = {place: vector for place, vector in enumerate(vectors) if len(vector) != width}
            for vector in further.values():
                unpack(plan, vector)
            vectors = [vector[:width] for vector in vectors]
        rows = np.frombuffer(b"".join(vectors), np.uint8).reshape(len(vectors), width)
        if vectors and (rows[:, 0] != FORM).any():
            raise PackedUnreadable(questionnaire=f"{plan.family}@{plan.version}", question="–")
        columns = _turned(rows)
        codes: dict[str, Small] = {}
        for each in fields:
            here = slice(each.offset, each.offset + each.width)
            if isinstance(each, CodedField):
                codes[each.question.id] = columns[each.offset]
            else:  # of grids and options each byte is read for itself, of numbers all together
                codes[each.question.id] = columns[here].T if isinstance(each, _BYTE_BY_BYTE) else rows[:, here]
        return cls(len(vectors), codes, further)

    def block(self, start: int, stop: int) -> Columns:
        """The assessments from ``start`` to before ``stop``."""
        further = {place - start: vector for place, vector in self.further.items() if start <= place < stop}
        numbers = {name: each.part(start, stop) for name, each in self.numbers.items()}
        return Columns(stop - start, {name: codes[start:stop] for name, codes in self.codes.items()}, further, numbers)

    def packed(self) -> Columns:
        """The same with all numbers in their bytes."""
        if not self.numbers:
            return self
        return replace(
            self, codes={**self.codes, **{name: each.packed() for name, each in self.numbers.items()}}, numbers={}
        )

    def taken(self, places: NDArray[Any]) -> Columns:
        """The assessments at these places, numbers in their bytes."""
        further = {new: self.further[old] for new, old in enumerate(places.tolist()) if old in self.further}
        codes = {name: codes[places] for name, codes in self.codes.items()}
        codes |= {name: each.taken(places).packed() for name, each in self.numbers.items()}
        return Columns(len(places), codes, further)

    def vector(self, plan: Plan, place: int) -> bytes:
        """The packed answers of one assessment."""
        if place in self.further:
            return self.further[place]
        here = self.taken(np.array([place])) if self.numbers else self.block(place, place + 1)
        return bytes([FORM]) + b"".join(here.codes[each.question.id][0].tobytes() for each in fields_of(plan))
