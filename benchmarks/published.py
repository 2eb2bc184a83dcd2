"""Published questionnaires against loops written by hand: ``python benchmarks/published.py [SIZE]`` (else a million).

``itti`` 2.0.0 (71 levels, 37 nodes, gates), ``taicang-park`` 1.0.0 (18 measured numbers, 8 computed ones, 9 levels, 10
nodes, gates), six more (:mod:`benchmarks.further`, :mod:`benchmarks.measured`) and one of words that none of them has
(:mod:`benchmarks.suppliers`), random answers, all given. Ours is
exact and knows nothing of any; the peer is a compiled loop for the one questionnaire in binary floating point
(:mod:`benchmarks.published_kernels`, :mod:`benchmarks.further_kernels`, :mod:`benchmarks.measured_kernels`). One
thread each, from columns in memory (ours takes numbers as whole digits, the loops as floating point numbers) to the
stated values of all nodes and the bands of the index, in turns, the best of several in processor time; what counts are
the ratios. The last columns say how many values and bands the loop has different from the exact ones. The loops are
written for answers that are all given, look at nothing that moves no score, and do not look whether the answers are
any; ours does.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

try:
    import further
    import measured
    import published_kernels as kernels
    import suppliers
    from further import FIRST, Race
except ImportError:
    sys.exit("not installed: numba (benchmarks/requirements.txt)")

from questionnaires import load  # noqa: E402
from questionnaires.model import LevelQuestion  # noqa: E402
from scoring import compile_plan  # noqa: E402
from scoring.columns import Columns, Decimals  # noqa: E402

RUNS: Final = 5


def itti(size: int) -> Race:
    """Random levels."""
    definition = load("itti", "2.0.0")
    plan = compile_plan(definition)
    levels = np.random.default_rng(20261122).integers(0, 6, (len(plan.questions), size), np.int8)
    codes = {each.id: row.view(np.uint8) + np.uint8(FIRST) for each, row in zip(plan.questions, levels, strict=True)}
    return Race(
        plan, tuple(node.id for node in definition.nodes), Columns(size, codes, {}), lambda: kernels.itti(levels)
    )


def taicang(size: int) -> Race:
    """Parks of every size; counts are whole, amounts have up to two decimal places."""
    definition = load("taicang-park", "1.0.0")
    plan = compile_plan(definition)
    draw = np.random.default_rng(20261122)
    hundredths: dict[str, NDArray[np.int64]] = {}

    def amounts(name: str, least: int, most: int, *, whole: bool) -> None:
        hundredths[name] = (
            draw.integers(least, most, size) * 100 if whole else draw.integers(least * 100, most * 100, size)
        )

    def share(name: str, of: str, most: float, *, whole: bool) -> None:
        found = (hundredths[of] * draw.random(size) * most).astype(np.int64)
        hundredths[name] = found // 100 * 100 if whole else found

    amounts("population", 1_000, 200_000, whole=True)
    amounts("reporting-year", 2024, 2030, whole=True)
    amounts("neutrality-year", 2024, 2061, whole=True)
    for part, total, least, most, highest, whole in (
        ("metered-sources", "emission-sources", 10, 2_000, 1.0, True),
        ("clean-energy", "energy-use", 1_000, 2_000_000, 1.0, False),
        ("carbon-dioxide", "energy-use", 0, 0, 2.4, False),
        ("solid-used", "solid-generated", 100, 300_000, 1.0, False),
        ("water-reused", "water-intake", 1_000, 5_000_000, 3.0, False),
        ("footprint-firms", "firms", 10, 3_000, 0.15, True),
        ("starred-floor", "new-floor", 1_000, 900_000, 0.7, False),
        ("clean-vehicles", "vehicles", 100, 20_000, 1.0, True),
    ):
        if total not in hundredths:
            amounts(total, least, most, whole=whole)
        share(part, total, highest, whole=whole)
    levels = {
        each.id: draw.integers(0, 5, size, np.int8) for each in plan.questions if isinstance(each.asked, LevelQuestion)
    }
    codes = {name: row.view(np.uint8) + np.uint8(FIRST) for name, row in levels.items()}
    held = {name: Decimals(each, 2) for name, each in hundredths.items()}
    numbers = np.stack([hundredths[name] / 100 for name in kernels.NUMBERS])
    rows = np.stack([levels[name] for name in kernels.TAICANG_LEVELS])
    return Race(
        plan,
        tuple(node.id for node in definition.nodes),
        Columns(size, codes, {}, held),
        lambda: kernels.taicang(numbers, rows),
    )


def in_turns(ways: list[Callable[[], Any]], size: int) -> list[float]:
    """Nanoseconds of processor time for each assessment, the best of several turns after one to warm up."""
    best = [float("inf")] * len(ways)
    for turn in range(RUNS + 1):
        for place, way in enumerate(ways):
            began = time.process_time()
            way()
            if turn:
                best[place] = min(best[place], (time.process_time() - began) / size * 1e9)
    return best


def compare(race: Race, size: int) -> None:
    """One line: both ways on the same population, values and bands compared."""
    scores = race.ours()
    exact = np.stack([scores.nodes[name].units for name in race.nodes])
    bands = scores.nodes[race.plan.index].band
    values, placed = race.by_hand()
    own, hand = in_turns([race.ours, race.by_hand], size)
    off = np.abs(values - exact)
    print(
        f"{race.plan.family + ' ' + race.plan.version:33} {own:9.1f} {hand:8.1f} {own / hand:6.2f} {scores.singly:8,} "
        f"{int((off > 0).sum()):8,} of {exact.size:<12,} {int((placed != bands).sum()):8,}   most off: {int(off.max())}"
    )


def main(size: int) -> None:
    """Print a line for each questionnaire."""
    print(f"{size:,} assessments; ns each")
    print(f"{'questionnaire':33} {'itti':>9} {'by hand':>8} {'ratio':>6} {'singly':>8} {'values off':>24} {'bands':>9}")
    for made in (
        itti,
        taicang,
        further.footprint,
        further.chain,
        further.cluster,
        further.park,
        measured.factory,
        measured.development,
        suppliers.suppliers,
    ):
        compare(made(size), size)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
