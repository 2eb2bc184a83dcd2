"""Which answer each question gets: the decisions of a model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from ortools.sat.python import cp_model

from scoring.answers import Answer, Answers

Pick = Mapping[str, int]
"""Question id → place of the answer among those offered; 0 is the answer there is."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One question with the answers it can get."""

    question: str
    answers: Sequence[Answer]
    """The answer there is, then the better ones."""

    taken: Sequence[cp_model.BoolVarT]
    place: cp_model.IntVar


class Offers:
    """All decisions of a model: for every question exactly one of its answers is taken."""

    def __init__(self, model: cp_model.CpModel, answers: Answers, offered: Mapping[str, Sequence[Answer]]) -> None:
        self.model = model
        self.answers = answers
        self.of: dict[str, Offered] = {}
        for question, better in offered.items():
            if not better:
                continue
            ways = [answers[question], *better]
            taken = [model.new_bool_var("") for _ in ways]
            place = model.new_int_var(0, len(better), "")
            model.add_exactly_one(taken)
            model.add(place == sum(number * each for number, each in enumerate(taken)))
            self.of[question] = Offered(question, ways, taken, place)

    def among(self, names: Collection[str]) -> list[Offered]:
        """The decisions among these ids, in the order of the questionnaire."""
        return [each for each in self.of.values() if each.question in names]

    def count(self, names: Collection[str]) -> int:
        """In how many ways the decisions among these ids can be taken."""
        return prod(len(each.answers) for each in self.among(names))

    def ways(self, names: Collection[str]) -> Iterator[tuple[tuple[int, ...], Answers]]:
        """Every way to take the decisions among these ids: the places, and all answers with it."""
        among = self.among(names)
        for places in product(*(range(len(each.answers)) for each in among)):
            chosen = {each.question: each.answers[place] for each, place in zip(among, places, strict=True)}
            yield places, {**self.answers, **chosen}

    def answered(self, pick: Pick) -> dict[str, Answer]:
        """All answers, with the picked ones."""
        return {**self.answers, **{name: self.of[name].answers[place] for name, place in pick.items()}}

    def picked(self, solver: cp_model.CpSolver) -> dict[str, int]:
        """What a solution takes."""
        return {name: int(solver.value(each.place)) for name, each in self.of.items()}

    def cut(self, pick: Pick) -> None:
        """Never again these answers together."""
        self.model.add_bool_or(*(~self.of[name].taken[place] for name, place in pick.items()))
