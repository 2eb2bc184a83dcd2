"""Random answers to four more published questionnaires, for :mod:`benchmarks.published`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import further_kernels as kernels
import numpy as np
from numpy.typing import NDArray

from questionnaires import load
from questionnaires.model import ChoicesQuestion, Definition, LevelQuestion, NumberQuestion
from scoring import Plan, compile_plan
from scoring.columns import Columns, Decimals, Scores, score_population

FIRST: Final = 2
"""The byte of the lowest level or of the first option (:mod:`scoring.packing.fields`)."""


@dataclass(frozen=True, slots=True)
class Race:
    """One questionnaire, the same answers as each way takes them."""

    plan: Plan
    nodes: tuple[str, ...]
    """In the order of the definition."""

    columns: Columns
    by_hand: Callable[[], tuple[NDArray[np.int16], NDArray[np.int8]]]

    def ours(self) -> Scores:
        """The engine, all nodes."""
        return score_population(self.plan, self.columns)


class Answering:
    """All answers to a questionnaire: what is not drawn in a way of its own is drawn at random, and counts nowhere."""

    def __init__(self, definition: Definition, size: int) -> None:
        self.definition = definition
        self.plan = compile_plan(self.definition)
        self.size = size
        self.draw = np.random.default_rng(20261122)
        self.held: dict[str, Decimals] = {}
        self.picked: dict[str, NDArray[np.int8]] = {}
        self.several: dict[str, NDArray[np.uint8]] = {}

    def numbers(self) -> list[str]:
        """The questions that are answered by a number."""
        return [each.id for each in self.definition.questions if isinstance(each, NumberQuestion)]

    def options(self, name: str) -> NDArray[np.int8]:
        """Several options of at most sixteen, picked at random, the last one (which stands alone) only by itself."""
        asked = next(each.asked for each in self.plan.questions if each.id == name)
        count = len(asked.options) - 1 if isinstance(asked, ChoicesQuestion) else 0
        bits = self.draw.integers(0, 1 << count, self.size)
        found = np.zeros(self.size, np.int8)
        for place in range(count):
            found += (bits >> place & 1).astype(np.int8)
        bits[bits == 0] = 1 << count
        self.several[name] = np.stack([np.full(self.size, FIRST), bits >> 8, bits & 255]).astype(np.uint8).T
        return found

    def number(self, name: str, digits: NDArray[Any], places: int = 0) -> None:
        """A column of numbers."""
        self.held[name] = Decimals(digits.astype(np.int64), places)

    def race(self, by_hand: Callable[[], tuple[NDArray[np.int16], NDArray[np.int8]]]) -> Race:
        """The race, everything answered."""
        codes: dict[str, NDArray[np.uint8]] = {}
        for each in self.plan.questions:
            if not each.answerable:
                continue
            if isinstance(each.asked, NumberQuestion):
                if each.id not in self.held:
                    least = int(each.asked.least or 0)
                    most = int(each.asked.most or least + 1_000_000)
                    self.number(each.id, self.draw.integers(least, most, self.size, endpoint=True))
            elif each.id in self.several:
                codes[each.id] = self.several[each.id]
            elif isinstance(each.asked, ChoicesQuestion):
                code = np.zeros((1 + (len(each.asked.options) + 7) // 8, self.size), np.uint8).T
                code[:, 0], code[:, -1] = FIRST, 1
                codes[each.id] = code
            else:
                if each.id not in self.picked:
                    self.pick(each.id)
                codes[each.id] = self.picked[each.id].view(np.uint8) + np.uint8(FIRST)
        return Race(
            self.plan,
            tuple(node.id for node in self.definition.nodes),
            Columns(self.size, codes, {}, self.held),
            by_hand,
        )

    def pick(self, name: str) -> NDArray[np.int8]:
        """Levels or options, by their places."""
        asked = next(each.asked for each in self.plan.questions if each.id == name)
        count = len(asked.levels) if isinstance(asked, LevelQuestion) else len(getattr(asked, "options", "ny"))
        self.picked[name] = self.draw.integers(0, count, self.size, np.int8)
        return self.picked[name]

    def reals(self, *names: str) -> NDArray[np.float64]:
        """The numbers as the loops take them."""
        return np.stack([self.held[name].digits / 10 ** self.held[name].places for name in names])


def footprint(size: int) -> Race:
    """Companies with footprints of some of their products."""
    own = Answering(load("carbon-footprint-management", "1.0.0"), size)
    products = own.draw.integers(1, 3_000, size)
    own.number("products", products)
    own.number("products-with-footprint", (products * own.draw.random(size)).astype(np.int64))
    own.number("primary-share", own.draw.integers(0, 1_000, size, endpoint=True), 1)
    levels = np.stack([own.pick(each.id) for each in own.definition.questions if isinstance(each, LevelQuestion)])
    numbers = own.reals("products", "products-with-footprint", "primary-share")
    return own.race(lambda: kernels.footprint(numbers, levels))


def chain(size: int) -> Race:
    """Companies with shares to one decimal place."""
    own = Answering(load("green-supply-chain", "1.0.0"), size)
    names = ("low-risk-share", "product-recovery", "packaging-recovery")
    for name in names:
        own.number(name, own.draw.integers(0, 1_000, size, endpoint=True), 1)
    picked = np.stack([own.pick(each.id) for each in own.definition.questions if each.id not in names])
    shares = own.reals(*names)
    return own.race(lambda: kernels.chain(shares, picked))


def cluster(size: int) -> Race:
    """Clusters; their numbers move no score."""
    own = Answering(load("industrial-cluster", "1.0.0"), size)
    levels = np.stack([own.pick(each.id) for each in own.definition.questions if isinstance(each, LevelQuestion)])
    return own.race(lambda: kernels.cluster(levels))


def park(size: int) -> Race:
    """Parks that are large enough to be assessed; numbers to two decimal places."""
    own = Answering(load("zero-carbon-park", "1.0.0"), size)
    energy = own.draw.integers(20_000_000, 300_000_000, size)
    own.number("energy-use", energy, 2)
    own.number("carbon-dioxide", energy * own.draw.random(size) * 1.2 + 1, 2)
    own.number("clean-energy", energy * own.draw.random(size), 2)
    for part, total in (("solid-used", "solid-generated"), ("heat-used", "heat-recoverable")):
        whole = own.draw.integers(10_000, 30_000_000, size)
        own.number(total, whole, 2)
        own.number(part, whole * own.draw.random(size), 2)
    own.number("solid-stock", own.draw.integers(0, 1_000_000, size), 2)
    intake = own.draw.integers(100_000, 500_000_000, size)
    own.number("water-intake", intake, 2)
    own.number("water-reused", intake * own.draw.random(size) * 6, 2)
    own.number("revenue", own.draw.integers(1_000, 9_000, size) * 10_000, 2)
    own.number("revenue-before", own.draw.integers(1_000, 9_000, size) * 10_000, 2)
    picked = np.stack([own.pick("target"), own.pick("product-energy")])
    own.number("energy-use", np.where(picked[0] == 0, energy, energy // 10), 2)
    own.number("carbon-dioxide", own.held["energy-use"].digits * own.draw.random(size) * 1.2 + 1, 2)
    own.number("clean-energy", own.held["energy-use"].digits * own.draw.random(size), 2)
    numbers = own.reals(*kernels.PARK_NUMBERS)
    return own.race(lambda: kernels.park(numbers, picked))
