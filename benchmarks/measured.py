"""Random answers to two questionnaires of measured numbers, for :mod:`benchmarks.published`."""

from __future__ import annotations

from pathlib import Path

import measured_kernels as kernels
import numpy as np
from further import Answering, Race

from questionnaires import load
from questionnaires.loading import load_folder
from questionnaires.model import YesNoQuestion

CASES = Path(__file__).parents[1] / "tests" / "published"


def development(size: int) -> Race:
    """Countries; income to the dollar, indices to three decimal places."""
    own = Answering(load_folder(CASES / "human-development"), size)
    own.number("income-per-head", np.exp(own.draw.uniform(5, 11.5, size)).astype(np.int64))
    for name in ("health-index", "education-index"):
        own.number(name, own.draw.integers(200, 1_000, size, endpoint=True), 3)
    numbers = own.reals("income-per-head", "health-index", "education-index")
    return own.race(lambda: kernels.development(numbers))


def factory(size: int) -> Race:
    """Factories without a listed limit, whose lead values stand on the right side of their base values."""
    own = Answering(load("green-factory", "2025.0.0"), size)
    for name in own.numbers():
        least = 1 if name in _DIVISORS else 0
        own.number(name, own.draw.integers(100 * least, 100_000, size, endpoint=True), 2)
    own.number("sector-demand", own.draw.integers(0, 60, size))
    names = [f"{each}-{of}" for each in kernels.MARKS for of in ("product", "value")] + list(kernels.SHARES)
    for name in names:
        one, two = own.draw.integers(0, 300, (2, size))
        less, more = np.minimum(one, two), np.maximum(one, two) + 1
        rises = name.startswith("land") or name in kernels.SHARES
        own.number(f"lead-{name}", more if rises else less, 2)
        own.number(f"base-{name}", less if rises else more, 2)
    yes = []
    for each in own.definition.questions:
        if isinstance(each, YesNoQuestion):
            listed = each.id.endswith("-listed")
            own.picked[each.id] = np.full(size, not listed, np.int8)
            if not listed:
                own.picked[each.id][own.draw.random(size) < 0.02] = 0
                yes.append(own.picked[each.id])
    rows = [own.pick(name) for name in ("basis", "pollutant-stage", "process", "green-design", "footprint")]
    options = own.options("platform")
    picked = np.stack([*rows, options])
    n = own.reals(*kernels.AMOUNTS)
    lead, base = (own.reals(*(f"{end}-{name}" for name in names)) for end in ("lead", "base"))
    conditions = np.stack(yes)
    return own.race(lambda: kernels.factory(n, lead, base, conditions, picked))


_DIVISORS = (
    "qualified-output",
    "output-value",
    "energy",
    "limit-output",
    "power-output",
    "water-taken",
    "waste-made",
    "three-year-output",
    "site-area",
    "representative-time",
)
