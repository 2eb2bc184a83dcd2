"""Random trees of nodes over level questions: weights, policies, limits, bands and rules on several floors."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

_WEIGHTS = st.sampled_from(["1", "2", "3", "1/2", "7/3", "0.35"])
_AGGREGATIONS = st.sampled_from(
    [
        "mean",
        "weighted_mean",
        "weighted_mean",
        "sum",
        "minimum",
        "maximum",
        "median",
        "share",
        "count",
        "share_reached",
        "geometric",
    ]
)
_OF_SEVERAL = ("weighted_mean", "sum", "share", "share_reached", "geometric")


@st.composite
def tall_structures(draw: st.DrawFn) -> dict[str, Any]:
    """Two or three floors of nodes over four to eight questions; rules compare questions and lower nodes."""
    asked: list[dict[str, Any]] = [
        {
            "id": f"q{place}",
            "kind": "level",
            "lowest": 0,
            "highest": draw(st.integers(1, 5)),
            "not_applicable": draw(st.sampled_from(["allowed", "allowed", "refused"])),
        }
        for place in range(draw(st.integers(4, 8)))
    ]
    names: list[str] = [question["id"] for question in asked]
    nodes: list[dict[str, Any]] = []
    floor = names
    for height in range(draw(st.integers(1, 2))):
        size = draw(st.integers(1, 3))
        groups = [floor[first : first + size] for first in range(0, len(floor), size)]
        floor = [f"n{height}-{place}" for place in range(len(groups))]
        for name, group in zip(floor, groups, strict=True):
            nodes.append(draw(_node(name, group, [*names, *(node["id"] for node in nodes)])))
    nodes.append(draw(_node("overall", floor, [*names, *(node["id"] for node in nodes)])))
    return {
        "family": "tall",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": {"places": draw(st.integers(0, 3)), "mode": draw(st.sampled_from(_MODES))},
        "index": "overall",
        "categories": floor,
        "questions": asked,
        "nodes": nodes,
    }


_MODES = ("half_up", "half_even", "down", "up")


@st.composite
def _node(draw: st.DrawFn, name: str, members: list[str], below: list[str]) -> dict[str, Any]:
    aggregation = draw(_AGGREGATIONS)
    node: dict[str, Any] = {
        "id": name,
        "aggregation": aggregation,
        "missing": draw(st.sampled_from(["withhold", "exclude"])),
        "not_applicable": draw(st.sampled_from(["exclude", "exclude", "full", "lowest"])),
        "least_counted": draw(st.sampled_from(["0", "0", "1/2", "2/3"])),
        "children": [{"of": member} for member in members],
        "rules": [],
    }
    if aggregation in _OF_SEVERAL:
        for child in node["children"]:
            child["weight"] = draw(_WEIGHTS)
    if aggregation in ("count", "share_reached"):
        node["reached_from"] = draw(st.sampled_from(["1", "3/2", "2"]))
    node |= draw(st.sampled_from(_FURTHER))
    if draw(st.integers(0, 3)) == 0:
        node["children"][0]["cap"] = draw(st.sampled_from(["1", "5/2"]))
    if draw(st.integers(0, 5)) == 0:
        node["applies_when"] = f"applies({draw(st.sampled_from(below))})"
    if banded := draw(st.booleans()):
        node["bands"] = [{"id": f"{name}-b{place}", "from": start} for place, start in enumerate(_STARTS)]
    for place in range(draw(st.integers(0, 2))):
        node["rules"].append(draw(_rule(f"{name}-r{place}", name, below, banded=banded)))
    return node


_STARTS = (-1000, "1/2", 1, "2.25")
_FURTHER: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"passes_on": "stated"},
    {"least": "1/3", "most": 3},
    {"better": "less"},
    {"better": "less", "passes_on": "stated", "least": "1/7"},
)


@st.composite
def _rule(draw: st.DrawFn, identifier: str, name: str, below: list[str], *, banded: bool) -> dict[str, Any]:
    one, other = draw(st.sampled_from(below)), draw(st.sampled_from(below))
    condition = draw(
        st.sampled_from(
            [
                f"{one} < 1",
                f"2 <= {one}",
                f"not applies({one}) or {one} >= 2",
                f"{one} > 1 and not ({other} = 2)",
                f"{one} >= {other}",
                f"max({one}, {other}) > 3/2".replace("3/2", "1.5"),
            ]
        )
    )
    effects: list[tuple[str, dict[str, Any]]] = [("veto", {"to": 0}), ("cap", {"at_most": "1.25"})]
    if banded:
        effects += [("bonus", {"bands_up": 1}), ("bonus", {"at_least_band": f"{name}-b1"})]
        effects += [("downgrade", {"bands_down": 1}), ("downgrade", {"at_most_band": f"{name}-b1"})]
    kind, effect = draw(st.sampled_from(effects))
    return {"id": identifier, "kind": kind, draw(st.sampled_from(["when", "unless"])): condition, **effect}
