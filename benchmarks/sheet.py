"""The sums of ``benchmarks/one.py`` as formulas of a sheet, recalculated by LibreOffice."""

from __future__ import annotations

import csv
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

Node = tuple[str, Sequence[tuple[str, float]], float, str | None]
"""A node's id, its children with their shares of the weight, the limit of its gate, and what the gate asks for."""

TIMES: Final = 2


def at_hand() -> bool:
    """Whether LibreOffice is installed."""
    return shutil.which("soffice") is not None


def recalculated(
    nodes: Sequence[Node], population: Sequence[Mapping[str, int]]
) -> tuple[float, list[dict[str, float]]]:
    """Microseconds of processor time an assessment, and the values that the sheet came to.

    One row an assessment: its levels, then a formula for each node. Written without values, the sheet has to be
    calculated when it is opened. Opening the same sheet with numbers in place of the formulas is taken off.
    """
    questions = list(population[0])
    names = [*questions, *[name for name, *_ in nodes]]
    columns = {name: get_column_letter(place) for place, name in enumerate(names, 1)}
    formulas = [
        [*[levels[name] for name in questions], *[formula(node, columns, row) for node in nodes]]
        for row, levels in enumerate(population, 1)
    ]
    taken, found = min(opened(formulas) for _ in range(TIMES))
    without, _ = min(opened(found) for _ in range(TIMES))
    values = [dict(zip(names, row, strict=True)) for row in found]
    return (taken - without) / len(population) * 1e6, values


def formula(node: Node, columns: Mapping[str, str], row: int) -> str:
    """A node's sum with its gate."""
    _, children, limit, gate = node
    mean = "+".join(f"{columns[child]}{row}*{weight!r}" for child, weight in children)
    return f"={mean}" if gate is None else f"=IF({columns[gate]}{row}<2,MIN({mean},{limit}),{mean})"


def opened(rows: Sequence[Sequence[object]]) -> tuple[float, list[list[float]]]:
    """Seconds of processor time that opening a sheet and writing its values takes, and the values."""
    with tempfile.TemporaryDirectory() as place:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
        book.save(Path(place) / "sheet.xlsx")
        profile = f"-env:UserInstallation={Path(place).as_uri()}/profile"
        words = ["soffice", profile, "--headless", "--convert-to", "csv", "--outdir", place, f"{place}/sheet.xlsx"]
        began = used()
        subprocess.run(words, check=True, capture_output=True)  # noqa: S603 – our own sheet
        taken = used() - began
        with (Path(place) / "sheet.csv").open(newline="") as lines:
            return taken, [[float(cell) for cell in line] for line in csv.reader(lines)]


def used() -> float:
    """Processor time of all programs started so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
