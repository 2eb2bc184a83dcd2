"""How long it takes to load, check, digest and compile each definition: ``python benchmarks/definitions.py [FOLDER…]``.

The demand is 200 ms for the largest one, warm. All of them are measured in one run, so that they can be compared side
by side; the last column is the time relative to the fastest.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from questionnaires.digest import canonical  # noqa: E402
from questionnaires.loading import PUBLISHED, load_folder  # noqa: E402
from questionnaires.model import Definition  # noqa: E402
from scoring import compile_plan  # noqa: E402

RUNS = 7


def median(of: Callable[[], object]) -> float:
    """Milliseconds of processor time, the median of several runs after one to warm up."""
    of()
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        of()
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


def row(folder: Path) -> tuple[Definition, float, float, float]:
    """Load with all checks, canonical form, and compilation."""
    definition = load_folder(folder)
    return (
        definition,
        median(lambda: load_folder(folder)),
        median(lambda: canonical(definition)),
        median(lambda: compile_plan(definition)),
    )


def main(folders: Sequence[str]) -> None:
    """Print one line for each definition, largest last."""
    places = [Path(folder) for folder in folders] or [path.parent for path in PUBLISHED.glob("*/*/definition.yaml")]
    rows = sorted((row(place) for place in places), key=lambda found: sum(found[1:4:2]))
    fastest = sum(rows[0][1:4:2])
    print(f"{'definition':44} {'questions':>9} {'nodes':>5} {'load ms':>8} {'form ms':>8} {'plan ms':>8} {'ratio':>6}")
    for definition, loading, form, plan in rows:
        print(
            f"{definition.name:44} {len(definition.questions):9} {len(definition.nodes):5} "
            f"{loading:8.1f} {form:8.1f} {plan:8.1f} {(loading + plan) / fastest:6.1f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
