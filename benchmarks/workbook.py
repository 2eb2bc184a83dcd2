"""How long reading a filled workbook of 250 rows takes: ``python benchmarks/workbook.py``; ends with 1 above 100 ms.

Prints the parts side by side: finding the cells, the identity of the definition, and the whole. Times are CPU
time of this process, the median of several runs, so that a busy machine changes little.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from questionnaires import digest
from questionnaires.model import Definition, Structure, Texts
from questionnaires.workbook import Filled, definition_to_workbook, read, workbook_to_yaml, write
from questionnaires.workbook.sheets import read_book

ROWS: Final = 250
LIMIT: Final = 0.100
"""Seconds for reading a filled workbook."""

_RUNS: Final = 15


def large() -> Definition:
    """A definition of 250 questions with six described levels each, in two languages."""
    names = [f"question-{number}" for number in range(ROWS)]
    groups = [names[start : start + 25] for start in range(0, ROWS, 25)]
    nodes: list[dict[str, Any]] = [
        {"id": f"group-{number}", "aggregation": "mean", "children": [{"of": name} for name in group]}
        for number, group in enumerate(groups)
    ]
    categories = [node["id"] for node in nodes]
    nodes.append({"id": "index", "aggregation": "mean", "children": [{"of": one} for one in categories]})
    structure = Structure.model_validate(
        {
            "family": "large",
            "version": "1.0.0",
            "origin": "own",
            "languages": ["en", "ar"],
            "rounding": {"places": 2, "mode": "half_up"},
            "index": "index",
            "categories": categories,
            "questions": [{"id": name, "kind": "level", "highest": 5} for name in names],
            "nodes": nodes,
        }
    )
    return Definition.of(structure, {language: _texts(language, names, nodes) for language in ("en", "ar")})


def _texts(language: str, names: list[str], nodes: list[dict[str, Any]]) -> Texts:
    described = "What stands at this level on the shop floor, in the records, and in the way people work. " * 2
    levels = {str(level): {"name": f"Level {level}", "description": described} for level in range(6)}
    return Texts.model_validate(
        {
            "language": language,
            **dict.fromkeys(("title", "short_title", "summary", "origin", "method", "limits"), "Words"),
            "questions": {name: {"title": name, "prompt": described, "levels": levels} for name in names},
            "nodes": {node["id"]: {"title": node["id"]} for node in nodes},
        }
    )


def seconds(work: Callable[[], object]) -> float:
    """Median CPU time of a call."""
    taken = []
    for _ in range(_RUNS):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return median(taken)


def main() -> int:
    """Measure, print, compare with the limit."""
    definition = large()
    reason = "Seen at the line and in the records of the last quarter; two of three shifts follow it. " * 2
    answers = {
        question.id: {"level": number % 6, "reason": f"{reason} {number}"}
        for number, question in enumerate(definition.questions)
    }
    content = write(definition, "ar", Filled(answers))
    filled = read(content, definition)
    assert dict(filled.answers) == answers, "what was written came back as something else"  # noqa: S101
    authored = definition_to_workbook(definition)
    whole = seconds(lambda: read(content, definition))
    rows = [
        ("find the cells of a filled workbook", seconds(lambda: read_book(content))),
        ("digest of the definition", seconds(lambda: digest(definition))),
        (f"read a filled workbook of {ROWS} rows (limit {LIMIT * 1000:.0f} ms)", whole),
        ("write it", seconds(lambda: write(definition, "ar", Filled(answers)))),
        ("an author's workbook to YAML, checks included", seconds(lambda: workbook_to_yaml(authored))),
    ]
    for name, taken in rows:
        print(f"{taken * 1000:9.1f} ms  {name}")
    print(f"{len(content) / 1000:9.1f} KB  the file")
    return 0 if whole <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
