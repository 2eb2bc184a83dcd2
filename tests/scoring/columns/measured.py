"""Random definitions of measured numbers, grids, picks and days, with answers that often lie on a limit."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from scoring import (
    Answer,
    ChoicesAnswer,
    DateAnswer,
    GridAnswer,
    LevelAnswer,
    NotApplicableAnswer,
    NumberAnswer,
)

FORMULAS = (
    "100 * a / b",
    "a / (a + b) * 100",
    "(a - b) / b",
    "a * c - b",
    "if(a >= b, 1, a / b)",
    "mean(a, b, c) / c",
    "min(a / b, c / b)",
    "-(a / b) + 2",
    "(a + b) / (c + 1) / 3",
    "count(a > b, b >= c, a = c)",
    "abs(a - c) / 3",
    "if(day < 730000, a, rows * 2)",
    "(picks + rows) / 2",
    "a ^ 2 / (b + 1)",
    "root(a / (b + 1), 2) * 2",
    "ln(a / (b + 1)) + 4",
    "exp(0 - a / (a + 1)) * 2",
    "round(a / (b + 1), 1) + floor(c / 7) - ceil(a / 9)",
    "median(a, b, c)",
    "product(a, b / 3, c - 1)",
    "normal((a - c) / (b + 1)) * 2",
    "max(a, c) - min(b, c)",
    "highest(2, a, b / 3, c, rows)",
    "lowest(care / 2, c, a - b, picks, b)",
    "highest(3, a, a, c) / (b + 1)",
    "rank(a, b, c, rows) + rank(rows, picks, a)",
    "if(has(picks, 'o1') or not has(picks, 'o0'), a, c / 3)",
    "if(picked(rows, 'x', 'p') and answered(a), b, c) / 2",
    "years(day, day + 365 * a + b) - years(day + c * 200, day) / 3",
)
CURVES: tuple[dict[str, Any] | None, ...] = (
    None,
    {"form": "linear", "base": 0, "lead": 90, "better": "more", "at_lead": 4},
    {"form": "linear", "base": 2, "lead": "0.2", "better": "less", "at_lead": 4},
    {"form": "linear", "base": 0, "lead": 3, "better": "more", "at_lead": 100, "capped": False},
    {"form": "linear", "base": 50, "lead": 50, "better": "more", "at_lead": 1},
    {"form": "steps", "below": 0, "steps": [{"from": "0.5", "value": 1}, {"from": 1, "value": 3}]},
    {"form": "linear", "base": "b", "lead": "c", "better": "more", "at_lead": 4},
    {"form": "linear", "base": "b / 2", "lead": 1, "better": "less", "at_base": 1, "at_lead": 5},
    {"form": "log", "base": "0.5", "lead": 40, "better": "more", "at_lead": 4},
    {"form": "log", "base": 40, "lead": 2, "better": "less", "at_lead": 4},
    {"form": "log", "base": "c", "lead": 40, "better": "more", "at_lead": 4},
    {"form": "log", "base": "b", "lead": "c / 2", "better": "less", "at_base": 1, "at_lead": 3},
    {"form": "points", "points": [{"at": 0, "value": 0}, {"at": 5, "value": 3}, {"at": "20", "value": 1}]},
    {"form": "linear", "base": 30, "lead": 3, "better": "less", "at_lead": 4},
    {"form": "steps", "below": 4, "steps": [{"from": 1, "value": 2}, {"from": 2, "value": 1}], "boundary": "upper"},
    {"form": "steps", "below": 4, "steps": [{"from": 1, "value": 2}, {"from": 2, "value": 1, "boundary": "upper"}]},
)


AGGREGATIONS = (
    *("mean", "weighted_mean", "sum", "minimum", "maximum", "count", "share_reached"),
    *("median", "geometric", "harmonic", "geometric", "harmonic", "share", "share"),
)
LIMITS: tuple[dict[str, Any], ...] = (
    {},
    {"least": 0, "most": 3},
    {"passes_on": "stated"},
    {"least": "c / 50", "most": "b / 10"},
    {"most": "a / c"},
)


def curved(curve: dict[str, Any] | None) -> dict[str, Any]:
    """A question's curve, if it has one."""
    return {} if curve is None else {"curve": curve}


def _is_measured(curve: dict[str, Any]) -> bool:
    """Whether an end of a curve is a formula."""
    return any(name in str(curve.get(end, "")) for end in ("base", "lead") for name in "bc")


@st.composite
def measured_structures(draw: st.DrawFn) -> dict[str, Any]:
    """Three measured numbers, two computed ones, a level, and nodes over them that round, limit and gate."""
    rounding = {
        "places": draw(st.integers(0, 2)),
        "mode": draw(st.sampled_from(["half_up", "half_even", "down", "up"])),
    }
    absent = draw(st.sampled_from(["refused", "allowed"]))
    curves = st.sampled_from(CURVES)
    computed: list[dict[str, Any]] = [
        {"id": name, "kind": "computed", "formula": draw(st.sampled_from(FORMULAS)), **curved(draw(curves))}
        for name in ("one", "other")
    ]
    plain = [each for each in CURVES[1:] if each is not None and not _is_measured(each)]
    typed = {"curve": draw(st.sampled_from(plain))}
    options: list[dict[str, Any]] = [
        {"id": name, "value": value} for name, value in zip("pqr", [0, "1/3", 2], strict=True)
    ]
    options += draw(st.sampled_from([[], [{"id": "s", "not_applicable": True}]]))
    picked: list[dict[str, Any]] = [
        {"id": f"o{place}", "value": f"{place - 2}/4"} for place in range(draw(st.integers(3, 10)))
    ]
    picked += draw(st.sampled_from([[], [{"id": "none", "alone": True, "not_applicable": True}]]))
    several: list[dict[str, Any]] = [
        {
            "id": "rows",
            "kind": "grid",
            "rows": [{"id": "x"}, {"id": "y", "weight": 2}, {"id": "z"}],
            "options": options,
            "aggregation": draw(st.sampled_from(["mean", "sum", "minimum", "maximum"])),
            "not_applicable": absent,
        },
        {
            "id": "picks",
            "kind": "choices",
            "options": picked,
            "not_applicable": absent,
            **draw(st.sampled_from([{}, {}, {"applies_when": "b >= 3"}])),
            **draw(st.sampled_from([{}, {"at_least": 0, "at_most": "1.5"}])),
        },
        {"id": "day", "kind": "date", "not_applicable": absent},
    ]
    names = draw(st.permutations(["one", "other", "a", "care", "rows", "picks"]))
    children = [{"of": name} for name in names]
    aggregation = draw(st.sampled_from(AGGREGATIONS))
    part: dict[str, Any] = {"id": "part", "aggregation": aggregation, "children": children[: draw(st.integers(1, 6))]}
    if aggregation == "share":
        part["children"] = [child for child in children if child["of"] in ("care", "rows", "picks")]
    if aggregation in ("geometric", "harmonic"):
        part["children"] = [child for child in children if child["of"] in ("a", "care", "one", "other")]
    if aggregation in ("weighted_mean", "geometric", "harmonic"):
        part["children"] = [{**child, "weight": place + 1} for place, child in enumerate(part["children"])]
    if aggregation in ("weighted_mean", "sum", "share_reached") and draw(st.booleans()):
        amounts = st.sampled_from(["b", "2", "c / 2", "b - c", "if(a > 2, c, 0)", "care", "one", "rows + other"])
        part["children"] = [{**child, "weight": draw(amounts)} for child in part["children"]]
        part["least_counted"] = draw(st.sampled_from([0, "1/2"]))
    if aggregation in ("count", "share_reached"):
        part["reached_from"] = draw(st.sampled_from(["1", "c / 9", "a / b"]))
    elif draw(st.integers(0, 4)) == 0:
        part["children"] = [
            {**child, "cap": draw(st.sampled_from(["2", "b / 4", "c / a"]))} for child in part["children"]
        ]
    part |= draw(st.sampled_from(LIMITS))
    condition = draw(st.sampled_from(["one >= 1", "a < b", "one = other", "not applies(c) or other > 2", "care >= 2"]))
    effects: list[dict[str, Any]] = [
        {"kind": "cap", "at_most": "1.5"},
        {"kind": "gate", "at_most_band": "low"},
        {"kind": "veto", "to": 0},
        {"kind": "cap", "at_most": "c / 7"},
        {"kind": "veto", "to": "a / b"},
    ]
    effect = draw(st.sampled_from(effects))
    middle = draw(st.sampled_from(["0.5", "0.5", "b / 20"]))
    whole = {
        "id": "all",
        "aggregation": "mean",
        "children": [{"of": "part"}, {"of": "care"}],
        "bands": [{"id": "low", "from": 0}, {"id": "middle", "from": middle}, {"id": "high", "from": 2}],
        "rules": [{"id": "rule", "when": condition, **effect}],
        **draw(st.sampled_from([{}, {}, {"bands_on": "exact"}, {"boundary": "upper"}])),
    }
    steps = {
        "id": "steps",
        "aggregation": "cumulative",
        "below": 0,
        "children": [{"of": "a"}, {"of": "care"}],
        "stages": [{"id": "first", "value": 1, "when": "a > 3"}, {"id": "second", "value": 3, "when": "part >= 1"}],
    }
    side_by_side = {
        "id": "side-by-side",
        "aggregation": "profile",
        "children": [{"of": "part"}, {"of": "a"}],
        "classes": [{"id": "upper", "when": "part > 2"}, {"id": "even", "when": "one >= 1 and part > 1"}],
    }
    told = {
        "id": "told",
        "aggregation": "formula",
        "children": [{"of": "all"}, {"of": "side-by-side"}, {"of": "c"}],
        "formula": draw(st.sampled_from(["of-band + of-class", "of-number - of-band", "max(of-class, of-number)"])),
    }
    tables: list[dict[str, Any]] = [
        {"id": "of-band", "by": ["all", "care"], "values": {"low": {"1": 1, "2": "1/3"}, "high": {"2": 2}}},
        {"id": "of-class", "by": "side-by-side", "values": {"upper": 2, "even": "1/2"}},
        {"id": "of-number", "by": "c", "values": {"0": 1, "5": 3, "6": "0.5"}},
    ]
    tables[0]["otherwise"] = 0
    tables[2] |= draw(st.sampled_from([{}, {"otherwise": 4}]))
    return {
        "tables": tables,
        "family": "measured",
        "version": "1.0.0",
        "origin": "own",
        "languages": ["en"],
        "rounding": rounding,
        "index": "all",
        "categories": ["part"],
        "questions": [
            {"id": "a", "kind": "number", "least": 0, "not_applicable": absent, **typed},
            {"id": "b", "kind": "number", "least": draw(st.sampled_from([0, 1]))},
            {"id": "c", "kind": "number", "least": 0, "not_applicable": absent},
            {"id": "care", "kind": "level", "highest": 4, "not_applicable": absent},
            *several,
            *computed,
        ],
        "nodes": [part, whole, steps, side_by_side, told],
    }


def _number(draw: st.DrawFn, least: int) -> Answer:
    scale = draw(st.sampled_from([1, 1, 2, 10, 100]))
    return NumberAnswer(number=max(Fraction(draw(st.integers(0, 60)), scale), Fraction(least)))


@st.composite
def some_answers(draw: st.DrawFn, structure: dict[str, Any]) -> dict[str, Answer]:
    """Small numbers, whose quotients often lie on a limit; now and then one is immense, missing or not applicable."""
    found: dict[str, Answer] = {"care": LevelAnswer(level=draw(st.integers(0, 4)))}
    for asked in structure["questions"][:3]:
        found[asked["id"]] = _number(draw, asked["least"])
    offered = [each["id"] for each in structure["questions"][4]["options"]]
    rows = {row: draw(st.sampled_from(offered)) for row in "xyz"}
    found["rows"] = GridAnswer(grid=rows)
    options = [each["id"] for each in structure["questions"][5]["options"]]
    picked = draw(st.lists(st.sampled_from(options), min_size=1, unique=True))
    picked = ["none"] if "none" in picked else picked
    found["picks"] = ChoicesAnswer(choices=tuple(picked))
    found["day"] = DateAnswer(date=date.fromordinal(draw(st.integers(729_998, 730_002))))
    odd = draw(st.integers(0, 12))
    if odd == 0:
        found["b"] = NumberAnswer(
            number=Fraction(draw(st.integers(1 << 20, 1 << 70)), 3 if draw(st.booleans()) else 1000)
        )
    elif odd == 1:
        del found[draw(st.sampled_from(["a", "rows", "picks", "day"]))]
    elif odd in (2, 3) and structure["questions"][0]["not_applicable"] == "allowed":
        found[draw(st.sampled_from(["a", "c", "care", "rows", "picks", "day"]))] = NotApplicableAnswer(reason="–")
    return found
