"""A questionnaire of the words that no published one has, and random answers to it, for :mod:`benchmarks.published`.

Grids whose rows may not apply, several options of which one says that nothing does, the best three of six numbers, the
rank of one of them, weights that follow from numbers, and a share of what the rows that apply could achieve.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import suppliers_kernels as kernels
from further import FIRST, Race

from questionnaires.model import Definition, Structure, Texts
from scoring import compile_plan
from scoring.columns import Columns, Decimals


def structure() -> dict[str, Any]:
    """The model as data."""

    def options(most: int) -> list[dict[str, Any]]:
        return [
            *({"id": f"o{value}", "value": value} for value in range(most + 1)),
            {"id": "o-none", "not_applicable": True},
        ]

    saved = [f"saved-{place}" for place in range(kernels.SAVED)]
    curve = {"form": "linear", "base": 0, "lead": 60, "better": "more", "at_lead": 3}
    return {
        "family": "suppliers",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": 2, "mode": "half_up"},
        "index": "overall",
        "categories": ["practice", "reach", "saving"],
        "questions": [
            {
                "id": "plants",
                "kind": "grid",
                "rows": [{"id": f"r{place}", "weight": weight} for place, weight in enumerate(kernels.WEIGHTS)],
                "options": options(3),
                "not_applicable": "refused",
            },
            {
                "id": "sites",
                "kind": "grid",
                "aggregation": "sum",
                "rows": [{"id": f"r{place}"} for place in range(kernels.SITES)],
                "options": options(2),
                "not_applicable": "refused",
            },
            {
                "id": "measures",
                "kind": "choices",
                "options": [
                    *({"id": f"m{place}", "value": f"{points}"} for place, points in enumerate(kernels.POINTS)),
                    {"id": "m-none", "alone": True, "not_applicable": True},
                ],
                "at_most": 3,
                "not_applicable": "refused",
            },
            *(
                {"id": name, "kind": "number", "least": 0, "most": 100, "not_applicable": "refused"}
                for name in (*saved, "bought", "made")
            ),
            {"id": "best", "kind": "computed", "formula": f"highest(3, {', '.join(saved)}) / 3", "curve": curve},
            {"id": "place", "kind": "computed", "formula": f"rank({', '.join(saved)})"},
            {"id": "handled", "kind": "computed", "formula": "bought + made"},
        ],
        "nodes": [
            {"id": "practice", "aggregation": "mean", "children": [{"of": "plants"}, {"of": "measures"}]},
            {"id": "reach", "aggregation": "share", "out_of": 3, "children": [{"of": "sites"}]},
            {
                "id": "saving",
                "aggregation": "weighted_mean",
                "children": [{"of": "best", "weight": "handled"}, {"of": "plants", "weight": "bought"}],
            },
            {
                "id": "overall",
                "aggregation": "mean",
                "children": [{"of": "practice"}, {"of": "reach"}, {"of": "saving"}],
                "bands": [{"id": "low", "from": 0}, {"id": "middle", "from": 1}, {"id": "high", "from": 2}],
                "rules": [{"id": "first-behind", "kind": "cap", "when": "place > 3", "at_most": 2}],
            },
        ],
    }


def definition() -> Definition:
    """The model as a definition with no more texts than it takes."""
    words = dict.fromkeys(("title", "short_title", "summary", "origin", "method", "limits"), "Words.")
    texts = Texts.model_validate({"language": "en", "questions": {}, "nodes": {}, **words})
    return Definition.of(Structure.model_validate(structure()), {"en": texts})


def suppliers(size: int) -> Race:
    """Companies; a row in six does not apply, numbers to one decimal place."""
    draw = np.random.default_rng(20261122)

    def grid(rows: int, most: int) -> Any:
        picked = draw.integers(0, most + 1, (rows, size), np.int8)
        picked[1:][draw.random((rows - 1, size)) < 1 / 6] = most + 1
        return picked

    plants, sites = grid(len(kernels.WEIGHTS), 3), grid(kernels.SITES, 2)
    bits = draw.integers(1, 1 << len(kernels.POINTS), size).astype(np.int16)
    bits[draw.random(size) < 1 / 20] = 1 << len(kernels.POINTS)
    tenths = draw.integers(0, 1_000, (kernels.SAVED + 2, size), endpoint=True)
    tenths[-2] += 1
    tenths[-2] %= 1_001
    tenths[-1] = np.maximum(tenths[-1], 1)
    names = [*(f"saved-{place}" for place in range(kernels.SAVED)), "bought", "made"]
    several = np.stack([np.full(size, FIRST), bits >> 8, bits & 255]).astype(np.uint8).T
    codes = {name: (picked + FIRST).astype(np.uint8).T for name, picked in (("plants", plants), ("sites", sites))}
    numbers = tenths / 10
    columns = Columns(
        size,
        {**codes, "measures": several},
        {},
        {name: Decimals(digits, 1) for name, digits in zip(names, tenths, strict=True)},
    )
    plan = compile_plan(definition())
    nodes = tuple(node.id for node in plan.nodes)
    return Race(plan, nodes, columns, lambda: kernels.suppliers(plants, sites, bits, numbers))
