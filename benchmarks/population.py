"""How fast a population is scored: ``python benchmarks/population.py [SIZE…]`` (default: 10 thousand to 1 million).

The model is :mod:`benchmarks.reference`: 100 questions, 5 in a hundred of them not applicable, 26 nodes with gates and
limits. Ours is exact and knows nothing of the model; the others compute the same in binary floating point, written by
hand for this one model: a compiled loop (numba), NumPy in blocks, Polars and DuckDB. All run on one thread, each the
best of several runs in processor time, side by side; what counts are the ratios. A peer that is not installed
(``benchmarks/requirements.txt``) is named and left out. The last column says how many of the values differ from the
exact ones: binary floating point comes out on the wrong side of a rounding now and then.

From ten million on the columns are scored a million at a time, as they would be streamed from a database.
"""

from __future__ import annotations

import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from reference import DIMENSIONS, PILLARS, QUESTIONS, WEIGHTS, definition  # noqa: E402

from scoring import compile_plan  # noqa: E402
from scoring.columns import Columns, Scores, score_population, scored_in_blocks  # noqa: E402
from scoring.packing import FORM  # noqa: E402

RUNS: Final = 5
AT_ONCE: Final = 1_000_000
NAMES: Final = [f"d{d}" for d in range(DIMENSIONS)] + [f"p{p}" for p in range(PILLARS)] + ["index"]

Codes = NDArray[np.uint8]
Values = NDArray[Any]
"""One row a node, in hundredths."""


def population(size: int) -> Codes:
    """Random answers: one row a question; 1 does not apply, 2 to 7 are the levels 0 to 5."""
    draw = np.random.default_rng(20261122)
    codes = np.empty((QUESTIONS, size), np.uint8)
    for row in codes:
        row[:] = np.where(draw.random(size) < 0.05, 1, draw.integers(2, 8, size))
    return codes


def ours(codes: Codes) -> Scores:
    """The engine, from columns in memory."""
    columns = Columns(codes.shape[1], {f"q{place}": codes[place] for place in range(QUESTIONS)}, {})
    return score_population(PLAN, columns, NAMES)


def read(codes: Codes) -> None:
    """Look at every byte once."""
    codes.max()


def by_polars(codes: Codes) -> Values:
    """Expressions over a frame in memory."""
    import polars as pl

    frame = pl.DataFrame({f"q{place}": codes[place] for place in range(QUESTIONS)})

    def weighted(names: Sequence[str]) -> pl.Expr:
        total = pl.sum_horizontal([pl.col(name) * weight for name, weight in zip(names, WEIGHTS, strict=False)])
        there = [
            pl.when(pl.col(name).is_not_null()).then(weight).otherwise(0)
            for name, weight in zip(names, WEIGHTS, strict=False)
        ]
        return total / pl.sum_horizontal(there)

    levels = frame.lazy().with_columns(
        [
            pl.when(pl.col(f"q{q}") >= 2).then(pl.col(f"q{q}").cast(pl.Float64) - 2).otherwise(None).alias(f"q{q}")
            for q in range(QUESTIONS)
        ]
    )
    dimensions = []
    for d in range(DIMENSIONS):
        value = weighted([f"q{d * 5 + q}" for q in range(5)])
        held = pl.col(f"q{d * 5}") < 2
        dimensions.append(pl.when(held & (value > 2)).then(2.0).otherwise(value).fill_nan(None).alias(f"d{d}"))
    pillars = []
    for p in range(PILLARS):
        names = [f"d{p * 4 + d}" for d in range(4)]
        value = weighted(names)
        weak = pl.min_horizontal(names) < 1
        pillars.append(pl.when(weak & (value > 3)).then(3.0).otherwise(value).alias(f"p{p}"))
    names = [f"p{p}" for p in range(PILLARS)]
    value = weighted(names)
    index = pl.when((pl.min_horizontal(names) < 1) & (value > 3)).then(3.0).otherwise(value).alias("index")
    stated = [(pl.col(name) * 100 + 0.5).floor().fill_null(0).cast(pl.Int64) for name in NAMES]
    found = levels.with_columns(dimensions).with_columns(pillars).with_columns(index).select(stated).collect()
    return found.to_numpy().T


def by_duckdb(codes: Codes) -> Values:
    """SQL over a wide table in memory."""
    import duckdb
    import polars as pl

    connection = duckdb.connect()
    connection.execute("SET threads TO 1")
    frame = pl.DataFrame({f"q{place}": codes[place] for place in range(QUESTIONS)}).to_arrow()
    connection.register("answers", frame)

    def weighted(names: Sequence[str]) -> str:
        pairs = list(zip(names, WEIGHTS, strict=False))
        total = " + ".join(f"coalesce({name} * {weight}, 0)" for name, weight in pairs)
        there = " + ".join(f"({name} IS NOT NULL)::INT * {weight}" for name, weight in pairs)
        return f"(({total})::DOUBLE / nullif({there}, 0))"

    levels = ", ".join(f"CASE WHEN q{q} >= 2 THEN q{q}::INT - 2 END AS q{q}" for q in range(QUESTIONS))
    values = ", ".join(f"{weighted([f'q{d * 5 + q}' for q in range(5)])} AS v{d}" for d in range(DIMENSIONS))
    dimensions = ", ".join(
        f"CASE WHEN q{d * 5} < 2 AND v{d} > 2 THEN 2 ELSE v{d} END AS d{d}" for d in range(DIMENSIONS)
    )
    groups = [[f"d{p * 4 + d}" for d in range(4)] for p in range(PILLARS)]
    pillars = ", ".join(
        f"CASE WHEN least({', '.join(group)}) < 1 AND {weighted(group)} > 3 THEN 3 ELSE {weighted(group)} END AS p{p}"
        for p, group in enumerate(groups)
    )
    group = [f"p{p}" for p in range(PILLARS)]
    index = (
        f"CASE WHEN least({', '.join(group)}) < 1 AND {weighted(group)} > 3 THEN 3 ELSE {weighted(group)} END AS index"
    )
    stated = ", ".join(f"coalesce(floor({name} * 100 + 0.5), 0)::SMALLINT AS {name}" for name in NAMES)
    found = connection.execute(
        f"SELECT {stated} FROM (SELECT *, {index} FROM (SELECT *, {pillars} FROM (SELECT *, {dimensions} FROM "  # noqa: S608
        f"(SELECT *, {values} FROM (SELECT {levels} FROM answers)))))"
    ).fetchnumpy()
    return np.stack([np.asarray(found[name]) for name in NAMES]).astype(np.int64)


def peers() -> dict[str, Callable[[Codes], Values]]:
    """What is there to compare with, by name."""
    found: dict[str, Callable[[Codes], Values]] = {}
    try:
        import kernels
    except ImportError:
        print("not installed, left out: numba")
    else:
        found["compiled loop, by hand"] = kernels.by_loop
        found["NumPy in blocks, by hand"] = kernels.by_numpy
    for name, peer, module in (("Polars", by_polars, "polars"), ("DuckDB", by_duckdb, "duckdb")):
        try:
            __import__(module)
        except ImportError:
            print(f"not installed, left out: {module}")
        else:
            found[name] = peer
    return found


def best(of: Callable[[Codes], object], codes: Codes) -> float:
    """Nanoseconds of processor time for each assessment, the best of several runs after one to warm up."""
    of(codes)
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        of(codes)
        times.append(time.process_time() - began)
    return min(times) / codes.shape[1] * 1e9


def compare(size: int) -> None:
    """One table: everything on the same population."""
    codes = population(size)
    scores = ours(codes)
    exact = np.stack([scores.nodes[name].units for name in NAMES])
    rows: list[tuple[str, float, str]] = [("reading the bytes", best(read, codes), "")]
    rows.append(("itti, exact", best(ours, codes), "0"))
    for name, peer in peers().items():
        rows.append((name, best(peer, codes), f"{int((peer(codes) != exact).sum()):,}"))
    own = rows[1][1]
    print(f"\n{size:,} assessments, {exact.size:,} values")
    print(f"{'way':28} {'ns each':>9} {'to ours':>8} {'differ':>9}")
    for name, each, differing in rows:
        print(f"{name:28} {each:9.1f} {each / own:8.2f} {differing:>9}")


def stream(size: int) -> None:
    """Many millions, a million at a time: time for each, and the most memory the process ever took."""
    codes = population(AT_ONCE)
    began = time.process_time()
    for _ in range(size // AT_ONCE):
        ours(codes)
    each = (time.process_time() - began) / size * 1e9
    print(f"\n{size:,} assessments, {AT_ONCE:,} at a time: {each:.1f} ns each, {memory()} at most")


def from_database(size: int) -> None:
    """From packed answers in an SQLite file to the scores, beside reading the vectors alone."""
    codes = population(min(size, AT_ONCE))
    rows = np.vstack([np.full((1, codes.shape[1]), FORM, np.uint8), codes]).T
    vectors = [row.tobytes() for row in np.ascontiguousarray(rows)]
    with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "packed.db")) as connection:
        connection.execute("CREATE TABLE packed_answers (id INTEGER PRIMARY KEY, vector BLOB NOT NULL)")
        connection.executemany("INSERT INTO packed_answers (vector) VALUES (?)", ((vector,) for vector in vectors))
        connection.commit()

        def blocks() -> Iterator[list[bytes]]:
            cursor = connection.execute("SELECT vector FROM packed_answers ORDER BY id")
            while rows := cursor.fetchmany(1 << 16):
                yield [row[0] for row in rows]

        def reading(_: Codes) -> None:
            for block in blocks():
                len(block)

        def scoring(_: Codes) -> None:
            for scores in scored_in_blocks(PLAN, blocks(), NAMES):
                len(scores.nodes)

        alone, whole = best(reading, codes), best(scoring, codes)
    print(
        f"\n{len(vectors):,} packed assessments in SQLite: reading {alone:.1f} ns each, to scores {whole:.1f} ns each"
    )
    print(f"to scores over reading alone: {whole / alone:.2f}")


def memory() -> str:
    """The most memory that this process has taken so far."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB"


PLAN = compile_plan(definition())


def main(sizes: Sequence[str]) -> None:
    """Print a table for each size."""
    began = time.process_time()
    ours(population(10))
    print(f"making the plan ready for columns, once: {(time.process_time() - began) * 1e3:.0f} ms")
    for size in [int(each) for each in sizes] or [10_000, 100_000, 1_000_000]:
        (compare if size <= AT_ONCE else stream)(size)
    from_database(100_000)
    print(f"\nmost memory: {memory()}")


if __name__ == "__main__":
    import os

    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    main(sys.argv[1:])
